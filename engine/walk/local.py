"""`Locals`: the local derivatives of a run, with their names, formulas and corners, for whoever multiplies by them."""

from __future__ import annotations

import math

from .equation import Equation, equation
from .numbers import Numbers
from .reason import Reason, Why
from .step import Corner


class Locals:
    """What there is to say about ∂consumer/∂operand for the operand at a `position`; it has to carry a gradient."""

    def __init__(self, numbers: Numbers) -> None:
        self.numbers = numbers

    def value(self, consumer: int, position: int) -> float:
        """Return the local derivative, nan where the consumer itself has no result."""
        if self.fails_at(consumer):
            return math.nan
        return self.numbers.backward.locals.item(self.numbers.graph.edge(consumer, position))

    def formula(self, consumer: int, position: int) -> str:
        """Write the rule: `-1/s²`."""
        graph = self.numbers.graph
        return self.numbers.notation.formula(graph.partial_formula(consumer, position, graph.operand))

    def substituted(self, consumer: int, position: int, digits: int = 0) -> Equation:
        """Write the rule with the numbers put in; `digits` are as in `equation`."""
        numbers, local = self.numbers, self.value(consumer, position)
        # 1/t is no slope of ln(t) where t < 0
        put_in = numbers.graph.operand if self.fails_at(consumer) else numbers.put_in
        formula = numbers.graph.partial_formula(consumer, position, put_in)
        return equation(
            formula,
            local,
            numbers.notation,
            undefined=not math.isfinite(local),
            digits=digits,
            closed=numbers.closed.local(consumer, position),
        )

    def name(self, consumer: int, operand: int) -> str:
        """Write ∂r/∂s, or `∂(t1 + x)/∂x` where ∂f/∂x would also be the gradient that several contributions make."""
        graph, notation = self.numbers.graph, self.numbers.notation
        of, by = notation.label(graph.label(consumer)), notation.label(graph.label(operand))
        if consumer == graph.output and graph.edges.write_count(operand) > 1:
            return notation.derivative(f"({graph.expression(consumer, notation)})", by)
        return notation.derivative(of, by)

    def corner(self, consumer: int, position: int) -> Corner | None:
        """Return the corner of the operation that its operands lie at, None where they lie at none."""
        op = self.numbers.graph.op(consumer)
        if op is None or op.corners is None:
            return None
        values: list[float] = self.numbers.values[self.numbers.graph.operands_of(consumer)].tolist()
        slopes = op.corner(position, values)
        if slopes is None:
            return None
        is_jump = any(map(math.isinf, slopes))
        left, right = (math.nan, math.nan) if is_jump else slopes
        return Corner(values[position], left, right, is_jump)

    def why_undefined(self, consumer: int, position: int) -> Reason:
        """Say why a local derivative that is not finite does not exist."""
        name = self.numbers.graph.label(consumer)
        if self.numbers.exact.local(consumer, position) is None:
            return Reason(Why.LOCAL_UNDEFINED, consumer, name)
        lost = self.numbers.lost_operand(consumer)
        return Reason(Why.LOCAL_TOO_LARGE if lost is None else Why.LOCAL_UNDEFINED, consumer, name, lost)

    def fails_at(self, node: int) -> bool:
        """Say whether an operation has no result although its operands have values: then it has no slope either."""
        undefined = self.numbers.undefined_values
        return bool(undefined[node]) and not undefined[self.numbers.graph.operands_of(node)].any()
