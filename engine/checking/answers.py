"""The answers that exercises state, compared with what the walk gives."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from ..definition import Exercise
from ..graph.graph import Graph
from ..language.names import normal
from ..language.step_key import StepName
from ..run.loop import Run
from ..walk.exact_value import ExactValue
from ..walk.numbers import Numbers

RELATIVE = 1e-9
"""How far a number may be from an answer that is not rounded, as a part of it."""


@dataclass(frozen=True, slots=True)
class AnswerCheck:
    """An exercise that states its answer: what it asks for, what it states, and what the walk gives.

    `decimals` says to how many the answer is rounded; None where it is exact. `found` is nan where the walk has none,
    `exact` its closed form, where it has a short one.
    """

    ask: str
    answer: float
    decimals: int | None
    found: float
    exact: ExactValue | None = None

    @property
    def agrees(self) -> bool:
        """Whether the walk gives the answer: within half a unit of its last decimal, or to nine digits."""
        if not math.isfinite(self.found):
            return False
        allowed = RELATIVE * max(abs(self.answer), abs(self.found))
        if self.decimals is not None:
            allowed += 0.5 * 10.0**-self.decimals
        return abs(self.answer - self.found) <= allowed


def check_answers(graph: Graph, run: Run, exercises: Sequence[Exercise]) -> list[AnswerCheck]:
    """Compare the answers that exercises of a scenario state with a run of its graph."""
    checks: list[AnswerCheck] = []
    numbers = Numbers(graph, run)
    for exercise in exercises:
        answer = exercise.stated()
        if answer is None:
            continue
        asked = StepName.read(normal(exercise.ask))
        node = graph.find(asked.label if asked.of else str(asked))
        is_known = not (numbers.output_undefined if asked.of else numbers.undefined_values[node])
        column = run.backward.gradients if asked.of else run.values
        found = column.item(node) if is_known else math.nan
        closed = numbers.closed.gradient(node) if asked.of else numbers.closed.value(node)
        checks.append(AnswerCheck(str(asked), answer, exercise.decimals, found, numbers.exact_value(closed, found)))
    return checks
