"""The answers that exercises state, as numbers, as formulas or as hashes, compared with what the walk gives."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from ..checking.published_hash import is_hash_of
from ..exercise import HASH_DECIMALS, Exercise
from ..graph.graph import Graph
from ..run.loop import Run
from ..walk.exact_value import ExactValue
from ..walk.trace import Trace
from .exercise_task import ExerciseTask
from .question import Question

RELATIVE = 1e-9
"""How far a number may be from an answer that is not rounded, as a part of it."""


@dataclass(frozen=True, slots=True)
class AnswerCheck:
    """An exercise that states its answer: what it asks for, what it states, and what the walk gives.

    One of `answer`, `formula` and `hash` is what it states, the others are None. `decimals` says to how many a number
    is rounded; None where it is exact. `found` is nan where the walk has none, and for a formula, of which `agrees`
    says whether it is the walk's own; `exact` is the closed form of `found`, where it has a short one.
    """

    ask: str
    answer: float | None
    decimals: int | None
    found: float
    agrees: bool
    exact: ExactValue | None = None
    formula: str | None = None
    hash: str | None = None


def check_answers(graph: Graph, run: Run, exercises: Sequence[Exercise]) -> list[AnswerCheck]:
    """Compare the answers that exercises of a scenario state with a run of its graph."""
    trace = Trace(graph, run=run)
    checks: list[AnswerCheck] = []
    for exercise in exercises:
        if exercise.states_answer:
            task = ExerciseTask.of(trace, exercise)
            checks += _of_number(exercise, task.task) if isinstance(task.task, Question) else [_of_formula(task)]
    return checks


def _of_number(exercise: Exercise, question: Question) -> list[AnswerCheck]:
    found, decimals = question.right, exercise.decimals
    numbers = question.trace.numbers
    exact = numbers.exact_value(question.closed, found) if question.exists else None
    checks: list[AnswerCheck] = []
    if (answer := exercise.stated()) is not None:
        checks.append(AnswerCheck(question.ask, answer, decimals, found, _is_near(answer, found, decimals), exact))
    if exercise.hash is not None:
        places = HASH_DECIMALS if decimals is None else decimals
        agrees = is_hash_of(exercise.hash, found, places, question.noise)
        checks.append(AnswerCheck(question.ask, None, places, found, agrees, exact, hash=exercise.hash))
    return checks


def _of_formula(task: ExerciseTask) -> AnswerCheck:
    formula = str(task.exercise.answer)
    return AnswerCheck(task.ask, None, None, math.nan, task.judge(formula).right, formula=formula)


def _is_near(answer: float, found: float, decimals: int | None) -> bool:
    """Say whether the walk gives an answer: within half a unit of its last decimal, or to nine digits."""
    if not math.isfinite(found):
        return False
    allowed = RELATIVE * max(abs(answer), abs(found))
    if decimals is not None:
        allowed += 0.5 * 10.0**-decimals
    return abs(answer - found) <= allowed
