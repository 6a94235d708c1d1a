"""Differences: (f(x + h) - f(x - h))/2h, with a step that neither rounding nor curvature spoils.

The truncation error of a central difference falls as h², the rounding error rises as 1/h; they meet near the cube root
of the rounding unit (Nocedal and Wright, "Numerical Optimization", 2nd ed., section 8.1). A function may have another
scale, so more steps are tried where the first one leaves too few digits, and the error of each is estimated.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from ..arrays import Floats, Indices
from ..rules.ops import OPS
from ..run.lanes import Columns, Lanes
from .obstacle import Obstacle, ObstacleKind
from .rounding import EPSILON

BEST_STEP = EPSILON ** (1 / 3)
"""The step for a function and an operand of size 1: 6.1e-6."""

ENOUGH = 1e-5
"""An estimated error of this part of a derivative is small enough to try no other step."""

TOO_ROUGH = 1e-3
"""With an estimated error of more than this part a difference says nothing, unless it is small beside the output."""

SMALL_BESIDE_OUTPUT = 1e-6
"""So small a part of |f(x)| by the size of x is next to no slope at all."""

_SMALLER = (1e-1, 1e-2, 1e-3, 1e-4)
_LARGER = (1e1, 1e2, 1e3)
"""The further steps, as parts of the first one: smaller ones against curvature, larger ones against rounding."""

LANES = 4
"""How many runs a difference with its estimated error takes."""


class Sides(StrEnum):
    """Where a difference looks."""

    BOTH = "both"
    """A central difference."""
    RIGHT = "right"
    """(-3f(x) + 4f(x + h/2) - f(x + h))/h, where the function is undefined at x - h."""
    LEFT = "left"
    """The same the other way, where it is undefined at x + h."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A derivative by differences: the step h it was taken with, and about how far off it may be."""

    derivative: float
    step: float
    error: float
    sides: Sides


class Differences:
    """Takes differences around the point where a graph stands; `values`, float64[n], are those of its run.

    `rounding` is a bound of the rounding error in the output.
    """

    def __init__(self, lanes: Lanes, values: Floats, rounding: float) -> None:
        self._lanes, self._values, self._rounding = lanes, values, rounding
        self._graph = lanes.graph
        self._at_edge: set[int] = set()
        carries = self._graph.carries_gradient
        self._corners = [
            (group.code, group.operands[rows], group.nodes[rows, 0])
            for group in lanes.groups
            if OPS[group.code].corners is not None and len(rows := np.flatnonzero(carries[group.nodes[:, 0]]))
        ]

    def derivatives(
        self, leaves: Sequence[int], sizes: Sequence[float], edges: Sequence[bool]
    ) -> list[Difference | Obstacle]:
        """Return ∂output/∂leaf for each of the leaves, or why no difference says what it is.

        `sizes` are those of the derivatives as they are thought to be. `edges` says which leaves move something that
        stands at the edge of its domain: there a difference may look at one side only.
        """
        self._at_edge = {leaf for leaf, edge in zip(leaves, edges, strict=True) if edge}
        best = self._tried(leaves, [self._first_step(leaf) for leaf in leaves])
        rough = [place for place, leaf in enumerate(leaves) if not self._is_enough(best[place], leaf, sizes[place])]
        too_small = {place for place in rough if self._is_rounding(best[place])}
        for places, parts in ((too_small, _LARGER), ({*rough} - too_small, (*_SMALLER, None))):
            todo = sorted(places)
            for part in parts:
                steps = {place: self._further_step(leaves[place], part) for place in todo}
                todo = [place for place in todo if steps[place]]
                found = self._tried([leaves[place] for place in todo], [steps[place] for place in todo])
                for place, new in zip(todo, found, strict=True):
                    best[place] = _better(best[place], new)
                todo = [place for place in todo if not self._is_enough(best[place], leaves[place], sizes[place])]
        return [
            found if self._is_usable(found, leaf, size) else Obstacle(ObstacleKind.TOO_ROUGH)
            for found, leaf, size in zip(best, leaves, sizes, strict=True)
        ]

    def _is_enough(self, found: Difference | Obstacle, leaf: int, size: float) -> bool:
        if isinstance(found, Obstacle):
            return False
        is_nothing = size == 0 and found.error <= self._small(leaf)
        return is_nothing or found.error <= ENOUGH * abs(found.derivative)

    def _is_usable(self, found: Difference | Obstacle, leaf: int, size: float) -> bool:
        """Say whether a difference says something; its error is not compared with what the derivative should be.

        On the two sides of a pole it is far off, and so is the estimate, which is as large as the difference then.
        """
        if isinstance(found, Obstacle):
            return True
        is_small = max(size, found.error) <= self._small(leaf)
        return is_small or found.error <= TOO_ROUGH * abs(found.derivative)

    def _small(self, leaf: int) -> float:
        return SMALL_BESIDE_OUTPUT * abs(self._values.item(self._graph.output)) / self._size(leaf)

    def _size(self, leaf: int) -> float:
        return max(1.0, abs(self._values.item(leaf)))

    def _first_step(self, leaf: int) -> float:
        return BEST_STEP * self._size(leaf)

    def _further_step(self, leaf: int, part: float | None) -> float:
        """Return a part of the first step; without a part, the step that suits a small x alone, or 0 for no other."""
        if part is not None:
            return part * self._first_step(leaf)
        x = abs(self._values.item(leaf))
        return BEST_STEP * x if 0 < x < 1e-3 else 0.0

    def _is_rounding(self, found: Difference | Obstacle) -> bool:
        """Say whether rounding is most of an estimated error, so that a larger step has a smaller one."""
        return isinstance(found, Difference) and 2 * self._rounding_of(found.step) > found.error

    def _rounding_of(self, step: float) -> float:
        return 4 * self._rounding / step

    def _tried(self, leaves: Sequence[int], steps: Sequence[float]) -> list[Difference | Obstacle]:
        found: list[Difference | Obstacle] = []
        most = max(1, self._lanes.most(8) // LANES)
        for first in range(0, len(leaves), most):
            found += self._some(leaves[first : first + most], np.array(steps[first : first + most]))
        return found

    def _some(self, leaves: Sequence[int], steps: Floats) -> list[Difference | Obstacle]:
        here = self._values[: self._graph.leaf_count, np.newaxis]
        moved = np.repeat(here, LANES * len(leaves), axis=1)
        lanes = np.arange(LANES * len(leaves)).reshape(-1, LANES)
        rows = np.array(leaves)[:, np.newaxis]
        with np.errstate(over="ignore"):  # beyond the largest float there is no number, as the values will say
            moved[rows, lanes] += steps[:, np.newaxis] * np.array([1.0, -1.0, 0.5, -0.5])
        values = self._lanes.run(moved)
        crossed = self._crossed(values).reshape(-1, LANES)
        x, f = moved[rows, lanes], values[self._graph.output].reshape(-1, LANES)
        centre = self._values.item(self._graph.output)
        with np.errstate(all="ignore"):
            wide = (f[:, 0] - f[:, 1]) / (x[:, 0] - x[:, 1])  # with the step that was really taken, after rounding
            narrow = (f[:, 2] - f[:, 3]) / (x[:, 2] - x[:, 3])
            right = (4 * f[:, 2] - f[:, 0] - 3 * centre) / (x[:, 0] - here[leaves, 0])
            left = (4 * f[:, 3] - f[:, 1] - 3 * centre) / (x[:, 1] - here[leaves, 0])
            near_right = (f[:, 2] - centre) / (x[:, 2] - here[leaves, 0])
            near_left = (f[:, 3] - centre) / (x[:, 3] - here[leaves, 0])
        ways = ((Sides.BOTH, wide, narrow), (Sides.RIGHT, right, near_right), (Sides.LEFT, left, near_left))
        open_ways = [ways if leaf in self._at_edge else ways[:1] for leaf in leaves]
        return [self._one(row, steps.item(row), crossed, ways) for row, ways in enumerate(open_ways)]

    def _one(
        self, row: int, step: float, crossed: Indices, ways: Sequence[tuple[Sides, Floats, Floats]]
    ) -> Difference | Obstacle:
        for (sides, derivatives, others), own in zip(ways, ((0, 1, 2, 3), (0, 2), (1, 3)), strict=False):
            derivative, other = derivatives.item(row), others.item(row)
            if not np.isfinite([derivative, other]).all():
                continue
            nodes = crossed[row, own]
            if (nodes >= 0).any():
                node = int(nodes[nodes >= 0].min())
                return Obstacle(ObstacleKind.KINK_NEAR, self._graph.label(node), self._graph.expression(node))
            return Difference(derivative, step, abs(derivative - other) + self._rounding_of(step), sides)
        return Obstacle(ObstacleKind.UNDEFINED_NEAR)

    def _crossed(self, values: Columns) -> Indices:
        """Return for each lane a node with a corner that it is on the other side of than the point; -1 for none."""
        crossed = np.full(values.shape[1], -1, dtype=np.int32)
        for code, operands, nodes in self._corners:
            corners = OPS[code].corners
            assert corners is not None, "only those are kept"
            with np.errstate(all="ignore"):
                here = np.sign(corners.side(*self._values[operands.T]))[:, np.newaxis]
                there = np.sign(corners.side(*values[operands.T]))
            rows, lanes = np.nonzero((here != 0) & (there != here) & ~np.isnan(there))
            crossed[lanes[::-1]] = nodes[rows[::-1]]
        return crossed


def _better(one: Difference | Obstacle, other: Difference | Obstacle) -> Difference | Obstacle:
    """Return the central one of two differences, or that with the smaller error; any is better than none."""
    if isinstance(other, Obstacle):
        return other if isinstance(one, Obstacle) and one.kind is ObstacleKind.UNDEFINED_NEAR else one
    if isinstance(one, Obstacle):
        return other
    if (one.sides is Sides.BOTH) != (other.sides is Sides.BOTH):
        return one if one.sides is Sides.BOTH else other
    return min(one, other, key=lambda difference: difference.error)
