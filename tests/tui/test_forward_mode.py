"""Forward mode on the screen: from a walk there and back, and what both modes take side by side."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from gradwalk.engine.graph.graph import Leaf
from gradwalk.engine.graph.tape import Tape
from gradwalk.engine.rules.ops import CODES
from gradwalk.engine.scenario import Scenario
from gradwalk.engine.walk.step import Phase
from gradwalk.tui.app import GradwalkApp
from gradwalk.tui.screens.comparison import ComparisonScreen
from gradwalk.tui.screens.which_input import InputScreen
from textual.pilot import Pilot

from .pilots import cursor, lines, notices, opened, scenario_of, selected, text, tree, walk
from .pseudo_terminal import GRADWALK, PseudoTerminal
from .test_snapshots import app_on

Compare = Callable[..., bool]
SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])


class TestTheKey:
    async def test_the_selected_input_is_what_moves(self):
        async with opened("fabc", size=(120, 40)) as pilot:
            walk(pilot).select(walk(pilot).moment.trace.graph.find("b"))
            await pilot.press("F", "end")
            trace = walk(pilot).moment.trace
            assert trace.tangent_of == trace.graph.find("b")
            assert "∂f/∂b = ḟ = -0.0409" in text(pilot)
            assert "forward mode for b" in lines(pilot)[0]
            assert "∂·/∂b" in text(pilot)
            assert "gradient" not in lines(pilot)[2]

    async def test_another_node_is_refused_and_the_inputs_are_named(self):
        async with opened("fabc") as pilot:
            walk(pilot).select(walk(pilot).moment.trace.graph.find("s"))
            await pilot.press("F")
            assert isinstance(pilot.app.screen, InputScreen)
            assert "s is not an input; the inputs are a, b, c" in text(pilot)
            await pilot.press("q", "enter")
            assert "q is not an input" in text(pilot)
            await pilot.press("backspace", "c", "enter")
            assert walk(pilot).moment.trace.tangent_of == walk(pilot).moment.trace.graph.find("c")

    async def test_it_can_be_let_go_of(self):
        async with opened("fabc") as pilot:
            await pilot.press("F", "escape")
            assert walk(pilot).moment.trace.tangent_of is None

    async def test_a_single_input_needs_no_question(self):
        async with opened("exp(x)*x", values={"x": "1"}) as pilot:
            await pilot.press("F")
            assert walk(pilot).moment.trace.tangent_of == 0

    async def test_without_an_input_it_says_so(self):
        tape = Tape()
        graph = tape.graph(tape.unary(CODES["exp"], tape.leaf(2.0, Leaf.DATA, "x")))
        app = GradwalkApp(Scenario("data", "data alone", "", "", graph, {}))
        async with app.run_test() as pilot:
            await pilot.press("F")
            assert "has no input" in " ".join(notices(pilot))

    async def test_it_stands_where_it_stood_among_the_values_and_goes_back_to_it(self):
        async with opened("fabc") as pilot:
            walk(pilot).select(0)
            await pilot.press("right", "right", "right", "F")
            assert cursor(pilot) == 3
            await pilot.press("right", "F")
            assert (cursor(pilot), walk(pilot).moment.trace.tangent_of) == (4, None)
            assert "forward mode" not in lines(pilot)[0]
            assert selected(pilot) == "a"

    async def test_after_the_values_it_stands_at_the_seed_and_at_the_end_at_the_end(self):
        async with opened("fabc") as pilot:
            walk(pilot).select(0)
            await pilot.press("end", "left", "F")
            trace = walk(pilot).moment.trace
            assert trace.phase(cursor(pilot)) is Phase.SEED
            await pilot.press("end", "F")
            assert walk(pilot).moment.at_end
            assert walk(pilot).moment.trace.phase(cursor(pilot)) is Phase.BACKWARD

    async def test_another_selected_input_is_the_next_to_move(self):
        async with opened("fabc") as pilot:
            walk(pilot).select(0)
            await pilot.press("F")
            walk(pilot).select(walk(pilot).moment.trace.graph.find("c"))
            await pilot.press("F")
            assert walk(pilot).moment.trace.tangent_of == walk(pilot).moment.trace.graph.find("c")
            assert lines(pilot)[0].count("forward mode") == 1

    async def test_the_keys_of_a_walk_work_on_tangents(self):
        async with opened("fabc") as pilot:
            walk(pilot).select(0)
            await pilot.press("F", "right_square_bracket")
            assert walk(pilot).moment.trace.phase(cursor(pilot)) is Phase.SEED
            await pilot.press("n")
            assert walk(pilot).moment.trace.key(cursor(pilot)).name(walk(pilot).moment.trace.graph).is_tangent
            tree(pilot)
            await pilot.press("s")
            assert "|tangent|" in text(pilot)


class TestTheComparison:
    async def test_it_counts_both_modes_on_this_graph(self):
        async with opened("fabc", size=(120, 40)) as pilot:
            await pilot.press("T")
            assert isinstance(pilot.app.screen, ComparisonScreen)
            shown = text(pilot)
            assert "3 passes, one for each input" in shown
            assert "1.29 times as many multiplications" in shown
            assert "the same gradients" in shown
            await pilot.press("escape")
            assert cursor(pilot) == 0

    async def test_it_scrolls_in_a_low_window(self):
        async with opened("fabc", size=(60, 20)) as pilot:
            await pilot.press("T", "pagedown", "pagedown")
            assert "need not." in text(pilot)


class TestPictures:
    @SIZES
    def test_a_tangent(self, snap_compare: Compare, size: tuple[int, int]) -> None:
        async def begin(pilot: Pilot[None]) -> None:
            await pilot.press("F", "b", "enter", *["right"] * 8)
            pilot.app.clear_notifications()

        assert snap_compare(app_on(scenario_of("fabc")), run_before=begin, terminal_size=size)

    @SIZES
    def test_the_comparison(self, snap_compare: Compare, size: tuple[int, int]) -> None:
        assert snap_compare(app_on(scenario_of("fabc")), press=["T"], terminal_size=size)


class TestTheFlag:
    def test_trace_prints_the_walk_in_forward_mode(self):
        with PseudoTerminal(GRADWALK, "trace", "fabc", "--forward", "b", height=200) as terminal:
            assert terminal.wait_for_exit() == 0
            assert "ṡ = ∂s/∂a · ȧ + ∂s/∂l · l̇" in terminal.text
            assert "∂f/∂b = ḟ = -0.0409" in terminal.text

    def test_what_is_no_input_ends_with_the_inputs(self):
        with PseudoTerminal(GRADWALK, "trace", "fabc", "--forward", "s") as terminal:
            assert terminal.wait_for_exit() == 2
            assert "gradwalk: s is not an input; the inputs are a, b, c" in terminal.text
