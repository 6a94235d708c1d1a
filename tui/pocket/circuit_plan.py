"""Where the boxes and the wires of the circuit on a page are: laid out as those on the screen, in finer cells."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from rich.cells import cell_len

from ...engine.graph.graph import Graph
from ..walk.circuit.layout import Point, Size, Spacing, lay_out
from ..walk.tree.cells import CUT

CELL = 8
"""Pixels of a cell, in both directions; a character is as wide."""

_MOST_TEXT = 22
"""Characters of a title, at most."""

_NUMBER = 12
"""Characters that a number has room for, with what stands before it."""

_ROWS = 8
"""Cells that a box is high, at the least: three lines of text."""

_APART = Spacing(rows=2, track=2, zone=9)


class PageBox(msgspec.Struct, frozen=True, array_like=True):
    """A box in pixels, and its title; the box at place v is that of node v."""

    x: int
    y: int
    width: int
    height: int
    title: str


class PageWire(msgspec.Struct, frozen=True, array_like=True):
    """The wire from a node to the operand at `position` of its consumer: the pixels where it starts, turns and ends."""

    node: int
    consumer: int
    position: int
    points: Sequence[Point]


class CircuitPlan(msgspec.Struct, frozen=True):
    """A whole circuit; the wire at place i is that of the operand `graph.operands[i]`."""

    width: int
    height: int
    boxes: Sequence[PageBox]
    wires: Sequence[PageWire]


def circuit_plan(graph: Graph) -> CircuitPlan:
    """Lay out a graph, every node a box."""
    titles = [_title(graph, node) for node in range(len(graph))]
    sizes = [_size(title, len(graph.operands_of(node))) for node, title in enumerate(titles)]
    edges = [
        (int(operand), node, position)
        for node in range(len(graph))
        for position, operand in enumerate(graph.operands_of(node).tolist())
    ]
    layout = lay_out(sizes, edges, _APART)
    boxes = [
        PageBox(CELL * layout.x[node], CELL * layout.y[node], CELL * size.width, CELL * size.height, titles[node])
        for node, size in enumerate(sizes)
    ]
    wires = [
        PageWire(source, target, position, _points(wire, boxes[source], boxes[target]))
        for (source, target, position), wire in zip(edges, layout.wires, strict=True)
    ]
    return CircuitPlan(CELL * layout.width, CELL * layout.height, boxes, wires)


def _title(graph: Graph, node: int) -> str:
    label = graph.label(node)
    title = label if graph.op(node) is None else f"{label} = {graph.expression(node)}"
    return title if len(title) <= _MOST_TEXT else title[: _MOST_TEXT - 1] + CUT


def _size(title: str, pins: int) -> Size:
    height = max(_ROWS, 2 * pins)
    rows = tuple((2 * pin + 1) * height // (2 * pins) for pin in range(pins))
    return Size(max(cell_len(title), _NUMBER) + 2, height, rows)


def _points(wire: Sequence[Point], source: PageBox, target: PageBox) -> list[Point]:
    """Return the points of a wire in pixels, from the side of one box to that of the other."""
    points = [(CELL * x + CELL // 2, CELL * y + CELL // 2) for x, y in wire]
    points[0] = (source.x + source.width, points[0][1])
    points[-1] = (target.x, points[-1][1])
    return points
