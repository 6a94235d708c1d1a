"""The panels about the selected node: its contributions, its paths, and why its gradient is as it is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import hypothesis.strategies as st
import numpy as np
import pytest
from gradwalk.engine.graph.graph import Leaf
from gradwalk.engine.graph.tape import Tape
from gradwalk.engine.library import load
from gradwalk.engine.reading.arguments import from_expression
from gradwalk.engine.rules.ops import CODES
from gradwalk.engine.scalar import Scalar
from gradwalk.engine.walk.contributions import Contributions
from gradwalk.engine.walk.explanations import Blocked, GradientUndefined, Unused, ValueUndefined, Vanished
from gradwalk.engine.walk.trace import Trace
from gradwalk.engine.walk.why import explain
from gradwalk.tui.screens.walk import WalkScreen
from gradwalk.tui.walk.moment import Moment
from gradwalk.tui.walk.opened import open_walk
from gradwalk.tui.walk.paths.node_panel import NodePanel
from gradwalk.tui.words.contributions import contribution_lines
from gradwalk.tui.words.lines import Line, plain
from gradwalk.tui.words.paths import SaidPaths, path_lines
from gradwalk.tui.words.why import why_lines
from hypothesis import given, settings

from ..engine.random_graphs import HARD, RandomGraph, random_graphs
from .pilots import WALKS, opened, text, walk

WIDTH = 76
"""Cells of the panel in a window of 80."""


def of_expression(expression: str, **values: str) -> Trace:
    return Trace(from_expression(expression, values).graph)


def contributions(trace: Trace, name: str, cursor: int | None = None, width: int = WIDTH) -> str:
    state = trace.state(trace.total if cursor is None else cursor)
    return plain(contribution_lines(state, Contributions(trace, trace.graph.find(name)), width))


def paths(trace: Trace, name: str, cursor: int | None = None, width: int = WIDTH) -> str:
    state = trace.state(trace.total if cursor is None else cursor)
    return plain(path_lines(state, SaidPaths.of(trace, trace.graph.find(name), 20), width))


def why(trace: Trace, name: str, cursor: int | None = None) -> str:
    return plain(said_why(trace, trace.graph.find(name), cursor))


def said_why(trace: Trace, node: int, cursor: int | None = None) -> list[Line]:
    return why_lines(trace.state(trace.total if cursor is None else cursor), explain(trace, node), WIDTH)


class TestContributions:
    def test_each_is_a_row_with_the_sum_so_far(self):
        said = contributions(Trace(load("square").graph), "b").split("\n")
        assert said[0] == "∂d/∂b: 2 contributions, one for each use of b"
        assert said[1].split() == ["step", "along", "upstream", "·", "local", "=", "product", "sum"]
        assert said[2].split() == ["10", "k", "→", "b", "(1st)", "20", "·", "3", "=", "60", "60"]
        assert said[3].split() == ["▶", "11", "k", "→", "b", "(2nd)", "20", "·", "3", "=", "60", "120"]
        assert said[4] == "∂d/∂b = 60 + 60 = 120"

    def test_what_is_to_come_is_marked_and_not_told(self):
        said = contributions(Trace(load("square").graph), "b", 10).split("\n")
        assert said[0].endswith("; 1 still to come")
        assert said[2].split()[-4:] == ["3", "=", "60", "60"]
        assert said[3].split() == ["11", "k", "→", "b", "(2nd)", "∂d/∂k", "·", "∂k/∂b", "to", "come"]
        assert len(said) == 4

    def test_where_a_table_is_too_wide_each_has_two_lines(self):
        said = contributions(Trace(load("square").graph), "b", width=44).split("\n")
        assert said[1:3] == ["step 10  k → b (1st)   sum so far 60", "  ∂d/∂k · ∂k/∂b = 20 · 3 = 60"]
        assert all(len(row) <= 44 for row in said[1:])

    def test_of_very_many_those_around_the_last_one_are_shown(self):
        tape = Tape()
        x = tape.leaf(2.0, Leaf.INPUT, "x")
        trace = Trace(tape.graph(tape.operation(CODES["sum"], [x] * 100_000)))
        said = contributions(trace, "x", trace.seed_step + 50_000, width=120).split("\n")
        assert len(said) < 80
        assert said[0].endswith("; 50,000 still to come")
        gaps = [int(found.replace(",", "")) for found in re.findall(r"… ([\d,]+) more …", "\n".join(said))]
        assert [row.split()[:2] for row in said if row.startswith("▶")] == [["▶", "50,002"]]
        assert sum(gaps) + len(said) - len(gaps) - 2 == 100_000

    def test_the_output_has_the_seed(self):
        assert "the seed, 1" in contributions(Trace(load("fabc").graph), "f")

    def test_an_undefined_one_is_called_so(self):
        said = contributions(of_expression("sqrt(w) + w", w="0"), "w")
        assert "= undefined" in said
        assert "∂f/∂w = 1 + undefined = undefined" in said or "undefined + 1 = undefined" in said


class TestPaths:
    def test_where_the_output_has_no_value_no_path_has_a_product(self):
        said = paths(of_expression("ln(w)*0 + 2", w="-1"), "w").split("\n")
        assert said[:2] == ["One path leads from w to f", "∂f/∂w is undefined: f has no value."]
        assert said[3].split() == ["1", "·", "0", "·", "undefined"]
        assert "=" not in "".join(said[2:])

    def test_numbers_stand_below_their_names(self):
        said = paths(Trace(load("fabc").graph), "b").split("\n")
        assert said[0] == "One path leads from b to f"
        assert said[1].split() == ["∂f/∂b", "=", "∂f/∂r†", "·", "∂r/∂s†", "·", "∂s/∂l", "·", "∂l/∂b"]
        assert said[2].split() == ["=", "1", "·", "(-0.1111)", "·", "1", "·", "0.3679", "=", "-0.0409", "=", "-1/(9e)"]
        assert [place.start() for place in re.finditer("·", said[1])] == [
            place.start() for place in re.finditer("·", said[2])
        ]
        assert said[3] == "† shared: ∂f/∂a needs it too"

    def test_of_two_factors_each_may_be_shared_with_another_input(self):
        said = paths(Trace(load("chain").graph), "w")
        assert "∂c/∂s† · ∂s/∂p† · ∂p/∂w" in said
        assert "† shared: ∂c/∂v or ∂c/∂y needs it too" in said, "∂c/∂y does not need ∂s/∂p"

    def test_a_number_is_there_when_the_walk_has_used_it(self):
        trace = Trace(load("fabc").graph)
        assert "= ?      · ?      · ?     · ?  still to come" in paths(trace, "b", trace.seed_step)
        assert "= 1      · (-0.1111) · 1     · ?  still to come" in paths(trace, "b", 12)

    def test_two_paths_and_their_sum(self):
        said = paths(Trace(load("square").graph), "b")
        assert said.startswith("2 paths lead from b to d, and ∂d/∂b is their sum\n∂d/∂b = 60 + 60 = 120\n")
        assert "* in several of these paths: backprop works it out once" in said
        assert "6 for its paths, each alone · 8 for those of all 2 inputs · 5 in one backward pass" in said

    def test_more_than_can_be_listed_are_counted_and_their_sum_is_said(self):
        x = Scalar(1.0, "x")
        for _ in range(60):
            x = x * x
        said = paths(Trace(x.graph()), "x")
        assert said.startswith("1,152,921,504,606,846,976 paths lead from x to t60")
        assert "the 20 largest:" in said
        assert "= 20 (listed) + 1.153e+18 (the rest) = 1.153e+18" in said
        assert "… 48 more …" in said
        assert "68,022,368,771,803,971,584 for its paths, each alone · 118 in one backward pass" in said

    def test_more_than_can_be_counted_are_not(self):
        x = Scalar(1.0, "x")
        for _ in range(1_100):
            x = x * x
        assert paths(Trace(x.graph()), "x").startswith("more than 10^308 paths lead from x")

    @pytest.mark.parametrize("width", [40, 51, 76])
    def test_no_row_is_wider_than_the_panel(self, width: int):
        trace = Trace(load("xor").model.graph)
        said = paths(trace, "w_h_1_x1", width=width).split("\n")
        products = [row for row in said if " · " in row and "pass" not in row and row[0] != "†"]
        assert products
        assert all(len(row.rstrip()) <= width for row in products if "=" not in row)


class TestWhy:
    @pytest.mark.parametrize("name", WALKS)
    def test_it_takes_ten_rows_at_most(self, name: str):
        trace = Trace(load(name).graph)
        for node in range(len(trace.graph)):
            for cursor in range(trace.total + 1):
                assert rows(said_why(trace, node, cursor)) <= 10

    @pytest.mark.parametrize("name", ["xor", "logistic"])
    def test_so_it_does_in_a_model(self, name: str):
        model = load(name).model
        trace = Trace(model.graph)
        for node in np.flatnonzero(trace.graph.carries_gradient).tolist():
            assert len(said_why(trace, node)) <= 10

    def test_a_weight_a_denominator_and_a_sum_are_named(self):
        said = why(Trace(load("fabc").graph), "b")
        assert said.startswith("∂f/∂b = -0.0409 = -1/(9e)\n")
        assert "smallest factor  ∂r/∂s = -1/s² = -0.1111: s = 3 is in the denominator" in said
        assert "largest factor   ∂f/∂r = 1: a sum passes it on" in said
        assert "∂k/∂b" not in said
        assert "the input w3 is the other factor" in why(Trace(load("ehg").graph), "x3")

    def test_a_saturated_tanh(self):
        said = why(of_expression("tanh(w*5)*v", w="2", v="1"), "w")
        assert said.startswith("∂f/∂w = 4.122e-08 is small: the smallest factor makes it so.\n")
        assert "tanh is saturated, nearly flat at t1 = 10" in said

    def test_a_relu_that_is_off(self):
        said = why(of_expression("relu(w - 3)*v", w="2", v="1"), "w")
        assert said.startswith("∂f/∂w = 0\nIts one path goes through a factor that is 0:\n")
        assert "relu is off, since t1 = -1 is below 0" in said

    def test_paths_that_cancel(self):
        said = why(of_expression("w*w - 1.999*w", w="1"), "w")
        assert said.startswith("∂f/∂w = 0.001 is what is left where its paths cancel:\n")
        assert "sum of all paths   2 + (-1.999) = 0.001" in said

    def test_paths_cancel_that_are_too_large_to_be_added_up(self):
        said = why(of_expression("w*1.5e308 - w*1.5e308", w="1"), "w").split("\n")
        assert said[0] == "∂f/∂w = 0: its paths cancel."
        assert said[1] == "Signs aside, they add up to more than a 64-bit float holds."

    def test_what_rounding_takes_from_paths_that_cancel(self):
        lost = "What would be left is lost to the rounding of 64-bit floats."
        assert lost in why(of_expression("w*1e17 - w*1e17 + w", w="1"), "w")
        assert lost not in why(of_expression("w*w - w*w", w="1"), "w")

    def test_no_single_factor_is_blamed_that_is_on_one_of_the_paths_only(self):
        said = why(of_expression("tanh(9*w)*tanh(10*w)", w="0.7"), "w")
        assert said.startswith("∂f/∂w = 0.0001547 is small: small factors on its paths make it so.\n")

    def test_many_paths_that_add_up(self):
        x = Scalar(1.0, "x")
        for _ in range(60):
            x = x * x
        said = why(Trace(x.graph()), "x")
        assert "no path is so by itself, but 1,152,921,504,606,846,976 add up" in said
        assert "largest carry 5e-16 %" in said

    def test_a_branch_that_is_not_used(self):
        said = why(of_expression("max(1, sqrt(w))", w="0"), "w")
        assert said.startswith("∂f/∂w is undefined, though every value exists.\nfailed first     step 5")
        assert "0 · ∞ is undefined, not 0" in said
        assert "the max is the other operand" in said

    def test_the_first_value_that_failed_and_the_way_from_there(self):
        trace = of_expression("exp(ln(w) + 1) * 2", w="-1")
        said = why(trace, "w")
        assert said.startswith("∂f/∂w is undefined: f has no value.\nfailed first     t1 = ln(w), step 1\n")
        assert "undefined: ln is defined for positive numbers" in said
        assert "its operands     w = -1" in said
        assert said.endswith("from there       t1 → t2 → t3 → f")
        assert why(trace, "t2", 2).startswith("t2 is undefined.\n")
        assert why(trace, "t2", 1) == "t2 is not computed yet."

    def test_what_is_not_known_yet_is_not_told(self):
        trace = Trace(load("square").graph)
        assert why(trace, "b", 10).split("\n") == [
            "∂d/∂b is not known yet: 1 of 2 contributions have come.",
            "It is complete at step 11; then this says why it is what it is.",
        ]
        assert "=" not in why(trace, "d", 3)


class TestOnAnyGraph:
    """Whatever overflows, vanishes, cancels or does not exist, there is something true to say about it."""

    @settings(deadline=None, max_examples=60)
    @given(random_graphs(numbers=HARD), st.sampled_from([30, 51, 76]), st.sampled_from([0, 4, 17]), st.data())
    def test_there_is_something_to_say(self, random: RandomGraph, width: int, digits: int, data: st.DataObject):
        trace = Trace(random.graph())
        node = data.draw(st.integers(0, len(trace.graph) - 1))
        state = trace.state(data.draw(st.integers(0, trace.total)))
        found = explain(trace, node)
        said = why_lines(state, found, WIDTH, digits)
        assert 1 <= len(said) <= 10
        assert why_lines(state, found, width, digits)
        assert contribution_lines(state, Contributions(trace, node, digits), width)
        assert path_lines(state, SaidPaths.of(trace, node, 5), width, digits)

    @settings(deadline=None, max_examples=60)
    @given(random_graphs(numbers=HARD))
    def test_what_the_state_calls_undefined_is_explained_so(self, random: RandomGraph):
        trace = Trace(random.graph())
        end = trace.state(trace.total)
        for node in range(len(trace.graph)):
            found = explain(trace, node)
            undefined = end.value_undefined(node) or end.gradient_undefined(node)
            assert isinstance(found, ValueUndefined | GradientUndefined) == undefined
            if isinstance(found, Blocked | Vanished | Unused):
                assert end.gradient(node) == 0


def rows(lines: Sequence[Line], width: int = WIDTH) -> int:
    """How many rows lines take, wrapped at spaces."""
    total = 0
    for said in lines:
        room, used, row = width - said.indent, 0, 1
        for word in said.plain[said.indent :].split(" "):
            if used and used + 1 + len(word) > room:
                row, used = row + 1, 0
            used += len(word) + (1 if used else 0)
        total += row
    return total


class TestInTheWindow:
    @pytest.mark.parametrize("size", [(80, 24), (120, 40)])
    async def test_a_key_shows_each_for_the_selected_node(self, size: tuple[int, int]):
        async with opened("square", size) as pilot:
            await pilot.press("2")
            assert "Select another node" in text(pilot)
            await pilot.press("end", "j", "j", "j", "j")
            assert "∂d/∂b = 60 + 60 = 120" in text(pilot)
            await pilot.press("3")
            assert "2 paths lead from b to d" in text(pilot)
            await pilot.press("4")
            assert "Its 2 paths carry it" in text(pilot)
            await pilot.press("k")
            assert "∂d/∂k = 20" in text(pilot)

    async def test_it_follows_the_walk_and_keeps_its_place(self):
        async with opened("w*w*w*w", values={"w": "2"}) as pilot:
            await pilot.press("end", "j", "j", "j", "3", "J", "J")
            panel = walk(pilot).query_one(NodePanel)
            assert panel.scroll_offset.y == 2
            await pilot.press("left")
            assert panel.scroll_offset.y == 2
            assert "still to come" in text(pilot)
            await pilot.press("up")
            assert panel.scroll_offset.y == 0

    @pytest.mark.parametrize("key", ["2", "3", "4"])
    async def test_in_forward_mode_there_are_none(self, key: str):
        async with opened("fabc") as pilot:
            await pilot.press("end", key)
            screen = walk(pilot)
            trace = screen.moment.trace.in_forward_mode(0)
            screen.reopen(replace(screen.opened, trace=trace), Moment(trace, selected=0, panel=screen.moment.panel))
            await pilot.pause()
            assert "This walk is in forward mode" in text(pilot)

    async def test_the_contribution_that_has_just_come_is_in_view(self):
        terms = " + ".join(f"w*{place}" for place in range(1, 31))
        async with opened(terms, values={"w": "2"}) as pilot:
            await pilot.press("end", "2")
            screen = walk(pilot)
            screen.select(screen.moment.trace.graph.find("w"))
            await pilot.pause()
            assert "▶" in text(pilot)
            for _ in range(20):
                await pilot.press("left")
                assert "▶" in text(pilot)

    async def test_the_last_contribution_is_in_view_when_the_panel_is_opened(self):
        shown = open_walk(load("regression"))
        trace = shown.trace
        moment = Moment(trace, trace.total).selecting(trace.graph.find("w"))
        async with opened(None) as pilot:
            await pilot.app.push_screen(WalkScreen(shown, moment=moment))
            await pilot.press("2")
            await pilot.pause()
            assert "▶ 102  p[1] → w" in text(pilot)

    async def test_a_large_graph_is_looked_at_in_the_background(self, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setattr("gradwalk.tui.walk.paths.node_panel.LARGE", 1)
        async with opened("square") as pilot:
            await pilot.press("end", "j", "j", "j", "j", "3")
            panel = walk(pilot).query_one(NodePanel)
            if panel._work is not None:
                assert panel._work.join(10)
            await pilot.pause()
            await pilot.pause()
            assert "2 paths lead from b to d" in text(pilot)
            await pilot.press("k", "j", "k")  # what was looked for before is dropped
            if panel._work is not None:
                assert panel._work.join(10)
            await pilot.pause()
            await pilot.pause()
            assert "One path leads from k to d" in text(pilot)
