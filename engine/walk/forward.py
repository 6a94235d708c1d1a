"""`Forward`: the forward pass, one step for each operation in topological order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..arrays import Floats
from ..graph.graph import SHOWN_OPERANDS
from ..language.step_key import StepKey, StepKind, StepName
from ..rules.ops import CODES
from .phase import Phase, Quantity
from .segment import Segment

if TYPE_CHECKING:
    from .equation import Equation
    from .reason import Reason
    from .step import Step


class Forward(Segment):
    """The steps that compute values; place k is the k-th operation."""

    phase = Phase.FORWARD
    quantity = Quantity.VALUE

    def __len__(self) -> int:
        graph = self.numbers.graph
        return len(graph) - graph.leaf_count

    def key(self, place: int) -> StepKey:
        return StepKey(StepKind.VALUE, self.node(place))

    def place(self, key: StepKey) -> int | None:
        place = key.node - self.numbers.graph.leaf_count
        return place if key.kind is StepKind.VALUE and place >= 0 else None

    def node(self, place: int) -> int:
        return self.numbers.graph.leaf_count + place

    def number(self, place: int) -> float:
        return self.numbers.values.item(self.node(place))

    def written(self) -> Floats:
        return self.numbers.values[self.numbers.graph.leaf_count :]

    def apply(self, numbers: Floats, count: int) -> None:
        start = self.numbers.graph.leaf_count
        numbers[start : start + count] = self.numbers.values[start : start + count]

    def writes(self, node: int) -> int:
        return int(node >= self.numbers.graph.leaf_count)

    def write(self, node: int, index: int) -> int:
        return node - self.numbers.graph.leaf_count

    def writes_before(self, node: int, place: int) -> int:
        return int(0 <= node - self.numbers.graph.leaf_count < place)

    def step(self, place: int, total: int, digits: int = 0) -> Step:
        from .step import Step  # what says a step in full is loaded with the first one

        graph, node, notation = self.numbers.graph, self.node(place), self.numbers.notation
        op = graph.op(node)
        assert op is not None, "the nodes after the leaves are operations"
        name = graph.label(node)
        undefined = self._why_undefined(node)
        return Step(
            number=self.first + place,
            total=total,
            phase=self.phase,
            node=node,
            name=name,
            output_name=graph.label(graph.output),
            op=op.name,
            expression=graph.expression(node, notation),
            substituted=self._substituted(node, undefined is not None, digits),
            value=self.number(place),
            undefined=undefined,
            note=self.notes.at(StepName(name)),
        )

    def _substituted(self, node: int, undefined: bool, digits: int) -> Equation:
        from .equation import equation, long_sum

        numbers, result = self.numbers, self.numbers.values.item(node)
        formula, closed = numbers.graph.formula(node, numbers.put_in), numbers.closed.value(node)
        found = equation(formula, result, numbers.notation, undefined=undefined, digits=digits, closed=closed)
        operands = numbers.graph.operands_of(node)
        if undefined or len(operands) <= SHOWN_OPERANDS:
            return found
        divisor = len(operands) if numbers.graph.codes[node] == CODES["mean"] else 1
        return long_sum(found, numbers.values[operands].tolist(), divisor, result, digits)

    def _why_undefined(self, node: int) -> Reason | None:
        numbers, graph, op = self.numbers, self.numbers.graph, self.numbers.graph.op(node)
        if not numbers.undefined_values[node] or op is None:
            return None
        from .reason import Reason, Why

        operands = graph.operands_of(node)
        missing = operands[numbers.undefined_values[operands]]
        if len(missing):
            operand = int(missing[0])
            return Reason(Why.VALUE_UNDEFINED, operand, graph.label(operand), numbers.lost(operand))
        why = Why.VALUE_TOO_LARGE
        if not op.defined_at(*numbers.values[operands].tolist()):
            why = Why.OUTSIDE_DOMAIN
        return Reason(why, node, graph.label(node), numbers.lost(node))
