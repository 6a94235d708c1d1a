"""`ClosedForms`: the values, local derivatives and gradients of a walk in closed form, carried through the rules."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np

from ..arrays import Floats
from ..graph.graph import Graph
from ..language.parser import parse
from ..rules.closed_form import ClosedForm, LateForm, NoClosedFormError, Powers
from ..rules.ops import CODES, OPS

MOST_NODES = 300
"""Where a number hangs on more nodes than these it has no closed form here: nobody waits for it."""

MOST_DECIMALS = 8
"""A value of at most so many decimal digits is taken for what they say, so that 0.1 is 1/10."""

_MOST_ZEROS = 20

CONSTANT_FORMS = {
    "e": ClosedForm({Powers(e=Fraction(1)): Fraction(1)}),
    "pi": ClosedForm({Powers(pi=Fraction(1)): Fraction(1)}),
    "π": ClosedForm({Powers(pi=Fraction(1)): Fraction(1)}),
}
"""The constants of expressions."""


class ClosedForms:
    """Closed forms of the numbers of a walk, worked out on demand and kept; None where there is none.

    They begin at the leaves: with the constant expression that a value was written as, such as e or 1/3, or with a
    number of few decimals. What the walk shows of them does not hang on what was asked before.
    """

    def __init__(self, graph: Graph, values: Floats, *, output_undefined: bool = False) -> None:
        """Work out those of a run; an output that is undefined has no gradients."""
        self._graph = graph
        self._values = values
        self._known: dict[int, ClosedForm | None] = {}
        self._gradients: dict[int, ClosedForm | None] = {graph.output: None if output_undefined else ClosedForm.of(1)}
        self._contributions: dict[int, ClosedForm | None] = {}
        self._tangents: dict[int, dict[int, ClosedForm | None]] = {}

    def value(self, node: int) -> ClosedForm | None:
        """Return the value of a node."""
        if node not in self._known:
            operands: list[int] = self._graph.operands_of(node)[:MOST_NODES].tolist()
            if any(operand in self._known and self._known[operand] is None for operand in operands):
                self._known[node] = None
                return None
            for ancestor in sorted(self._behind(node, self._operands)):
                if ancestor not in self._known:
                    self._known[ancestor] = self._computed(ancestor)
        return self._known.setdefault(node, None)

    def local(self, consumer: int, position: int) -> ClosedForm | None:
        """Return the local derivative of a node by its operand at a position.

        That of ln(3) is 1/3, though ln(3) has no closed form: what the rule does not need may have none.
        """
        if self._has_too_many_operands(consumer):
            return None
        nodes: list[int] = self._graph.operands_of(consumer).tolist()
        out, *operands = (LateForm(functools.partial(self.value, node)) for node in (consumer, *nodes))
        rule = self._graph.partial(consumer, position)
        return _attempted(lambda: _of_rule(rule(*operands, out=out)))

    def gradient(self, node: int) -> ClosedForm | None:
        """Return ∂output/∂node, all contributions added up."""
        if node not in self._gradients:
            edges = self._edges_into(node)
            if any(edge in self._contributions and self._contributions[edge] is None for edge in edges):
                self._gradients[node] = None
                return None
            for consumer in sorted(self._behind(node, self._consumers), reverse=True):
                if consumer not in self._gradients:
                    self._gradients[consumer] = self._added(self._edges_into(consumer))
        return self._gradients.setdefault(node, None)

    def contribution(self, edge: int) -> ClosedForm | None:
        """Return the upstream gradient times the local derivative of an edge of `Graph.edges`."""
        if edge not in self._contributions:
            consumer = self._graph.edges.consumer(edge)
            upstream = None if self._has_too_many_operands(consumer) else self.gradient(consumer)
            local = None if upstream is None else self.local(consumer, self._position(consumer, edge))
            self._contributions[edge] = _product(upstream, local)
        return self._contributions[edge]

    def accumulated(self, edge: int) -> ClosedForm | None:
        """Return the gradient of an edge's target after its contribution."""
        target = self._graph.edges.targets.item(edge)
        edges = self._edges_into(target)
        return self._added(edges[: edges.index(edge) + 1]) if edge in edges else None

    def tangent(self, of: int, node: int) -> ClosedForm | None:
        """Return ∂node/∂of, the tangent of a node in forward mode for the leaf `of`."""
        known = self._tangents.setdefault(of, {})
        if node not in known:
            for ancestor in sorted(self._behind(node, self._operands)):
                if ancestor not in known:
                    known[ancestor] = self._pushed(of, ancestor, known)
        return known.setdefault(node, None)

    def _pushed(self, of: int, node: int, known: Mapping[int, ClosedForm | None]) -> ClosedForm | None:
        """Return the tangent of a node from those of its operands; what has none of its own adds nothing."""
        if node < self._graph.leaf_count:
            return ClosedForm.of(int(node == of))
        products: list[ClosedForm | None] = []
        for position, operand in enumerate(self._operands(node)):
            tangent = known[operand]
            if tangent is None:
                return None
            if tangent.terms:
                products.append(_product(self.local(node, position), tangent))
        return _sum_of(products)

    def _behind(self, node: int, following: Callable[[int], list[int]]) -> Iterable[int]:
        """Return a node and all that `following` leads to from it, or nothing where these are too many."""
        found, todo = {node}, [node]
        while todo:
            new = set(following(todo.pop())) - found
            found |= new
            todo.extend(new)
            if len(found) > MOST_NODES:
                return ()
        return found

    def _has_too_many_operands(self, node: int) -> bool:
        return len(self._graph.operands_of(node)) > MOST_NODES

    def _operands(self, node: int) -> list[int]:
        return self._graph.operands_of(node)[: MOST_NODES + 1].tolist()

    def _consumers(self, node: int) -> list[int]:
        return [self._graph.edges.consumer(edge) for edge in self._edges_into(node)]

    def _edges_into(self, node: int) -> list[int]:
        return self._graph.edges.into(node)[: MOST_NODES + 1].tolist()

    def _computed(self, node: int) -> ClosedForm | None:
        op = self._graph.op(node)
        if op is None:
            return self._leaf(node)
        operands = [self._known[operand] for operand in self._graph.operands_of(node).tolist()]
        return None if None in operands else _attempted(lambda: _of_rule(op.forward(*operands)))

    def _leaf(self, node: int) -> ClosedForm | None:
        value, written = self._values.item(node), self._graph.written.get(node)
        form = None if written is None else _constant(written)
        return form if form is not None and agrees(form, value) else _of_decimal(value)

    def _position(self, consumer: int, edge: int) -> int:
        offsets = self._graph.operand_offsets
        carried = self._graph.carried[offsets.item(consumer) : offsets.item(consumer + 1)]
        return int(np.flatnonzero(carried)[edge - self._graph.edges.of_consumer(consumer).start])

    def _added(self, edges: list[int]) -> ClosedForm | None:
        return None if len(edges) > MOST_NODES else _sum_of(map(self.contribution, edges))


def agrees(form: ClosedForm, value: float) -> bool:
    """Say whether a float is a closed form's number, but for the rounding of a few operations: within 4 ulp."""
    return math.isfinite(value) and abs(form.number() - Decimal(value)) <= 4 * Decimal(math.ulp(value))


def _attempted(compute: Callable[[], ClosedForm]) -> ClosedForm | None:
    try:
        return compute()
    except ArithmeticError:
        return None


def _product(first: ClosedForm | None, second: ClosedForm | None) -> ClosedForm | None:
    return None if first is None or second is None else _attempted(lambda: first * second)


def _sum_of(terms: Iterable[ClosedForm | None]) -> ClosedForm | None:
    total: ClosedForm | None = ClosedForm.of(0)
    for term in terms:
        if term is None or total is None:
            return None
        total = _attempted(functools.partial(ClosedForm.__add__, total, term))
    return total


def _of_rule(result: Any) -> ClosedForm:
    """Return what a rule has returned: a plain number is a whole one, or one part in n such as the 1/n of a mean."""
    if isinstance(result, ClosedForm):
        return ClosedForm(result.terms)
    number = Fraction(result)
    if number.denominator > 1:
        number = number.limit_denominator(10**9)
    if float(number) != result or (number.denominator > 1 and number.numerator != 1):
        raise NoClosedFormError
    return ClosedForm.of(number)


def _of_decimal(value: float) -> ClosedForm | None:
    """Return a number of few decimal digits as what these say; it differs from the float in the last bit at most."""
    if not math.isfinite(value):
        return None
    decimal = Decimal(repr(value)).normalize()
    exponent = decimal.as_tuple().exponent
    assert isinstance(exponent, int), "a finite number has an exponent"
    if len(decimal.as_tuple().digits) > MOST_DECIMALS or abs(exponent) > _MOST_ZEROS:
        return None
    return _attempted(lambda: ClosedForm.of(Fraction(decimal)))


@functools.lru_cache(maxsize=64)
def _constant(written: str) -> ClosedForm | None:
    """Return the value of a constant expression."""

    def literal(value: float) -> ClosedForm:
        form = _of_decimal(value)
        if form is None:
            raise NoClosedFormError
        return form

    return _attempted(
        lambda: parse(written).fold(
            literal,
            lambda used: CONSTANT_FORMS[used.name],
            lambda _, op, operands: _of_rule(OPS[CODES[op]].forward(*operands)),
        )
    )
