"""The tree of what was made as arrays: one line each, which opens into its entries."""

from __future__ import annotations

import numpy as np
import pytest
from gradwalk.engine.graph.graph import Graph
from gradwalk.engine.graph.tape import Tape
from gradwalk.engine.scalar_array.array import scalars
from gradwalk.engine.walk.trace import Trace
from gradwalk.tui.walk.tree.layout import TreeLayout
from gradwalk.tui.walk.tree.view import lay_out

from ..engine.numpy_functions import FUNCTIONS


def graph_of(place: int) -> Graph:
    function, arguments = FUNCTIONS[place]
    tape = Tape()
    given = [scalars(f"a{number}", value, tape=tape) for number, value in enumerate(arguments)]
    return function(np, *given).graph()


def shown(layout: TreeLayout, graph: Graph) -> list[str]:
    """Return the rows in sight: arrays with their shapes, nodes with their labels."""
    texts: list[str] = []
    for row in layout.sight.rows(0, len(layout.sight)).tolist():
        array = layout.headers.get(row)
        title = graph.label(int(layout.node[row]))
        if array is not None and layout.arrays is not None:
            title = " · ".join(layout.arrays.title(array))
        texts.append("  " * int(layout.depth[row]) + title)
    return texts


def network() -> Graph:
    tape, x = Tape(), np.array([[0.5, -1.0], [1.5, 2.0]])
    w, b, v = (scalars(name, np.ones(shape), tape=tape) for name, shape in (("W", (2, 3)), ("b", 3), ("v", 3)))
    h = np.tanh(x @ w + b)
    loss = np.sum((h @ v) ** 2)
    return loss.graph()  # pyright: ignore


def test_a_layer_is_one_line_that_opens_into_what_it_is_made_of() -> None:
    graph = network()
    layout = lay_out(Trace(graph), lambda _: None)
    assert shown(layout, graph)[:3] == ["loss", "  h · 2×3 entries", "  v · 3 entries"]
    hidden = next(
        row for row, array in layout.headers.items() if layout.arrays and layout.arrays.title(array)[0] == "h"
    )
    layout.toggle_fold(hidden)
    opened = shown(layout, graph)
    assert opened[1:8] == [
        *("  h · 2×3 entries", "    W · 2×3 entries", "    b · 3 entries", "    x · 2×2 entries"),
        *("    h[0,0]", "    h[0,1]", "    h[0,2]"),
    ]


@pytest.mark.parametrize("place", range(len(FUNCTIONS)))
def test_every_node_expands_once_and_every_operand_has_a_row(place: int) -> None:
    graph = graph_of(place)
    layout = lay_out(Trace(graph), lambda _: None)
    assert sorted(layout.reading_order().tolist()) == list(range(len(graph)))
    consumers = graph.consumers()
    rows = layout.edge_row
    assert layout.node[rows].tolist() == graph.operands.tolist()
    assert layout.node[layout.parent[rows]].tolist() == consumers.tolist() or layout.sums.tops
    for row in range(len(layout)):
        assert row < layout.end[row] <= layout.end[layout.parent[row]] or layout.parent[row] < 0
