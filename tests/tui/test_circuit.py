"""The circuit on a walk's screen: keys, mouse, what is followed and what opens."""

from __future__ import annotations

import math
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from gradwalk.engine.library import load
from gradwalk.engine.reading.arguments import from_expression
from gradwalk.engine.scenario import Scenario
from gradwalk.engine.walk.trace import Trace
from gradwalk.tui.app import GradwalkApp
from gradwalk.tui.screens.walk import WalkScreen
from gradwalk.tui.walk.circuit.circuit_graph import HEADER, CircuitGraph
from gradwalk.tui.walk.moment import Moment
from gradwalk.tui.walk.opened import OpenedWalk, open_walk
from rich.style import Style
from textual.events import MouseScrollDown
from textual.pilot import Pilot

from .pilots import cursor, opened, text, walk
from .training import until


@asynccontextmanager
async def circuit_of(
    what: str | Scenario = "fabc", size: tuple[int, int] = (120, 40), steps: int = 0
) -> AsyncIterator[Pilot[None]]:
    """Run the app on the walk of a scenario, seen as a circuit."""
    async with GradwalkApp().run_test(size=size, notifications=True) as pilot:
        shown = open_walk(load(what) if isinstance(what, str) else what)
        await pilot.app.push_screen(WalkScreen(shown, moment=Moment(shown.trace, steps, view="circuit")))
        await pilot.pause()
        yield pilot


def circuit(pilot: Pilot[None]) -> CircuitGraph:
    """Return the circuit, having seen that it is shown."""
    shown = walk(pilot).query_one(CircuitGraph)
    assert shown.display
    return shown


def label(pilot: Pilot[None]) -> str:
    """Return the label of the selected node."""
    moment = walk(pilot).moment
    return moment.trace.graph.label(moment.node)


def place(pilot: Pilot[None], name: str) -> tuple[int, int]:
    """Return where in the view the box of a node begins."""
    shown = circuit(pilot)
    box = shown.picture.box(walk(pilot).moment.trace.graph.find(name))
    return shown.drawing.layout.x[box] - shown.window.left, shown.drawing.layout.y[box] - shown.window.top + HEADER


def in_view(pilot: Pilot[None], name: str) -> bool:
    """Say whether the box of a node is in the view from side to side."""
    shown = circuit(pilot)
    x, y = place(pilot, name)
    box = shown.picture.box(walk(pilot).moment.trace.graph.find(name))
    size = shown.drawing.plan.sizes[box]
    return x >= 0 and x + size.width <= shown.size.width and y >= HEADER and y + size.height <= shown.size.height


async def click(pilot: Pilot[None], name: str) -> None:
    """Click on the box of a node."""
    x, y = place(pilot, name)
    await pilot.click(CircuitGraph, offset=(x + 2, y + 1))
    await pilot.pause()


async def test_v_shows_the_circuit_and_the_tree_again_and_the_moment_stays() -> None:
    async with opened("fabc", (120, 40)) as pilot:
        await pilot.press("right", "right", "down", "v")
        await pilot.pause()
        assert "┌" in text(pilot)
        assert "3 nodes" not in text(pilot)
        assert "8 nodes" in text(pilot)
        before = walk(pilot).moment
        await pilot.press("v")
        await pilot.pause()
        assert walk(pilot).moment == replace(before, view="tree")
        assert "f = r + q" in text(pilot)


async def test_each_view_s_own_keys_work_and_its_help_alone_is_shown() -> None:
    async with opened("fabc", (120, 60)) as pilot:
        await pilot.press("v")
        await pilot.pause()
        await pilot.press("question_mark", "tab")
        await pilot.pause()
        assert "The circuit flows from the left" in text(pilot)
        assert "The tree has the output" not in text(pilot)


async def test_the_node_in_play_is_in_view_at_every_step_forth_and_back() -> None:
    async with circuit_of("fabc", (80, 24)) as pilot:
        trace = walk(pilot).moment.trace
        for step in [*range(1, trace.total + 1), *range(trace.total - 1, 0, -1)]:
            await pilot.press("right" if step > cursor(pilot) else "left")
            await pilot.pause()
            assert cursor(pilot) == step
            name = trace.graph.label(trace.node_of(step))
            assert in_view(pilot, name), f"step {step} writes {name}"
            assert f"▶{name}"[:2] in text(pilot)


async def test_the_view_stays_where_it_is_while_the_step_is_in_it() -> None:
    async with circuit_of("square", (160, 40)) as pilot:
        await pilot.press("z")
        await pilot.pause()
        before = circuit(pilot).window.left, circuit(pilot).window.top
        for _ in range(walk(pilot).moment.trace.total):
            await pilot.press("right")
            assert (circuit(pilot).window.left, circuit(pilot).window.top) == before


async def test_in_the_backward_pass_both_factors_stand_at_the_wire_and_the_arrows_are_turned() -> None:
    async with circuit_of("fabc", (120, 40), steps=5) as pilot:
        assert "▶│" in text(pilot)
        assert "◀" not in text(pilot).split("1 step")[0]
        await pilot.press("z", *["right"] * 5)
        await pilot.pause()
        shown = text(pilot)
        assert walk(pilot).moment.trace.step(10).name == "s"
        assert "-0.1111" in shown
        assert "◀━━" in shown
        assert "∂f/∂r = 1" in shown
        assert "▶│" not in shown


async def test_what_is_not_known_is_no_zero() -> None:
    async with circuit_of("fabc", (160, 40)) as pilot:
        await pilot.press("z")
        await pilot.pause()
        assert text(pilot).count("∂ ?") == 8
        assert "│ ?" in text(pilot)
        assert "∂ 0" not in text(pilot)


async def test_keys_select_every_box_in_turn_and_the_selected_one_is_marked_without_colour() -> None:
    async with circuit_of("fabc") as pilot:
        seen: set[str] = set()
        await pilot.press(*["k"] * 9)
        for _ in range(8):
            await pilot.pause()
            seen.add(label(pilot))
            assert in_view(pilot, label(pilot))
            assert "╔" in text(pilot)
            await pilot.press("j")
        assert seen == {"a", "b", "c", "l", "s", "r", "q", "f"}
        await pilot.press("enter")
        await pilot.pause()
        assert walk(pilot).moment.trace.step(cursor(pilot)).name == label(pilot) == "f"


async def test_a_click_selects_and_a_second_one_goes_to_the_step() -> None:
    async with circuit_of("fabc") as pilot:
        await click(pilot, "s")
        assert (label(pilot), cursor(pilot)) == ("s", 0)
        await click(pilot, "s")
        assert (label(pilot), cursor(pilot)) == ("s", 2)


async def test_keys_the_wheel_and_the_mouse_move_the_view_and_not_the_walk() -> None:
    async with circuit_of("fabc", (80, 24)) as pilot:
        shown = circuit(pilot)
        x = place(pilot, "s")[0]
        await pilot.press("L")
        assert place(pilot, "s")[0] == x - 8
        await pilot.press("ctrl+left")
        assert place(pilot, "s")[0] == x
        y = place(pilot, "s")[1]
        await pilot.press("ctrl+down")
        assert place(pilot, "s")[1] < y
        shown.post_message(
            MouseScrollDown(shown, 5, 5, 0, 1, 0, shift=True, meta=False, ctrl=False, screen_x=5, screen_y=5)
        )
        await pilot.pause()
        assert place(pilot, "s")[0] < x
        x, y = place(pilot, "s")
        await pilot.mouse_down(CircuitGraph, offset=(30, 5))
        await pilot.hover(CircuitGraph, offset=(33, 4))
        await pilot.mouse_up(CircuitGraph, offset=(33, 4))
        await pilot.pause()
        assert place(pilot, "s") == (x + 3, y - 1)
        assert walk(pilot).moment == Moment(walk(pilot).moment.trace, view="circuit"), "nothing was selected"


async def test_the_view_never_loses_the_drawing() -> None:
    async with circuit_of("fabc", (80, 24)) as pilot:
        for columns, rows in ((40, 0), (-60, 0), (0, 30), (0, -30)):
            for _ in range(max(map(abs, (columns, rows)))):
                circuit(pilot).action_pan((columns > 0) - (columns < 0), (rows > 0) - (rows < 0))
            await pilot.press("L" if columns > 0 else "H")
            assert any(in_view(pilot, name) for name in "abclsrqf")


async def test_zooming_out_shows_less_of_more_boxes() -> None:
    async with circuit_of("fabc", (120, 40), steps=3) as pilot:
        heights = [circuit(pilot).drawing.layout.height]
        for _ in range(2):
            await pilot.press("I")
            heights.append(circuit(pilot).drawing.layout.height)
            assert "▶" in text(pilot)
        assert heights[0] > heights[1] > heights[2]
        assert all(in_view(pilot, name) for name in "abclsrqf")
        await pilot.press("i", "i", "i")
        assert circuit(pilot).drawing.layout.height == heights[0]


async def test_a_search_selects_in_the_circuit() -> None:
    async with circuit_of("fabc", (80, 24)) as pilot:
        await pilot.press("slash", *"1/c", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, WalkScreen))
        await pilot.pause()
        assert label(pilot) == "q"
        assert in_view(pilot, "q")


async def test_the_sample_in_play_is_open_and_the_others_are_counted() -> None:
    async with circuit_of("regression") as pilot:
        trace = walk(pilot).moment.trace
        for _ in range(12):
            await pilot.press("right")
            await pilot.pause()
            name = trace.step(cursor(pilot)).name
            assert in_view(pilot, name)
            assert len(circuit(pilot).picture.boxes) == 10
        await pilot.press("I")
        names = {circuit(pilot)._faces.title(box, trace.graph) for box in circuit(pilot).picture.boxes}
        assert {"w", "b", "samples", "x[2]", "y[2]"} <= names


async def test_a_box_is_opened_and_closed_again() -> None:
    async with circuit_of("moons") as pilot:
        shown = circuit(pilot)
        closed = len(shown.picture.boxes)
        await pilot.press("slash", *"h1_3[1]", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, WalkScreen))
        await pilot.press("o")
        assert len(shown.picture.boxes) == closed + 15, "sixteen neurons for one layer"
        assert in_view(pilot, "h1_3[1]")
        await pilot.press("o")
        assert len(shown.picture.boxes) > closed + 15, "and the operations of one of them"
        await pilot.press("O")
        assert len(shown.picture.boxes) == closed + 15, "the neuron is closed"
        await pilot.press("O")
        assert len(shown.picture.boxes) == closed, "and its layer"


async def test_the_other_samples_can_be_spread_by_hand() -> None:
    async with circuit_of("regression", steps=2) as pilot:
        shown = circuit(pilot)
        rest = next(box for box, each in enumerate(shown.picture.boxes) if shown.wiring.group_of(each.unit) >= 0)
        shown._choose(rest)
        count = len(shown.picture.boxes)
        await pilot.press("o")
        assert len(shown.picture.boxes) == count + 8, "nine samples for the box of nine"


async def test_the_samples_of_a_small_loss_are_closed_into_one_box_and_opened_again() -> None:
    numbers = {"a": "2", "x1": "1", "x2": "2", "x3": "3", "x4": "4"}
    async with circuit_of(from_expression("sum(a*x1*x1, a*x2*x2, a*x3*x3, a*x4*x4)", numbers), (120, 60)) as pilot:
        await pilot.press("slash", "t", "2", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, WalkScreen))
        await pilot.press("O", "O")
        assert "term 1" in text(pilot)
        assert "3 nodes" in text(pilot), "a box of several nodes says so"
        await pilot.press("O")
        assert "4 samples" in text(pilot)
        assert "14 nodes in 3 boxes" in text(pilot)
        await pilot.press("O")
        assert "14 nodes in 3 boxes" in text(pilot), "it stands in nothing that could be closed"
        await click(pilot, "a")
        await click(pilot, "t4")
        assert "╔═" in text(pilot), "a click selects it"
        await pilot.press("o")
        assert "14 nodes in 12 boxes" in text(pilot)


async def test_the_box_of_the_other_samples_has_no_wire_from_what_only_an_open_one_uses() -> None:
    numbers = {"a": "2", "b": "3", "x1": "1", "x2": "2", "x3": "3"}
    async with circuit_of(from_expression("sum(b*x1*x1, a*x2*x2, a*x3*x3) + b", numbers)) as pilot:
        shown = circuit(pilot)
        graph, gathering = shown.wiring.graph, shown.wiring.gathering
        samples = gathering.around(graph.find("t2"))[0]
        shown._toggle(samples)
        assert "2 more" in text(pilot), "the sample in play is open"
        units = [box.unit for box in shown.picture.boxes]
        sources = {units[source] for source, target, _ in shown.picture.edges if units[target] == len(graph) + samples}
        assert sources == {graph.find("a")}


async def test_another_theme_is_followed_at_once() -> None:
    def colours() -> list[Style | None]:
        return [segment.style for y in range(20) for segment in circuit(pilot).render_line(y)]

    async with circuit_of(steps=5) as pilot:
        before = colours()
        pilot.app.theme = "gradwalk-light"
        await pilot.pause()
        after = colours()
        await pilot.press("right", "left")
        assert after == colours() != before


@pytest.mark.parametrize("size", [(8, 3), (40, 12), (200, 60)])
async def test_any_window_is_survived(size: tuple[int, int]) -> None:
    async with circuit_of("ehg", size, steps=9) as pilot:
        await pilot.press("right", "j", "I", "v", "v", "L", "o")
        await pilot.resize_terminal(100, 30)
        await pilot.pause()
        name = walk(pilot).moment.trace.step(cursor(pilot)).name
        assert cursor(pilot) == 10
        assert in_view(pilot, name)


async def test_names_of_wide_characters_keep_their_cells() -> None:
    async with opened("変数*y + 変数", (120, 40), {"変数": "2", "y": "3"}) as pilot:
        await pilot.press("v", "z")
        await pilot.pause()
        shown = text(pilot)
        assert "変数" in shown
        for line in shown.splitlines()[3:]:
            if "変数 " in line:
                assert line.count("│") + line.count("├") + line.count("║") + line.count("╟") >= 2


async def test_other_numbers_of_the_same_graph_are_drawn_in_the_same_place() -> None:
    async with circuit_of("fabc", (160, 40), steps=3) as pilot:
        await pilot.press("z", "I")
        await pilot.pause()
        before, layout = circuit(pilot), circuit(pilot).drawing.layout
        definition = walk(pilot).opened.scenario.definition
        trace = Trace(replace(definition, inputs={**definition.inputs, "a": 5.0}).build().graph)
        again = OpenedWalk(walk(pilot).opened.scenario, trace, "edited")
        walk(pilot).reopen(again, replace(walk(pilot).moment, trace=trace))
        await pilot.pause()
        assert circuit(pilot) is before
        assert circuit(pilot).drawing.layout is layout
        assert re.search(r"\[ a +5\]", text(pilot))
        assert "0.1667" in text(pilot), "1/(5 + 1)"


async def test_in_forward_mode_tangents_are_shown_and_said_to_be() -> None:
    async with circuit_of("fabc", (160, 40)) as pilot:
        await click(pilot, "a")
        await pilot.press("F", "end")
        await pilot.pause()
        assert "∂ is ∂·/∂a" in text(pilot)
        assert "∂ -0.1111" in text(pilot)
        assert "◀" not in text(pilot)


async def test_all_digits_that_are_asked_for_are_shown() -> None:
    async with circuit_of("fabc", (80, 24), steps=13) as pilot:
        await pilot.press("z")
        for digits in (4, 8, 17):
            await pilot.press("D")
            await click(pilot, "b")
            await pilot.pause()
            assert f"∂ {-1 / 9 / math.e:.{digits}g} " in text(pilot)
            assert in_view(pilot, "b")
