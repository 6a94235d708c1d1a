"""Contributions and the gradient that they add up to, taken one for the other."""

from __future__ import annotations

from collections.abc import Iterator

from ..task import TaskKind
from .alteration import Made, Mistake
from .effect import AnswerIs, Omitted, Overwrites, Reading, Summed
from .place import EdgePlace
from .way import AskedWay

MOST_ALONE = 12
"""So many contributions of one gradient are looked at, each given alone; of more the first and the last ones."""


def _contribution_for_sum(asked: AskedWay) -> Iterator[Made]:
    edges = asked.own_edges
    if asked.kind is not TaskKind.GRADIENT or len(edges) < 2:
        return
    chosen = edges if len(edges) <= MOST_ALONE else [*edges[: MOST_ALONE // 2], *edges[-MOST_ALONE // 2 :]]
    for edge in reversed(chosen):
        place = EdgePlace(asked.trace, edge)
        yield (
            (AnswerIs(Reading.CONTRIBUTION, edge),),
            lambda place=place: (
                f"That is the contribution along {place.local_name} alone: {asked.name} is the sum "
                f"of {asked.contribution_number}."
            ),
        )


def _contribution_for_sum_of_step(place: EdgePlace) -> Iterator[Made]:
    if place.contribution_number > 1:
        yield (
            (Overwrites(place.edge),),
            lambda: (
                f"The contribution along {place.local_name} is given as the accumulated gradient: what had "
                "accumulated before is not in it."
            ),
        )


def _sum_for_contribution(asked: AskedWay) -> Iterator[Made]:
    if asked.kind is not TaskKind.CONTRIBUTION or asked.edge is None or asked.contribution_count < 2:
        return
    place = EdgePlace(asked.trace, asked.edge)
    if asked.contribution_number > 1:
        yield (
            (AnswerIs(Reading.ACCUMULATED, asked.edge),),
            lambda: (
                f"That is {place.gradient_name} as accumulated so far: the contribution along {place.local_name} is "
                "what is added in this step."
            ),
        )
    if asked.contribution_number < asked.contribution_count:
        yield (
            (AnswerIs(Reading.GRADIENT, asked.node),),
            lambda: (
                f"That is the whole of {place.gradient_name}: the contribution along {place.local_name} is one of "
                f"{asked.contribution_count}."
            ),
        )


def _sum_for_contribution_of_step(place: EdgePlace) -> Iterator[Made]:
    if place.contribution_number > 1:
        yield (
            (Summed(place.edge),),
            lambda: (
                f"The accumulated gradient is given as the contribution along {place.local_name}, and then "
                "added once more."
            ),
        )


def _contribution_missing(place: EdgePlace) -> Iterator[Made]:
    if place.is_alone or place.contribution_count < 2 or (place.is_asked and place.summed < 2):
        return
    yield (
        (Omitted(place.edge),),
        lambda: (
            f"{place.gradient_name} is a sum of {place.contribution_count} contributions: that along "
            f"{place.local_name} is missing."
        ),
    )
    if place.contribution_number > 2:
        yield from _overwritten(place)


def _overwritten(place: EdgePlace) -> Iterator[Made]:
    yield (
        (Overwrites(place.edge),),
        lambda: (
            f"Every contribution to {place.gradient_name} is added (+=): with that along {place.local_name} all "
            "that had accumulated before is lost."
        ),
    )


def _contribution_missing_of_step(place: EdgePlace) -> Iterator[Made]:
    if place.contribution_number > 1:
        yield from _overwritten(place)


MISTAKES: tuple[Mistake, ...] = (
    Mistake(
        "contribution-for-sum",
        "one contribution is given for the accumulated gradient",
        of_answer=_contribution_for_sum,
        of_step=_contribution_for_sum_of_step,
    ),
    Mistake(
        "sum-for-contribution",
        "the accumulated gradient is given for one contribution",
        of_answer=_sum_for_contribution,
        of_step=_sum_for_contribution_of_step,
    ),
    Mistake(
        "contribution-missing",
        "a contribution is not added: = in place of +=",
        of_edge=_contribution_missing,
        of_step=_contribution_missing_of_step,
    ),
)
"""The entries of the table."""
