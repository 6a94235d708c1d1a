"""Course files: the content of one, read as a `Course`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from ..card import Card
from ..errors import DefinitionError, Problems, ScenarioError, quoted
from ..study.course import Course, Lesson
from .checks import refuse_control_characters
from .course_format import SCENARIO_TABLES, CourseFile, LessonEntry, checked, is_scenario
from .source import Source

MAX_FILE_SIZE = 1_000_000
"""The largest course file that is read, in bytes."""

FindCard = Callable[[str], Card]
"""Returns the card of the scenario that a lesson names; DefinitionError, without keys, where there is none."""


def read_course(path: str, content: bytes, find: FindCard, file: Path | None = None) -> Course:
    """Read the content of a course file; `path` is what errors call it, `file` its whole path if it is not built in.

    `find` finds the scenario of a lesson. Raises ScenarioError, for all that is wrong with the course; what is wrong
    inside of a scenario's file is the `problem` of its lesson.
    """
    if len(content) > MAX_FILE_SIZE:
        limit = f"a course file has at most {MAX_FILE_SIZE / 1e6:g} MB"
        raise ScenarioError("the file is too large", path, hint=limit)
    source = Source.decode(path, content)
    tables = source.tables("a course has a title, and a [[lesson]] for each lesson")
    with source.places():
        return _read(Path(path).stem, tables, find, file)
    raise AssertionError("DefinitionErrors leave `places` as another error")


def _read(name: str, tables: dict[str, Any], find: FindCard, file: Path | None) -> Course:
    problems = Problems()
    refuse_control_characters(problems, tables)
    if is_scenario(tables):
        hint = 'a course names scenarios: [[lesson]] with scenario = "fabc"'
        problems.add(
            "this is a scenario, not a course", next(key for key in tables if key in SCENARIO_TABLES), hint=hint
        )
    problems.stop()
    course = checked(problems, tables)
    lessons = tuple(_lessons(problems, course, find))
    problems.stop()
    return Course(name, course.title, course.summary, course.intro, lessons, file)


def _lessons(problems: Problems, course: CourseFile, find: FindCard) -> Iterator[Lesson]:
    """Yield the lessons, each with the words of its scenario where it has none of its own."""
    names: dict[str, int] = {}
    for place, entry in enumerate(course.lesson):
        keys = ("lesson", str(place))
        try:
            card = find(entry.scenario)
        except DefinitionError as error:
            problems.add_value(error.message, *keys, "scenario", hint=error.hint)
            continue
        name = entry.name.strip() or card.name
        if "\n" in name:
            problems.add_value("a name stands on one line", *keys, "name")
        if name in names:
            hint = 'give this one another name: name = "..."'
            message = f"lesson {names[name] + 1} is called {quoted(name)} already"
            problems.add_value(message, *keys, "name" if entry.name else "scenario", hint=hint)
        names.setdefault(name, place)
        yield _lesson(name, entry, card)


def _lesson(name: str, entry: LessonEntry, card: Card) -> Lesson:
    return Lesson(
        name=name,
        scenario=card.place,
        title=entry.title or card.title,
        summary=entry.summary or card.summary,
        intro=entry.intro,
        level=entry.predict,
        exercises=None if entry.exercises is None else tuple(entry.exercises),
        stop=entry.stop,
        epochs=entry.epochs,
        problem=card.problem,
    )
