"""`Opening`: which groups of a graph are shown as one box, and which with what is in them."""

from __future__ import annotations

from collections.abc import Iterable

from ..gathering import Kind
from .wiring import Wiring

_SAMPLES = int(Kind.SAMPLES)

SMALL = 500
"""Nodes up to which every group opens by itself while a step inside it is in play; in more, only the sample does."""

PLAIN = 40
"""Nodes up to which everything is shown from the start."""


class Opening:
    """The groups that are open: by hand, or by themselves while something in them is in play."""

    def __init__(self, wiring: Wiring) -> None:
        self._wiring = wiring
        self._by_hand: dict[int, bool] = {}
        self._in_play: frozenset[int] = frozenset()
        self._unit_of_group: dict[int, int] = {}
        self._everything = len(wiring.graph) <= PLAIN
        self._all_levels = len(wiring.graph) <= SMALL

    @property
    def key(self) -> object:
        """What a picture depends on: two moments with the same key have the same groups open."""
        return self._in_play, tuple(sorted(self._by_hand.items()))

    def is_open(self, group: int) -> bool:
        """Say whether what is in a group is shown."""
        by_hand = self._by_hand.get(group)
        return by_hand if by_hand is not None else self._everything or group in self._in_play

    def toggle(self, group: int) -> None:
        """Open a group that is shut, or shut an open one; it does not open and shut by itself any more."""
        self._by_hand[group] = not self.is_open(group)
        self._unit_of_group.clear()

    def follow(self, nodes: Iterable[int]) -> None:
        """Open what nodes in play are in, but for arrays; where they are in no group, all stays as it is."""
        gathering = self._wiring.gathering
        around = {group for node in nodes for group in gathering.around(node)}
        kinds = (Kind.SAMPLE,) if not self._all_levels else (Kind.SAMPLE, Kind.LAYER, Kind.SUM, Kind.EXPRESSION)
        opened = frozenset(group for group in around if gathering.kind[group] in kinds)
        if opened and opened != self._in_play:
            self._in_play = opened
            self._unit_of_group.clear()

    def unit(self, node: int) -> int:
        """Return the unit that shows a node: itself, or the outermost group around it that is shut.

        A shut sample is not shown alone, but with all the others that are, unless these have been spread by hand.
        """
        innermost = self._wiring.gathering.group.item(node)
        unit = self._unit_of_group.get(innermost)
        if unit is None:
            unit = self._unit_of_group[innermost] = self._shut_around(node)
        return node if unit < 0 else unit

    def _shut_around(self, node: int) -> int:
        """Return the unit of the outermost group around a node that is shut, -1 where all are open."""
        groups = self._wiring.gathering.around(node)
        for place, group in enumerate(groups):
            if self.is_open(group):
                continue
            if place + 1 < len(groups) and self.is_spread(group, groups[place + 1]):
                continue
            return len(self._wiring.graph) + group
        return -1

    def around(self, node: int) -> int:
        """Return the innermost open group around the box that shows a node, -1 where it stands in none."""
        groups = self._wiring.gathering.around(node)
        shut = self._wiring.group_of(self.unit(node))
        outside = groups[: groups.index(shut)] if shut in groups else groups
        return next((group for group in reversed(outside) if self.is_open(group)), -1)

    def is_spread(self, samples: int, sample: int) -> bool:
        """Say whether an open sample stands beside the box of the shut ones: that was opened, or is in play."""
        is_one = self._wiring.gathering.kind.item(samples) == _SAMPLES
        return is_one and self._by_hand.get(sample, sample in self._in_play)

    def opened_inside(self, samples: int) -> list[int]:
        """Return the open samples of a shut group of samples."""
        parent = self._wiring.gathering.parent
        known = {*self._in_play, *(group for group, is_open in self._by_hand.items() if is_open)}
        return sorted(group for group in known if parent[group] == samples and self.is_spread(samples, group))

    def units(self, most: int) -> list[int] | None:
        """Return all units that are shown, or None where they are more than so many."""
        gathering, n = self._wiring.gathering, len(self._wiring.graph)
        found: list[int] = []
        waiting = [-1]
        while waiting:
            group = waiting.pop()
            children = gathering.children(group)
            if len(found) + len(gathering.own_nodes(group)) + len(children) > most:
                return None
            found += gathering.own_nodes(group).tolist()
            for child in children.tolist():
                if self.is_open(child):
                    waiting.append(child)
                    continue
                found.append(n + child)
                if gathering.kind[child] == Kind.SAMPLES:
                    inside = self.opened_inside(child)
                    waiting += inside
                    if len(inside) == int(gathering.count[child]):
                        found.pop()  # none is left for the box of the others
        return found
