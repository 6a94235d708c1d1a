"""The layout of circuits, read back from the characters that are drawn."""

from __future__ import annotations

import hypothesis.strategies as st
import pytest
from gradwalk.engine.library import load
from gradwalk.engine.walk.trace import Trace
from gradwalk.tui.walk.circuit.drawing import Drawing
from gradwalk.tui.walk.circuit.faces import Face, Faces, InPlay
from gradwalk.tui.walk.circuit.layers import Edge
from gradwalk.tui.walk.circuit.layout import Layout, Size, Spacing, lay_out
from gradwalk.tui.walk.circuit.opening import Opening
from gradwalk.tui.walk.circuit.picture import Picture
from gradwalk.tui.walk.circuit.wires import Wires
from gradwalk.tui.walk.circuit.wiring import Wiring
from hypothesis import given, settings

from ..engine.random_graphs import RandomGraph, random_graphs
from .circuits import boxes_of, joined

Diagram = tuple[list[Size], list[Edge]]


@st.composite
def diagrams(draw: st.DrawFn) -> Diagram:
    """Random boxes, each with any earlier ones as operands, the same one several times too."""
    count = draw(st.integers(1, 24))
    edges: list[Edge] = []
    sizes: list[Size] = []
    for box in range(count):
        operands = draw(st.lists(st.integers(0, box - 1), max_size=5)) if box else []
        edges += [(source, box, pin) for pin, source in enumerate(operands)]
        apart = draw(st.integers(1, 2))
        height = max(draw(st.integers(1, 5)), apart * len(operands))
        pins = tuple(range(0, apart * len(operands), apart))
        sizes.append(Size(draw(st.integers(1, 9)), height, pins))
    return sizes, edges


def read_back(rows: list[str], layout: Layout, sizes: list[Size], edges: list[Edge]) -> None:
    """Check that the lines from each box lead to just the pins that its edges name."""
    covered = boxes_of(layout.x, layout.y, sizes)
    for source, size in enumerate(sizes):
        pins = {
            (target, layout.y[target] + sizes[target].pins[pin], "LEFT") for by, target, pin in edges if by == source
        }
        if pins:
            out = layout.y[source] + size.out
            start = (layout.x[source] + size.width, out)
            assert joined(rows, covered, start) == {(source, out, "RIGHT"), *pins}


@settings(max_examples=80, deadline=None)
@given(diagrams(), st.sampled_from([Spacing(), Spacing(0, 1, 0), Spacing(1, 2, 9)]))
def test_every_edge_is_drawn_from_end_to_end_no_two_nets_touch_and_none_crosses_a_box(
    diagram: Diagram, spacing: Spacing
) -> None:
    sizes, edges = diagram
    layout = lay_out(sizes, edges, spacing)
    rows = Wires(layout).rows
    assert len(rows) == layout.height
    assert {len(row) for row in rows} <= {layout.width}
    assert all(rows[y][x] == " " for x, y in boxes_of(layout.x, layout.y, sizes))
    read_back(rows, layout, sizes, edges)


@settings(max_examples=50, deadline=None)
@given(diagrams())
def test_a_box_is_right_of_all_that_leads_to_it_and_every_box_is_once_in_the_reading_order(diagram: Diagram) -> None:
    sizes, edges = diagram
    layout = lay_out(sizes, edges)
    assert all(layout.x[source] + sizes[source].width < layout.x[target] for source, target, _ in edges)
    assert sorted(box for layer in layout.order for box in layer) == list(range(len(sizes)))


def test_a_circle_is_refused() -> None:
    with pytest.raises(ValueError, match="no circles"):
        lay_out([Size(1, 1, (0,)), Size(1, 1, (0,))], [(0, 1, 0), (1, 0, 0)])


def test_nets_that_want_each_other_s_rows_do_not_meet() -> None:
    sizes = [Size(3, 1), Size(3, 1), Size(3, 3, (0, 1, 2)), Size(3, 3, (0, 1, 2))]
    edges = [(0, 2, 1), (1, 2, 0), (0, 2, 2), (1, 3, 0), (0, 3, 1), (1, 3, 2)]
    layout = lay_out(sizes, edges)
    read_back(Wires(layout).rows, layout, sizes, edges)


def face_of(trace: Trace, cursor: int) -> Face:
    return Face(trace.state(cursor), InPlay(), -1, (), 0)


def drawn(drawing: Drawing) -> list[str]:
    """Return all rows of a drawing."""
    layout = drawing.layout
    return ["".join(text for text, _ in drawing.row(y, 0, layout.width)) for y in range(layout.height)]


@settings(max_examples=50, deadline=None)
@given(random_graphs(), st.data())
def test_a_graph_s_edges_can_be_followed_in_what_is_drawn_at_every_zoom_and_step(
    made: RandomGraph, data: st.DataObject
) -> None:
    graph = made.graph()
    trace = Trace(graph)
    wiring = Wiring(graph)
    opening = Opening(wiring)
    for group in data.draw(st.lists(st.integers(0, max(0, len(wiring.gathering) - 1)), max_size=4)):
        if len(wiring.gathering):
            opening.toggle(group)
    cursor = data.draw(st.integers(0, trace.total))
    zoom = data.draw(st.sampled_from(["full", "compact", "dots"]))
    picture = Picture(wiring, opening, graph.output)
    assert picture.is_whole
    drawing = Drawing(picture, Faces(wiring, opening), face_of(trace, cursor), zoom)
    drawing.labels = []  # words may stand on a wire
    read_back(drawn(drawing), drawing.layout, list(drawing.plan.sizes), picture.edges)


@settings(max_examples=50, deadline=None)
@given(random_graphs(), st.data())
def test_every_node_is_shown_once_and_every_edge_that_is_not_inside_of_a_box(
    made: RandomGraph, data: st.DataObject
) -> None:
    graph = made.graph()
    wiring = Wiring(graph)
    opening = Opening(wiring)
    groups = len(wiring.gathering)
    for group in data.draw(st.lists(st.integers(0, groups - 1), max_size=5)) if groups else []:
        opening.toggle(group)
    picture = Picture(wiring, opening, graph.output)
    shown = [box.unit for box in picture.boxes]
    assert len(set(shown)) == len(shown)
    inside = {unit: set(wiring.nodes(unit - len(graph)).tolist()) for unit in shown if unit >= len(graph)}
    covered = [unit for unit in shown if unit < len(graph)]
    for unit, nodes in inside.items():
        covered += [node for node in nodes if opening.unit(node) == unit]
    assert sorted(covered) == list(range(len(graph)))
    wanted: set[tuple[int, int]] = set()
    for consumer, operand in zip(graph.consumers().tolist(), graph.operands.tolist(), strict=True):
        ends = opening.unit(operand), opening.unit(consumer)
        if ends[0] != ends[1]:
            wanted.add(ends)
    assert {(shown[source], shown[target]) for source, target, _ in picture.edges} == wanted


@pytest.mark.parametrize("name", ["xor", "moons", "regression", "logistic", "polynomial"])
def test_a_training_s_walk_is_gathered_to_what_a_screen_can_hold(name: str) -> None:
    graph = load(name).graph
    wiring = Wiring(graph)
    opening = Opening(wiring)
    opening.follow([graph.leaf_count])
    picture = Picture(wiring, opening, graph.leaf_count)
    assert picture.is_whole
    assert len(picture.boxes) <= 20
    drawing = Drawing(picture, Faces(wiring, opening), face_of(Trace(graph), 0), "full")
    read_back(drawn(drawing), drawing.layout, list(drawing.plan.sizes), picture.edges)
