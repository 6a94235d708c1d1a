"""A walk that was edited, as the text of a scenario file, for whoever is to see the same; and read again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

from ...engine.definition import Definition, Value
from ...engine.errors import GradwalkError
from ...engine.reading.scenario import read
from ...engine.scenario import Scenario
from ..session import SessionLimits
from ..words.lecture import TOO_LARGE, TRAINED_TEXT, UNREAD_TEXT, too_large_words

MOST_BYTES = 40_000
"""Bytes of the largest text that is told to others: with all else it has to go into one message."""


def edited_text(scenario: Scenario, definition: Definition) -> str:
    """Return the text of a scenario with another definition; GradwalkError where it is too large."""
    written = (*definition.inputs.items(), *definition.nodes.items())
    roughly = sum(len(name) + len(str(value)) for name, value in written)
    if roughly > MOST_BYTES:
        raise GradwalkError(too_large_words(roughly))
    for words in (True, False):  # without its notes and questions a walk is still the same
        text = "\n".join(_lines(scenario, definition, words=words)) + "\n"
        if len(text.encode()) <= MOST_BYTES:
            return text
    raise GradwalkError(too_large_words(len(text.encode())))


def scenario_of(text: str, base: Scenario, limits: SessionLimits) -> Scenario:
    """Return a scenario, of which `base` is what its library has, as it was edited by somebody else.

    GradwalkError where the text is none of a walk, or makes one that is larger than this session may have.
    """
    try:
        found = read(f"{base.name}.toml", text.encode())
    except GradwalkError:
        raise GradwalkError(UNREAD_TEXT) from None
    if found.is_trained or found.definition is None:
        raise GradwalkError(TRAINED_TEXT)
    if len(found.graph) > max(limits.edited_nodes, len(base.graph)):
        raise GradwalkError(TOO_LARGE)
    return replace(found, title=base.title, summary=base.summary, intro=base.intro, path=base.path)


def _lines(scenario: Scenario, definition: Definition, *, words: bool) -> Iterator[str]:
    yield f"title = {_string(scenario.title)}"
    if definition.output_name:
        yield f"output = {_string(definition.output_name)}"
    if definition.watch:
        yield f"watch = [{', '.join(map(_string, definition.watch))}]"
    for table, values in (("inputs", definition.inputs), ("graph", definition.nodes)):
        yield f"[{table}]"
        yield from (f"{_string(name)} = {_written(value)}" for name, value in values.items())
    if not words:
        return
    if definition.notes:
        yield "[notes]"
        yield from (f"{_string(key)} = {_string(note)}" for key, note in definition.notes.items())
    for exercise in definition.exercises:
        yield "[[exercise]]"
        yield f"ask = {_string(exercise.ask)}"
        if exercise.hint:
            yield f"hint = {_string(exercise.hint)}"
        if exercise.formula:
            yield "formula = true"


def _string(text: str) -> str:
    """Return a text as a string of TOML; those of JSON are, but for one character."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _written(value: Value) -> str:
    return _string(value) if isinstance(value, str) else repr(float(value))
