"""The format of course files, and the check of a file against it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from ..errors import Problems, did_you_mean
from ..study.level import Level
from .checks import check, check_keys


class LessonEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A lesson: a scenario to walk, and what is asked after it."""

    scenario: Annotated[
        str, Meta(description="The name of a built-in scenario, or the path of a scenario file, from the course file.")
    ]
    name: Annotated[
        str, Meta(description="What progress knows the lesson by; without it, the name of its scenario.")
    ] = ""
    title: Annotated[str, Meta(description="The lesson's title; without it, that of its scenario.")] = ""
    summary: Annotated[str, Meta(description="What it teaches, in a line; without it, the scenario's summary.")] = ""
    intro: Annotated[str, Meta(description="Shown before the walk; without it, the scenario's intro.")] = ""
    predict: Annotated[
        Level | None,
        Meta(description="What the learner is asked for in the walk; without it, as much as they are ready for."),
    ] = None
    exercises: Annotated[
        list[str] | None,
        Meta(
            description="What is asked after the walk, in order: an exercise of the scenario by what it asks, such as"
            " ∂f/∂a, or any question about the walk, such as ∂s/∂l. Without it, all exercises of the scenario."
        ),
    ] = None
    stop: Annotated[
        str, Meta(description="The step that the walk goes to, such as s or ∂f/∂s; without it, the last one.")
    ] = ""
    epochs: Annotated[
        Annotated[int, Meta(ge=0, le=1_000_000)],
        Meta(description="Of a training: after how many epochs it is walked."),
    ] = 0


class CourseFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A course of gradwalk: lessons in an order. `gradwalk schema course` prints this shape."""

    title: Annotated[str, Meta(description="The course's title.")]
    lesson: Annotated[list[LessonEntry], Meta(description="The lessons, in order.")]
    summary: Annotated[str, Meta(description="One line below the title.")] = ""
    intro: Annotated[str, Meta(description="What the course is about, shown above its lessons.")] = ""


SCENARIO_TABLES = ("inputs", "graph", "data", "parameters", "layers", "prediction", "loss", "training")
"""Tables that only a scenario has."""


def is_scenario(tables: dict[str, Any]) -> bool:
    """Say whether a file's tables are those of a scenario."""
    return "lesson" not in tables and any(table in tables for table in SCENARIO_TABLES)


def checked(problems: Problems, tables: dict[str, Any]) -> CourseFile:
    """Return a course's tables; DefinitionErrors says all that is wrong with them."""
    present = {*tables, *check_keys(problems, tables, _FIELDS)}
    if "title" not in present:
        problems.add("the key title is missing", hint='such as title = "My course"')
    if "lesson" not in present:
        problems.add("a course has no lesson", hint='such as [[lesson]] with scenario = "fabc"')
    right = {
        key: tables[key] for key in _WORDS if key in tables and check(problems, tables[key], _FIELDS[key].type, key)
    }
    right["lesson"] = list(_lessons(problems, tables.get("lesson", [])))
    problems.stop()
    return msgspec.convert(right, CourseFile)


def _lessons(problems: Problems, lessons: Any) -> Iterator[dict[str, Any]]:
    if not check(problems, lessons, list[Any], "lesson"):
        return
    if not lessons and not problems:
        problems.add_value("a course has at least one lesson", "lesson", hint="write each as a table, [[lesson]]")
    for place, lesson in enumerate(lessons):
        keys = ("lesson", str(place))
        if not check(problems, lesson, dict[str, Any], *keys):
            continue
        present = {*lesson, *check_keys(problems, lesson, _LESSON, *keys)}
        if "scenario" not in present:
            hint = 'the name of a built-in scenario, or a path: scenario = "fabc"'
            problems.add("the key scenario is missing", *keys, hint=hint)
        yield {key: value for key, value in lesson.items() if key in _LESSON and _is_right(problems, value, *keys, key)}


def _is_right(problems: Problems, value: Any, *keys: str) -> bool:
    """Check what a lesson has at a key."""
    if keys[-1] == "exercises":
        return check(problems, value, list[str], *keys)
    if keys[-1] != "predict":
        return check(problems, value, _LESSON[keys[-1]].type, *keys)
    if not check(problems, value, str, *keys):
        return False
    if value not in list(Level):
        hint = did_you_mean(value, Level, f"the levels are {', '.join(Level)}")
        problems.add_value(f'there is no level "{value}"', *keys, hint=hint)
        return False
    return True


_FIELDS = {field.name: field for field in msgspec.structs.fields(CourseFile)}
_LESSON = {field.name: field for field in msgspec.structs.fields(LessonEntry)}
_WORDS = ("title", "summary", "intro")
