"""What can be asked about a walk, read from how it is written."""

from __future__ import annotations

from ..walk.trace import Trace
from .equation_task import EquationTask
from .question import Question


def read_task(trace: Trace, ask: str) -> Question | EquationTask:
    """Read what is asked for: `f`, `∂f/∂a`, `∂s/∂l`, or `f(a, b, c)` for the equation of f in terms of a, b and c.

    Raises GradwalkError where the walk has no such thing.
    """
    equation = EquationTask.read(trace, ask)
    return Question.read(trace, ask) if equation is None else equation
