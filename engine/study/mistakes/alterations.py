"""What all mistakes of the table make of a walk: of each of its steps, and of the way to one of its numbers."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import cast

from ...rules.notation import INDEX
from ...walk.trace import Trace
from ..task import TaskKind
from .alteration import Alteration
from .effect import Effect, InDegrees, Rounds
from .place import EdgePlace, NodePlace
from .table import MISTAKES
from .way import MOST_NODES, AskedWay

MOST_ROUNDED = 600
"""A pass over more edges is not tried with all its numbers rounded."""


def alterations(trace: Trace, mistake: str) -> Iterator[Alteration]:
    """Give everything that a mistake makes of single backward steps, in the order of the walk.

    Each changes the numbers of its step in `altered_pass`, at least one of them by more than `EXACT`, or leaves a
    number that does not exist: who plants one looks at what it makes. KeyError for an id that the table has not.
    """
    entry = MISTAKES[mistake]
    rule = entry.of_step or entry.of_edge
    if rule is None:
        return
    for edge in range(len(trace.graph.edges)):
        place = EdgePlace(trace, edge)
        for effects, say in rule(place):
            yield Alteration(mistake, trace.seed_step + 1 + edge, effects, say)


def hypotheses(asked: AskedWay, *, at_step_alone: bool = False) -> list[Alteration]:
    """Return what may have gone wrong on the way to a number, likelier things first; or `at_step_alone`.

    What is made of the asked step comes first, then what is made alike at all steps of a kind, such as those of all
    samples, then the rest, near steps before far ones; among those that are as near the order is that of the table.
    """
    found: list[tuple[tuple[int, int, int], Alteration]] = []
    alike: dict[tuple[object, ...], list[tuple[int, Alteration]]] = {}
    trace = asked.trace
    alone = asked.kind is TaskKind.LOCAL_DERIVATIVE
    own = set(asked.own_edges)
    farthest = 0 if at_step_alone else math.inf
    edges = [
        (distance, EdgePlace(trace, edge, edge in own, alone, len(own)))
        for edge, distance in asked.places.items()
        if distance <= farthest
    ]
    nodes = [(distance, NodePlace(trace, node)) for node, distance in asked.nodes.items() if distance <= farthest]
    for rank, mistake in enumerate(MISTAKES.values()):
        for effects, say in mistake.of_answer(asked) if mistake.of_answer else ():
            if any(_is_too_long(asked, effect) or (at_step_alone and _is_everywhere(effect)) for effect in effects):
                continue
            found.append(((0, 0, rank), Alteration(mistake.id, asked.step, effects, say)))
        for distance, place in edges if mistake.of_edge else ():
            assert mistake.of_edge is not None, "it was looked for"
            for variant, (effects, say) in enumerate(mistake.of_edge(place)):
                made = Alteration(mistake.id, trace.seed_step + 1 + place.edge, effects, say, distance)
                found.append(((2 * bool(distance), distance, rank), made))
                alike.setdefault((rank, variant, *map(type, effects), *_kind_of(place)), []).append((distance, made))
        for distance, place in nodes if mistake.of_value else ():
            assert mistake.of_value is not None, "it was looked for"
            step = trace.segments[0].first + place.node - trace.graph.leaf_count
            for effects, say in mistake.of_value(place):
                found.append(((0, distance, rank), Alteration(mistake.id, step, effects, say, distance)))
    if not at_step_alone and len(asked.places) == len(asked.way):
        found += _all_alike(alike)
    found.sort(key=lambda each: each[0])
    return [alteration for _, alteration in found]


def _all_alike(
    alike: Mapping[tuple[object, ...], Sequence[tuple[int, Alteration]]],
) -> Iterator[tuple[tuple[int, int, int], Alteration]]:
    """Give each mistake that can be made at several like steps, made at all of them."""
    for kind, group in alike.items():
        if len(group) < 2 or kind[0] == _ROUNDING:
            continue
        distance, first = min(group, key=lambda each: each[0])
        everywhere = _everywhere(first, [made for _, made in group])
        if everywhere.effects != first.effects:  # a mean that is forgotten changes all its steps by itself
            yield (1, distance, cast(int, kind[0])), everywhere


def _is_too_long(asked: AskedWay, effect: Effect) -> bool:
    """Say whether a mistake is made with so many numbers that nobody makes it with all of them by hand."""
    if isinstance(effect, Rounds) and len(asked.way) > MOST_ROUNDED:
        return True
    return _changes_values(effect) and len(asked.trace.graph) > MOST_NODES


def _is_everywhere(effect: Effect) -> bool:
    """Say whether a mistake is made with all numbers on the way, not at one step."""
    return isinstance(effect, Rounds) or _changes_values(effect)


def _changes_values(effect: Effect) -> bool:
    return isinstance(effect, (InDegrees, Rounds)) and effect.with_values


_ROUNDING = [*MISTAKES].index("rounding")
_SAMPLE = re.compile(INDEX + "$")


def _kind_of(place: EdgePlace) -> tuple[object, ...]:
    """Say what the like steps of all samples have in common."""
    graph = place.trace.graph
    labels = (graph.names.get(node) or "" for node in (place.consumer, place.operand))
    return (place.op.name, place.position if place.op.arity else 0, *(_SAMPLE.sub("", label) for label in labels))


def _everywhere(first: Alteration, group: Sequence[Alteration]) -> Alteration:
    effects = tuple(dict.fromkeys(effect for made in group for effect in made.effects))
    return replace(
        first, effects=effects, say=lambda: f"{first.sentence} So it is in all {len(group)} steps of the kind."
    )
