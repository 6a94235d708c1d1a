"""Searching: against reading every row, and as a learner uses it."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from gradwalk.engine.graph.graph import Graph
from gradwalk.engine.library import load
from gradwalk.engine.walk.trace import Trace
from gradwalk.tui.screens.find import FindScreen
from gradwalk.tui.screens.walk import WalkScreen
from gradwalk.tui.walk.search import Search
from gradwalk.tui.walk.tree.layout import TreeLayout
from hypothesis import given
from hypothesis import strategies as st
from textual.pilot import Pilot

from ..engine.random_graphs import RandomGraph, random_graphs
from .pilots import opened, selected, text
from .pseudo_terminal import wait_until
from .training import until

LOGARITHM = next(step.name for step in map(Trace(load("fabc").graph).step, range(1, 6)) if step.op == "ln")
"""What the scenario calls its node ln(b)."""

SCENARIOS = ("fabc", "ehg", "square", "regression", "xor")


def row_text(graph: Graph, layout: TreeLayout, row: int) -> str:
    node = int(layout.node[row])
    return graph.label(node) if graph.op(node) is None else f"{graph.label(node)} = {graph.expression(node)}"


def by_reading(graph: Graph, layout: TreeLayout, wanted: str, start: int, step: int) -> int | None:
    for count in range(1, len(layout) + 1):
        row = (start + step * count) % len(layout)
        words = row_text(graph, layout, row)
        found = wanted in words or (wanted == wanted.lower() and wanted in words.lower())
        if found and not layout.is_reference(row):
            return row
    return None


def check(graph: Graph, wanted: str, start: int, step: int) -> None:
    layout = TreeLayout(graph)
    start = int(layout.home[start % len(graph)])
    found = by_reading(graph, layout, wanted, start, step)
    search = Search(graph, layout.reading_order())
    assert search.next(wanted, int(layout.node[start]), step) == (None if found is None else layout.node[found])


@given(
    random_graphs(),
    st.sampled_from(["t1", "T", "leaf", "sum(", "mean", "·", "²", "1/", " = ", "0.", "-", "zzz", "max", "t1·t1"]),
    st.integers(0, 99),
    st.sampled_from([1, -1]),
)
def test_a_match_is_the_one_that_reading_row_by_row_finds(
    graph: RandomGraph, wanted: str, start: int, step: int
) -> None:
    check(graph.graph(), wanted, start, step)


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_row_of_a_scenario_is_found_by_its_own_text(name: str) -> None:
    graph = load(name).graph
    layout = TreeLayout(graph)
    order = layout.reading_order()
    search = Search(graph, order)
    for place in range(0, len(order), max(1, len(order) // 40)):
        node = int(order[place])
        wanted = row_text(graph, layout, int(layout.home[node]))
        assert search.next(wanted, int(order[place - 1]), 1) == node, wanted


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_node_that_is_called_so_is_found_at_once(name: str) -> None:
    graph = load(name).graph
    search = Search(graph, np.arange(len(graph), dtype=np.int32))
    for node in range(len(graph)):
        named = search.named(graph.label(node))
        assert named is None or graph.label(named) == graph.label(node)
    assert search.named(graph.label(graph.output)) == graph.output
    assert search.named("no such node") is None


def test_it_says_how_far_it_is_and_can_be_stopped() -> None:
    graph = load("moons").graph
    search = Search(graph, TreeLayout(graph).reading_order())
    told: list[float] = []
    assert search.next("no such text", 0, 1, told.append) is None
    assert len(told) > 10
    assert told == sorted(told)
    assert 0 < told[0] < told[-1] <= 1

    def stop(done: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        search.next("no such text", 0, 1, stop)


class TestOnTheScreen:
    async def selected(self, pilot: Pilot[None], *keys: str) -> str:
        """Press keys, wait for the search, and return the label of the selected node."""
        await pilot.press(*keys)
        await until(pilot, lambda: isinstance(pilot.app.screen, WalkScreen))
        return selected(pilot)

    async def test_slash_finds_and_full_stop_and_comma_go_from_match_to_match(self) -> None:
        async with opened("fabc") as pilot:
            seen = [await self.selected(pilot, "slash", *"1/", "enter")]
            for _ in range(2):
                seen.append(await self.selected(pilot, "full_stop"))
            assert len(set(seen[:2])) == 2
            assert seen[2] == seen[0], "after the last match comes the first"
            assert await self.selected(pilot, "comma") == seen[1]

    async def test_a_name_goes_before_a_text_that_contains_it_and_the_rest_follows(self) -> None:
        async with opened("fabc") as pilot:
            assert await self.selected(pilot, "slash", "a", "enter") == "a"
            seen = [await self.selected(pilot, "full_stop") for _ in range(2)]
            assert "s" in seen, "its expression contains it"
            assert seen[0] != seen[1]

    async def test_where_nothing_is_found_it_says_so_and_asks_again(self) -> None:
        async with opened("fabc", (60, 20)) as pilot:
            await pilot.press("slash", *"zz", "enter")
            await until(pilot, lambda: 'no row says "zz"' in text(pilot))
            assert isinstance(pilot.app.screen, FindScreen)
            assert await self.selected(pilot, "backspace", "backspace", *"ln(", "enter") == LOGARITHM

    async def test_a_match_in_a_folded_branch_opens_it(self) -> None:
        async with opened("fabc") as pilot:
            await pilot.press("O")
            assert await self.selected(pilot, "slash", *"ln(", "enter") == LOGARITHM
            assert f"{LOGARITHM} = ln(b)" in text(pilot)

    async def test_full_stop_asks_where_nothing_was_looked_for_yet_and_escape_leaves(self) -> None:
        async with opened("fabc") as pilot:
            await pilot.press("full_stop")
            assert isinstance(pilot.app.screen, FindScreen)
            assert await self.selected(pilot, "escape") == "f"

    async def test_a_long_search_says_how_far_it_is_and_escape_ends_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        ended = threading.Event()

        def search(*arguments: object) -> None:
            report = arguments[-1]
            assert callable(report)
            try:
                while not ended.wait(0.02):
                    report(0.3)
            finally:
                ended.set()

        monkeypatch.setattr("gradwalk.tui.walk.search.Search.next", search)
        async with opened("fabc", (60, 20)) as pilot:
            await pilot.press("slash", *"no such text", "enter")
            await until(pilot, lambda: "looking … 30% of the rows · esc stops" in text(pilot))
            assert await self.selected(pilot, "escape") == "f"
            wait_until(ended.is_set)

    async def test_a_search_that_fails_says_so_and_asks_again(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def search(*arguments: object) -> None:
            raise MemoryError("no room left")

        with monkeypatch.context() as patch:
            patch.setattr("gradwalk.tui.walk.search.Search.next", search)
            async with opened("fabc", (60, 20)) as pilot:
                await pilot.press("slash", *"ln", "enter")
                await until(pilot, lambda: "the search failed: no room left" in text(pilot))
                patch.undo()
                assert await self.selected(pilot, *"(", "enter") == LOGARITHM
