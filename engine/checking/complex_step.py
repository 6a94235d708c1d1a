"""The complex step: f'(x) = Im f(x + ih)/h, exact to rounding, since nothing is subtracted.

Squire and Trapp, "Using complex variables to estimate derivatives of real functions", SIAM Review 40 (1998), 110-112;
Martins, Sturdza and Alonso, "The complex-step derivative approximation", ACM TOMS 29 (2003), 245-262.

It is independent of the rules of differentiation: it uses the forward rules alone, on complex numbers.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ..arrays import Flags, Floats, Indices
from ..graph.graph import led_to
from ..rules.continued import COMPLEX
from ..rules.ops import OPS
from ..run.lanes import Columns, Lanes
from ..run.schedule import Group
from .obstacle import Obstacle, ObstacleKind

STEP = 1e-100
"""h: its square vanishes beside anything but 0, and h · f'(x) stays far from the ends of a float."""

_TOO_FAR = 1e-8
"""An imaginary part of more than this part of a real one, or of 1 beside 0, is no small step any more."""


@dataclass(frozen=True, eq=False)
class _Closed:
    """Operations of one code that stand where they are not analytic: at a corner, or at the edge of their domain.

    `nodes` is int32[rows], and `operands` int32[rows, k]: all that they have, or at an edge the one that leaves it.
    """

    kind: ObstacleKind
    code: int
    nodes: Indices
    operands: Indices

    def moved(self, values: Columns) -> Flags:
        """Say which of them, at a corner, move across it in which lane, at first order: bool[rows, lanes]."""
        corners = OPS[self.code].corners
        assert corners is not None, "only an operation with a corner stands at one"
        operands = values[self.operands.T]
        return np.broadcast_to(corners.side(*operands).imag != 0, operands.shape[1:])

    @property
    def is_steep(self) -> bool:
        """Whether it jumps there or may be infinitely steep: no need that anything moves at first order, as in √x²."""
        corners = OPS[self.code].corners
        return self.kind is ObstacleKind.EDGE or (corners is not None and corners.is_jump)


class ComplexStep:
    """Takes complex steps from the point where a graph stands; `values`, float64[n], are those of its run."""

    def __init__(self, lanes: Lanes, values: Floats) -> None:
        self._lanes, self._values = lanes, values
        self._graph = lanes.graph
        self._closed = [*self._at_corners(), *self._at_edges()]
        self._steep = list(self._steep_places())

    def derivatives(self, leaves: Sequence[int]) -> list[float | Obstacle]:
        """Return ∂output/∂leaf for each of the leaves, or why this way is closed; all in one call of `Lanes`."""
        lanes, leaf_count = len(leaves), self._graph.leaf_count
        moved = np.repeat(self._values[:leaf_count, np.newaxis], lanes, axis=1).astype(COMPLEX)
        moved[leaves, np.arange(lanes)] += STEP * 1j
        values = self._lanes.run(moved, self._values)
        with np.errstate(all="ignore"):
            sizes = np.abs(values.real)
            far = (np.abs(values.imag) > _TOO_FAR * np.where(sizes > 0, sizes, 1.0)).any(axis=0)
            slopes: list[float] = np.where(far, np.nan, values[self._graph.output].imag / STEP).tolist()
        obstacles = self._obstacles(values, leaves)
        return [
            obstacles.get(lane, slope if math.isfinite(slope) else Obstacle(ObstacleKind.TOO_ROUGH))
            for lane, slope in enumerate(slopes)
        ]

    def _obstacles(self, values: Columns, leaves: Sequence[int]) -> dict[int, Obstacle]:
        """Say for each lane that moves what stands at a corner or an edge which node that is, the first one."""
        found: dict[int, tuple[int, ObstacleKind]] = {}

        def keep(lane: int, node: int, kind: ObstacleKind) -> None:
            found[lane] = min(found.get(lane, (node, kind)), (node, kind))

        for closed in self._closed:
            if not closed.is_steep:
                for row, lane in np.argwhere(closed.moved(values)).tolist():
                    keep(lane, int(closed.nodes[row]), closed.kind)
        for lane, leaf in enumerate(leaves if self._steep else ()):
            reached = self._reached(leaf)
            for node, operand, kind in self._steep:
                if reached[operand]:
                    keep(lane, node, kind)
        graph = self._graph
        return {lane: Obstacle(kind, graph.label(node), graph.expression(node)) for lane, (node, kind) in found.items()}

    def _steep_places(self) -> Iterator[tuple[int, int, ObstacleKind]]:
        """Yield each node that jumps or may be infinitely steep, and the operand that matters, with the kind."""
        for closed in self._closed:
            if closed.is_steep:
                for node, operands in zip(closed.nodes.tolist(), closed.operands.tolist(), strict=True):
                    yield from ((node, operand, closed.kind) for operand in operands)

    def _reached(self, leaf: int) -> Flags:
        graph = self._graph
        return led_to(np.arange(len(graph)) == leaf, graph.operands, graph.consumers())

    def _at_corners(self) -> Iterator[_Closed]:
        for group in self._lanes.groups:
            corners = OPS[group.code].corners
            if corners is not None:
                with np.errstate(all="ignore"):
                    at = np.broadcast_to(corners.at(*self._values[group.operands.T]), len(group.nodes))
                rows = np.flatnonzero(at & self._graph.carries_gradient[group.nodes[:, 0]])
                if len(rows):
                    yield _Closed(ObstacleKind.KINK, group.code, group.nodes[rows, 0], group.operands[rows])

    def _at_edges(self) -> Iterator[_Closed]:
        for group in self._lanes.groups:
            if OPS[group.code].domain and self._graph.carries_gradient[group.nodes[0, 0]]:
                for position in range(group.operands.shape[1]):
                    if self._graph.carries_gradient[group.operands[0, position]]:
                        rows = [row for row in range(len(group.nodes)) if self._is_edge(group, row, position)]
                        operands = group.operands[rows, position, np.newaxis]
                        yield _Closed(ObstacleKind.EDGE, group.code, group.nodes[rows, 0], operands)

    def _is_edge(self, group: Group, row: int, position: int) -> bool:
        """Say whether the next float above or below an operand is outside the domain."""
        numbers: list[float] = self._values[group.operands[row]].tolist()
        before, x, after = numbers[:position], numbers[position], numbers[position + 1 :]
        return not all(
            OPS[group.code].defined_at(*before, math.nextafter(x, end), *after) for end in (-math.inf, math.inf)
        )
