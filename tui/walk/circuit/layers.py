"""In which layer each box of a circuit stands, and in which order the boxes and wires of a layer do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

SWEEPS = 8
"""Times that the layers are put in the order of their neighbours, at most."""

Edge = tuple[int, int, int]
"""The box that a wire comes from, the box it leads to, and the pin there, counted from the top."""


@dataclass(slots=True)
class Item:
    """What takes a place in a layer: a box, or a wire on its way through (`box` is -1).

    `left` and `right` are its links to the layers beside: the other item, the pin here and the pin there, -1 where the
    item has none on that side but the one.
    """

    layer: int
    box: int = -1
    net: int = -1
    left: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])
    right: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])


def layers_of(count: int, edges: Sequence[Edge]) -> list[int]:
    """Return the layer of each box, from 0 at the left: after its operands; what has none, just before a consumer."""
    operands: list[list[int]] = [[] for _ in range(count)]
    consumers: list[list[int]] = [[] for _ in range(count)]
    for source, target, _ in edges:
        operands[target].append(source)
        consumers[source].append(target)
    layer, missing = [0] * count, [len(own) for own in operands]
    ready = [box for box in range(count) if not missing[box]]
    for box in ready:  # grows while it is read
        for consumer in consumers[box]:
            layer[consumer] = max(layer[consumer], layer[box] + 1)
            missing[consumer] -= 1
            if not missing[consumer]:
                ready.append(consumer)
    if len(ready) < count:
        raise ValueError("a circuit has no circles")
    for box in range(count):
        if not operands[box] and consumers[box]:
            layer[box] = min(layer[consumer] for consumer in consumers[box]) - 1
    return layer


def items_of(layer: Sequence[int], edges: Sequence[Edge]) -> tuple[list[Item], list[list[int]]]:
    """Return the items, boxes first, and for each net (by the box it comes from) the items it runs through.

    A net has one place in each layer between the box it comes from and the last one it leads to, however many pins
    it has there: wires of one net part as late as they can.
    """
    items = [Item(layer[box], box, box) for box in range(len(layer))]
    buses: list[list[int]] = [[box] for box in range(len(layer))]
    for source, target, pin in edges:
        bus = buses[source]
        while items[bus[-1]].layer < layer[target] - 1:
            before = bus[-1]
            bus.append(len(items))
            items[before].right.append((len(items), -1))
            items.append(Item(items[before].layer + 1, -1, source, left=[(before, -1)]))
        before = bus[layer[target] - 1 - layer[source]]
        items[before].right.append((target, pin))
        items[target].left.append((before, pin))
    return items, buses


def ordered(items: Sequence[Item], edges: Sequence[Edge], pins: Sequence[int]) -> list[list[int]]:
    """Return the items of each layer from the top down, with few crossings; `pins` is how many pins each box has."""
    order = _read_from_the_output(items)
    best, fewest = [list(own) for own in order], _crossings(items, order, pins)
    place = [0.0] * len(items)
    for own in order:
        _renumber(own, place)
    for sweep in range(SWEEPS):
        if not fewest:
            break
        forth = sweep % 2 == 0
        for own in order if forth else reversed(order):
            keys = {item: _barycentre(items, item, place, pins, forth) for item in own}
            own.sort(key=keys.__getitem__)
            _renumber(own, place)
        crossings = _crossings(items, order, pins)
        if crossings < fewest:
            best, fewest = [list(own) for own in order], crossings
    return best


def _read_from_the_output(items: Sequence[Item]) -> list[list[int]]:
    """Order the layers as a reader meets the items who starts at the right and looks at operands from the top down."""
    layers: list[list[int]] = [[] for _ in range(max((item.layer for item in items), default=-1) + 1)]
    seen = [False] * len(items)
    ends = [place for place, item in enumerate(items) if not item.right]
    stack = sorted(ends, key=lambda place: items[place].layer)
    while stack:
        place = stack.pop()
        if not seen[place]:
            seen[place] = True
            layers[items[place].layer].append(place)
            stack.extend(before for before, _ in sorted(items[place].left, key=lambda link: -link[1]))
    return layers


def _renumber(own: Sequence[int], place: list[float]) -> None:
    for number, item in enumerate(own):
        place[item] = float(number)


def _barycentre(items: Sequence[Item], place: int, places: Sequence[float], pins: Sequence[int], forth: bool) -> float:
    """Return the mean of the places of an item's neighbours at the left (or right); its own where it has none."""
    links = items[place].left if forth else items[place].right
    if not links:
        return places[place]
    if forth:
        return sum(places[other] for other, _ in links) / len(links)
    return sum(places[other] + _share(items[other], pin, pins) for other, pin in links) / len(links)


def _share(item: Item, pin: int, pins: Sequence[int]) -> float:
    """Return how far down in a box a pin is, between -1/2 and 1/2."""
    return (pin + 0.5) / pins[item.box] - 0.5 if item.box >= 0 and pin >= 0 else 0.0


def _crossings(items: Sequence[Item], order: Sequence[Sequence[int]], pins: Sequence[int]) -> int:
    """Count the pairs of wires that cross between neighbouring layers."""
    place = [0.0] * len(items)
    for own in order:
        _renumber(own, place)
    count = 0
    for own in order:
        ends = [
            end
            for item in own
            for end in sorted(place[other] + _share(items[other], pin, pins) for other, pin in items[item].right)
        ]
        count += _inversions(ends)
    return count


def _inversions(numbers: list[float]) -> int:
    """Count the pairs of which the first number is the larger one."""
    if len(numbers) < 2:
        return 0
    ranks = {number: rank for rank, number in enumerate(sorted(set(numbers)), 1)}
    tree, size, count = [0] * (len(ranks) + 1), len(ranks), 0
    for seen, number in enumerate(numbers):
        rank, not_larger = ranks[number], 0
        below = rank
        while below:
            not_larger += tree[below]
            below &= below - 1
        count += seen - not_larger
        while rank <= size:
            tree[rank] += 1
            rank += rank & -rank
    return count
