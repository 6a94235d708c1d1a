"""Numbers taken for others: values for gradients, degrees for radians, rounded ones for exact ones."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator

from ...rules.ops import evaluate
from ..task import TaskKind
from .alteration import Made, Mistake
from .effect import AnswerBecomes, AnswerIs, InDegrees, LocalBecomes, Reading, Rounds, UpstreamBecomes, ValueBecomes
from .place import EdgePlace, NodePlace
from .rounded import DECIMALS, decimals, significant, wrongly_rounded
from .way import AskedWay

TRIGONOMETRIC = frozenset({"sin", "cos", "tan"})
"""The operations of angles, which are in radians."""


def _value_of_answer(asked: AskedWay) -> Iterator[Made]:
    graph = asked.trace.graph
    label = asked.trace.numbers.notation.label
    if asked.kind is TaskKind.VALUE:
        has_gradient = graph.carries_gradient[asked.node] and not asked.trace.numbers.output_undefined
        if has_gradient and asked.node != graph.output:
            derivative = asked.trace.numbers.notation.derivative(label(graph.label(graph.output)), asked.name)
            yield (
                (AnswerIs(Reading.GRADIENT, asked.node),),
                lambda: f"That is {derivative}, the gradient of {asked.name}, not its value.",
            )
        return
    nodes = [asked.node]
    if asked.kind is TaskKind.LOCAL_DERIVATIVE and asked.edge is not None:
        consumer = graph.edges.consumer(asked.edge)
        op = graph.op(consumer)
        nodes = [consumer] if op is not None and op.name == "mul" else [consumer, asked.node]
    elif asked.node != graph.output:
        nodes.append(graph.output)
    says = f"; {asked.name} is a derivative" if asked.is_complete else f", not {asked.name}"
    for node in nodes:
        yield (
            (AnswerIs(Reading.VALUE, node),),
            lambda node=node: f"That is the value of {label(graph.label(node))}{says}.",
        )


def _value_for_upstream(place: EdgePlace) -> Iterator[Made]:
    if place.is_asked and not place.is_alone and place.out != place.upstream:
        yield (
            (UpstreamBecomes(place.edge, place.out),),
            lambda: (
                f"The upstream gradient is {place.upstream_name}, not the value {place.of.with_number(place.consumer)}."
            ),
        )


def _degrees(place: EdgePlace) -> Iterator[Made]:
    if place.op.name in TRIGONOMETRIC:
        yield (
            (LocalBecomes(place.edge, place.derivative_at(math.radians(place.x))),),
            lambda: _say_degrees(place.of),
        )


def _degrees_of_value(place: NodePlace) -> Iterator[Made]:
    if place.op.name in TRIGONOMETRIC:
        yield (
            (ValueBecomes(place.node, place.computed(place.op.forward, math.radians(place.values[0]))),),
            lambda: _say_degrees(place),
        )


def _degrees_of_answer(asked: AskedWay) -> Iterator[Made]:
    found = [
        node
        for node in ({asked.trace.graph.edges.consumer(edge) for edge in asked.places} | set(asked.nodes))
        if (op := asked.trace.graph.op(node)) is not None and op.name in TRIGONOMETRIC
    ]
    for with_values in (False, True) if found else ():
        yield (
            (InDegrees(with_values),),
            lambda: _say_degrees(NodePlace(asked.trace, found[0])),
        )


def _say_degrees(place: NodePlace) -> str:
    return f"{place.expression} takes {place.label(place.operands[0])} in radians: this is computed in degrees."


def _rounded_at(place: EdgePlace) -> Iterator[Made]:
    rounded = _others(place.local, (*decimals(place.local), *significant(place.local)))
    for number in rounded:
        yield (
            (LocalBecomes(place.edge, number),),
            lambda number=number: f"{place.named_formula} is rounded too early: to {place.of.number(number)}.",
        )
    for number in _others(place.local, _of_rounded_operands(place)):
        if number not in rounded:
            yield (
                (LocalBecomes(place.edge, number),),
                lambda number=number: (
                    f"The numbers in {place.named_formula} are rounded too early: that makes {place.of.number(number)}."
                ),
            )
    if place.is_asked and not place.is_alone:
        for ways in (decimals, significant):
            for upstream, local in zip(ways(place.upstream), ways(place.local), strict=False):
                if upstream == place.upstream or local == place.local:
                    continue
                yield (
                    (UpstreamBecomes(place.edge, upstream), LocalBecomes(place.edge, local)),
                    lambda upstream=upstream, local=local: (
                        f"{place.upstream_name} and {place.local_name} are rounded too "
                        f"early: to {place.of.number(upstream)} and {place.of.number(local)}."
                    ),
                )
        for number in _others(place.upstream, (*decimals(place.upstream), *significant(place.upstream))):
            yield (
                (UpstreamBecomes(place.edge, number),),
                lambda number=number: f"{place.upstream_name} is rounded too early: to {place.of.number(number)}.",
            )


def _others(right: float, numbers: Iterable[float]) -> list[float]:
    """Return numbers that are not the right one, each once."""
    return [number for number in dict.fromkeys(numbers) if number != right]


def _of_rounded_operands(place: EdgePlace) -> Iterator[float]:
    if place.of.count <= 2:
        for digits in DECIMALS:
            operands = [round(value, digits) for value in place.of.values]
            if operands != [*place.of.values] and all(map(math.isfinite, operands)):
                out = place.of.computed(place.op.forward, *operands)
                yield evaluate(place.rule, *operands, out=out)


def _rounded_of_step(place: EdgePlace) -> Iterator[Made]:
    """Round a local derivative so much that it shows."""
    for number in significant(place.local):
        if number and abs(number - place.local) >= 0.01 * abs(place.local):
            yield (
                (LocalBecomes(place.edge, number),),
                lambda number=number: f"{place.named_formula} is rounded too early: to {place.of.number(number)}.",
            )


def _rounded_value(place: NodePlace) -> Iterator[Made]:
    of_operands = (
        [
            place.computed(place.op.forward, *(round(value, digits) for value in place.values))
            for digits in DECIMALS
            if all(map(math.isfinite, place.values))
        ]
        if place.count <= 2
        else []
    )
    rounded = _others(place.value, (*decimals(place.value), *significant(place.value)))
    for number in rounded:
        yield (
            (ValueBecomes(place.node, number),),
            lambda number=number: f"{place.label(place.node)} is rounded too early: to {place.number(number)}.",
        )
    for number in _others(place.value, of_operands):
        if number not in rounded:
            yield (
                (ValueBecomes(place.node, number),),
                lambda number=number: (
                    f"The numbers in {place.label(place.node)} = {place.expression} are rounded too early: "
                    f"that makes {place.number(number)}."
                ),
            )


def _rounded_answer(asked: AskedWay) -> Iterator[Made]:
    too_few = "That is near {}, but rounded too far: three digits at least, the last one right; a whole number in full."
    for number in dict.fromkeys((*decimals(asked.right), *significant(asked.right))):
        if number not in (asked.right, 0.0):
            yield (AnswerBecomes(number),), lambda: too_few.format(asked.name)
    for number in wrongly_rounded(asked.right):
        yield (AnswerBecomes(number),), lambda: f"{asked.name} is near that, but the last digit is rounded wrongly."
    for digits, is_significant, with_values in itertools.product((1, 2, 3), (False, True), (False, True)):
        yield (
            (Rounds(digits, is_significant, with_values),),
            lambda: "That is near, but rounded too early: keep more digits until the end.",
        )


MISTAKES: tuple[Mistake, ...] = (
    Mistake(
        "value-for-gradient",
        "a value is taken for a gradient",
        of_edge=_value_for_upstream,
        of_answer=_value_of_answer,
    ),
    Mistake(
        "degrees",
        "an angle is taken for degrees",
        of_edge=_degrees,
        of_value=_degrees_of_value,
        of_answer=_degrees_of_answer,
    ),
    Mistake(
        "rounding",
        "a number is rounded too early",
        of_edge=_rounded_at,
        of_step=_rounded_of_step,
        of_value=_rounded_value,
        of_answer=_rounded_answer,
    ),
)
"""The entries of the table."""
