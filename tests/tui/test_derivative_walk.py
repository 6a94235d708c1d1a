"""The walk of a derivative on the screen: opened from a walk, from there again, and left to where it came from."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from gradwalk.engine.differentiate import derivative as module
from gradwalk.engine.differentiate.derivative import derivative
from gradwalk.engine.graph.graph import Graph, Leaf
from gradwalk.engine.library import load
from gradwalk.engine.walk.origin_steps import step_of
from gradwalk.engine.walk.trace import Trace
from gradwalk.tui.screens.library import LibraryScreen
from gradwalk.tui.screens.which_input import InputScreen
from gradwalk.tui.walk import opened as opened_module
from gradwalk.tui.walk.row_texts import RowTexts
from gradwalk.tui.words.lines import plain
from gradwalk.tui.words.walk import result_lines, step_lines
from hypothesis import given, settings
from textual.pilot import Pilot

from ..engine.random_graphs import RandomGraph, random_graphs
from .pilots import cursor, lines, notices, opened, scenario_of, text, walk
from .pseudo_terminal import GRADWALK, PseudoTerminal
from .test_snapshots import app_on

Compare = Callable[..., bool]
SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])


def select(pilot: Pilot[None], name: str) -> None:
    walk(pilot).select(walk(pilot).moment.trace.graph.find(name))


def output(pilot: Pilot[None]) -> str:
    graph = walk(pilot).moment.trace.graph
    return graph.label(graph.output)


class TestTheKey:
    async def test_it_opens_the_derivative_by_the_selected_input(self):
        async with opened("fabc") as pilot:
            select(pilot, "b")
            await pilot.press("d")
            assert "∂f/∂b of fabc" in lines(pilot)[0]
            assert output(pilot) == "∂f/∂b"
            assert "it is the backward pass of the walk of f" in " ".join(text(pilot).split())

    async def test_again_and_again_and_back_to_where_each_stood(self):
        async with opened("fabc") as pilot:
            select(pilot, "a")
            await pilot.press("right", "right", "d")
            select(pilot, "a")
            await pilot.press("right", "d")
            select(pilot, "b")
            await pilot.press("d")
            assert "∂³f/∂b∂a² of fabc" in lines(pilot)[0]
            await pilot.press("escape")
            assert (output(pilot), cursor(pilot)) == ("∂²f/∂a²", 0)
            await pilot.press("escape")
            assert (output(pilot), cursor(pilot)) == ("∂f/∂a", 1)
            await pilot.press("escape")
            assert (output(pilot), cursor(pilot)) == ("f", 2)
            await pilot.press("escape")
            assert isinstance(pilot.app.screen, LibraryScreen)

    async def test_what_was_left_is_found_again_as_it_stood(self):
        async with opened("fabc") as pilot:
            select(pilot, "a")
            await pilot.press("d", "right", "right", "right", "escape", "d")
            assert (output(pilot), cursor(pilot)) == ("∂f/∂a", 3)

    async def test_where_no_input_is_selected_it_asks_for_one(self):
        async with opened("fabc") as pilot:
            select(pilot, "s")
            await pilot.press("d")
            assert isinstance(pilot.app.screen, InputScreen)
            await pilot.press("c", "enter")
            assert output(pilot) == "∂f/∂c"

    async def test_an_epoch_of_a_training_is_differentiated_with_its_own_numbers(self):
        async with opened("polynomial") as pilot:
            await pilot.press("enter")
            await pilot.pause()
            before = walk(pilot).moment.trace
            leaf = int(np.flatnonzero(before.graph.carries_gradient[: before.graph.leaf_count])[0])
            walk(pilot).select(leaf)
            await pilot.press("d")
            trace = walk(pilot).moment.trace
            assert trace.values[trace.graph.output] == pytest.approx(before.backward.gradients[leaf], rel=1e-9)

    async def test_a_graph_that_is_too_large_is_refused_in_a_sentence(self, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setattr(module, "MOST_EDGES", 2)
        async with opened("fabc") as pilot:
            select(pilot, "a")
            await pilot.press("d")
            assert "3 edges lead from a to f" in " ".join(notices(pilot))
            assert output(pilot) == "f"

    async def test_a_large_graph_is_recorded_in_the_background(self, monkeypatch: pytest.MonkeyPatch):
        from gradwalk.tui.screens.walk_commands import differentiating

        monkeypatch.setattr(differentiating, "LARGE", 8)
        assert opened_module.LARGE > 8
        async with opened("fabc") as pilot:
            select(pilot, "a")
            await pilot.press("d")
            while "∂f/∂a of fabc" not in lines(pilot)[0]:
                await pilot.pause()
            assert output(pilot) == "∂f/∂a"


class TestTheWords:
    def test_a_step_says_what_its_node_comes_from(self):
        graph = derivative(load("fabc").graph, "a")
        trace = Trace(graph)
        assert "comes from         a part of the local derivative ∂r/∂s, step 10 of the walk of f" in said(trace, 3)
        last = said(trace, 4)
        assert "the local derivative ∂r/∂s, step 10 of the walk of f" in last
        assert "the gradient ∂f/∂a, step 11 of the walk of f" in last
        assert "comes from         s: the value s, step 2 of the walk of f" in said(trace, trace.total - 3)

    def test_in_a_second_derivative_it_goes_on_to_the_first_walk(self):
        trace = Trace(derivative(derivative(load("fabc").graph, "a"), "a"))
        words = said(trace, 3)
        assert "comes from         the value tt1, step 3 of the walk of ∂f/∂a" in words
        assert "there a part of the local derivative ∂r/∂s, step 10 of the walk of f" in words

    def test_a_corner_is_said_to_have_the_slope_of_its_rule(self):
        graph = derivative(scenario_of("relu(x)*x", x="2").graph, "x")
        assert "relu has a corner: this is the slope that its rule takes" in said(Trace(graph), 2)

    def test_the_steps_that_are_named_are_those_of_the_first_walk(self):
        first = scenario_of("(x + 1)^y/(x*y) + exp(x)*x*sin(x/y)", x="2", y="3").graph
        walked = Trace(first)
        provenance = derivative(first, "x").provenance
        assert provenance is not None
        for origins in provenance.origins.values():
            for origin in origins:
                number = step_of(first, origin)
                assert number is not None
                key = walked.key(number)
                if origin.is_of_edge:
                    assert (key.node, key.position) == (origin.node, origin.position)
                else:
                    assert walked.node_of(number) == origin.node
                    assert walked.next_write(origin.node, number) is None, "it is complete then"

    def test_rows_are_searched_as_they_read(self):
        graph: Graph = derivative(derivative(load("fabc").graph, "a"), "a")
        rows = RowTexts(graph, np.arange(len(graph), dtype=np.int32)).text(0).split("\n")
        for node in range(graph.leaf_count, len(graph)):
            assert rows[node] == f"{graph.label(node)} = {graph.expression(node)}"


class TestPictures:
    @SIZES
    def test_the_start(self, snap_compare: Compare, size: tuple[int, int]) -> None:
        assert snap_compare(app_on(scenario_of("fabc")), press=["d", "a", "enter"], terminal_size=size)

    @SIZES
    def test_what_a_node_comes_from(self, snap_compare: Compare, size: tuple[int, int]) -> None:
        keys = ["d", "b", "enter", "d", "b", "enter", *["right"] * 7]
        assert snap_compare(app_on(scenario_of("fabc")), press=keys, terminal_size=size)


class TestTheFlag:
    def test_trace_prints_the_walk_of_a_second_derivative(self):
        with PseudoTerminal(
            GRADWALK, "trace", "fabc", "--derivative", "a", "--derivative", "a", height=250
        ) as terminal:
            assert terminal.wait_for_exit() == 0
            assert "∂²f/∂a² of fabc" in terminal.text
            assert "∂²f/∂a² = 0.0741 = 2/27" in terminal.text

    def test_what_is_no_input_ends_with_the_inputs(self):
        with PseudoTerminal(GRADWALK, "trace", "fabc", "--derivative", "q") as terminal:
            assert terminal.wait_for_exit() == 2
            assert "gradwalk: q is not an input; the inputs are a, b, c" in terminal.text


def said(trace: Trace, number: int) -> str:
    return plain(step_lines(trace, number))


class TestAnyGraph:
    @settings(deadline=None, max_examples=40)
    @given(random_graphs())
    def test_every_step_of_its_derivative_and_of_forward_mode_can_be_said(self, random: RandomGraph):
        graph = random.graph()
        inputs = np.flatnonzero(graph.codes[: graph.leaf_count] == Leaf.INPUT).tolist()
        for node in inputs[:1]:
            walks = [Trace(graph, tangent_of=node)]
            if not walks[0].undefined_values[graph.output]:
                found = derivative(graph, node)
                walks += [Trace(found), Trace(found, tangent_of=found.find(graph.label(node)))]
            for trace in walks:
                for number in range(1, trace.total + 1):
                    assert said(trace, number)
                assert "complete" in plain(result_lines(trace))
