"""`Exact`: what the values of a walk would be if numbers had any size, to tell mathematics from floats."""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import Decimal

from ..arrays import Floats
from ..graph.graph import Graph
from ..rules.precise import Precise, precision

MOST_NODES = 2_000
"""How many nodes are worked out for one answer; where a value hangs on more, it stays unknown."""

_DIGITS = (30, 60)
"""A value is worked out twice: where both agree, its first digits are not made of rounding."""

_AGREE = Decimal("1e-9")


class Exact:
    """Values and local derivatives of a graph at its leaves' values, worked out on demand and kept."""

    def __init__(self, graph: Graph, values: Floats) -> None:
        self._graph = graph
        self._values = values
        self._known: Mapping[int, dict[int, Precise | None]] = {digits: {} for digits in _DIGITS}

    def value(self, node: int) -> Decimal | None:
        """Return a node's value to nine digits or more; None where it is undefined, or cannot be known."""
        return self._agreed([self._value(node, digits) for digits in _DIGITS])

    def local(self, node: int, position: int) -> Decimal | None:
        """Return the local derivative of a node by the operand at `position`, as `value` does."""
        return self._agreed([self._local(node, position, digits) for digits in _DIGITS])

    def first_lost(self, node: int) -> int | None:
        """Return the node, `node` or one that leads to it, where floats went wrong though its operands are right.

        None where they did not, or where that cannot be known.
        """
        if not self._is_wrong(node):
            return None
        while True:
            operands: list[int] = self._graph.operands_of(node).tolist()
            wrong = [operand for operand in operands if self._is_wrong(operand)]
            if not wrong:
                return node
            node = wrong[0]

    def _is_wrong(self, node: int) -> bool:
        """Say whether the float is surely not the value, not even roughly."""
        kept, value = self._values.item(node), self.value(node)
        if value is None:
            return False
        return not math.isfinite(kept) or abs(Decimal(kept) - value) > abs(value) / 10

    def _ancestors(self, node: int) -> list[int] | None:
        """Return a node and all that lead to it, in topological order; None where they are too many."""
        found, todo = {node}, [node]
        while todo:
            operands = self._graph.operands_of(todo.pop())
            if len(found) + len(operands) > MOST_NODES:
                return None
            new = set(operands.tolist()) - found
            found |= new
            todo.extend(new)
        return sorted(found)

    def _value(self, node: int, digits: int) -> Precise | None:
        known = self._known[digits]
        if node not in known:
            with precision(digits):
                for ancestor in self._ancestors(node) or ():
                    if ancestor not in known:
                        known[ancestor] = self._computed(ancestor, known)
        return known.get(node)

    def _computed(self, node: int, known: Mapping[int, Precise | None]) -> Precise | None:
        op = self._graph.op(node)
        if op is None:
            value = self._values.item(node)
            return Precise(value) if math.isfinite(value) else None
        operands = [known[operand] for operand in self._graph.operands_of(node).tolist()]
        found = [operand for operand in operands if operand is not None]
        if len(found) < len(operands) or not op.defined_at(*found):
            return None
        try:
            return op.forward(*found)
        except ArithmeticError:
            return None

    def _local(self, node: int, position: int, digits: int) -> Precise | None:
        op, operands = self._graph.op(node), self._graph.operands_of(node)
        out = self._value(node, digits)
        found = [self._value(operand, digits) for operand in operands.tolist()]
        if op is None or out is None or None in found:
            return None
        with precision(digits):
            try:
                return Precise(0) + self._graph.partial(node, position)(*found, out=out)
            except ArithmeticError:
                return None

    @staticmethod
    def _agreed(found: list[Precise | None]) -> Decimal | None:
        numbers = [precise.number for precise in found if precise is not None]
        if len(numbers) < len(found):
            return None
        rough, fine = numbers
        with precision(_DIGITS[-1]):
            return fine if abs(rough - fine) <= abs(fine) * _AGREE else None
