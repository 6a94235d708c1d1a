"""Where the boxes and the wires of the circuits on a page are: laid out as those on the screen, in finer cells."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from rich.cells import cell_len

from ...engine.graph.graph import Graph
from ...engine.language.step_key import StepKind
from ...engine.walk.trace import Trace
from ..walk.circuit.faces import Faces
from ..walk.circuit.layers import Edge
from ..walk.circuit.layout import Point, Size, Spacing, lay_out
from ..walk.circuit.opening import PLAIN, Opening
from ..walk.circuit.picture import Picture
from ..walk.circuit.wiring import Wiring

HALF = 4
"""Pixels of the unit that a page measures in: half a cell; a character is a cell wide."""

MOST_BOXES = 6_000
"""Where the gathered circuits of a walk have more boxes all together, it has only the one of all nodes."""

_MOST_TEXT = 22
"""Characters of a title, at most."""

_NUMBER = 12
"""Characters that a number has room for, with what stands before it."""

_ROWS = {3: 8, 4: 10}
"""Cells that a box of so many lines of text is high, at the least."""

_APART = Spacing(rows=2, track=2, zone=9)


class PageBox(msgspec.Struct, frozen=True, array_like=True):
    """A box: `head` is the node whose numbers it shows, -1 where it stands for several that have none together.

    `title` is what it is called where that is not the label and the expression of its node; `count` says of a group
    how many things are in it.
    """

    x: int
    y: int
    width: int
    height: int
    head: int
    title: str | None = None
    count: str | None = None


class PageWire(msgspec.Struct, frozen=True, array_like=True):
    """The wire from a box to another, where it starts, turns and ends; `positions` are the operands that it brings."""

    source: int
    target: int
    positions: Sequence[int]
    points: Sequence[Point]


class CircuitPlan(msgspec.Struct, frozen=True):
    """A circuit; `of_node` is the box of each node, null where box v is that of node v."""

    width: int
    height: int
    boxes: Sequence[PageBox]
    wires: Sequence[PageWire]
    of_node: Sequence[int] | None


class PageCircuits(msgspec.Struct, frozen=True):
    """The circuits of a walk, the first of which has a box for every node.

    `gathered` is the place of the one that is shown at each moment while neurons, layers, samples and expressions are
    one box each but where the walk is; empty where there are none. `unit` is how many pixels all their numbers stand
    for.
    """

    unit: int
    plans: Sequence[CircuitPlan]
    gathered: Sequence[int]


def page_circuits(trace: Trace) -> PageCircuits:
    """Lay out the circuits of a walk."""
    plans, gathered = [_whole(trace.graph)], list[int]()
    if len(trace.graph) > PLAIN:
        further, gathered = _gathered(trace)
        plans += further
    return PageCircuits(HALF, plans, gathered)


def _whole(graph: Graph) -> CircuitPlan:
    """Lay out a graph, every node a box; wire i is that of the operand `graph.operands[i]`."""
    operands = [graph.operands_of(node).tolist() for node in range(len(graph))]
    sizes = [_size(_title(graph, node), len(operands[node])) for node in range(len(graph))]
    edges = [
        (source, node, position) for node, sources in enumerate(operands) for position, source in enumerate(sources)
    ]
    heads = [(node, None, None) for node in range(len(graph))]
    return _plan(sizes, edges, [[position] for _, _, position in edges], heads, None)


def _gathered(trace: Trace) -> tuple[list[CircuitPlan], list[int]]:
    """Lay out the circuits that the circuit view shows along a walk; none where they are too large, or all the same."""
    graph, wiring = trace.graph, Wiring(trace.graph)
    opening = Opening(wiring)
    faces, plans = Faces(wiring, opening), list[CircuitPlan]()
    places: dict[object, int] = {}
    of_moment: list[int] = []
    boxes = 0
    for cursor in range(trace.total + 1):
        opening.follow(_in_play(trace, max(1, cursor)))
        if opening.key not in places:
            picture = Picture(wiring, opening, graph.output)
            boxes += len(picture.boxes)
            if not picture.is_whole or len(picture.boxes) == len(graph) or boxes > MOST_BOXES:
                return [], []
            places[opening.key] = len(places) + 1
            plans.append(_of_picture(graph, picture, faces))
        of_moment.append(places[opening.key])
    return plans, of_moment


def _in_play(trace: Trace, step: int) -> list[int]:
    key = trace.key(step)
    return [trace.node_of(step), *([key.node] if key.kind is StepKind.ALONG else [])]


def _of_picture(graph: Graph, picture: Picture, faces: Faces) -> CircuitPlan:
    heads: list[tuple[int, str | None, str | None]] = []
    sizes: list[Size] = []
    for box in picture.boxes:
        is_group, head = box.unit >= len(graph), faces.head(box)
        title, count = (faces.title(box, graph), faces.count(box)) if is_group else (None, None)
        heads.append((head, title, count))
        lines = 4 if is_group and head >= 0 else 3
        sizes.append(_size(title or _title(graph, head), len(box.pins), lines, count or ""))
    positions = [picture.boxes[target].pins[pin].positions for _, target, pin in picture.edges]
    of_node = [picture.box(node) for node in range(len(graph))]
    return _plan(sizes, picture.edges, positions, heads, of_node)


def _plan(
    sizes: Sequence[Size],
    edges: Sequence[Edge],
    positions: Sequence[Sequence[int]],
    heads: Sequence[tuple[int, str | None, str | None]],
    of_node: Sequence[int] | None,
) -> CircuitPlan:
    layout = lay_out(sizes, edges, _APART)
    boxes = [
        PageBox(2 * layout.x[place], 2 * layout.y[place], 2 * size.width, 2 * size.height, *heads[place])
        for place, size in enumerate(sizes)
    ]
    wires = [
        PageWire(source, target, brought, _points(wire, boxes[source], boxes[target]))
        for (source, target, _), brought, wire in zip(edges, positions, layout.wires, strict=True)
    ]
    return CircuitPlan(2 * layout.width, 2 * layout.height, boxes, wires, of_node)


def _title(graph: Graph, node: int) -> str:
    label = graph.label(node)
    return label if graph.op(node) is None else f"{label} = {graph.expression(node)}"


def _size(title: str, pins: int, lines: int = 3, count: str = "") -> Size:
    height = max(_ROWS[lines], 2 * pins)
    rows = tuple((2 * pin + 1) * height // (2 * pins) for pin in range(pins))
    return Size(max(min(cell_len(title), _MOST_TEXT), cell_len(count), _NUMBER) + 2, height, rows)


def _points(wire: Sequence[Point], source: PageBox, target: PageBox) -> list[Point]:
    """Return the points of a wire, from the side of one box to that of the other."""
    points = [(2 * x + 1, 2 * y + 1) for x, y in wire]
    points[0] = (source.x + source.width, points[0][1])
    points[-1] = (target.x, points[-1][1])
    return points
