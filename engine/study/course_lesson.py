"""What a lesson means in a walk: the step that it goes to, and what is asked after it."""

from __future__ import annotations

from ..errors import DefinitionError, GradwalkError
from ..language.names import normal
from ..scenario import Scenario
from ..walk.named_step import find_step
from ..walk.trace import Trace
from .course import Lesson
from .exercise_task import ExerciseTask, exercise_tasks
from .task import Task
from .tasks import read_task


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
            tasks.append(_task(scenario, trace, ask))
        except GradwalkError as error:
            raise DefinitionError(str(error), ("exercises",), in_value=True) from None
    return tuple(tasks)


def _task(scenario: Scenario, trace: Trace, ask: str) -> Task:
    """Return the exercise of a scenario that asks for something, or else a question about the walk."""
    exercise = next((each for each in scenario.exercises if normal(each.ask) == normal(ask)), None)
    return read_task(trace, ask) if exercise is None else ExerciseTask.of(trace, exercise)
