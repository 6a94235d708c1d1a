"""The text of a scenario file for a walk as it is now: a former text with what was edited in it, or a new one.

All that a person has written stays: comments, the order, the spelling of numbers, and notes, of which those that have
no step any more become comments.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from importlib import resources
from typing import Any

import tomlkit
from tomlkit.container import Container
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT, Table

from ... import scenarios
from ...engine.definition import Definition, Value
from ...engine.errors import GradwalkError
from ...engine.language.names import normal
from ...engine.library import built_in_names, load
from ...engine.reading.scenario import read
from ...engine.scenario import Scenario

_WHOLE = 2.0**53
"""Whole numbers below this are written without a point."""


def file_text(scenario: Scenario, definition: Definition) -> str:
    """Return the text of the scenario's file, as it is now, with another definition.

    A scenario that has no file gets a new one. The text has been read again: it gives this very definition. Raises
    GradwalkError where the file cannot be read, or no text gives it.
    """
    former = _former_text(scenario)
    text = _new_text(scenario, definition) if former is None else _updated(former, definition)
    named = replace(definition, output=definition.output_name)
    for candidate in (text, _updated(text, named), _updated(text, named, in_order=True)):
        if _gives(candidate, definition):
            return candidate
    raise GradwalkError("this walk cannot be written as a scenario file; save it under another name")


def scenario_text(scenario: Scenario) -> str:
    """Return the text of a scenario's file, or, where it has none, what its definition is written as.

    Raises GradwalkError where the file cannot be read, or there is neither.
    """
    former = _former_text(scenario)
    if former is not None:
        return former
    if scenario.definition is None:
        raise GradwalkError("this walk comes from no scenario file, and none can be made of it")
    return file_text(scenario, scenario.definition)


def has_changed(scenario: Scenario, known: Collection[Definition]) -> bool:
    """Say whether the scenario's file has another definition now than those that are known."""
    try:
        return scenario.path is not None and load(str(scenario.path)).definition not in known
    except GradwalkError:
        return True


def _former_text(scenario: Scenario) -> str | None:
    """Return the text that a scenario was read from; None where it comes from no file."""
    try:
        if scenario.path is not None:
            return scenario.path.read_text(encoding="utf-8")
        if scenario.name in built_in_names() and load(scenario.name).title == scenario.title:
            return (resources.files(scenarios) / f"{scenario.name}.toml").read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise GradwalkError(f"{scenario.path} cannot be read: {error}") from None
    return None


def _new_text(scenario: Scenario, definition: Definition) -> str:
    document = tomlkit.document()
    document["title"] = scenario.title
    for key in ("summary", "intro"):
        if said := getattr(scenario, key):
            document[key] = said
    for name in ("inputs", "graph"):
        document[name] = tomlkit.table()
    if definition.exercises:
        asked = [
            {"ask": exercise.ask, "hint": exercise.hint, "formula": exercise.formula}
            for exercise in definition.exercises
        ]
        document["exercise"] = [{key: words for key, words in entry.items() if words} for entry in asked]
    if definition.notes:
        document["notes"] = dict(definition.notes)
    return _updated(tomlkit.dumps(document), definition)


def _updated(former: str, definition: Definition, *, in_order: bool = False) -> str:
    """Return a text with a definition put into it; `in_order` writes its tables anew where they are no plain ones.

    Keys that are scattered, such as `graph.s = ...`, leave no place for a new one behind the last.
    """
    try:
        document = tomlkit.parse(former)
        for name, values in (("inputs", definition.inputs), ("graph", definition.nodes)):
            if in_order and not isinstance(document[name], Table):
                document[name] = {key: _item(value) for key, value in values.items()}
            _update_table(document[name], values)
        _update_key(document, "output", definition.output)
        _update_key(document, "watch", [*definition.watch])
        if "notes" in document:
            _leave_out_notes(document["notes"], definition)
        if "exercise" in document:
            _leave_out_exercises(document, definition)
    except TOMLKitError as error:
        raise GradwalkError(f"the file cannot be changed in place: {error}") from None
    return tomlkit.dumps(document)


def _update_table(table: Any, values: Mapping[str, Value]) -> None:
    written = {normal(key): key for key in table}
    last = ""
    for name, value in values.items():
        if name not in written:
            _add(table, last, name, _item(value))
        elif not _is_same(table[written[name]], value):
            table[written[name]] = _item(value)
        last = written.get(name, name)
    for name in written.keys() - values.keys():
        del table[written[name]]


def _add(table: Any, after: str, key: str, item: Any) -> None:
    """Add a key behind another one: at the end it would stand below a comment that is about what follows."""
    container: Any = table.value if isinstance(table, Table) else None
    if isinstance(container, Container) and after in container:
        container._insert_after(after, tomlkit.key(key), tomlkit.item(item))  # pyright: ignore[reportPrivateUsage]
    else:
        table[key] = item


def _update_key(document: Any, key: str, value: str | list[str]) -> None:
    if not value:
        document.pop(key, None)
    elif key not in document or document[key] != value:
        document[key] = value


def _leave_out_notes(notes: Any, definition: Definition) -> None:
    for key in [key for key in notes if normal(key) not in definition.notes]:
        lines = tomlkit.dumps({key: notes[key]}).rstrip("\n").split("\n")
        del notes[key]
        for line in lines:
            notes.add(tomlkit.comment(line))


def _leave_out_exercises(document: Any, definition: Definition) -> None:
    exercises = document["exercise"]
    asked = {exercise.ask: exercise for exercise in definition.exercises}
    for place in reversed(range(len(exercises))):
        if exercises[place]["ask"] not in asked:
            lines = tomlkit.dumps({"exercise": [dict(exercises[place])]}).strip("\n").split("\n")
            del exercises[place]
            for line in lines:
                document.add(tomlkit.comment(line))
        elif not asked[exercises[place]["ask"]].states_answer:
            _leave_out_answer(exercises[place])
    if isinstance(exercises, AoT) and not len(exercises):
        del document["exercise"]


def _leave_out_answer(exercise: Any) -> None:
    """Make a comment of a stated answer: it was that of other numbers."""
    stated = ("answer", "hash")
    for key in (*stated, "decimals") if any(key in exercise for key in stated) else ():
        if key in exercise:
            line = tomlkit.dumps({key: exercise[key]}).rstrip("\n")
            del exercise[key]
            exercise.add(tomlkit.comment(f"{line}  (before it was edited)"))


def _item(value: Value) -> str | int | float:
    if isinstance(value, float) and value.is_integer() and abs(value) < _WHOLE and str(value) != "-0.0":
        return int(value)
    return value


def _is_same(written: Any, value: Value) -> bool:
    """Say whether what stands in the file is this value; 2, 2.0 and 2e0 are one number, but 0 and -0.0 are two."""
    if isinstance(value, str) or isinstance(written, str):
        return bool(written == value)
    return repr(float(written)) == repr(float(value))


def _gives(text: str, definition: Definition) -> bool:
    try:
        found = read("saved.toml", text.encode()).definition
    except GradwalkError:
        return False
    return found is not None and [*_parts(found)] == [*_parts(definition)]


def _parts(definition: Definition) -> Iterator[object]:
    """Yield what a walk follows from; the order of nodes counts, for the steps have it.

    Of notes and questions that is where they stand: their words may have been changed in the file meanwhile, and stay.
    """
    for values in (definition.inputs, definition.nodes):
        yield [(name, repr(value if isinstance(value, str) else float(value))) for name, value in values.items()]
    yield definition.output_name, definition.watch, set(definition.notes)
    yield [(question.ask, question.states_answer) for question in definition.exercises]
