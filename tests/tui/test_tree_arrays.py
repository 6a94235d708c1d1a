"""The tree of what was made as arrays: one line each, which opens into its entries."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import numpy as np
import pytest
from gradwalk.engine.graph.graph import Graph
from gradwalk.engine.graph.tape import Tape
from gradwalk.engine.importing.imported import imported
from gradwalk.engine.scalar_array.array import scalars
from gradwalk.engine.walk.trace import Trace
from gradwalk.tui.app import GradwalkApp
from gradwalk.tui.screens.walk import WalkScreen
from gradwalk.tui.walk.circuit.circuit_graph import CircuitGraph
from gradwalk.tui.walk.graph_view import NodeChosen
from gradwalk.tui.walk.moment import Moment
from gradwalk.tui.walk.opened import open_walk
from gradwalk.tui.walk.tree.layout import TreeLayout
from gradwalk.tui.walk.tree.view import lay_out
from textual.pilot import Pilot

from ..engine.numpy_functions import FUNCTIONS
from .pilots import text, walk


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


@asynccontextmanager
async def walked(view: str) -> AsyncIterator[Pilot[None]]:
    """Run the app on the walk of a network whose arrays are larger than what is shown whole from the start."""
    function, arguments = FUNCTIONS[0]
    scenario = imported(lambda w1, b1, w2, b2: function(np, w1, b1, w2, b2), *arguments).scenario
    async with GradwalkApp().run_test(size=(120, 40), notifications=True) as pilot:
        shown_walk = open_walk(scenario)
        await pilot.app.push_screen(WalkScreen(shown_walk, moment=Moment(shown_walk.trace, 0, view=view)))
        await pilot.pause()
        yield pilot


async def test_on_the_screen_an_array_is_a_line_that_opens_while_the_walk_is_in_it() -> None:
    async with walked("tree") as pilot:
        assert "▸ p · 4×1 entries" in text(pilot)
        assert "h[0,0]" not in text(pilot).replace("h[0,0]·", "")
        await pilot.press("right")
        assert "▾ h · 4×2 entries" in text(pilot)
        assert re.search(r"▸ w1 · 3×2 entries", text(pilot))
        await pilot.press("home")
        await pilot.press("down", "o")
        assert "▾ p · 4×1 entries" in text(pilot)
        await pilot.press("o")
        assert "▸ p · 4×1 entries" in text(pilot)


async def test_on_the_screen_an_array_is_a_box_that_opens_into_its_entries() -> None:
    async with walked("circuit") as pilot:
        boxes = text(pilot)
        assert "4×2 entries" in boxes
        assert "h[3,1]" not in boxes
        await pilot.press("right")
        assert "▷h" in text(pilot)
        await pilot.press("n")
        graph = walk(pilot).query_one(CircuitGraph)
        graph.chosen = NodeChosen(walk(pilot).moment.trace.graph.find("h[3,1]"), False)
        await pilot.pause()
        await pilot.press("o")
        await pilot.pause()
        assert "h[3,1]" in text(pilot)
