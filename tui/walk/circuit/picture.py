"""`Picture`: which boxes a circuit shows, and which wires join them; as numbers, before anything has a place."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from ..gathering import Kind
from .layers import Edge
from .opening import Opening
from .wiring import Wiring

WHOLE = 300
"""Boxes up to which the whole graph is shown."""

NEIGHBOURHOOD = 16
"""Boxes that are shown of a larger one: those that are nearest to what is looked at."""

NEAR = 6
"""Operands and consumers of one node that belong to its neighbourhood, at most."""

LOOKED_AT = 64
"""Consumers of one node that are looked at, at most."""


@dataclass(frozen=True, slots=True)
class Pin:
    """Where a wire enters a box: the box it comes from, and which operands of a node that is (empty for a group)."""

    source: int
    positions: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Box:
    """A box: the unit that it shows, or -1 where it counts `more` that is left out; `towards` is a node of that.

    `more` is how many units are left out, -1 where they are not counted.
    """

    unit: int
    pins: list[Pin] = field(default_factory=list[Pin])
    more: int = 0
    towards: int = -1


class Picture:
    """The boxes and the wires of a circuit.

    `boxes` are the boxes, `edges` the wires in order (from box, to box, pin there), `of_unit` the box of each unit,
    `is_whole` says whether nothing is left out.
    """

    def __init__(self, wiring: Wiring, opening: Opening, focus: int) -> None:
        """Show the whole graph, or where it is too large the neighbourhood of the node `focus`."""
        self._wiring = wiring
        self._opening = opening
        units = opening.units(WHOLE)
        self.is_whole = units is not None
        self.focus = focus
        shown = units if units is not None else self._near(focus)
        self._uncounted: dict[int, int] = {}
        self.boxes = [Box(unit) for unit in shown]
        self.of_unit = {unit: place for place, unit in enumerate(shown)}
        for place in range(len(shown)):
            self._join(place)
        if not self.is_whole:
            for place in range(len(shown)):
                self._count_consumers(place)
        self.edges: list[Edge] = [
            (pin.source, place, number) for place, box in enumerate(self.boxes) for number, pin in enumerate(box.pins)
        ]
        self.wires = {(place, number): edge for edge, (_, place, number) in enumerate(self.edges)}

    def box(self, node: int) -> int:
        """Return the box that shows a node, -1 where none does."""
        return self.of_unit.get(self._opening.unit(node), -1)

    def shows(self, nodes: Iterable[int]) -> bool:
        """Say whether each of these nodes is shown, alone or in a group."""
        return all(self.box(node) >= 0 for node in nodes)

    # ---- who is near

    def _near(self, focus: int) -> list[int]:
        """Return the units that are nearest to a node, itself first."""
        opening, wiring = self._opening, self._wiring
        start = opening.unit(focus)
        found, waiting = {start: None}, deque([start])
        while waiting and len(found) < NEIGHBOURHOOD:
            unit = waiting.popleft()
            beside: list[int] = []
            for node in wiring.inputs(unit)[:LOOKED_AT]:
                beside.append(opening.unit(node))
            operands = list(dict.fromkeys(beside))[:NEAR]
            users = [user for node in wiring.exits(unit) for user in wiring.users(node)[:LOOKED_AT].tolist()]
            consumers = list(dict.fromkeys(opening.unit(user) for user in users[:LOOKED_AT]))[:NEAR]
            for other in (*operands, *consumers):
                if other not in found and len(found) < NEIGHBOURHOOD:
                    found[other] = None
                    waiting.append(other)
        return list(found)

    # ---- wires

    def _join(self, place: int) -> None:
        """Give a box its pins; operands that are not shown are counted in a box of their own."""
        opening, box = self._opening, self.boxes[place]
        n = len(self._wiring.graph)
        left_out: dict[int, int] = {}
        of_source: dict[int, list[int]] = {}
        not_here = self._used_beside(box.unit)
        for position, node in self._given(box.unit, left_out):
            unit = opening.unit(node)
            source = self.of_unit.get(unit, -1)
            if unit == box.unit or node in not_here:
                continue
            if source < 0:
                left_out.setdefault(unit, node)
            elif unit < n and box.unit < n:
                box.pins.append(Pin(source, (position,)))
            elif source in of_source:
                of_source[source].append(position)
            else:
                of_source[source] = [position]
                box.pins.append(Pin(source))
        if box.unit < n:
            box.pins[:] = [pin if pin.positions else Pin(pin.source, tuple(of_source[pin.source])) for pin in box.pins]
        if left_out:
            self.boxes.append(Box(-1, [], self._more(left_out), next(iter(left_out.values()))))
            box.pins.append(Pin(len(self.boxes) - 1))

    def _used_beside(self, unit: int) -> set[int]:
        """Return the inputs of samples, shut in one box, that only samples use which stand beside that box."""
        opening, wiring, group = self._opening, self._wiring, self._wiring.group_of(unit)
        if group < 0 or wiring.gathering.kind[group] != Kind.SAMPLES:
            return set()
        beside = {node for sample in opening.opened_inside(group) for node in wiring.inputs(len(wiring.graph) + sample)}
        return {node for node in beside if not any(opening.unit(int(user)) == unit for user in wiring.users(node))}

    def _given(self, unit: int, left_out: dict[int, int]) -> Iterable[tuple[int, int]]:
        """Yield the inputs of a unit with their positions; of very many, one for each box that shows some of them.

        Those of very many that are not shown are put into `left_out` by their units, with a node of each.
        """
        many = self._wiring.many_inputs(unit)
        if many is None:
            yield from enumerate(self._wiring.inputs(unit))
            return
        n, opening, gathering = len(self._wiring.graph), self._opening, self._wiring.gathering
        shown = many.places(np.array([other for other in self.of_unit if other < n], dtype=np.int32))
        heads = [gathering.head.item(other - n) for other in self.of_unit if other >= n]
        shown_heads = many.places(np.array([head for head in heads if head >= 0], dtype=np.int32))
        for place in np.union1d(shown, shown_heads).tolist():
            yield place, many.nodes.item(place)
        for group, first in zip(many.groups, many.first, strict=True):
            if group < 0:
                continue
            node = many.nodes.item(first)
            if gathering.kind[group] == Kind.SAMPLES and not opening.is_open(group):
                if len(opening.opened_inside(group)) < gathering.count[group]:
                    yield first, self._wiring.shut_sample(group, opening.is_open)
            elif opening.unit(node) not in self.of_unit or opening.unit(node) >= n:
                yield first, node
        alone = int(np.count_nonzero(self._wiring.outermost[many.nodes[shown]] < 0)) if len(shown) else 0
        if many.alone > alone:
            node = many.first_alone_but(shown)
            left_out[node] = node
            self._uncounted[node] = many.alone - alone

    def _more(self, left_out: dict[int, int]) -> int:
        return sum(self._uncounted.pop(unit, 1) for unit in left_out)

    def _count_consumers(self, place: int) -> None:
        """Count the consumers of a box that are not shown in a box of their own."""
        opening, wiring, box = self._opening, self._wiring, self.boxes[place]
        exits = wiring.exits(box.unit)
        if len(exits) == 1 and len(wiring.users(exits[0])) <= 16 * LOOKED_AT:
            users = wiring.users(exits[0]).tolist()
            hidden = {unit: user for user in users if (unit := opening.unit(user)) not in self.of_unit}
            count = len(hidden)
        else:
            users = [user for node in exits for user in wiring.users(node)[:LOOKED_AT].tolist()][: 4 * LOOKED_AT]
            hidden = {unit: user for user in users if (unit := opening.unit(user)) not in self.of_unit}
            count = -1 if hidden else 0
        if count:
            self.boxes.append(Box(-1, [Pin(place)], count, next(iter(hidden.values()))))
