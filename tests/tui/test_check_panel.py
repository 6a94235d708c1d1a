"""The panel that checks gradients: what it says of small and of large walks, and that it follows the selection."""

from __future__ import annotations

import numpy as np
import pytest
from gradwalk.engine.checking.gradients import check_gradients
from gradwalk.engine.checking.step_curve import StepCurve
from gradwalk.engine.library import load
from gradwalk.tui.walk.checking import panel as checking
from gradwalk.tui.walk.checking.plot import plot_lines, step_plot
from gradwalk.tui.words.checking import check_lines, check_rows
from rich.cells import cell_len
from textual.pilot import Pilot

from .pilots import lines, opened, text, walk
from .training import until


def select(pilot: Pilot[None], name: str) -> None:
    walk(pilot).select(walk(pilot).moment.trace.graph.find(name))


class TestASmallWalk:
    async def test_its_key_shows_every_gradient_three_ways_at_once(self):
        async with opened("fabc") as pilot:
            await pilot.press("6")
            await pilot.pause()
            shown = text(pilot)
            assert "✓ a         -0.11111111     -0.11111111     -0.11111111" in shown
            assert "✓ b        -0.040875493    -0.040875493    -0.040875493" in shown
            assert "All 3 gradients agree." in shown
            assert "The V · relative error of a difference for ∂f/∂a" in shown

    async def test_the_v_is_that_of_the_selected_input(self):
        async with opened("fabc", size=(80, 40)) as pilot:
            await pilot.press("6")
            select(pilot, "c")
            await pilot.pause()
            assert "for ∂f/∂c, by its step h" in text(pilot)
            assert "selects the next input" not in text(pilot)
            select(pilot, "s")
            await pilot.pause()
            assert "This is that of a; 6 selects the next input." in text(pilot)
            select(pilot, "a")
            await pilot.pause()
            assert "selects the next input" not in text(pilot)

    async def test_a_single_input_has_no_next_one(self):
        async with opened("-x", values={"x": "2"}, size=(80, 40)) as pilot:
            await pilot.press("6")
            await pilot.pause()
            assert "The gradient agrees." in text(pilot)
            assert "for ∂f/∂x, by its step h" in text(pilot)
            assert "next input" not in text(pilot)

    async def test_its_key_goes_on_to_the_next_input(self):
        async with opened("fabc", size=(80, 40)) as pilot:
            await pilot.press("6", "6", "6")
            await pilot.pause()
            assert "for ∂f/∂b, by its step h" in text(pilot)
            await pilot.press("6", "6")
            await pilot.pause()
            assert "for ∂f/∂a, by its step h" in text(pilot)

    @pytest.mark.parametrize("size", [(80, 24), (120, 40)])
    async def test_a_click_on_a_row_selects_its_input(self, size: tuple[int, int]):
        async with opened("fabc", size=size) as pilot:
            await pilot.press("6")
            await pilot.pause()
            row = next(row for row, words in enumerate(lines(pilot)) if "✓ c" in words)
            await pilot.click(offset=(lines(pilot)[row].index("✓ c") + 2, row))
            await pilot.pause()
            assert walk(pilot).moment.trace.graph.label(walk(pilot).moment.node) == "c"
            assert "for ∂f/∂c" in text(pilot)

    async def test_it_is_read_to_its_end_with_the_keys_that_scroll(self):
        async with opened("fabc") as pilot:
            await pilot.press("6", "z", "z", *["J"] * 14)
            await pilot.pause()
            assert "A complex step subtracts nothing." in text(pilot)
            await pilot.press(*["K"] * 14)
            await pilot.pause()
            assert "backprop    complex step" in text(pilot)

    async def test_a_kink_has_a_reason_and_no_v(self):
        async with opened("relu(x)*y", values={"x": "0", "y": "2"}, size=(80, 40)) as pilot:
            await pilot.press("6")
            await pilot.pause()
            assert "? t1 = relu(x) stands on its kink" in text(pilot)
            assert "For x there is no V" in text(pilot)

    async def test_an_undefined_walk_says_so(self):
        async with opened("ln(x)", values={"x": "-1"}, size=(80, 40)) as pilot:
            await pilot.press("6")
            await pilot.pause()
            assert ["?", "x"] + ["undefined"] * 3 in [row.split() for row in lines(pilot)]
            assert "? the walk has no number here, so there is nothing to compare." in text(pilot)

    async def test_a_value_that_is_slid_is_checked_anew(self):
        async with opened("fabc") as pilot:
            await pilot.press("6")
            select(pilot, "a")
            await pilot.press("greater_than_sign")
            await until(pilot, lambda: "-0.11111111     -0.11111111     -0.11111111   1.4e-17" not in lines(pilot)[13])
            assert "✓ a" in text(pilot)
            assert "All 3 gradients agree." in text(pilot)

    async def test_digits_are_those_that_were_asked_for(self):
        async with opened("fabc") as pilot:
            await pilot.press("6", "D")
            await pilot.pause()
            assert ["✓", "a", *["-0.1111"] * 3] in [row.split()[:5] for row in lines(pilot)]

    @pytest.mark.parametrize("size", [(80, 24), (120, 40), (60, 20)])
    async def test_it_paints_at_every_size(self, size: tuple[int, int]):
        async with opened("fabc", size=size) as pilot:
            await pilot.press("6")
            await pilot.pause()
            assert "✓ a" in text(pilot)

    async def test_the_help_explains_it(self):
        async with opened("fabc", size=(80, 60)) as pilot:
            await pilot.press("6", "question_mark", "tab")
            await pilot.pause()
            assert "Each gradient comes three ways" in text(pilot)


class TestALargeWalk:
    @pytest.fixture(autouse=True)
    def in_a_thread(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(checking, "_WORK_AT_ONCE", 0)

    async def test_is_checked_in_a_thread(self):
        async with opened("fabc") as pilot:
            await pilot.press("6")
            await until(pilot, lambda: "All 3 gradients agree." in text(pilot))

    async def test_what_is_known_is_not_checked_again_for_another_input(self, monkeypatch: pytest.MonkeyPatch):
        checks: list[object] = []

        def counted(*arguments, **options):
            checks.append(arguments)
            return check_gradients(*arguments, **options)

        monkeypatch.setattr(checking, "check_gradients", counted)
        async with opened("fabc", size=(80, 40)) as pilot:
            await pilot.press("6")
            await until(pilot, lambda: "for ∂f/∂a, by its step h" in text(pilot))
            select(pilot, "c")
            await until(pilot, lambda: "for ∂f/∂c, by its step h" in text(pilot))
            assert len(checks) == 1

    async def test_a_failure_is_said(self, monkeypatch: pytest.MonkeyPatch):
        def fail(*arguments, **options):
            raise MemoryError

        monkeypatch.setattr(checking, "check_gradients", fail)
        async with opened("fabc") as pilot:
            await pilot.press("6")
            await until(pilot, lambda: "The gradients could not be checked: MemoryError" in text(pilot))


class TestTheTable:
    @pytest.mark.parametrize("width", [36, 44, 56, 78, 80, 120])
    def test_no_row_is_wider_than_its_panel(self, width: int):
        check = check_gradients(load("xor").graph)
        rows = [each.plain for each in check_lines(check, width) if each.plain[:1] in "✓ "]
        assert max(map(cell_len, rows)) <= width
        assert any("-0.0125" in row for row in rows)

    def test_of_many_gradients_the_selected_one_is_among_those_shown(self):
        check = check_gradients(load("xor").graph)
        last = check.rows[-1]
        assert "✓ b_out" not in "\n".join(row.line.plain for row in check_rows(check, 80, most=3))
        shown = [row.line.plain for row in check_rows(check, 80, selected=last.leaf, most=3)]
        assert any(each.startswith("✓ b_out") for each in shown)
        assert "  … and 14 more that agree" in shown


class TestThePlot:
    def test_an_error_of_0_and_one_that_does_not_exist_have_no_place(self):
        curve = StepCurve("x", 1.0, np.array([1e-1, 1e-2, 1e-3]), np.array([0.0, np.nan, 1e-6]), np.array([0.0] * 3))
        drawn = "\n".join(each.plain for each in plot_lines(step_plot(curve), 40, 10))
        assert drawn.count("●") == 2  # one in the legend
        assert all(cell_len(row) <= 40 for row in drawn.split("\n"))

    def test_where_there_is_no_error_at_all_it_says_so(self):
        curve = StepCurve("x", 1.0, np.array([1e-1, 1e-2]), np.zeros(2), np.zeros(2))
        assert plot_lines(step_plot(curve), 40, 10)[0].plain == "no error can be seen"
