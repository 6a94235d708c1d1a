"""`Locals`: the local derivatives of a run, with their names, formulas and corners, for whoever multiplies by them."""

from __future__ import annotations

import math

from ..rules.formula import Formula
from .equation import Equation, equation, has_name
from .numbers import Numbers
from .reason import Reason, Why
from .step import Corner


class Locals:
    """What there is to say about ∂consumer/∂operand for the operand at a `position`; it has to carry a gradient."""

    def __init__(self, numbers: Numbers) -> None:
        self.numbers = numbers

    def value(self, consumer: int, position: int) -> float:
        """Return the local derivative, nan where the consumer fails, or the rule needs a value that does not exist."""
        if self.numbers.undefined_values[consumer] and (
            self._is_outside_domain(consumer) or has_name(self._put_in(consumer, position))
        ):
            return math.nan
        return self.numbers.backward.locals.item(self.numbers.graph.edge(consumer, position))

    def formula(self, consumer: int, position: int) -> str:
        """Write the rule: `-1/s²`."""
        graph = self.numbers.graph
        return self.numbers.notation.formula(graph.partial_formula(consumer, position, graph.operand))

    def substituted(self, consumer: int, position: int, digits: int = 0) -> Equation:
        """Write the rule with the numbers put in; `digits` are as in `equation`."""
        numbers, local = self.numbers, self.value(consumer, position)
        return equation(
            self._put_in(consumer, position),
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

    def _put_in(self, consumer: int, position: int) -> Formula:
        graph = self.numbers.graph
        # 1/t is no slope of ln(t) where t < 0
        put_in = graph.operand if self._is_outside_domain(consumer) else self.numbers.put_in
        return graph.partial_formula(consumer, position, put_in)

    def _is_outside_domain(self, node: int) -> bool:
        """Say whether the operands of an operation have values, but outside its domain: then it has no slope either."""
        numbers, op = self.numbers, self.numbers.graph.op(node)
        operands = numbers.graph.operands_of(node)
        if op is None or not numbers.undefined_values[node] or numbers.undefined_values[operands].any():
            return False
        return not op.defined_at(*numbers.values[operands].tolist())
