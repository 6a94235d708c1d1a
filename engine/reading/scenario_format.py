"""The format of graph scenarios, and the check of a file against it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from ..definition import NumberOrExpression
from ..errors import Problems, did_you_mean
from ..exercise import Exercise
from .checks import check, check_keys, right_expressions, right_values


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
    section: Annotated[str, Meta(description="The heading that it stands under in the library.")] = ""
    output: Annotated[str, Meta(description="The node that is the result, where that is not the last one.")] = ""
    watch: Annotated[
        list[str], Meta(description="Nodes that are computed and shown beside the output, which need not use them.")
    ] = msgspec.field(default_factory=list[str])
    order: Annotated[int, Meta(description="The place in the library, lowest first.")] = 1000
    exercise: Annotated[list[Exercise], Meta(description="What the learner is asked.")] = msgspec.field(
        default_factory=list[Exercise]
    )
    notes: Annotated[
        dict[str, str],
        Meta(description='Sentences for steps of the walk: of a node (s) or of a local derivative ("∂f/∂s").'),
    ] = msgspec.field(default_factory=dict[str, str])


def is_training(tables: dict[str, Any]) -> bool:
    """Say whether a file's tables are those of a training scenario, which `training_format` describes."""
    return "graph" not in tables and any(table in tables for table in ("training", "data", "loss"))


def checked(problems: Problems, tables: dict[str, Any]) -> ScenarioFile:
    """Return what is right in a graph scenario's tables, and keep a problem for each key that is not.

    DefinitionErrors where there are no inputs or no graph, without which nothing more can be checked.
    """
    present = {*tables, *check_keys(problems, tables, _FIELDS)}
    required = {key: "the key title" if key == "title" else f"the table [{key}]" for key in _FIELDS}
    missing = [what for key, what in required.items() if _FIELDS[key].required and key not in present]
    if missing:
        said = f"{', '.join(missing[:-1])} and {missing[-1]} are" if missing[1:] else f"{missing[0]} is"
        problems.add(f"{said} missing", hint=f"a scenario has {_NEEDED}")
    right = {
        key: tables[key] for key in _WORDS if key in tables and check(problems, tables[key], _FIELDS[key].type, key)
    }
    for table in ("inputs", "graph"):
        right[table] = right_expressions(problems, tables, table)
        if tables.get(table) == {}:
            problems.add("the table is empty", table, hint="it needs at least one name = value")
    right["notes"] = right_values(problems, tables, "notes", str)
    right["exercise"] = list(exercises(problems, tables))
    if not {"inputs", "graph"} <= set(tables) or not right["graph"]:
        problems.stop()
    return msgspec.convert({"title": "", **right}, ScenarioFile)


def exercises(problems: Problems, tables: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the exercises of a file that are right, and keep a problem for each key that is not."""
    written = tables.get("exercise", [])
    if not check(problems, written, list[Any], "exercise"):
        return
    for place, exercise in enumerate(written):
        keys = ("exercise", str(place))
        if not check(problems, exercise, dict[str, Any], *keys):
            continue
        for key in exercise:
            if key not in _EXERCISE_KINDS:
                hint = did_you_mean(key, _EXERCISE_KINDS, f"an exercise has {', '.join(_EXERCISE_KINDS)}")
                problems.add("unknown key", *keys, key, hint=hint)
        kinds = {key: kind for key, kind in _EXERCISE_KINDS.items() if key in exercise}
        right = {key: exercise[key] for key, kind in kinds.items() if check(problems, exercise[key], kind, *keys, key)}
        if "ask" not in exercise:
            problems.add("the key ask is missing", *keys, hint='such as ask = "∂f/∂a"')
        elif len(right) == len(kinds):
            yield right


_EXERCISE_KINDS = {field.name: field.type for field in msgspec.structs.fields(Exercise)}
_FIELDS = {field.name: field for field in msgspec.structs.fields(ScenarioFile)}
_WORDS = ("title", "summary", "intro", "section", "output", "watch", "order")
_NEEDED = 'a title, inputs and a graph: title = "...", [inputs] with a = 2, [graph] with f = "2*a"'
