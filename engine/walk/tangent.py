"""`TangentSeed` and `Tangent`: forward mode, the seed at one input and then the tangent of one node after the other."""

from __future__ import annotations

import functools
import math
import operator

import numpy as np

from ..arrays import Floats
from ..graph.graph import SHOWN_OPERANDS
from ..language.step_key import StepKey, StepKind, StepName
from ..rules.formula import LEFT_OUT, Formula, Name, Number
from ..rules.number_text import format_number
from .equation import Equation, equation
from .local import Locals
from .notes import Notes
from .numbers import Numbers
from .phase import Phase, Quantity
from .reason import Reason, Why
from .segment import Segment
from .step import Step, TangentSum, TangentTerm
from .tangents import Tangents


class TangentSeed(Segment):
    """The one step ȧ = 1 at the chosen input; the tangents of all others are 0."""

    phase = Phase.SEED
    quantity = Quantity.TANGENT

    def __init__(self, numbers: Numbers, notes: Notes, first: int, tangents: Tangents) -> None:
        super().__init__(numbers, notes, first)
        self.tangents = tangents

    def __len__(self) -> int:
        return 1

    def key(self, place: int) -> StepKey:
        return StepKey(StepKind.TANGENT, self.tangents.of)

    def place(self, key: StepKey) -> int | None:
        return 0 if key == self.key(0) else None

    def node(self, place: int) -> int:
        return self.tangents.of

    def number(self, place: int) -> float:
        return self.tangents.tangents.item(self.tangents.of)

    def written(self) -> Floats:
        return np.array([self.number(0)])

    def apply(self, numbers: Floats, count: int) -> None:
        if count:
            numbers[self.tangents.of] = self.number(0)

    def writes(self, node: int) -> int:
        return int(node == self.tangents.of)

    def write(self, node: int, index: int) -> int:
        return 0

    def writes_before(self, node: int, place: int) -> int:
        return int(node == self.tangents.of and place > 0)

    def step(self, place: int, total: int, digits: int = 0) -> Step:
        graph, of, notation = self.numbers.graph, self.tangents.of, self.numbers.notation
        name = graph.label(of)
        undefined = bool(self.numbers.undefined_values[of])
        seed = format_number(math.nan if undefined else 1.0, digits)
        return Step(
            number=self.first,
            total=total,
            phase=self.phase,
            node=of,
            name=name,
            output_name=graph.label(graph.output),
            op="",
            expression=notation.tangent(notation.label(name)),
            substituted=Equation("1", "=", notation.number(seed)),
            value=1.0,
            tangent_of=name,
            undefined=Reason(Why.VALUE_UNDEFINED, of, name) if undefined else None,
            note=self.notes.at(StepName(name, is_tangent=True)),
        )


class Tangent(Segment):
    """The tangents of the operations that depend on the input; place k is the k-th of `Tangents.nodes`."""

    phase = Phase.TANGENT
    quantity = Quantity.TANGENT

    def __init__(self, numbers: Numbers, notes: Notes, first: int, tangents: Tangents) -> None:
        super().__init__(numbers, notes, first)
        self.tangents = tangents
        self._locals = Locals(numbers)

    def __len__(self) -> int:
        return len(self.tangents.nodes)

    def key(self, place: int) -> StepKey:
        return StepKey(StepKind.TANGENT, self.node(place))

    def place(self, key: StepKey) -> int | None:
        return self.write(key.node, 0) if key.kind is StepKind.TANGENT and self.writes(key.node) else None

    def node(self, place: int) -> int:
        return self.tangents.nodes.item(place)

    def number(self, place: int) -> float:
        return self.tangents.tangents.item(self.node(place))

    def written(self) -> Floats:
        return self.tangents.tangents[self.tangents.nodes]

    def apply(self, numbers: Floats, count: int) -> None:
        nodes = self.tangents.nodes[:count]
        numbers[nodes] = self.tangents.tangents[nodes]

    def writes(self, node: int) -> int:
        return int(node >= self.numbers.graph.leaf_count and self.tangents.depends[node])

    def write(self, node: int, index: int) -> int:
        return self.tangents.place(node)

    def writes_before(self, node: int, place: int) -> int:
        return int(bool(self.writes(node)) and self.tangents.place(node) < place)

    def step(self, place: int, total: int, digits: int = 0) -> Step:
        graph, node, notation = self.numbers.graph, self.node(place), self.numbers.notation
        op = graph.op(node)
        assert op is not None, "the nodes of this segment are operations"
        name = graph.label(node)
        value = self.number(place)
        found = self._sum(node, digits)
        undefined = self._why_undefined(node, value)
        return Step(
            number=self.first + place,
            total=total,
            phase=self.phase,
            node=node,
            name=name,
            output_name=graph.label(graph.output),
            op=op.name,
            expression=_expression(found, notation.times, notation.plus),
            substituted=equation(
                _formula(found),
                value,
                notation,
                undefined=undefined is not None,
                digits=digits,
                closed=self.numbers.closed.tangent(self.tangents.of, node),
            ),
            value=value,
            tangent_of=graph.label(self.tangents.of),
            tangent=found,
            undefined=undefined,
            note=self.notes.at(StepName(name, is_tangent=True)),
        )

    def _positions(self, node: int) -> list[int]:
        """Return the positions of the operands of a node that carry a gradient."""
        graph = self.numbers.graph
        return np.flatnonzero(graph.carries_gradient[graph.operands_of(node)]).tolist()

    def _sum(self, node: int, digits: int) -> TangentSum:
        graph, notation = self.numbers.graph, self.numbers.notation
        positions = self._positions(node)
        shown = positions if len(positions) <= SHOWN_OPERANDS else [*positions[:3], positions[-1]]
        operands = graph.operands_of(node)
        depending = int(np.count_nonzero(self.tangents.depends[operands[positions]]))
        return TangentSum(
            name=notation.tangent(notation.label(graph.label(node))),
            node_expression=graph.expression(node, notation),
            terms=tuple(self._term(node, position, digits) for position in shown),
            term_count=len(positions),
            multiplications=depending,
        )

    def _term(self, node: int, position: int, digits: int) -> TangentTerm:
        graph, notation = self.numbers.graph, self.numbers.notation
        operand = int(graph.operands_of(node)[position])
        local = self._locals.value(node, position)
        tangent = self.tangents.tangents.item(operand)
        depends = bool(self.tangents.depends[operand])
        local_undefined = not math.isfinite(local)
        label = notation.label(graph.label(operand))
        return TangentTerm(
            operand=operand,
            operand_name=graph.label(operand),
            operand_position=position,
            local_name=self._locals.name(node, operand),
            local_formula=self._locals.formula(node, position),
            local_substituted=self._locals.substituted(node, position, digits),
            local=local,
            tangent_name=notation.tangent(label),
            tangent=tangent,
            tangent_exact=self.numbers.exact_value(
                self.numbers.closed.tangent(self.tangents.of, operand), tangent, digits
            ),
            product=local * tangent if depends else 0.0,
            depends=depends,
            local_undefined=local_undefined,
            tangent_undefined=not math.isfinite(tangent),
            corner=self._locals.corner(node, position),
        )

    def _why_undefined(self, node: int, value: float) -> Reason | None:
        if math.isfinite(value):
            return None
        graph, numbers, tangents = self.numbers.graph, self.numbers, self.tangents
        if numbers.undefined_values[node]:
            return Reason(Why.VALUE_UNDEFINED, node, graph.label(node), numbers.lost(node))
        operands = graph.operands_of(node)
        for position in self._positions(node):
            operand = int(operands[position])
            if not tangents.depends[operand]:
                continue
            local = self._locals.value(node, position)
            if not math.isfinite(local):
                return self._locals.why_undefined(node, position)
            if not math.isfinite(tangents.tangents[operand]):
                return Reason(Why.TANGENT_UNDEFINED, operand, graph.label(operand))
            if not math.isfinite(local * tangents.tangents.item(operand)):
                return Reason(Why.PRODUCT_TOO_LARGE, node, graph.label(node))
        return Reason(Why.SUM_TOO_LARGE, node, graph.label(node))


def _expression(found: TangentSum, times: str, plus: str) -> str:
    written = [f"{term.local_name}{times}{term.tangent_name}" for term in found.terms]
    if found.term_count > len(found.terms):
        written.insert(-1, LEFT_OUT.label)
    return plus.join(written)


def _formula(found: TangentSum) -> Formula:
    """Return the sum with the numbers put in; what does not depend on the input adds 0, whatever its slope is."""
    terms: list[Formula] = [
        _put_in(term.local, term.local_undefined) * _put_in(term.tangent, term.tangent_undefined)
        for term in found.terms
        if term.depends or not (term.local_undefined or term.tangent_undefined)
    ]
    if found.term_count > len(found.terms):
        terms.insert(-1, LEFT_OUT)
    return functools.reduce(operator.add, terms)


def _put_in(number: float, undefined: bool) -> Formula:
    return Name("undefined") if undefined else Number(number)
