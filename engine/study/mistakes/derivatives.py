"""Local derivatives by a wrong rule, at a wrong point, or without a part of the rule."""

from __future__ import annotations

import math
from collections.abc import Iterator

from ...rules.ops import evaluate
from .alteration import Made, Mistake
from .effect import Effect, LocalBecomes, LocalsBecome, UpstreamFrom, ValueBecomes
from .functions import FUNCTIONS
from .place import EdgePlace, NodePlace


def _other_operand(place: EdgePlace) -> Iterator[Made]:
    if place.op.name == "mul" and place.other != place.operand:
        yield (
            (LocalBecomes(place.edge, place.x),),
            lambda: f"{place.derived} is the other operand: {place.of.with_number(place.other)}.",
        )
    elif place.op.name == "div" or (place.op.name == "pow" and _carried(place) > 1):
        number = evaluate(place.op.partial(1 - place.position), *place.of.values, out=place.out)
        yield (
            (LocalBecomes(place.edge, number),),
            lambda: f"{place.derived} is {place.formula}; that by the other operand is another one.",
        )


_WITHOUT_POINT = frozenset({"add", "sub", "mul", "neg", "sum", "mean", "relu", "abs", "min", "max", "step", "sign"})
"""Operations whose local derivative does not depend on where its own operand stands."""

_OF_RESULT = frozenset({"sqrt", "exp", "tan", "tanh", "sigmoid"})
"""Operations whose local derivative is written by their result."""


def _wrong_point(place: EdgePlace) -> Iterator[Made]:
    if (
        place.op.name in _WITHOUT_POINT
        or (place.op.name == "div" and place.position == 0)
        or place.of.is_literal(place.operand)
    ):
        return
    points: list[tuple[float, str]] = [(place.out, place.of.label(place.consumer))]
    graph = place.trace.graph
    if place.operand >= graph.leaf_count:
        inner = dict.fromkeys(graph.operands_of(place.operand)[:4].tolist())
        points += [(place.of.value_of(node), place.of.label(node)) for node in inner]
    if place.op.name == "div":
        points.append((place.of.values[0], place.of.label(place.of.operands[0])))
    for point, name in points:
        if point != place.x:
            yield (
                (LocalBecomes(place.edge, place.derivative_at(point)),),
                lambda point=point, name=name: _say_point(place, point, name),
            )
    if place.op.name in _OF_RESULT:
        yield (
            (LocalBecomes(place.edge, place.derivative_with_out(place.x)),),
            lambda: (
                f"{place.derived} is {place.formula}: the value of {place.of.label(place.consumer)} belongs in it, "
                f"not that of {place.operand_name}."
            ),
        )


def _say_point(place: EdgePlace, point: float, name: str) -> str:
    wrong = name if name == place.of.number(point) else f"{name} = {place.of.number(point)}"
    return f"{place.derived} is taken at {place.of.with_number(place.operand)}, not at {wrong}."


def _reciprocal(place: EdgePlace) -> Iterator[Made]:
    x = place.x
    match place.op.name, place.position:
        case "ln", 0:
            number = x
        case "reciprocal", 0:
            number = -x * x
        case "sqrt", 0:
            number = 2 * place.out
        case "div", 0:
            number = place.of.values[1]
        case "div", 1:
            number = -place.of.values[0] * x * x
        case _:
            return
    yield (
        (LocalBecomes(place.edge, number),),
        lambda: f"{place.derived} is {place.formula}: it is divided, not multiplied.",
    )


def _reciprocal_of_value(place: NodePlace) -> Iterator[Made]:
    name = place.label(place.node)
    if place.op.name == "reciprocal":
        yield (
            (ValueBecomes(place.node, place.values[0]),),
            lambda: f"{name} = {place.expression}: the reciprocal is missing.",
        )
    if place.op.name == "div":
        values = place.values
        if values[0]:
            yield (
                (ValueBecomes(place.node, values[1] / values[0]),),
                lambda: f"{name} = {place.expression}: the quotient is upside down.",
            )
        yield (
            (ValueBecomes(place.node, values[0] * values[1]),),
            lambda: f"{name} = {place.expression}: it is divided, not multiplied.",
        )


def _square_forgotten(place: EdgePlace) -> Iterator[Made]:
    match place.op.name, place.position:
        case "reciprocal", 0:
            number = -1 / place.x
        case "div", 1:
            number = -place.of.values[0] / place.x
        case "tanh", 0:
            number = 1 - place.out
        case "tan", 0:
            number = 1 + place.out
        case _:
            return
    yield (
        (LocalBecomes(place.edge, number),),
        lambda: f"{place.derived} is {place.formula}: the square is missing.",
    )


def _square_of_value(place: NodePlace) -> Iterator[Made]:
    if place.op.name == "square" or (place.op.name == "pow" and place.values[1] == 2):
        yield (
            (ValueBecomes(place.node, place.values[0]),),
            lambda: f"{place.label(place.node)} = {place.expression}: the square is missing.",
        )


def _power_exponent(place: EdgePlace) -> Iterator[Made]:
    match place.op.name, place.position:
        case "square", 0:
            number = 2 * place.x * place.x
        case "pow", 0:
            number = place.of.values[1] * place.out
        case "sqrt", 0:
            number = place.out / 2
        case _:
            return
    yield (
        (LocalBecomes(place.edge, number),),
        lambda: f"{place.derived} is {place.formula}: the exponent becomes smaller by 1.",
    )


def _power_factor(place: EdgePlace) -> Iterator[Made]:
    match place.op.name, place.position:
        case "square", 0:
            number, factor = place.x, "2"
        case "pow", 0:
            exponent = place.of.values[1]
            if exponent == 0:
                return
            number, factor = place.local / exponent, place.of.label(place.other)
        case "sqrt", 0:
            number, factor = 2 * place.local, "1/2"
        case _:
            return
    yield (
        (LocalBecomes(place.edge, number),),
        lambda: f"{place.derived} is {place.formula}: the factor {factor} is missing, the exponent of the power.",
    )


def _composition(place: EdgePlace) -> Iterator[Made]:
    """Take f(g(x)) for f(x)·g(x): its derivative by the product rule is f'(x)·g(x) + f(x)·g'(x)."""
    graph = place.trace.graph
    if place.is_alone or len(place.edges_above) != 1:
        return
    outer = place.at(place.edges_above[0])
    if (outer.op.name, outer.position) not in FUNCTIONS or _carried(place) != 1:
        return
    slope = outer.derivative_at(place.x) * place.out + _applied(outer, place.x) * place.local
    if not math.isfinite(slope) or place.operand == graph.output:
        return
    effects: tuple[Effect, ...] = (UpstreamFrom(place.edge, outer.consumer), LocalBecomes(place.edge, slope))
    yield (
        effects,
        lambda: (
            f"{outer.of.expression} is no product: {outer.operand_name} stands inside it, so the chain rule "
            f"applies, {outer.local_name} · {place.local_name}."
        ),
    )


def _composition_of_value(place: NodePlace) -> Iterator[Made]:
    graph = place.trace.graph
    inner = place.operands[0]
    if (place.op.name, 0) not in FUNCTIONS or inner < graph.leaf_count:
        return
    below = NodePlace(place.trace, inner)
    points = {node for node in below.operands if not below.is_literal(node)}
    if len(points) != 1:
        return
    point = below.value_of(points.pop())
    number = place.computed(place.op.forward, point, *place.values[1:]) * below.value
    if math.isfinite(number):
        yield (
            (ValueBecomes(place.node, number),),
            lambda: (
                f"{place.label(place.node)} = {place.expression} is no product: {place.label(inner)} stands "
                "inside the function."
            ),
        )


def _carried(place: EdgePlace) -> int:
    return len(place.trace.graph.edges.of_consumer(place.consumer))


def _applied(outer: EdgePlace, point: float) -> float:
    operands = [*outer.of.values]
    operands[outer.position] = point
    return outer.of.computed(outer.op.forward, *operands)


def _mean_forgotten(place: EdgePlace) -> Iterator[Made]:
    count = place.of.count
    if place.op.name == "mean" and count > 1:
        yield (
            (LocalsBecome(place.consumer, 1.0),),
            lambda: f"{place.of.label(place.consumer)} is a mean of {count}: the factor 1/{count} is missing.",
        )


def _mean_of_step(place: EdgePlace) -> Iterator[Made]:
    count = place.of.count
    if place.op.name == "mean" and count > 1:
        yield (
            (LocalBecomes(place.edge, 1.0),),
            lambda: f"{place.of.label(place.consumer)} is a mean of {count}: the factor 1/{count} is missing.",
        )


def _mean_of_value(place: NodePlace) -> Iterator[Made]:
    count = place.count
    if place.op.name == "mean" and count > 1:
        yield (
            (ValueBecomes(place.node, math.fsum(place.values)),),
            lambda: f"{place.label(place.node)} is a mean: the sum of its {count} operands is divided by {count}.",
        )


MISTAKES: tuple[Mistake, ...] = (
    Mistake("other-operand", "the factor of the other operand is taken", of_edge=_other_operand),
    Mistake(
        "composition-as-product",
        "a function of a function is treated as a product",
        of_edge=_composition,
        of_value=_composition_of_value,
    ),
    Mistake("wrong-point", "a local derivative is taken at the wrong point", of_edge=_wrong_point),
    Mistake("reciprocal", "a reciprocal is forgotten", of_edge=_reciprocal, of_value=_reciprocal_of_value),
    Mistake("square-forgotten", "a square is forgotten", of_edge=_square_forgotten, of_value=_square_of_value),
    Mistake("power-exponent", "the exponent of a power is not lowered", of_edge=_power_exponent),
    Mistake("power-factor", "the factor of a power is forgotten", of_edge=_power_factor),
    Mistake(
        "mean-forgotten",
        "the 1/m of a mean is forgotten",
        of_edge=_mean_forgotten,
        of_step=_mean_of_step,
        of_value=_mean_of_value,
    ),
)
"""The entries of the table."""
