"""`Records`: the arrays that a graph remembers, with their numbers, their consumers and where they were made."""

from __future__ import annotations

import functools

import numpy as np

from ...arrays import Floats
from ...graph.array_record import ABSENT, ArrayNode
from ...graph.graph import Leaf
from ...walk.trace import Trace


class Records:
    """The arrays of `trace.graph.arrays`, each meant by its place there."""

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self.arrays: tuple[ArrayNode, ...] = trace.graph.arrays

    @functools.cached_property
    def consumers(self) -> list[list[int]]:
        """By place: the arrays that were made of it."""
        found: list[list[int]] = [[] for _ in self.arrays]
        for place, node in enumerate(self.arrays):
            for operand in dict.fromkeys(node.operands):
                if operand != ABSENT:
                    found[operand].append(place)
        return found

    @functools.cached_property
    def _loose_operands(self) -> frozenset[int]:
        """The nodes that operations outside of all arrays have as operands, and the output."""
        graph = self.trace.graph
        in_arrays = np.zeros(len(graph), dtype=np.bool_)
        for node in self.arrays:
            if node.operation:
                in_arrays[node.first : node.stop] = True
        edges = ~in_arrays[graph.consumers()]
        return frozenset([*graph.operands[edges].tolist(), graph.output])

    def is_used_elsewhere(self, place: int) -> bool:
        """Say whether an entry of an array is the output, or used by what no array was made for."""
        return not self._loose_operands.isdisjoint(self.arrays[place].entries.ravel().tolist())

    def values(self, place: int) -> Floats:
        """Return the numbers of an array, in its shape; nan where the graph does not have the entry."""
        entries = self.arrays[place].entries
        return np.where(entries >= 0, self.trace.values[entries], np.nan)

    def is_whole(self, place: int) -> bool:
        """Say whether the graph has all entries of an array."""
        return bool((self.arrays[place].entries >= 0).all())

    def is_literal(self, place: int) -> bool:
        """Say whether all entries of an array are literal numbers."""
        entries = self.arrays[place].entries
        return entries.size > 0 and bool((self.trace.graph.codes[entries] == Leaf.CONSTANT).all())

    def carries_gradient(self, place: int) -> bool:
        """Say whether any entry of an array carries a gradient."""
        entries = self.arrays[place].entries
        return bool(self.trace.graph.carries_gradient[entries[entries >= 0]].any())

    def made_within(self, place: int) -> tuple[str, ...]:
        """Return the functions and modules that an array was made in, the outermost first."""
        node = self.arrays[place]
        function = (node.source.function,) if node.source is not None and node.source.function else ()
        return (*function, *node.scope)
