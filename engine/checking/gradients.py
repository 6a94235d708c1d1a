"""`check_gradients`: each gradient of a graph three ways: backpropagation, a complex step, a difference."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from ..graph.graph import Graph, Leaf
from ..run.lanes import Lanes
from ..run.loop import Run
from ..run.plan import run as run_once
from ..walk.numbers import Numbers
from . import rounding
from .complex_step import ComplexStep
from .differences import LANES, Difference, Differences
from .obstacle import Obstacle, ObstacleKind

MOST_GRADIENTS = 1_000
"""How many gradients are checked at most; of more a sample is drawn."""

MOST_WORK = 60_000_000
"""How many nodes times gradients: of a large graph fewer gradients are checked than of a small one."""

LEAST_GRADIENTS = 8
"""How many are checked of any graph that has so many."""

_MARGIN = 4.0
"""How many times its bound a rounding error may be: the bounds are of first order."""

_DIFFERENCE_MARGIN = 10.0
"""How many times its estimated error a difference may be off."""

_AT_ONCE = 64
"""Gradients between two reports of progress."""

Report = Callable[[int, int], None]
"""Told how many gradients have been checked, of how many; what it raises ends the work."""


class Verdict(StrEnum):
    """What comes of a comparison."""

    AGREE = "agree"
    """The sharpest way that is open gives the number that backpropagation gives, within what rounding allows."""
    DIFFER = "differ"
    """It gives another number."""
    CANNOT_SAY = "cannot-say"
    """There is no number to compare, or no derivative."""


@dataclass(frozen=True, slots=True)
class GradientCheck:
    """∂output/∂leaf three ways, at `value` of the leaf called `name`.

    `backprop` is nan where the walk has no number. `complex_step` and `difference` are what the two other ways give, or
    what stands in their way. `rounding` is what rounding alone may make of the difference to the complex step.
    """

    leaf: int
    name: str
    value: float
    backprop: float
    complex_step: float | Obstacle
    difference: Difference | Obstacle
    rounding: float

    @property
    def verdict(self) -> Verdict:
        """What follows from the complex step, the sharper one; at the edge of a domain, from the difference.

        A difference has no veto. Where a function swings faster than its step both it and its estimated error are off.
        """
        if self.closed is not None:
            return Verdict.CANNOT_SAY
        agrees = self.difference_agrees if isinstance(self.complex_step, Obstacle) else self.complex_step_agrees
        return Verdict.AGREE if agrees else Verdict.DIFFER

    @property
    def closed(self) -> Obstacle | None:
        """Why nothing can be said; None where something can."""
        if not math.isfinite(self.backprop):
            return Obstacle(ObstacleKind.UNDEFINED)
        if isinstance(self.complex_step, Obstacle):
            if self.complex_step.kind is not ObstacleKind.EDGE:
                return self.complex_step
            return self.difference if isinstance(self.difference, Obstacle) else None
        return None if math.isfinite(self.rounding) else Obstacle(ObstacleKind.TOO_ROUGH)

    @property
    def reference(self) -> float:
        """The derivative as it is known best: by the complex step, or else by backpropagation."""
        return self.backprop if isinstance(self.complex_step, Obstacle) else self.complex_step

    @property
    def complex_step_agrees(self) -> bool:
        """Whether there is a complex step, and no more than rounding between it and backpropagation."""
        if isinstance(self.complex_step, Obstacle):
            return False
        return abs(self.backprop - self.complex_step) <= _MARGIN * self.rounding

    @property
    def difference_agrees(self) -> bool:
        """Whether there is a difference, and backpropagation is within its estimated error."""
        if isinstance(self.difference, Obstacle):
            return False
        allowed = _DIFFERENCE_MARGIN * self.difference.error + _MARGIN * self.rounding
        return abs(self.backprop - self.difference.derivative) <= allowed


@dataclass(frozen=True, slots=True)
class Check:
    """The gradients of a graph that were checked: all of its `total` inputs, or a sample drawn with `seed`.

    `output` is the label of the output and `value` its value, nan where it is undefined. `pieces` names the operations
    on the way that are made of pieces, such as relu: complex steps follow the piece that the walk stands on.
    """

    output: str
    value: float
    rows: Sequence[GradientCheck]
    total: int
    pieces: Sequence[str] = ()
    seed: int = 0

    @property
    def is_sample(self) -> bool:
        """Whether there are more gradients than were checked."""
        return len(self.rows) < self.total

    def count(self, verdict: Verdict) -> int:
        """Return how many gradients have a verdict."""
        return sum(row.verdict is verdict for row in self.rows)

    @property
    def differs(self) -> bool:
        """Whether any gradient differs."""
        return self.count(Verdict.DIFFER) > 0


def check_gradients(
    graph: Graph, run: Run | None = None, *, most: int = MOST_GRADIENTS, seed: int = 0, report: Report | None = None
) -> Check:
    """Check the gradients of a graph's inputs at the point of a `run`; without one, at the values that the graph has.

    Of more than `most` inputs, or of a large graph, a sample is drawn.
    """
    run = run_once(graph) if run is None else run
    inputs = np.flatnonzero(graph.codes[: graph.leaf_count] == Leaf.INPUT)
    count = min(most, max(LEAST_GRADIENTS, MOST_WORK // len(graph)), len(inputs))
    chosen = inputs
    if count < len(inputs):
        chosen = np.sort(np.random.default_rng(seed).choice(inputs, count, replace=False))
    rows = list(_Checker(graph, run).rows(chosen.tolist(), report or _silent))
    pieces = sorted({op.name for op in map(graph.op, _codes_used(graph)) if op is not None and op.corners})
    value = math.nan if Numbers(graph, run).output_undefined else run.values.item(graph.output)
    return Check(graph.label(graph.output), value, rows, len(inputs), pieces, seed)


def _silent(done: int, total: int) -> None:
    """Tell nobody."""


def _codes_used(graph: Graph) -> list[int]:
    """Return a node of each operation that carries a gradient."""
    carrying = np.flatnonzero(graph.carries_gradient)
    _, first = np.unique(graph.codes[carrying], return_index=True)
    return carrying[first].tolist()


class _Checker:
    """Checks gradients at one point of a graph."""

    def __init__(self, graph: Graph, run: Run) -> None:
        self._graph, self._run = graph, run
        self._is_defined = not Numbers(graph, run).output_undefined

    def rows(self, leaves: Sequence[int], report: Report) -> Sequence[GradientCheck]:
        if not self._is_defined:
            none = Obstacle(ObstacleKind.UNDEFINED)
            return [self._row(leaf, math.nan, none, none, 0.0) for leaf in leaves]
        bounds = rounding.of_gradients(self._graph, self._run)
        lanes = Lanes(self._graph)
        complex_step = ComplexStep(lanes, self._run.values)
        differences = Differences(lanes, self._run.values, rounding.of_output(self._run))
        rows: list[GradientCheck] = []
        at_once = min(_AT_ONCE, max(1, lanes.most(8) // LANES))
        for first in range(0, len(leaves), at_once):
            report(first, len(leaves))
            some = leaves[first : first + at_once]
            gradients: list[float] = self._run.backward.gradients[some].tolist()
            stepped = complex_step.derivatives(some)
            sizes = [abs(size) if math.isfinite(size) else 0.0 for size in gradients]
            edges = [isinstance(step, Obstacle) and step.kind is ObstacleKind.EDGE for step in stepped]
            found = differences.derivatives(some, sizes, edges)
            for leaf, gradient, step, difference in zip(some, gradients, stepped, found, strict=True):
                rows.append(self._row(leaf, gradient, step, difference, bounds.item(leaf)))
        report(len(leaves), len(leaves))
        return rows

    def _row(
        self,
        leaf: int,
        backprop: float,
        complex_step: float | Obstacle,
        difference: Difference | Obstacle,
        bound: float,
    ) -> GradientCheck:
        value, name = self._run.values.item(leaf), self._graph.label(leaf)
        return GradientCheck(leaf, name, value, backprop, complex_step, difference, bound)
