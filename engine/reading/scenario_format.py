"""The format of graph scenarios, and the check that a file has it."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from ..errors import did_you_mean, listing
from ..scenario import Exercise
from .checks import check, check_keys, check_name, check_table
from .source import Source

NumberOrExpression = Annotated[float | str, Meta(description="A number, or an expression in quotes.")]


class ScenarioFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A scenario of gradwalk: a function to walk forward and backward. `gradwalk schema scenario` prints this shape."""

    title: Annotated[str, Meta(description="The scenario's name in the library.")]
    inputs: Annotated[
        dict[str, NumberOrExpression],
        Meta(description='Named leaves with gradients: numbers, or constant expressions such as "e" or "1/3".'),
    ]
    graph: Annotated[
        dict[str, NumberOrExpression],
        Meta(description='Named nodes such as s = "a + ln(b)", in any order. The last one is the result.'),
    ]
    summary: Annotated[str, Meta(description="One line below the title.")] = ""
    intro: Annotated[str, Meta(description="Shown before the first step.")] = ""
    output: Annotated[str, Meta(description="The node that is the result, where that is not the last one.")] = ""
    order: Annotated[int, Meta(description="The place in the library, lowest first.")] = 1000
    exercise: Annotated[list[Exercise], Meta(description="What the learner is asked.")] = msgspec.field(
        default_factory=list[Exercise]
    )
    notes: Annotated[
        dict[str, str],
        Meta(description='Sentences for steps of the walk: of a node (s) or of a local derivative ("∂f/∂s").'),
    ] = msgspec.field(default_factory=dict[str, str])


_FIELDS = {field.name: field for field in msgspec.structs.fields(ScenarioFile)}


def is_training(tables: dict[str, Any]) -> bool:
    """Say whether a file's tables are those of a training scenario, which `training_file` checks."""
    return "graph" not in tables and any(table in tables for table in ("training", "data", "loss"))


def validate(source: Source, tables: dict[str, Any]) -> ScenarioFile:
    """Check a graph scenario's shape, names included; ScenarioError points at the first key that is wrong."""
    check_keys(source, tables, _FIELDS)
    for key, field in _FIELDS.items():
        if field.required and key not in tables:
            missing = "the key title" if key == "title" else f"the table [{key}]"
            raise source.error(f"{missing} is missing", hint=f"a scenario has {_needed()}")
    for table, kind in (("inputs", float | str), ("graph", float | str), ("notes", str)):
        check_table(source, tables, table, kind)
    _check_names(source, tables)
    exercises = tables.get("exercise", [])
    check(source, exercises, list[Any], "exercise")
    for index, exercise in enumerate(exercises):
        _check_exercise(source, exercise, str(index))
    for key in tables:
        check(source, tables[key], _FIELDS[key].type, key)
    return msgspec.convert(tables, ScenarioFile)


def _check_exercise(source: Source, exercise: Any, index: str) -> None:
    check(source, exercise, dict[str, Any], "exercise", index)
    for key, value in exercise.items():
        if key not in ("ask", "hint"):
            hint = did_you_mean(key, ["ask", "hint"], "an exercise has ask and hint")
            raise source.error("unknown key", "exercise", index, key, hint=hint)
        check(source, value, str, "exercise", index, key)
    if "ask" not in exercise:
        raise source.error("the key ask is missing", "exercise", index, hint='such as ask = "∂f/∂a"')


def _check_names(source: Source, tables: dict[str, Any]) -> None:
    for table in ("inputs", "graph"):
        if not tables[table]:
            raise source.error("the table is empty", table, hint="it needs at least one name = value")
        for key in tables[table]:
            check_name(source, table, key)
    for key in tables["graph"]:
        if key in tables["inputs"]:
            hint = f"{listing([key])} is an input already; every name is defined once"
            raise source.error("defined twice", "graph", key, hint=hint)


def _needed() -> str:
    return 'a title, inputs and a graph: title = "...", [inputs] with a = 2, [graph] with f = "2*a"'
