"""Factors that are not multiplied, and signs that are lost."""

from __future__ import annotations

from collections.abc import Iterator

from .alteration import Made, Mistake
from .effect import (
    AnswerNegated,
    LocalBecomes,
    LocalIgnored,
    LocalNegated,
    Negated,
    UpstreamBecomes,
    UpstreamFrom,
    ValueBecomes,
)
from .functions import FUNCTIONS
from .place import EdgePlace, NodePlace
from .way import AskedWay

MOST_INNER = 12
"""Inner derivatives of so many operations one inside the other are looked at."""

_WITH_MINUS = {("sub", 1), ("neg", 0), ("reciprocal", 0), ("div", 1), ("cos", 0)}
"""The local derivatives, by operation and position, that begin with a minus sign."""


def _sign(place: EdgePlace) -> Iterator[Made]:
    if not place.local:
        return
    if (place.op.name, place.position) in _WITH_MINUS:
        yield (
            (LocalNegated(place.edge),),
            lambda: f"{place.derived} is {place.formula}: the minus sign is missing.",
        )
    elif place.local < 0:
        yield (
            (LocalNegated(place.edge),),
            lambda: f"{place.local_name} = {place.formula} is negative here: its sign is lost.",
        )
    elif place.upstream < 0 and not place.is_alone and _is_one_of_several(place):
        yield (
            (Negated(place.edge),),
            lambda: (
                f"The upstream gradient {place.upstream_name} is negative: its sign is lost along {place.local_name}."
            ),
        )


def _is_one_of_several(place: EdgePlace) -> bool:
    """Say whether the sign of a contribution is not the sign of all that comes along."""
    return place.contribution_count > 1 or len(place.trace.graph.edges.of_consumer(place.consumer)) > 1


def _sign_of_step(place: EdgePlace) -> Iterator[Made]:
    yield from _sign(place)
    if place.upstream > 0 and place.local > 0:
        yield (
            (Negated(place.edge),),
            lambda: f"{place.upstream_name} and {place.local_name} are both positive, and so is their product.",
        )


def _sign_of_value(place: NodePlace) -> Iterator[Made]:
    if place.op.name == "sub" and place.values[1]:
        yield (
            (ValueBecomes(place.node, place.values[0] + place.values[1]),),
            lambda: f"{place.label(place.node)} = {place.expression} is a difference: its minus sign is lost.",
        )
    if place.op.name == "neg" and place.values[0]:
        yield (
            (ValueBecomes(place.node, place.values[0]),),
            lambda: f"The minus sign of {place.label(place.node)} = {place.expression} is lost.",
        )


def _sign_of_answer(asked: AskedWay) -> Iterator[Made]:
    if asked.right:
        size = "negative" if asked.right < 0 else "positive"
        yield (AnswerNegated(),), lambda: f"The sign is wrong: {asked.name} is {size}."


def _upstream_forgotten(place: EdgePlace) -> Iterator[Made]:
    if (
        place.upstream != 1
        and not place.is_alone
        and (place.is_asked or place.local != 1 or place.contribution_count > 1)
    ):
        yield (
            (UpstreamBecomes(place.edge, 1.0),),
            lambda: (
                f"{place.named_formula} is the local derivative alone: the upstream gradient "
                f"{place.upstream_name} is not multiplied."
            ),
        )


def _local_forgotten(place: EdgePlace) -> Iterator[Made]:
    if place.is_asked and place.local != 1 and not place.is_alone:
        yield (
            (LocalIgnored(place.edge),),
            lambda: (
                f"{place.upstream_name} is the upstream gradient: the local derivative {place.named_formula} "
                "is not multiplied."
            ),
        )


def _factor_dropped(place: EdgePlace) -> Iterator[Made]:
    if not place.is_asked and place.local != 1:
        yield (
            (LocalIgnored(place.edge),),
            lambda: f"A factor of the chain is missing: {place.named_formula}.",
        )
    yield from _part_dropped(place)


def _part_dropped(place: EdgePlace) -> Iterator[Made]:
    """Give what is left of a local derivative that is a product itself, without one of its factors."""
    out = place.out
    match place.op.name, place.position:
        case "sigmoid", 0:
            parts = [(out, f"1 - {place.of.label(place.consumer)}"), (1 - out, place.of.label(place.consumer))]
        case "div", 1:
            parts = [(-1 / place.x**2, place.of.label(place.other))]
        case "pow", 1 if place.x:
            logarithm = place.local / out if out else 0.0
            parts = [(out, f"ln({place.of.label(place.other)})"), (logarithm, place.of.expression)]
        case _:
            parts = []
    for number, missing in parts:
        yield (
            (LocalBecomes(place.edge, number),),
            lambda missing=missing: f"{place.derived} is {place.formula}: the factor {missing} is missing.",
        )


def _factor_dropped_of_step(place: EdgePlace) -> Iterator[Made]:
    if len(place.edges_above) == 1:
        above = place.at(place.edges_above[0])
        if above.local != 1:
            yield (
                (UpstreamFrom(place.edge, above.consumer),),
                lambda: (
                    f"The gradient of {above.of.label(above.consumer)} is multiplied where the upstream gradient is "
                    f"{place.upstream_name}: the factor {above.named_formula} is missing."
                ),
            )
    yield from _part_dropped(place)


def _inner_derivative(place: EdgePlace) -> Iterator[Made]:
    """Leave out the derivative of what stands inside a function: of one operation, or of several on a single way."""
    if place.is_alone:
        return
    inside, edges = place, [place]
    for _ in range(MOST_INNER):
        if len(inside.edges_above) != 1:
            return
        above = place.at(inside.edges_above[0])
        if (above.op.name, above.position) in FUNCTIONS and any(each.local != 1 for each in edges):
            yield (
                tuple(LocalIgnored(each.edge) for each in edges if each.local != 1),
                lambda above=above, edges=tuple(edges): _say_inner(above, edges),
            )
        inside = above
        edges.append(above)


def _say_inner(function: EdgePlace, inner: tuple[EdgePlace, ...]) -> str:
    inside = function.operand_name
    derivative = " · ".join(each.local_name for each in reversed(inner))
    return f"{function.of.expression} has {inside} inside it: the inner derivative {derivative} is not multiplied."


def _inner_derivative_of_step(place: EdgePlace) -> Iterator[Made]:
    yield from (made for made in _inner_derivative(place) if made[0] == (LocalIgnored(place.edge),))


MISTAKES: tuple[Mistake, ...] = (
    Mistake(
        "sign",
        "a sign is lost",
        of_edge=_sign,
        of_step=_sign_of_step,
        of_value=_sign_of_value,
        of_answer=_sign_of_answer,
    ),
    Mistake("upstream-forgotten", "the upstream gradient is not multiplied", of_edge=_upstream_forgotten),
    Mistake("local-forgotten", "the local derivative is not multiplied", of_edge=_local_forgotten),
    Mistake(
        "factor-dropped",
        "a factor of the chain is missing",
        of_edge=_factor_dropped,
        of_step=_factor_dropped_of_step,
    ),
    Mistake(
        "inner-derivative",
        "the inner derivative is not multiplied",
        of_edge=_inner_derivative,
        of_step=_inner_derivative_of_step,
    ),
)
"""The entries of the table."""
