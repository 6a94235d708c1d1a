"""`Seed` and `Backward`: the backward pass, the seed and then one step for each edge, consumers before producers."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from ..arrays import Floats
from ..language.step_key import StepKey, StepKind, StepName
from ..rules.formula import Formula, Name, Number
from ..rules.number_text import format_number
from .numbers import Numbers
from .phase import Phase, Quantity
from .segment import Segment

if TYPE_CHECKING:
    from .local import Locals
    from .reason import Reason, Why
    from .step import Factor, Step


class Seed(Segment):
    """The one step ∂out/∂out = 1."""

    phase = Phase.SEED
    quantity = Quantity.GRADIENT

    def __len__(self) -> int:
        return 1

    def key(self, place: int) -> StepKey:
        return StepKey(StepKind.SEED, self.node(place))

    def place(self, key: StepKey) -> int | None:
        return 0 if key == self.key(0) else None

    def node(self, place: int) -> int:
        return self.numbers.graph.output

    def number(self, place: int) -> float:
        return self.numbers.backward.gradients.item(self.numbers.graph.output)

    def written(self) -> Floats:
        return np.array([math.nan if self.numbers.output_undefined else self.number(0)])

    def apply(self, numbers: Floats, count: int) -> None:
        if count and self.numbers.graph.carries_gradient[self.numbers.graph.output]:
            numbers[self.numbers.graph.output] = self.written()[0]

    def writes(self, node: int) -> int:
        return int(node == self.numbers.graph.output)

    def write(self, node: int, index: int) -> int:
        return 0

    def writes_before(self, node: int, place: int) -> int:
        return int(node == self.numbers.graph.output and place > 0)

    def step(self, place: int, total: int, digits: int = 0) -> Step:
        from .equation import Equation  # what says a step in full is loaded with the first one
        from .step import Step

        graph = self.numbers.graph
        name = graph.label(graph.output)
        seed = format_number(math.nan if self.numbers.output_undefined else 1.0)
        return Step(
            number=self.first,
            total=total,
            phase=self.phase,
            node=graph.output,
            name=name,
            output_name=name,
            op="",
            expression=self.derivative(graph.output, graph.output),
            substituted=Equation("1", "=", self.numbers.notation.number(seed)),
            value=1.0,
            undefined=_output_undefined(self.numbers),
            note=self.notes.at(StepName.derivative(name, name)),
        )


class Backward(Segment):
    """The contributions; a place is an edge of `Graph.edges`."""

    phase = Phase.BACKWARD
    quantity = Quantity.GRADIENT

    def __len__(self) -> int:
        return len(self.numbers.graph.edges)

    def key(self, place: int) -> StepKey:
        graph = self.numbers.graph
        consumer = graph.edges.consumer(place)
        own = graph.edges.of_consumer(consumer)
        operands = graph.operands_of(consumer)
        position = place - own.start
        if len(own) < len(operands):  # some carry no gradient
            position = int(np.flatnonzero(graph.carries_gradient[operands])[position])
        return StepKey(StepKind.ALONG, consumer, position)

    def place(self, key: StepKey) -> int | None:
        graph = self.numbers.graph
        operands = graph.operands_of(key.node)
        if key.kind is not StepKind.ALONG or not key.position < len(operands) or not graph.carries_gradient[key.node]:
            return None
        carries = graph.carries_gradient[operands[: key.position + 1]]
        return graph.edges.of_consumer(key.node).start + int(carries.sum()) - 1 if carries[-1] else None

    def node(self, place: int) -> int:
        return self.numbers.graph.edges.targets.item(place)

    def number(self, place: int) -> float:
        return self.numbers.backward.accumulated.item(place)

    def written(self) -> Floats:
        accumulated = self.numbers.backward.accumulated
        return np.full(len(accumulated), np.nan) if self.numbers.output_undefined else accumulated

    def apply(self, numbers: Floats, count: int) -> None:
        edges = self.numbers.graph.edges
        taken = np.bincount(edges.targets[:count], minlength=len(numbers))
        nodes = np.flatnonzero(taken)
        last_writes = edges.writes[edges.write_offsets[nodes] + taken[nodes] - 1]
        numbers[nodes] = self.written()[last_writes]

    def writes(self, node: int) -> int:
        return self.numbers.graph.edges.write_count(node)

    def write(self, node: int, index: int) -> int:
        return self.numbers.graph.edges.write(node, index)

    def writes_before(self, node: int, place: int) -> int:
        return self.numbers.graph.edges.writes_before(node, place)

    def together(self, place: int) -> range:
        """Return all the edges of one consumer."""
        return self.numbers.graph.edges.of_consumer(self.numbers.graph.edges.consumer(place))

    def step(self, place: int, total: int, digits: int = 0) -> Step:
        from .step import Step

        graph = self.numbers.graph
        factor = self._factor(place, digits)
        operand = self.node(place)
        op = graph.op(factor.consumer)
        assert op is not None, "a consumer is an operation"
        name, output_name = graph.label(operand), graph.label(graph.output)
        note = self.notes.at(StepName.derivative(factor.consumer_name, name))
        if not note and operand < graph.leaf_count:
            note = self.notes.at(StepName(name))
        return Step(
            number=self.first + place,
            total=total,
            phase=self.phase,
            node=operand,
            name=name,
            output_name=output_name,
            op=op.name,
            expression=self.derivative(graph.output, factor.consumer) + self.numbers.notation.times + factor.local_name,
            substituted=factor.product,
            value=factor.after,
            factor=factor,
            undefined=self._why_undefined(factor, operand),
            note=note,
        )

    def _factor(self, place: int, digits: int) -> Factor:
        from .equation import equation
        from .step import Factor

        graph, backward, numbers = self.numbers.graph, self.numbers.backward, self.numbers
        notation, closed = numbers.notation, numbers.closed
        key, operand = self.key(place), self.node(place)
        consumer = key.node
        earlier = graph.edges.writes_before(operand, place)
        upstream = float(backward.gradients[consumer])
        local = self._locals.value(consumer, key.position)
        before = backward.accumulated.item(graph.edges.write(operand, earlier - 1)) if earlier else 0.0
        contribution, after = float(backward.contributions[place]), float(backward.accumulated[place])
        missing = numbers.output_undefined
        upstream_undefined, local_undefined = missing or not math.isfinite(upstream), not math.isfinite(local)
        contribution_undefined = bool(numbers.undefined_contributions[place])
        before_undefined = earlier > 0 and (missing or not math.isfinite(before))
        return Factor(
            consumer=consumer,
            consumer_name=graph.label(consumer),
            consumer_expression=graph.expression(consumer, notation),
            operand_position=key.position,
            upstream=upstream,
            upstream_exact=numbers.exact_value(closed.gradient(consumer), upstream, digits),
            local_name=self._locals.name(consumer, operand),
            local_formula=self._locals.formula(consumer, key.position),
            local_substituted=self._locals.substituted(consumer, key.position, digits),
            local=local,
            contribution=contribution,
            before=before,
            after=after,
            product=equation(
                _put_in(upstream, upstream_undefined) * _put_in(local, local_undefined),
                contribution,
                notation,
                undefined=contribution_undefined,
                digits=digits,
                closed=closed.contribution(place),
            ),
            accumulation=equation(
                _put_in(before, before_undefined) + _put_in(contribution, contribution_undefined),
                after,
                notation,
                undefined=missing or not math.isfinite(after),
                digits=digits,
                closed=closed.accumulated(place),
            ),
            contribution_number=earlier + 1,
            contribution_count=graph.edges.write_count(operand),
            upstream_undefined=upstream_undefined,
            local_undefined=local_undefined,
            contribution_undefined=contribution_undefined,
            before_undefined=before_undefined,
            corner=self._locals.corner(consumer, key.position),
        )

    @property
    def _locals(self) -> Locals:
        from .local import Locals

        return Locals(self.numbers)

    def _why_undefined(self, factor: Factor, operand: int) -> Reason | None:
        """Say why the operand's gradient after this contribution does not exist, or nothing where it does."""
        from .reason import Why

        consumer = factor.consumer
        if self.numbers.output_undefined:
            return _output_undefined(self.numbers)
        if not factor.contribution_undefined:
            if math.isfinite(factor.after):
                return None
            return self._reason(Why.EARLIER_UNDEFINED if factor.before_undefined else Why.SUM_TOO_LARGE, operand)
        if not factor.local_undefined:
            if factor.upstream_undefined:
                return self._reason(Why.UPSTREAM_UNDEFINED, consumer)
            return self._reason(Why.PRODUCT_TOO_LARGE, operand)
        return self._locals.why_undefined(consumer, factor.operand_position)

    def _reason(self, why: Why, node: int) -> Reason:
        from .reason import Reason

        return Reason(why, node, self.numbers.graph.label(node))


def _put_in(number: float, undefined: bool) -> Formula:
    return Name("undefined") if undefined else Number(number)


def _output_undefined(numbers: Numbers) -> Reason | None:
    graph = numbers.graph
    if not numbers.output_undefined:
        return None
    from .reason import Reason, Why

    return Reason(Why.VALUE_UNDEFINED, graph.output, graph.label(graph.output), numbers.lost(graph.output))
