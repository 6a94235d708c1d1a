"""`altered_pass`: the numbers of a walk in which mistakes are made, and all that follows from them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ...arrays import Floats
from ...rules.ops import CODES, OPS, evaluate
from ...walk.trace import Trace
from ..task import TaskKind
from .alteration import Alteration
from .effect import (
    AnswerBecomes,
    AnswerIs,
    AnswerNegated,
    EdgeEffect,
    Effect,
    InDegrees,
    LocalBecomes,
    LocalIgnored,
    LocalNegated,
    LocalsBecome,
    Negated,
    Omitted,
    Overwrites,
    Reading,
    Rounds,
    Summed,
    UpstreamBecomes,
    UpstreamFrom,
    ValueBecomes,
)
from .rounded import to_significant
from .way import AskedWay, Hop, route

_DEGREES = {CODES[name] for name in ("sin", "cos", "tan")}


@dataclass(frozen=True, eq=False)
class AlteredPass:
    """The numbers of a walk with mistakes in it.

    `values` is float64[n]; `locals`, `upstreams`, `contributions` and `accumulated` are float64[edges], in walk order,
    as they stand in the step of each edge; `gradients` is float64[n], complete, 0 for what carries none.
    """

    values: Floats
    locals: Floats
    upstreams: Floats
    contributions: Floats
    accumulated: Floats
    gradients: Floats


def altered_pass(trace: Trace, alterations: Iterable[Alteration]) -> AlteredPass:
    """Walk with mistakes: everything behind each of them is computed from its wrong numbers.

    It takes as long as a plain loop over the edges. What a mistake makes of an answer alone changes nothing here.
    """
    effects = [effect for alteration in alterations for effect in alteration.effects]
    edges = trace.graph.edges
    worked = Working(trace, route(trace, range(len(edges))), _Effects(effects), {})
    worked.run()
    gradients = np.zeros(len(trace.graph))
    for node, gradient in worked.gradients.items():
        gradients[node] = gradient
    columns = np.array([*worked.steps.values()], dtype=np.float64).reshape(len(edges), 4).T
    values = trace.values if worked.values is None else worked.values
    return AlteredPass(values, columns[0], columns[1], columns[2], columns[3], gradients)


def altered_answer(asked: AskedWay, effects: Sequence[Effect]) -> float:
    """Return what mistakes make of the number that is asked for; nan where they leave none.

    Only what lies between the node and the output is computed, `AskedWay.way`.
    """
    sorted_out = _Effects(effects)
    if sorted_out.number is not None:
        return sorted_out.number
    if asked.kind is TaskKind.VALUE:
        number = _altered_value(asked, sorted_out)
    else:
        worked = Working(asked.trace, asked.route, sorted_out, asked.known)
        worked.run()
        number = worked.read(asked, sorted_out.reading)
    return -number if sorted_out.is_negated else number


def working(asked: AskedWay, effects: Sequence[Effect]) -> Working:
    """Walk along all that a gradient or a contribution is computed from, with mistakes."""
    made = Working(asked.trace, asked.route, _Effects(effects), asked.known)
    made.run()
    return made


def _altered_value(asked: AskedWay, effects: _Effects) -> float:
    reading = effects.reading
    if reading is not None and reading.reading is Reading.GRADIENT:
        return asked.trace.backward.gradients.item(reading.place)
    return altered_values(asked.trace, effects, asked.nodes).item(asked.node)


def right_number(trace: Trace, reading: AnswerIs) -> float:
    """Return a number of the walk itself, without any mistake."""
    column = {
        Reading.VALUE: trace.values,
        Reading.GRADIENT: trace.backward.gradients,
        Reading.CONTRIBUTION: trace.backward.contributions,
        Reading.ACCUMULATED: trace.backward.accumulated,
    }[reading.reading]
    return column.item(reading.place)


class _Effects:
    """Effects, by where they take place."""

    def __init__(self, effects: Iterable[Effect]) -> None:
        self.at: dict[int, list[EdgeEffect]] = {}
        self.locals_of: dict[int, float] = {}
        self.values: dict[int, float] = {}
        self.in_degrees = False
        self.values_in_degrees = False
        self.rounds: Rounds | None = None
        self.is_negated = False
        self.reading: AnswerIs | None = None
        self.number: float | None = None
        for effect in effects:
            match effect:
                case LocalsBecome(consumer, number):
                    self.locals_of[consumer] = number
                case ValueBecomes(node, number):
                    self.values[node] = number
                case InDegrees(with_values):
                    self.in_degrees = True
                    self.values_in_degrees |= with_values
                case Rounds():
                    self.rounds = effect
                case AnswerNegated():
                    self.is_negated = not self.is_negated
                case AnswerIs():
                    self.reading = effect
                case AnswerBecomes(number):
                    self.number = number
                case _:
                    self.at.setdefault(effect.edge, []).append(effect)

    @property
    def changes_values(self) -> bool:
        """Whether the forward pass is another one."""
        return bool(self.values) or self.values_in_degrees or (self.rounds is not None and self.rounds.with_values)

    def rounded(self, number: float) -> float:
        """Round a number, where numbers are rounded on the way."""
        if self.rounds is None or not math.isfinite(number):
            return number
        if self.rounds.is_significant:
            return to_significant(number, self.rounds.digits)
        return round(number, self.rounds.digits)


def altered_values(trace: Trace, effects: _Effects, nodes: Iterable[int]) -> Floats:
    """Compute the values of operations anew, in topological order; all others are as they were: float64[n]."""
    values = trace.values.copy()
    for node in nodes:
        if node in effects.values:
            values[node] = effects.values[node]
            continue
        code = trace.graph.codes.item(node)
        operands: list[float] = values[trace.graph.operands_of(node)].tolist()
        if effects.rounds is not None:
            operands = [*map(effects.rounded, operands)]
        if effects.values_in_degrees and code in _DEGREES:
            operands = [*map(math.radians, operands)]
        values[node] = effects.rounded(evaluate(OPS[code].forward, *operands))
    return values


def altered_step(
    own: Sequence[EdgeEffect], upstream: float, local: float, before: float, gradient: Callable[[int], float]
) -> tuple[float, float, float, float]:
    """Take a step back with mistakes in it; `before` is the gradient of its operand, `gradient` that of any node.

    Return the local derivative, the upstream gradient, the contribution and the accumulated gradient.
    """
    kinds = {type(effect) for effect in own}
    for effect in own:
        match effect:
            case LocalBecomes(_, number):
                local = number
            case UpstreamBecomes(_, number):
                upstream = number
            case UpstreamFrom(_, node):
                upstream = gradient(node)
            case _:
                pass
    if LocalNegated in kinds:
        local = -local
    contribution = upstream if LocalIgnored in kinds else upstream * local
    if Negated in kinds:
        contribution = -contribution
    if Summed in kinds:
        contribution += before
    after = before if Omitted in kinds else contribution if Overwrites in kinds else before + contribution
    return local, upstream, contribution, after


class Working:
    """A backward pass over some of the edges, in walk order, with effects in it.

    A gradient whose contributions are not among the edges is taken as it is; `known` are those that the first
    contribution is added to.
    """

    def __init__(self, trace: Trace, route: Sequence[Hop], effects: _Effects, known: Mapping[int, float]) -> None:
        self._trace = trace
        self._route = route
        self._effects = effects
        output = trace.graph.output
        self.gradients: dict[int, float] = {output: trace.backward.gradients.item(output), **known}
        self.steps: dict[int, tuple[float, float, float, float]] = {}
        self.values: Floats | None = None
        if effects.changes_values:
            self.values = altered_values(trace, effects, range(trace.graph.leaf_count, len(trace.graph)))

    def run(self) -> None:
        """Take all the edges."""
        effects, gradients, steps, values = self._effects, self.gradients, self.steps, self.values
        for edge, consumer, target, local in self._route:
            upstream = gradients.get(consumer)
            if upstream is None:
                upstream = gradients[consumer] = self._trace.backward.gradients.item(consumer)
            if values is not None:
                local = self._local(edge, consumer, values)
            elif effects.in_degrees and self._trace.graph.codes.item(consumer) in _DEGREES:
                local = self._local(edge, consumer, self._trace.values)
            elif effects.rounds is not None:
                local = effects.rounded(local)
            if consumer in effects.locals_of:
                local = effects.locals_of[consumer]
            before = gradients.get(target, 0.0)
            own = effects.at.get(edge)
            if own is not None:
                steps[edge] = altered_step(own, upstream, local, before, self._gradient)
            elif effects.rounds is None:
                contribution = upstream * local
                steps[edge] = local, upstream, contribution, before + contribution
            else:
                contribution = effects.rounded(upstream * local)
                steps[edge] = local, upstream, contribution, effects.rounded(before + contribution)
            gradients[target] = steps[edge][3]

    def _local(self, edge: int, consumer: int, values: Floats) -> float:
        graph = self._trace.graph
        operands: list[float] = values[graph.operands_of(consumer)].tolist()
        if self._effects.rounds is not None:
            operands = [*map(self._effects.rounded, operands)]
        if self._effects.in_degrees and graph.codes.item(consumer) in _DEGREES:
            operands = [*map(math.radians, operands)]
        position = self._trace.key(self._trace.seed_step + 1 + edge).position
        return self._effects.rounded(evaluate(graph.partial(consumer, position), *operands, out=values.item(consumer)))

    def _gradient(self, node: int) -> float:
        return self.gradients.get(node, 0.0)

    def read(self, asked: AskedWay, reading: AnswerIs | None) -> float:
        """Return the number that is asked for, or another one that is given for it."""
        if reading is not None:
            match reading.reading:
                case Reading.VALUE:
                    return self._trace.values.item(reading.place)
                case Reading.CONTRIBUTION:
                    return self.steps[reading.place][2]
                case Reading.ACCUMULATED:
                    return self.steps[reading.place][3]
                case Reading.GRADIENT:
                    return self._trace.backward.gradients.item(reading.place)
        if asked.edge is None:
            return self.gradients[asked.node]
        column = {TaskKind.LOCAL_DERIVATIVE: 0, TaskKind.CONTRIBUTION: 2, TaskKind.GRADIENT: 3}[asked.kind]
        return self.steps[asked.edge][column]
