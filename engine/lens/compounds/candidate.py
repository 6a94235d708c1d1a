"""`Candidate`: arrays that may be one operation together."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...arrays import Floats
from ...graph.array_record import ABSENT
from ..array_graph import Group
from .records import Records

SAME = 1e-10
"""Numbers that differ by no more than this, as a part of the largest of them, are those of one function."""


@dataclass(frozen=True, eq=False)
class Candidate:
    """Some arrays, `members`, of which only the last is used outside of them."""

    records: Records
    members: tuple[int, ...]

    @functools.cached_property
    def operands(self) -> tuple[int, ...]:
        """The arrays outside that they were made of, in the order of their first use; literal numbers left out."""
        own = set(self.members)
        used = [
            operand
            for member in self.members
            for operand in self.records.arrays[member].operands
            if operand != ABSENT and operand not in own and self.records.arrays[operand].entries.size
        ]
        present = [operand for operand in dict.fromkeys(used) if not self.records.is_literal(operand)]
        return tuple(operand for operand in present if bool((self.records.arrays[operand].entries >= 0).any()))

    @property
    def result(self) -> int:
        """The array that they give."""
        return self.members[-1]

    @functools.cached_property
    def values(self) -> list[Floats]:
        """The numbers of the operands."""
        return [self.records.values(operand) for operand in self.operands]

    @functools.cached_property
    def out(self) -> Floats:
        """The numbers of the result, nan where the graph does not have the entry."""
        return self.records.values(self.result)

    @functools.cached_property
    def literals(self) -> list[float]:
        """The literal numbers that the members' nodes are made of."""
        graph = self.records.trace.graph
        found: set[float] = set()
        for member in self.members:
            node = self.records.arrays[member]
            if node.stop > node.first:
                edges = slice(int(graph.operand_offsets[node.first]), int(graph.operand_offsets[node.stop]))
                operands = np.unique(graph.operands[edges])
                leaves = operands[operands < graph.leaf_count]
                found.update(graph.leaf_values[leaves[graph.codes[leaves] < -1]].tolist())
        return sorted(found)

    def is_sound(self) -> bool:
        """Say whether only the result is used outside, the nodes are one stretch, and the operands are whole."""
        own = set(self.members)
        for member in self.members[:-1]:
            if self.records.is_used_elsewhere(member) or not own.issuperset(self.records.consumers[member]):
                return False
        made = [node for node in map(self.records.arrays.__getitem__, self.members) if node.stop > node.first]
        if not made or not all(map(self.records.is_whole, self.operands)):
            return False
        covered = sum(node.stop - node.first for node in made)
        return covered == made[-1].stop - made[0].first and made[-1] is self.records.arrays[self.result]

    def gives(self, made: Floats) -> bool:
        """Say whether some numbers are those of the result, as far as the graph has it."""
        present = self.records.arrays[self.result].entries >= 0
        return np.shape(made) == present.shape and bool(present.any()) and same(made[present], self.out[present])

    def group(self, operation: str, operands: tuple[int, ...], **parameters: Any) -> Group:
        """Return the members as one operation on some of the arrays outside."""
        return Group(operation, self.members, operands, parameters)


def same(left: Floats, right: Floats) -> bool:
    """Say whether two arrays have one shape and, to ten digits of the largest, the same finite numbers."""
    if np.shape(left) != np.shape(right) or not np.isfinite(left).all() or not np.isfinite(right).all():
        return False
    size = max(float(np.abs(left).max(initial=0.0)), float(np.abs(right).max(initial=0.0)))
    return bool((np.abs(left - right) <= SAME * size).all())
