"""Plots as text: safe with any numbers, the right size, and true to their extremes."""

from __future__ import annotations

import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from gradwalk.tui.training.plotting import Field, Plot, Series, draw, ticks
from hypothesis import given
from hypothesis import strategies as st
from rich.color import ColorType
from rich.style import Style

ROOT = Path(__file__).parents[2]
TRUE_COLOUR = {
    "frame": (200, 200, 200), "line": (0, 255, 0), "data": (0, 0, 255), "path": (255, 255, 255),
    "low": (0, 0, 0), "high": (255, 0, 0),
}  # fmt: skip


def run(script: list[str], timeout: int = 60) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *script], capture_output=True, text=True, timeout=timeout, cwd=ROOT)


@pytest.mark.skipif(sys.platform == "win32", reason="limits of a process are a Unix thing")
@pytest.mark.parametrize("cases", ["table", "random"])
def test_no_numbers_end_the_process_or_leave_the_size(cases: str) -> None:
    result = run(["-m", "tests.tui.plot_cases", cases])
    assert result.returncode == 0, result.stderr[-3000:]
    assert (result.stdout.splitlines(), result.stderr) == (["done"], "")


def rows(plot: Plot, width: int = 60, height: int = 20) -> list[str]:
    return draw(plot, width, height).plain.split("\n")


def inside(drawn: list[str]) -> list[str]:
    """Return the rows within the frame."""
    top = next(place for place, row in enumerate(drawn) if "┌" in row)
    bottom = next(place for place, row in enumerate(drawn) if "└" in row)
    left, right = drawn[top].index("┌") + 1, drawn[top].index("┐")
    return [row[left:right] for row in drawn[top + 1 : bottom]]


class TestLines:
    @pytest.mark.parametrize("place", [0, 1, 4_999, 33_333, 99_998, 99_999])
    def test_one_point_among_very_many_that_stands_out_is_seen(self, place: int) -> None:
        y = np.zeros(100_000)
        y[place] = 1.0
        drawn = inside(rows(Plot([Series(np.arange(len(y)), y)])))
        assert drawn[0].strip()
        at = next(column for column, cell in enumerate(drawn[0]) if cell != " ")
        assert abs(at - place / len(y) * len(drawn[0])) <= 1.5

    def test_a_long_line_looks_as_the_same_line_of_few_points(self) -> None:
        few, many = np.linspace(0, 9, 61), np.linspace(0, 9, 200_001)
        short, long = (inside(rows(Plot([Series(x, x**2)]))) for x in (few, many))
        different = sum(a != b for one, other in zip(short, long, strict=True) for a, b in zip(one, other, strict=True))
        assert different <= 12

    def test_points_need_no_order(self) -> None:
        x = np.array([3.0, 1.0, 2.0])
        assert rows(Plot([Series(x, x, line=False, marker="●")])) == rows(
            Plot([Series(np.sort(x), np.sort(x), line=False, marker="●")])
        )

    def test_what_is_outside_the_limits_runs_along_the_edge_as_a_line_and_is_left_out_as_points(self) -> None:
        limits = {"x_limits": (0.0, 3.0), "y_limits": (0.0, 1.0)}
        drawn = inside(rows(Plot([Series([0, 1, 2, 3], [0, 1e9, 1e9, 0])], **limits)))
        assert drawn[0].strip()
        points = inside(rows(Plot([Series([0, 1, 2, 3], [0, 1e9, 1e9, 0], marker="●", line=False)], **limits)))
        assert "".join(points).count("●") == 2

    def test_a_logarithmic_axis_shows_positive_numbers_alone_at_even_distances(self) -> None:
        y = [1.0, 10.0, 0.0, -5.0, 100.0]
        drawn = inside(rows(Plot([Series(range(5), y, marker="●", line=False)], log_y=True), height=25))
        at = [place for place, row in enumerate(drawn) if "●" in row]
        assert len(at) == 3
        assert abs((at[1] - at[0]) - (at[2] - at[1])) <= 1

    def test_where_there_is_nothing_a_sentence_says_so(self) -> None:
        assert rows(Plot(empty="no loss yet")) == ["no loss yet"]
        assert rows(Plot([Series([1, 2], [float("nan"), float("inf")])], empty="no loss yet")) == ["no loss yet"]
        assert rows(Plot([Series([1], [-1.0])], log_y=True, empty="no loss yet")) == ["no loss yet"]
        assert rows(Plot([Series([1], [1])]), 19, 20) == ["no room for a plot"]
        assert rows(Plot([Series([1], [1])]), 60, 4) == ["no room for a plot"]


class TestFields:
    FIELD = Field([[0.0, 1.0], [0.0, float("nan")]], (0.0, 1.0), (0.0, 1.0))

    def background(self, plot: Plot, row: int, column: int) -> tuple[int, int, int] | None:
        drawn = draw(plot, 40, 12, TRUE_COLOUR)
        lines = drawn.plain.split("\n")
        left = lines[0].index("┌") + 1
        place = sum(len(line) + 1 for line in lines[: row + 1]) + left + column
        colour = None
        for span in drawn.spans:
            if span.start <= place < span.end and isinstance(span.style, Style) and span.style.bgcolor:
                colour = span.style.bgcolor
        if colour is None or colour.type is ColorType.DEFAULT:
            return None
        assert colour.triplet is not None
        return tuple(colour.triplet)

    def test_the_lowest_value_has_one_colour_the_highest_the_other_and_what_is_undefined_none(self) -> None:
        plot = Plot(field=self.FIELD)
        assert self.background(plot, 8, 0) == (0, 0, 0)
        assert self.background(plot, 8, 30) == (255, 0, 0)
        assert self.background(plot, 0, 0) == (0, 0, 0)
        assert self.background(plot, 0, 30) is None

    def test_points_and_lines_stand_on_it(self) -> None:
        points = Series([0.99], [0.01], "data", "●", line=False)
        plot = Plot([points], field=self.FIELD, x_limits=(0.0, 1.0), y_limits=(0.0, 1.0))
        drawn = inside(draw(plot, 40, 12, TRUE_COLOUR).plain.split("\n"))
        assert drawn[-1].rstrip()[-1] == "●"
        assert self.background(plot, 8, len(drawn[-1].rstrip()) - 1) == (255, 0, 0)

    def test_without_true_colour_characters_tell_its_values_apart(self) -> None:
        drawn = inside(rows(Plot(field=self.FIELD), 40, 12))
        assert set(drawn[-1]) == {" ", "▓"}
        assert not drawn[0].strip()


class TestTicks:
    @given(st.floats(-1e12, 1e12), st.floats(1e-3, 1e12), st.integers(2, 12))
    def test_are_round_evenly_spaced_and_inside(self, low: float, span: float, most: int) -> None:
        high = low + span
        if high - low < 1e-9 * max(abs(low), abs(high)):
            return
        positions, labels = ticks((low, high), most)
        assert 2 <= len(positions) == len(labels) <= 2.5 * most + 1
        assert all(low <= position <= high for position in positions)
        steps = [b - a for a, b in pairwise(positions)]
        assert max(steps) - min(steps) <= 1e-6 * max(map(abs, positions), default=1.0) + 1e-9 * span or len(steps) == 1

    @pytest.mark.parametrize(
        ("limits", "most", "labels"),
        [
            ((0, 200), 6, ["0", "50", "100", "150", "200"]),
            ((-11, 11), 6, ["-10", "-5", "0", "5", "10"]),
            ((0.0, 1.0), 4, ["0", "0.5", "1"]),
            ((0, 2.5e8), 6, ["0", "5e+07", "1e+08", "1.5e+08", "2e+08", "2.5e+08"]),
            ((0.1, 0.4), 4, ["0.1", "0.2", "0.3", "0.4"]),
            ((99_999, 100_001), 3, ["99999", "100000", "100001"]),
            ((-62, 81), 2, ["-50", "0", "50"]),
        ],
    )
    def test_read_as_one_would_write_them(self, limits: tuple[float, float], most: int, labels: list[str]) -> None:
        assert ticks(limits, most)[1] == labels

    def test_are_powers_of_ten_on_a_logarithmic_axis(self) -> None:
        assert ticks((-0.5, 3.2), 6, log=True) == ([0, 1, 2, 3], ["1", "10", "100", "1000"])
        assert len(ticks((-300.0, 300.0), 6, log=True)[0]) <= 7
        positions, labels = ticks((0.1, 0.9), 6, log=True)
        assert positions == [0.1, 0.9]
        assert labels == ["1.2589", "7.9433"]


class TestPlotext:
    def test_where_it_cannot_be_loaded_a_sentence_says_so(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "plotext", None)
        drawn = draw(Plot([Series([1, 2], [1, 2])]), 60, 20).plain
        assert drawn.startswith("plots need plotext, which cannot be loaded here")

    def test_it_is_loaded_with_the_first_plot_and_not_before(self) -> None:
        result = run(["-c", (
            "import sys, gradwalk.tui.app, gradwalk.tui.screens.train\n"
            "from gradwalk.tui.training.plotting import Plot, Series, draw\n"
            "draw(Plot(), 60, 20)\n"
            "assert 'plotext' not in sys.modules\n"
            "draw(Plot([Series([1], [1])]), 60, 20)\n"
            "assert 'plotext' in sys.modules\n"
        )])  # fmt: skip
        assert (result.returncode, result.stderr) == (0, "")
