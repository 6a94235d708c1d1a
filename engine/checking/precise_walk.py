"""`PreciseWalk`: the numbers of a small graph at any values, to so many digits that rounding plays no part.

What must hold at every point is looked at where nothing is special: at random points, in decimal arithmetic.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

import numpy as np

from ..graph.graph import Graph, Leaf
from ..language.expression import Expression, NameUse
from ..language.parser import parse
from ..rules.ops import CODES, OPS, Op
from ..rules.precise import Precise, pi

DIGITS = 40
"""So many digits are computed with (see `precision`)."""

MOST_NODES = 500
"""Where a number hangs on more nodes than these it is not worked out."""


class PreciseWalk:
    """Values and derivatives where the nodes `given` have these values, and the constants their own.

    Everything is None where it does not exist there, hangs on a leaf that is not given, or on too many nodes. To be
    used within `precision(DIGITS)`.
    """

    def __init__(self, graph: Graph, given: Mapping[int, Precise | None]) -> None:
        self.graph = graph
        self._values: dict[int, Precise | None] = dict(given)
        self._gradients: dict[int, Precise | None] = {graph.output: Precise(1)}

    def value(self, node: int) -> Precise | None:
        """Return the value of a node."""
        for behind in sorted(self._missing(node, self._values, self._operands)):
            self._values[behind] = self._computed(behind)
        return self._values.get(node)

    def local(self, consumer: int, position: int) -> Precise | None:
        """Return the local derivative of a node by its operand at a position."""
        op, out = self.graph.op(consumer), self.value(consumer)
        operands = [self.value(operand) for operand in self._operands(consumer)]
        found = [operand for operand in operands if operand is not None]
        if op is None or out is None or len(found) < len(operands):
            return None
        rule = self.graph.partial(consumer, position)
        return _attempted(lambda: Precise(0) + rule(*found, out=out))

    def gradient(self, node: int) -> Precise | None:
        """Return ∂output/∂node, all contributions added up."""
        if self.value(self.graph.output) is None:
            return None
        for consumer in sorted(self._missing(node, self._gradients, self._consumers), reverse=True):
            self._gradients[consumer] = self._added(self._edges_into(consumer))
        return self._gradients.get(node)

    def contribution(self, edge: int) -> Precise | None:
        """Return the upstream gradient times the local derivative of an edge of `Graph.edges`."""
        consumer = self.graph.edges.consumer(edge)
        upstream, local = self.gradient(consumer), self.local(consumer, self._position(consumer, edge))
        return None if upstream is None or local is None else _attempted(lambda: upstream * local)

    def accumulated(self, edge: int) -> Precise | None:
        """Return the gradient of an edge's target after its contribution."""
        edges = self._edges_into(self.graph.edges.targets.item(edge))
        return self._added(edges[: edges.index(edge) + 1])

    def _added(self, edges: Sequence[int]) -> Precise | None:
        total = Precise(0)
        for edge in edges:
            contribution = self.contribution(edge)
            if contribution is None:
                return None
            total = total + contribution
        return total

    def _computed(self, node: int) -> Precise | None:
        op = self.graph.op(node)
        if op is None:
            return leaf_number(self.graph, node) if self.graph.codes[node] == Leaf.CONSTANT else None
        return applied(op, [self._values.get(operand) for operand in self._operands(node)])

    @staticmethod
    def _missing(node: int, known: Mapping[int, Precise | None], following: Callable[[int], list[int]]) -> set[int]:
        """Return a node and all that has to be known for it and is not; nothing where these are too many."""
        found, todo = {node} - set(known), [node] if node not in known else []
        while todo:
            new = {each for each in following(todo.pop()) if each not in known} - found
            found |= new
            todo.extend(new)
            if len(found) > MOST_NODES:
                return set()
        return found

    def _operands(self, node: int) -> list[int]:
        return self.graph.operands_of(node).tolist()

    def _consumers(self, node: int) -> list[int]:
        return [self.graph.edges.consumer(edge) for edge in self._edges_into(node)]

    def _edges_into(self, node: int) -> list[int]:
        return self.graph.edges.into(node).tolist()

    def _position(self, consumer: int, edge: int) -> int:
        carried = self.graph.carries_gradient[self.graph.operands_of(consumer)]
        return int(np.flatnonzero(carried)[edge - self.graph.edges.of_consumer(consumer).start])


def applied(op: Op, operands: Sequence[Precise | None]) -> Precise | None:
    """Apply an operation; None where it is not defined, or an operand is None."""
    found = [operand for operand in operands if operand is not None]
    if len(found) < len(operands):
        return None
    return _attempted(lambda: Precise(0) + op.forward(*found) if op.defined_at(*found) else None)


def computed(expression: Expression, value_of: Callable[[NameUse], Precise | None]) -> Precise | None:
    """Compute an expression where `value_of` says what its names stand for; None where it is not defined."""
    return expression.fold(_literal, value_of, lambda _, op, operands: applied(OPS[CODES[op]], operands))


def constant_named(name: str) -> Precise | None:
    """Return e or π, None for any other name."""
    if name == "e":
        return Precise(Decimal(1).exp())
    return Precise(pi()) if name in ("pi", "π") else None


def leaf_number(graph: Graph, leaf: int) -> Precise | None:
    """Return the value of a leaf as it was written, so that 0.1 is 1/10 and e has all its digits."""
    if leaf in graph.written:
        return computed(parse(graph.written[leaf]), lambda used: constant_named(used.name))
    return _literal(float(graph.leaf_values[leaf]))


def _literal(number: float) -> Precise:
    return Precise(Decimal(repr(number)))


def _attempted(compute: Callable[[], Precise | None]) -> Precise | None:
    try:
        return compute()
    except ArithmeticError:
        return None
