"""The scenario file format: its shape, and the check that a file has it."""

from __future__ import annotations

from typing import Any

import msgspec

from .errors import did_you_mean
from .expression import FUNCTIONS, NAME
from .source import Source


class Exercise(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the learner is asked: a node's name, or a derivative such as `∂f/∂a`; and a hint."""

    ask: str
    hint: str = ""


class ScenarioFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The shape of a scenario file; `gradwalk schema scenario` prints it as JSON Schema.

    `inputs` are named leaves with gradients: numbers or constant expressions. `graph` holds the named
    nodes, in any order; `output`, or else the last of them, is the result. `intro` is shown before the
    first step; `notes` are shown at the step that reaches a node (`s`) or a local derivative (`∂f/∂s`).
    `order` is the place in the library, lowest first.
    """

    title: str
    inputs: dict[str, float | str]
    graph: dict[str, float | str]
    summary: str = ""
    intro: str = ""
    output: str = ""
    order: int = 1000
    exercise: list[Exercise] = msgspec.field(default_factory=list[Exercise])
    notes: dict[str, str] = msgspec.field(default_factory=dict[str, str])


_FIELDS = {field.name: field for field in msgspec.structs.fields(ScenarioFile)}
_WORDS = {
    "str": "text in quotes",
    "float | str": "a number or an expression in quotes",
    "int": "a whole number",
    "object": "a table",
    "array": "a list of tables, [[exercise]]",
}


def validate(source: Source) -> ScenarioFile:
    """Check a file's shape, names included; ScenarioError points at the first key that is wrong."""
    tables = source.tables()
    for key in tables:
        if key not in _FIELDS:
            raise source.error("unknown key", key, hint=did_you_mean(key, _FIELDS, f"known are {', '.join(_FIELDS)}"))
    for key, field in _FIELDS.items():
        if field.required and key not in tables:
            shown = key if key == "title" else f"[{key}]"
            raise source.error(f"the key {shown} is missing", hint=f"a scenario has {_needed()}")
    for table, kind in (("inputs", float | str), ("graph", float | str), ("notes", str)):
        _check(source, tables.get(table, {}), dict[str, Any], table)
        for key, value in tables.get(table, {}).items():
            _check(source, value, kind, table, key)
    _check_names(source, tables)
    exercises = tables.get("exercise", [])
    _check(source, exercises, list[Any], "exercise")
    for index, exercise in enumerate(exercises):
        _check_exercise(source, exercise, str(index))
    for key in tables:
        _check(source, tables[key], _FIELDS[key].type, key)
    return msgspec.convert(tables, ScenarioFile)


def _check(source: Source, value: Any, kind: Any, *keys: str) -> None:
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        raise source.error(_plain(str(error)), *keys) from None


def _check_exercise(source: Source, exercise: Any, index: str) -> None:
    _check(source, exercise, dict[str, Any], "exercise", index)
    for key, value in exercise.items():
        if key not in ("ask", "hint"):
            raise source.error("unknown key", "exercise", index, key, hint=did_you_mean(key, ["ask", "hint"]))
        _check(source, value, str, "exercise", index, key)
    if "ask" not in exercise:
        raise source.error('the key "ask" is missing', "exercise", index, hint='ask = "∂f/∂a"')


def _check_names(source: Source, tables: dict[str, Any]) -> None:
    for table in ("inputs", "graph"):
        if not tables[table]:
            raise source.error("the table is empty", table, hint="it needs at least one name = value")
        for key in tables[table]:
            if not NAME.fullmatch(key):
                hint = "a name has letters, digits and _, and starts with a letter"
                raise source.error("this is not a name", table, key, hint=hint)
            if key in FUNCTIONS:
                raise source.error("this name is taken: it is a function", table, key, hint=f"such as {key}_1")
    for key in tables["graph"]:
        if key in tables["inputs"]:
            hint = "it is an input already; every name is defined once"
            raise source.error("defined twice", "graph", key, hint=hint)


def _needed() -> str:
    return 'a title, inputs and a graph: title = "...", [inputs] with a = 2, [graph] with f = "2*a"'


def _plain(message: str) -> str:
    """Say msgspec's "Expected `str`, got `int` - at `$.x`" in the words of the format."""
    wanted, _, got = message.partition(", got ")
    wanted = wanted.removeprefix("Expected ").strip("`")
    got = got.partition(" - at ")[0].strip("`")
    return f"this must be {_WORDS.get(wanted, wanted)}, not {_article(got)}"


def _article(kind: str) -> str:
    words = {
        "str": "text",
        "int": "a whole number",
        "float": "a number",
        "bool": "true or false",
        "array": "a list",
        "object": "a table",
    }
    return words.get(kind, f"a {kind}")
