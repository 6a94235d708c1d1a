"""How the wires between two layers of a circuit run: along rows, and down or up in columns called tracks.

A net comes in at one row at the left and leaves at any number of rows at the right, each of which is its own there. It
runs along its row to its track, along the track, and from there along each of its rows. Where a net leaves at the row
that another one comes in at, the other must turn off before it: its track is further left. Where that
goes round in a circle, one net of it changes its track half way, along a row that nobody uses.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(slots=True)
class Net:
    """A net between two layers: the row it comes in at, those that it leaves at, and the columns it turns in.

    `turns` are pairs of a track and the row that it leads to: the row of the second track (`between`) and then, from
    the last track on, the rows at the right. Without turns the net goes straight on.
    """

    entry: int
    exits: list[int]
    track: int = -1
    between: int = -1
    second_track: int = -1

    @property
    def is_straight(self) -> bool:
        """Whether it needs no track."""
        return all(row == self.entry for row in self.exits)


@dataclass(slots=True)
class _Trunk:
    """A piece of a net in one track: from one row to others."""

    net: int
    entry: int
    exits: list[int]
    second: bool = False
    before: list[int] = field(default_factory=list[int])
    """The trunks that must be further left."""
    track: int = -1

    @property
    def span(self) -> tuple[int, int]:
        return min(self.entry, *self.exits), max(self.entry, *self.exits)


def route(nets: Sequence[Net], height: int) -> int:
    """Give the nets their tracks, in place; return how many tracks there are. `height` is how many rows there are."""
    trunks = [_Trunk(number, net.entry, net.exits) for number, net in enumerate(nets) if not net.is_straight]
    further_right = _order(trunks)
    _break_circles(nets, trunks, further_right, height)
    for other, right in further_right.items():
        trunks[right].before.append(other)
    count = _assign(trunks)
    for trunk in trunks:
        if trunk.second:
            nets[trunk.net].second_track = trunk.track
        else:
            nets[trunk.net].track = trunk.track
    return count


def _order(trunks: Sequence[_Trunk]) -> dict[int, int]:
    """Return for each trunk that must be left of another one which that is: the one that leaves where it comes in."""
    comes_in = {trunk.entry: place for place, trunk in enumerate(trunks)}
    further_right: dict[int, int] = {}
    for place, trunk in enumerate(trunks):
        for row in trunk.exits:
            other = comes_in.get(row, place)
            if other != place:
                further_right[other] = place
    return further_right


def _break_circles(nets: Sequence[Net], trunks: list[_Trunk], further_right: dict[int, int], height: int) -> None:
    """Cut a trunk of each circle in two, in place: what had to be left of it must be left of its second piece."""
    taken = {net.entry for net in nets} | {row for net in nets for row in net.exits}
    for place in _one_of_each_circle(len(trunks), further_right):
        trunk = trunks[place]
        between = _free_row(trunk.entry, taken, height)
        taken.add(between)
        nets[trunk.net].between = between
        second = _Trunk(trunk.net, between, trunk.exits, second=True, before=[place])
        trunk.exits = [between]
        for other in [other for other, right in further_right.items() if right == place]:
            second.before.append(other)
            del further_right[other]
        trunks.append(second)


def _one_of_each_circle(count: int, following: dict[int, int]) -> list[int]:
    """Return one trunk of each circle that the links from a trunk to the one right of it make."""
    seen, found = [0] * count, list[int]()
    for start in range(count):
        place = start
        while place >= 0 and not seen[place]:
            seen[place] = start + 1
            place = following.get(place, -1)
        if place >= 0 and seen[place] == start + 1:
            found.append(place)
    return found


def _free_row(near: int, taken: set[int], height: int) -> int:
    """Return the row next to a given one that no net comes in or leaves at; one below all, where there is none."""
    for distance in range(1, height):
        for row in (near + distance, near - distance):
            if 0 <= row < height and row not in taken:
                return row
    return max(height, *taken) + 1


def _assign(trunks: list[_Trunk]) -> int:
    """Give each trunk the first track that is right of those it must be right of, and free; return how many there are.

    Among those that may come in any order, trunks that lead down come from the bottom up, and the others from the top
    down: so they cross least.
    """
    after: list[list[int]] = [[] for _ in trunks]
    missing = [len(trunk.before) for trunk in trunks]
    for place, trunk in enumerate(trunks):
        for other in trunk.before:
            after[other].append(place)
    tracks: list[list[tuple[int, int]]] = []
    ready = [place for place, count in enumerate(missing) if not count]
    while ready:
        ready.sort(key=lambda place: _turn(trunks[place]))
        following: list[int] = []
        for place in ready:
            trunk = trunks[place]
            low, high = trunk.span
            track = max((trunks[other].track + 1 for other in trunk.before), default=0)
            while track < len(tracks) and any(low <= stop and start <= high for start, stop in tracks[track]):
                track += 1
            if track == len(tracks):
                tracks.append([])
            tracks[track].append((low, high))
            trunk.track = track
            for other in after[place]:
                missing[other] -= 1
                if not missing[other]:
                    following.append(other)
        ready = following
    return len(tracks)


def _turn(trunk: _Trunk) -> tuple[int, int]:
    leads_down = sum(trunk.exits) >= trunk.entry * len(trunk.exits)
    return (0, -trunk.entry) if leads_down else (1, trunk.entry)
