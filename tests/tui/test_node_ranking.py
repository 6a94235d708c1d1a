"""Ranking: against asking every node, and as a learner uses it."""

from __future__ import annotations

import math

import pytest
from gradwalk.engine.walk.trace import State, Trace
from gradwalk.tui.screens.ranking import RankingScreen, RankingView
from gradwalk.tui.screens.walk import WalkScreen
from gradwalk.tui.walk.ranking import RANKINGS, ranked
from hypothesis import given
from hypothesis import strategies as st
from textual.pilot import Pilot

from ..engine.random_graphs import RandomGraph, random_graphs
from .pilots import lines, opened, selected, text
from .training import scenario


def asked(words: str, state: State, node: int) -> float | None:
    trace = state.trace
    if words == "value":
        return state.value(node)
    if words == "fan-out":
        return trace.graph.operands.tolist().count(node)
    gradient = state.gradient(node)
    return None if gradient is None or trace.undefined_values[trace.graph.output] else abs(gradient)


def check(state: State) -> None:
    for ranking in RANKINGS:
        numbers = {node: asked(ranking.words, state, node) for node in range(len(state.trace.graph))}
        known = {node: number for node, number in numbers.items() if number is not None and not math.isnan(number)}
        nodes, shown = ranked(ranking, state)
        assert nodes.tolist() == sorted(known, key=lambda node: (-known[node], node))
        assert shown.tolist() == [known[node] for node in nodes.tolist()]


@given(random_graphs(), st.floats(0, 1))
def test_the_order_is_the_one_that_asking_every_node_gives(graph: RandomGraph, place: float) -> None:
    trace = Trace(graph.graph())
    check(trace.state(round(place * trace.total)))


def test_parameters_that_have_been_updated_count_with_their_new_value() -> None:
    trace = scenario(parameters="w = 0\nb = 1", prediction='h = "w*x + b"').trainer().trace(0)
    for cursor in range(trace.last_backward_step - 1, trace.total + 1):
        check(trace.state(cursor))


class TestOnTheScreen:
    def rows(self, pilot: Pilot[None]) -> list[str]:
        region = pilot.app.screen.query_one(RankingView).region
        return [line[region.x + 1 : region.right - 1] for line in lines(pilot)[region.y + 1 : region.bottom - 1]]

    @pytest.mark.parametrize("size", [(60, 20), (120, 40)])
    async def test_s_lists_the_nodes_s_again_sorts_otherwise_and_enter_goes_to_one(self, size: tuple[int, int]) -> None:
        async with opened("fabc", size) as pilot:
            await pilot.press("end", "s")
            assert "nodes by |gradient|, largest first" in text(pilot)
            assert "s sorts otherwise · ⏎ goes there · esc closes" in text(pilot)
            numbers = [float(row.split()[-1]) for row in self.rows(pilot) if row.strip()]
            assert numbers == sorted(numbers, reverse=True)
            assert numbers[0] == 1
            await pilot.press("s")
            assert "nodes by value" in text(pilot)
            await pilot.press("s")
            assert "nodes by fan-out" in text(pilot)
            await pilot.press("s", "down", "down")
            chosen = next(row for row in self.rows(pilot) if row.startswith(">"))
            await pilot.press("enter")
            assert isinstance(pilot.app.screen, WalkScreen)
            assert chosen.split()[1] == selected(pilot)

    async def test_before_the_first_gradient_it_says_that_there_is_none(self) -> None:
        async with opened("fabc") as pilot:
            await pilot.press("s")
            assert "nothing is known of |gradient| yet" in text(pilot)
            await pilot.press("enter")
            assert isinstance(pilot.app.screen, WalkScreen)

    async def test_a_long_list_is_paged_through_and_only_rows_in_view_are_drawn(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async with opened("ehg", (80, 24)) as pilot:
            await pilot.press("end", "s", "end")
            last = self.rows(pilot)
            assert any(row.startswith(">") for row in last)
            await pilot.press("home", "pagedown", "pageup")
            assert self.rows(pilot)[0].startswith(">")
            assert isinstance(pilot.app.screen, RankingScreen)
            await pilot.click(RankingView, offset=(5, 3))
            assert isinstance(pilot.app.screen, WalkScreen)
