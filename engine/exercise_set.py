"""The exercises that can be graded: those of a scenario, or those of all lessons of a course."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from .courses import built_in_courses, load_course, open_lesson
from .errors import GradwalkError
from .library import built_in_names, content_of, load

if TYPE_CHECKING:
    from .scenario import Scenario
    from .study.grading import Exercise
    from .study.task import Task

_OF_A_COURSE = re.compile(rb"^[ \t]*\[\[[ \t]*lesson[ \t]*\]\]", re.MULTILINE)

_HEAD = 1_000_000
"""Bytes in which the first lesson of a course file is looked for."""


def load_exercises(name: str) -> list[Exercise]:
    """Return the exercises of a scenario or a course: a built-in one by its name, or a file by its path.

    Raises GradwalkError where there is none, it cannot be read, or it asks nothing.
    """
    exercises = list(_of_course(name) if _is_course(name) else _of_scenario(name))
    if not exercises:
        raise GradwalkError(f"{name} has no exercises to grade; one is [[exercise]] with ask = ...")
    return exercises


def _is_course(name: str) -> bool:
    scenarios, courses = built_in_names(), built_in_courses()
    if name in scenarios or name in courses:
        return name not in scenarios
    return bool(_OF_A_COURSE.search(content_of(name, _HEAD, [*scenarios, *courses], "scenario or course")))


def _of_course(name: str) -> Iterator[Exercise]:
    course = load_course(name)
    for lesson in course.lessons:
        opened = open_lesson(course, lesson)
        for task in opened.tasks:
            yield _exercise(task, opened.scenario, lesson.name)


def _of_scenario(name: str) -> Iterator[Exercise]:
    from .study.exercise_task import exercise_tasks
    from .walk.trace import Trace

    scenario = load(name)
    for task in exercise_tasks(scenario, Trace(scenario.graph, scenario.notes)):
        yield _exercise(task, scenario)


def _exercise(task: Task, scenario: Scenario, lesson: str = "") -> Exercise:
    from .study.exercise_task import ExerciseTask
    from .study.grading import FORMULA, Exercise, Place, spelt

    if not isinstance(task, ExerciseTask):  # a lesson's own question
        return Exercise(Place(spelt(task.ask), lesson), task)
    asked = spelt(task.exercise.ask)
    is_asked_twice = any(spelt(each.ask) == asked and not each.formula for each in scenario.exercises)
    name = f"{asked} {FORMULA}" if task.exercise.formula and is_asked_twice else asked
    return Exercise(Place(name, lesson), task, task.exercise.points)
