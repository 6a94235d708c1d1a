"""What a lesson means in a walk: the step that it goes to, and what is asked after it."""

from __future__ import annotations

from contextlib import suppress
from typing import cast

from ..errors import DefinitionError, GradwalkError
from ..language.names import normal
from ..scenario import Scenario
from ..walk.named_step import find_step
from ..walk.trace import Trace
from .course import Lesson
from .question import Question
from .task import Task


def last_step(lesson: Lesson, trace: Trace) -> int:
    """Return the number of the step that a lesson's walk goes to; DefinitionError where the walk has no such step."""
    if not lesson.stop:
        return trace.total
    found = find_step(trace, normal(lesson.stop), "a step is called as in the walk, such as s or ∂f/∂s")
    if isinstance(found, str):
        raise DefinitionError(found, ("stop",), in_value=True)
    return found


def tasks_of(lesson: Lesson, scenario: Scenario, trace: Trace) -> tuple[Task, ...]:
    """Return what a lesson asks after its walk; DefinitionError for what cannot be asked about it."""
    if lesson.exercises is None:
        return exercise_tasks(scenario, trace)
    tasks: list[Task] = []
    for ask in lesson.exercises:
        try:
            tasks.append(_task(trace, ask))
        except GradwalkError as error:
            raise DefinitionError(str(error), ("exercises",), in_value=True) from None
    return tuple(tasks)


def exercise_tasks(scenario: Scenario, trace: Trace) -> tuple[Task, ...]:
    """Return the exercises of a scenario as tasks about a walk of it; those that the walk does not answer are left out.

    A scenario's own walk answers all of them: that was checked when it was read. One that was edited may not.
    """
    tasks: list[Task] = []
    for exercise in scenario.exercises:
        with suppress(GradwalkError):
            tasks.append(_task(trace, exercise.ask))
    return tuple(tasks)


def _task(trace: Trace, ask: str) -> Task:
    return cast("Task", Question.read(trace, ask))
