"""Where the boxes and the wires of the circuit on a page are: laid out as those on the screen, in finer cells."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from rich.cells import cell_len

from ...engine.graph.graph import Graph
from ..walk.circuit.layout import Point, Size, Spacing, lay_out

HALF = 4
"""Pixels of the unit that a page measures in: half a cell; a character is a cell wide."""

_MOST_TEXT = 22
"""Characters of a title, at most."""

_NUMBER = 12
"""Characters that a number has room for, with what stands before it."""

_ROWS = 8
"""Cells that a box is high, at the least: three lines of text."""

_APART = Spacing(rows=2, track=2, zone=9)


class PageBox(msgspec.Struct, frozen=True, array_like=True):
    """A box; the box at place v is that of node v."""

    x: int
    y: int
    width: int
    height: int


class PageWire(msgspec.Struct, frozen=True, array_like=True):
    """The wire to the operand at `position` of a consumer: where it starts, turns and ends."""

    consumer: int
    position: int
    points: Sequence[Point]


class CircuitPlan(msgspec.Struct, frozen=True):
    """A whole circuit; `unit` is how many pixels all its numbers are to be multiplied by."""

    unit: int
    width: int
    height: int
    boxes: Sequence[PageBox]
    wires: Sequence[PageWire]


def circuit_plan(graph: Graph) -> CircuitPlan:
    """Lay out a graph, every node a box."""
    sizes = [_size(_title(graph, node), len(graph.operands_of(node))) for node in range(len(graph))]
    edges = [
        (int(operand), node, position)
        for node in range(len(graph))
        for position, operand in enumerate(graph.operands_of(node).tolist())
    ]
    layout = lay_out(sizes, edges, _APART)
    boxes = [
        PageBox(2 * layout.x[node], 2 * layout.y[node], 2 * size.width, 2 * size.height)
        for node, size in enumerate(sizes)
    ]
    wires = [
        PageWire(target, position, _points(wire, boxes[source], boxes[target]))
        for (source, target, position), wire in zip(edges, layout.wires, strict=True)
    ]
    return CircuitPlan(HALF, 2 * layout.width, 2 * layout.height, boxes, wires)


def _title(graph: Graph, node: int) -> str:
    label = graph.label(node)
    return label if graph.op(node) is None else f"{label} = {graph.expression(node)}"


def _size(title: str, pins: int) -> Size:
    height = max(_ROWS, 2 * pins)
    rows = tuple((2 * pin + 1) * height // (2 * pins) for pin in range(pins))
    return Size(max(min(cell_len(title), _MOST_TEXT), _NUMBER) + 2, height, rows)


def _points(wire: Sequence[Point], source: PageBox, target: PageBox) -> list[Point]:
    """Return the points of a wire, from the side of one box to that of the other."""
    points = [(2 * x + 1, 2 * y + 1) for x, y in wire]
    points[0] = (source.x + source.width, points[0][1])
    points[-1] = (target.x, points[-1][1])
    return points
