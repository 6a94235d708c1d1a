"""`EdgePlace` and `NodePlace`: a step of a walk as the rules of mistakes look at it."""

from __future__ import annotations

import functools
from dataclasses import dataclass

from ...graph.graph import Leaf
from ...rules.functions import Rule
from ...rules.number_text import format_number
from ...rules.ops import Op, evaluate
from ...walk.local import Locals
from ...walk.trace import Trace


@dataclass(frozen=True)
class NodePlace:
    """An operation of a walk: the forward step that computes its value from `operands`."""

    trace: Trace
    node: int

    @functools.cached_property
    def op(self) -> Op:
        """The operation."""
        op = self.trace.graph.op(self.node)
        assert op is not None, "only operations have forward steps"
        return op

    @property
    def count(self) -> int:
        """How many operands it has."""
        offsets = self.trace.graph.operand_offsets
        return offsets.item(self.node + 1) - offsets.item(self.node)

    @functools.cached_property
    def operands(self) -> tuple[int, ...]:
        """Its operands; there may be a million of them."""
        return tuple(self.trace.graph.operands_of(self.node).tolist())

    @functools.cached_property
    def values(self) -> tuple[float, ...]:
        """The values of its operands."""
        return tuple(self.trace.values[list(self.operands)].tolist())

    @functools.cached_property
    def value(self) -> float:
        """Its own value."""
        return self.trace.values.item(self.node)

    def value_of(self, node: int) -> float:
        """Return the value of any node."""
        return self.trace.values.item(node)

    def label(self, node: int) -> str:
        """Write the name of a node, or the number that it is."""
        return self.trace.numbers.notation.label(self.trace.graph.label(node))

    def with_number(self, node: int) -> str:
        """Write a node and its value: `s = 3`; a literal is its own number."""
        label, number = self.label(node), self.number(self.value_of(node))
        return label if self.is_literal(node) else f"{label} = {number}"

    def number(self, number: float) -> str:
        """Write a number for reading."""
        return self.trace.numbers.notation.number(format_number(number))

    def gradient(self, node: int) -> str:
        """Write the name of the gradient of a node: `∂f/∂s`."""
        return self.trace.numbers.notation.derivative(self.label(self.trace.graph.output), self.label(node))

    def is_literal(self, node: int) -> bool:
        """Say whether a node is a number that somebody wrote into an expression."""
        graph = self.trace.graph
        return bool(graph.codes[node] == Leaf.CONSTANT) and node not in graph.names

    @functools.cached_property
    def expression(self) -> str:
        """The operation, written: `1/s`."""
        return self.trace.graph.expression(self.node, self.trace.numbers.notation)

    def computed(self, rule: Rule, *operands: float) -> float:
        """Apply a forward rule; nan or infinite where it is not defined."""
        return evaluate(rule, *operands)


@dataclass(frozen=True)
class EdgePlace:
    """An edge of the backward pass: the step that brings a contribution from a `consumer` to an `operand` of it.

    `is_asked` says that the number asked for is made of this edge's contribution, `is_alone` that nothing else of the
    walk counts: the local derivative itself is asked for. `summed` says how many contributions that number is a sum of.
    """

    trace: Trace
    edge: int
    is_asked: bool = True
    is_alone: bool = False
    summed: int = 1

    @functools.cached_property
    def consumer(self) -> int:
        """The node that the gradient flows back from."""
        return self.trace.graph.edges.consumer(self.edge)

    @functools.cached_property
    def operand(self) -> int:
        """The node that it flows back to."""
        return self.trace.graph.edges.targets.item(self.edge)

    @functools.cached_property
    def position(self) -> int:
        """Which operand of the consumer that is, 0 for the first."""
        graph = self.trace.graph
        place = self.edge - graph.edges.of_consumer(self.consumer).start
        if len(graph.edges.of_consumer(self.consumer)) == self.of.count:
            return place
        carries = [position for position, node in enumerate(self.of.operands) if graph.carries_gradient[node]]
        return carries[place]

    @functools.cached_property
    def of(self) -> NodePlace:
        """The consumer, as the operation that it is."""
        return NodePlace(self.trace, self.consumer)

    @property
    def op(self) -> Op:
        """The operation of the consumer."""
        return self.of.op

    @property
    def x(self) -> float:
        """The value of the operand."""
        return self.trace.values.item(self.operand)

    @property
    def out(self) -> float:
        """The value of the consumer."""
        return self.of.value

    @functools.cached_property
    def other(self) -> int:
        """The other operand of an operation of two."""
        return self.of.operands[1 - self.position]

    @functools.cached_property
    def local(self) -> float:
        """The local derivative."""
        return self.trace.backward.locals.item(self.edge)

    @functools.cached_property
    def upstream(self) -> float:
        """The upstream gradient."""
        return self.trace.backward.gradients.item(self.consumer)

    @property
    def contribution_number(self) -> int:
        """Which contribution to the operand's gradient this is, counted from 1."""
        return self.trace.graph.edges.writes_before(self.operand, self.edge) + 1

    @property
    def contribution_count(self) -> int:
        """How many contributions the operand's gradient has."""
        return self.trace.graph.edges.write_count(self.operand)

    @functools.cached_property
    def edges_above(self) -> tuple[int, ...]:
        """The edges that bring the upstream gradient; of very many the first ones."""
        return tuple(self.trace.graph.edges.into(self.consumer)[:8].tolist())

    def at(self, edge: int) -> EdgePlace:
        """Return another edge of the walk."""
        return EdgePlace(self.trace, edge, is_asked=False)

    def derivative_at(self, point: float) -> float:
        """Compute the local derivative with another number in place of the operand's value."""
        operands = [*self.of.values]
        operands[self.position] = point
        return evaluate(self.rule, *operands, out=evaluate(self.op.forward, *operands))

    def derivative_with_out(self, out: float) -> float:
        """Compute the local derivative with another number in place of the operation's result."""
        return evaluate(self.rule, *self.of.values, out=out)

    @property
    def rule(self) -> Rule:
        """The rule of the local derivative."""
        return self.trace.graph.partial(self.consumer, self.position)

    # ---- how it is written

    @functools.cached_property
    def local_name(self) -> str:
        """The name of the local derivative: `∂r/∂s`."""
        return Locals(self.trace.numbers).name(self.consumer, self.operand)

    @functools.cached_property
    def formula(self) -> str:
        """The rule of the local derivative: `-1/s²`."""
        return Locals(self.trace.numbers).formula(self.consumer, self.position)

    @property
    def named_formula(self) -> str:
        """The local derivative with its rule: `∂r/∂s = -1/s²`."""
        return f"{self.local_name} = {self.formula}"

    @property
    def upstream_name(self) -> str:
        """The name of the upstream gradient: `∂f/∂r`."""
        return self.of.gradient(self.consumer)

    @property
    def gradient_name(self) -> str:
        """The name of the operand's gradient: `∂f/∂s`."""
        return self.of.gradient(self.operand)

    @property
    def operand_name(self) -> str:
        """The name of the operand."""
        return self.of.label(self.operand)

    @property
    def derived(self) -> str:
        """Begins a sentence about the rule: `The local derivative of 1/s`, by what where there are several operands."""
        is_alone = self.of.count == 1 or (self.of.count == 2 and self.of.operands[0] == self.of.operands[1])
        by = "" if is_alone else f" by {self.operand_name}"
        return f"The local derivative of {self.of.expression}{by}"
