"""`Contributions`: all that reaches the gradient of one node, one contribution for each place where it is used."""

from __future__ import annotations

import functools
import math
import operator
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import overload

from ..rules.formula import Formula, Name, Number
from .equation import Equation, equation
from .step import Factor
from .trace import Trace

MOST_TERMS = 12
"""A sum of more terms than these is not written out."""


@dataclass(frozen=True, slots=True)
class Contribution:
    """One contribution to a node's gradient: upstream · local, along the edge from one consumer.

    `step` is the number of the backward step that brings it. `factor` has the edge (`consumer`, `operand_position`),
    the `upstream` gradient, the `local` derivative, the product (`contribution`) and the running sum, `before` and
    `after` it.
    """

    step: int
    factor: Factor


class Contributions(Sequence[Contribution]):
    """The contributions to the gradient of `node`, in the order in which the walk brings them.

    Each is made when it is first asked for: a parameter of a model has one for every sample. There are none for the
    output, whose gradient is the seed, nor for what carries no gradient or is not used. Their equations have at least
    so many significant `digits`; with 0 they are written for reading.
    """

    def __init__(self, trace: Trace, node: int, digits: int = 0) -> None:
        self.trace = trace
        self.node = node
        self.digits = digits
        self._known: dict[int, Contribution] = {}
        self._steps = [step_of(trace, edge) for edge in trace.graph.edges.into(node).tolist()]

    def __len__(self) -> int:
        return len(self._steps)

    @overload
    def __getitem__(self, index: int) -> Contribution: ...
    @overload
    def __getitem__(self, index: slice) -> list[Contribution]: ...
    def __getitem__(self, index: int | slice) -> Contribution | list[Contribution]:
        """Return one contribution, or a list of some; IndexError where there is none."""
        if isinstance(index, slice):
            return list(map(self._made, self._steps[index]))
        return self._made(self._steps[index])

    def arrived(self, cursor: int) -> int:
        """Return how many of them the first `cursor` steps of the walk have brought; the others are still to come."""
        return bisect_right(self._steps, cursor)

    @functools.cached_property
    def total(self) -> Equation | None:
        """All of them added up, and the gradient; None where there are none, or more than `MOST_TERMS`."""
        if not 0 < len(self) <= MOST_TERMS:
            return None
        contributions = self.trace.backward.contributions
        edges: list[int] = self.trace.graph.edges.into(self.node).tolist()
        gradient = self.trace.backward.gradients.item(self.node)
        terms = [contributions.item(edge) for edge in edges]
        return sum_of(terms, gradient, self.trace, self.digits, gradient_of=self.node)

    def _made(self, step: int) -> Contribution:
        made = self._known.get(step)
        if made is None:
            factor = self.trace.step(step, self.digits).factor
            assert factor is not None, "a backward step has a factor"
            made = self._known[step] = Contribution(step, factor)
        return made


def sum_of(
    terms: Sequence[float], total: float, trace: Trace, digits: int = 0, *, gradient_of: int | None = None
) -> Equation:
    """Write a sum of numbers and what it comes to; a term that does not exist is called undefined.

    `gradient_of` is the node whose gradient the total is: its closed form stands beside it, where it has one.
    """
    undefined = trace.numbers.output_undefined
    formulas: list[Formula] = [
        Name("undefined") if undefined or not math.isfinite(term) else Number(term) for term in terms
    ]
    formula = functools.reduce(operator.add, formulas)
    missing = undefined or not math.isfinite(total)
    closed = None if gradient_of is None or missing else trace.numbers.closed.gradient(gradient_of)
    return equation(formula, total, trace.numbers.notation, undefined=missing, digits=digits, closed=closed)


def step_of(trace: Trace, edge: int) -> int:
    """Return the number of the backward step that goes along an edge."""
    return trace.seed_step + 1 + edge
