"""`groups_of`: which arrays of a graph were made as one compound operation."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from ...walk.trace import Trace
from ..array_graph import Group
from .candidate import Candidate
from .compound import Compound
from .records import Records
from .table import COMPOUNDS


def groups_of(trace: Trace) -> tuple[Group, ...]:
    """Return the arrays that are one operation together, no array in two groups; nothing where none are.

    What was made in a function or a module that is called like a compound is looked at first, and then what follows it.
    Only what gives the numbers of the compound is one.
    """
    records = Records(trace)
    found: dict[int, Group] = {}
    grouped: set[int] = set()
    for members, compound in _called(records):
        for part in _parts(records, members):
            candidate = Candidate(records, part)
            if compound.recognise is None or len(part) < 2 or not grouped.isdisjoint(part) or not candidate.is_sound():
                continue
            if (group := compound.recognise(candidate)) is not None:
                found[candidate.result] = group
                grouped.update(part)
    for compound in COMPOUNDS.values():
        if compound.structure is not None:
            for group in list(compound.structure(records, found)):
                inside = set(group.members)
                found = {result: each for result, each in found.items() if inside.isdisjoint(each.members)}
                found[group.members[-1]] = group
    return tuple(found.values())


def _called(records: Records) -> Iterator[tuple[list[int], Compound]]:
    """Give the arrays that follow one another in one call of what is named like a compound, the outermost first."""
    by_name = {name: compound for compound in COMPOUNDS.values() for name in compound.names}
    places = [place for place, node in enumerate(records.arrays) if node.operation]
    within = {place: records.made_within(place) for place in places}
    for depth in range(max(map(len, within.values()), default=0)):
        for call, run in itertools.groupby(places, lambda place: within[place][: depth + 1]):  # noqa: B023 - used at once
            name = call[depth].lower().replace("_", "") if len(call) > depth else ""
            if name in by_name:
                yield [*run], by_name[name]


def _parts(records: Records, members: list[int]) -> Iterator[tuple[int, ...]]:
    """Divide arrays behind each one that is used outside of them: a function that was called twice in a row."""
    own, part = set(members), list[int]()
    for member in members:
        part.append(member)
        if records.is_used_elsewhere(member) or not own.issuperset(records.consumers[member]):
            yield tuple(part)
            part = []
