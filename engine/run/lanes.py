"""`Lanes`: many forward runs of a graph side by side, each with leaves of its own, on floats or complex numbers."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..arrays import Floats
from ..graph.graph import Graph
from ..rules.ops import OPS
from .schedule import Group, Schedule

Columns = np.ndarray[tuple[Any, ...], np.dtype[np.float64 | np.complex128]]
"""float64 or complex128 [nodes, lanes]: a run a column."""

MEMORY = 48_000_000
"""How many bytes the numbers of one call take at most, where one lane alone does not take more."""


class Lanes:
    """A graph that is ready to run forward in many lanes at once, a group of operations after the other."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.groups: tuple[Group, ...] = tuple(Schedule(graph))

    def most(self, itemsize: int = 16) -> int:
        """Return how many lanes of numbers of so many bytes fit into one call."""
        return max(1, MEMORY // (itemsize * len(self.graph)))

    def run(self, leaves: Columns, real_parts: Floats | None = None) -> Columns:
        """Return the value of every node in every lane, [n, lanes], for `leaves`, [leaf_count, lanes].

        Undefined results are nan or infinite. Complex numbers get the `real_parts`, float64[n], where these are given:
        each function is continued from the very value that another run computed, to the last bit.
        """
        values: Columns = np.empty((len(self.graph), leaves.shape[1]), leaves.dtype)
        values[: self.graph.leaf_count] = leaves
        with np.errstate(all="ignore"):
            for group in self.groups:
                op = OPS[group.code]
                if group.is_chain:
                    values[group.nodes] = np.add.accumulate(values[group.operands], axis=1)[:, 1:]
                else:
                    operands = values[group.operands.T]
                    values[group.nodes[:, 0]] = op.on_rows(operands) if op.on_rows else op.forward(*operands)
                if real_parts is not None:
                    values.real[group.nodes] = real_parts[group.nodes][..., np.newaxis]
        return values
