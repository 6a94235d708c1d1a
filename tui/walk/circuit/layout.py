"""`Layout`: where the boxes of a circuit stand, and along which cells its wires run. No widget, and no drawing.

Layers stand beside each other from the left to the right, every box right of what leads to it. A wire leaves a box in
the middle of its right side, a pin at the left side takes one wire each. Between two layers wires run in a channel;
past boxes, in the rows between them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .channels import Net, route
from .layers import Edge, Item, items_of, layers_of, ordered
from .placing import STRAIGHT, Link, rows_of

Point = tuple[int, int]
"""A column and a row."""


@dataclass(frozen=True, slots=True)
class Size:
    """How large a box is, the rows of its pins and of the place where its wire leaves, counted from its top."""

    width: int
    height: int
    pins: tuple[int, ...] = ()

    @property
    def out(self) -> int:
        """The row in which its wire leaves."""
        return (self.height - 1) // 2


@dataclass(frozen=True, slots=True)
class Spacing:
    """Rows between boxes, columns between tracks, and columns before each layer in which nothing turns."""

    rows: int = 1
    track: int = 2
    zone: int = 1


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """Boxes at (`x[i]`, `y[i]`), and for each edge the points at which its wire starts, turns and ends.

    A wire starts in the cell right of its first box and ends in the one left of its second box. `layer[i]` is that of
    each box, `order` the boxes of each layer from the top down.
    """

    x: list[int]
    y: list[int]
    layer: list[int]
    order: list[list[int]]
    wires: list[list[Point]]
    width: int
    height: int


def lay_out(sizes: Sequence[Size], edges: Sequence[Edge], spacing: Spacing = Spacing()) -> Layout:
    """Lay out boxes and edges; an edge names a pin of its second box, and no two edges name the same."""
    layer = layers_of(len(sizes), edges)
    items, buses = items_of(layer, edges)
    order = ordered(items, edges, [max(1, len(size.pins)) for size in sizes])
    row = _rows(items, order, sizes, spacing)
    height = max((row[k] + (sizes[k].height if k < len(sizes) else 1) for k in range(len(items))), default=0)
    channels = [_channel(items, own, row, sizes) for own in order]
    tracks = [route(list(channel.values()), height) for channel in channels]
    left, right = _columns(order, items, sizes, tracks, spacing)
    x = [left[each] for each in layer]
    wires = [_wire(edge, layer, buses, channels, items, row, sizes, left, right, spacing) for edge in edges]
    height = max([height, *(point[1] + 1 for wire in wires for point in wire)])
    boxes = [[items[item].box for item in own if items[item].box >= 0] for own in order]
    return Layout(x, row[: len(sizes)], layer, boxes, wires, right[-1] if right else 0, height)


def _rows(items: Sequence[Item], order: list[list[int]], sizes: Sequence[Size], spacing: Spacing) -> list[int]:
    heights = [sizes[item.box].height if item.box >= 0 else 1 for item in items]
    left: list[list[Link]] = [[] for _ in items]
    right: list[list[Link]] = [[] for _ in items]
    for place, item in enumerate(items):
        here = sizes[item.box].out if item.box >= 0 else 0
        for other, pin in item.right:
            there = sizes[items[other].box].pins[pin] if pin >= 0 else 0
            counts = (STRAIGHT if item.box < 0 else 1.0) * (STRAIGHT if pin < 0 else 1.0)
            right[place].append((other, there, here, counts))
            left[other].append((place, here, there, counts))

    def gap(above: int, below: int) -> int:
        return 0 if items[above].box < 0 and items[below].box < 0 else spacing.rows

    return rows_of(order, heights, left, right, gap)


def _channel(items: Sequence[Item], own: Sequence[int], row: Sequence[int], sizes: Sequence[Size]) -> dict[int, Net]:
    """Return the nets right of a layer, by the item that each comes from."""
    channel: dict[int, Net] = {}
    for place in own:
        item = items[place]
        if item.right:
            entry = row[place] + (sizes[item.box].out if item.box >= 0 else 0)
            exits = [row[other] + (sizes[items[other].box].pins[pin] if pin >= 0 else 0) for other, pin in item.right]
            channel[place] = Net(entry, exits)
    return channel


def _columns(
    order: list[list[int]], items: Sequence[Item], sizes: Sequence[Size], tracks: Sequence[int], spacing: Spacing
) -> tuple[list[int], list[int]]:
    """Return the first column of each layer, and the one after it."""
    left: list[int] = []
    right: list[int] = []
    column = 0
    for own, count in zip(order, tracks, strict=True):
        width = max((sizes[items[item].box].width for item in own if items[item].box >= 0), default=1)
        left.append(column)
        right.append(column + width)
        column += width + 1 + spacing.track * count + spacing.zone + 1
    return left, right


def _wire(
    edge: Edge,
    layer: Sequence[int],
    buses: Sequence[Sequence[int]],
    channels: Sequence[dict[int, Net]],
    items: Sequence[Item],
    row: Sequence[int],
    sizes: Sequence[Size],
    left: Sequence[int],
    right: Sequence[int],
    spacing: Spacing,
) -> list[Point]:
    """Return the points of one wire: through all the channels between its boxes."""
    source, target, pin = edge
    first, last = layer[source], layer[target]
    end = row[target] + sizes[target].pins[pin]
    entry = row[source] + sizes[source].out
    points: list[Point] = [(left[first] + sizes[source].width, entry)]
    for step in range(first, last):
        net = channels[step][buses[source][step - first]]
        leaves = end if step == last - 1 else row[buses[source][step - first + 1]]
        if not net.is_straight:
            turns = [(net.track, leaves)]
            if net.between >= 0:
                turns = [(net.track, net.between), (net.second_track, leaves)]
            for track, following in turns:
                column = right[step] + 1 + spacing.track * track
                if following != points[-1][1]:
                    points += [(column, points[-1][1]), (column, following)]
    return [*points, (left[last] - 1, end)]
