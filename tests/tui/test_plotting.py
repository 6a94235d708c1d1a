"""Plots as text: safe with any numbers, the right size, and true to their extremes."""

from __future__ import annotations

import math
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from gradwalk.tui.plots.cutting import cut
from gradwalk.tui.plots.plot import Field, Plot, Series, Sign
from gradwalk.tui.plots.plotting import draw
from gradwalk.tui.plots.ticks import ticks, ticks_that_fit
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


@pytest.mark.thorough
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

    def test_a_line_is_cut_at_the_frame_with_an_arrow_and_points_outside_are_left_out(self) -> None:
        limits = {"x_limits": (0.0, 4.0), "y_limits": (0.0, 1.0)}
        x, y = [0, 1, 2, 3, 4], [0.5, 0.5, 2.5, 0.5, 0.5]
        drawn = inside(rows(Plot([Series(x, y)], **limits)))
        assert drawn[0].count("↑") == 2, "it leaves the frame at 1.25 and comes back at 2.75"
        middle = slice(round(len(drawn[0]) * 0.36), round(len(drawn[0]) * 0.64))
        assert not drawn[0][middle].strip(), "it does not run along the edge"
        points = inside(rows(Plot([Series(x, y, marker="●", line=False)], **limits)))
        assert "".join(points).count("●") == 4

    @pytest.mark.parametrize(
        ("x", "y", "arrow"), [(-2, 0.5, "←"), (9, 0.5, "→"), (0.5, -1, "↓"), (0.5, 7, "↑"), (0.5, 1e299, "↑")]
    )
    def test_a_line_that_goes_out_has_an_arrow_where_it_does(self, x: float, y: float, arrow: str) -> None:
        plot = Plot([Series([0.5, x], [0.5, y])], x_limits=(0.0, 1.0), y_limits=(0.0, 1.0))
        drawn = inside(rows(plot, 61, 21))
        (row,) = (place for place, line in enumerate(drawn) if arrow in line)
        column = drawn[row].index(arrow)
        middle, centre = (len(drawn) - 1) / 2, (len(drawn[0]) - 1) / 2
        assert (abs(row - middle) <= 1) == (arrow in "←→")
        assert (abs(column - centre) <= 1) == (arrow in "↑↓")
        assert "".join(drawn).count(arrow) == 1

    def test_a_line_that_is_nowhere_inside_says_on_which_side_it_is(self) -> None:
        plot = Plot([Series([0, 1], [5, 6])], x_limits=(0.0, 1.0), y_limits=(0.0, 1.0))
        assert "↑" in inside(rows(plot))[0]

    def test_a_line_from_very_far_comes_in_where_it_does_and_one_that_only_passes_by_from_there_is_not_guessed(
        self,
    ) -> None:
        x, y = np.array([0.25, 0.5e40, 0.75]), np.array([0.5, 1e40, 0.0])
        found = cut(x, y, (0.0, 1.0), (0.0, 1.0))
        assert [(at_x, at_y) for at_x, at_y, _ in found.crossings] == [
            (pytest.approx(0.5), 1),
            (1, pytest.approx(0.5)),
        ]
        assert [side for _, _, side in found.crossings] == ["↑", "→"]
        passing = cut(np.array([-1e40, 1e40]), np.array([-1e40, 1e40]) + 0.5, (0.0, 1.0), (0.0, 1.0))
        assert not passing.pieces

    def test_a_very_steep_line_passes_through(self) -> None:
        ((x, y),) = cut(np.array([-1.0, 1.5]), np.array([-1e100, 1.5e100]), (-2.0, 2.0), (-1.0, 1.0)).pieces
        assert (x.tolist(), y.tolist()) == ([pytest.approx(0), pytest.approx(0)], [-1, 1])

    def test_a_line_has_a_gap_where_there_is_no_number(self) -> None:
        x = np.linspace(0, 1, 101)
        drawn = inside(rows(Plot([Series(x, np.where((x > 0.4) & (x < 0.6), np.nan, 0.5))], y_limits=(0.0, 1.0))))
        line = next(row for row in drawn if row.strip())
        assert not line[round(0.43 * len(line)) : round(0.57 * len(line))].strip()
        assert line[: round(0.38 * len(line))].strip()
        assert line[round(0.62 * len(line)) :].strip()

    @given(
        st.lists(st.tuples(st.floats(-3, 3), st.floats(-3, 3)), min_size=2, max_size=6),
        st.integers(0, 4), st.floats(0, 1),
    )  # fmt: skip
    def test_what_is_left_of_a_cut_line_is_what_was_inside(
        self, points: list[tuple[float, float]], segment: int, share: float
    ) -> None:
        x, y = np.array(points).T
        found = cut(x, y, (-1.0, 1.0), (-1.0, 1.0))
        for piece_x, piece_y in found.pieces:
            assert np.abs(piece_x).max() <= 1
            assert np.abs(piece_y).max() <= 1
        for at_x, at_y, side in found.crossings:
            assert {"←": at_x == -1, "→": at_x == 1, "↓": at_y == -1, "↑": at_y == 1}[side]
        first = min(segment, len(x) - 2)
        point = np.array([x[first] + share * (x[first + 1] - x[first]), y[first] + share * (y[first + 1] - y[first])])
        if np.abs(point).max() < 0.999:
            assert min(_distance(point, piece) for piece in found.pieces) < 1e-6

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


def _distance(point: np.ndarray, piece: tuple[np.ndarray, np.ndarray]) -> float:
    """Return how far a point is from a line."""
    corners = np.stack(piece, axis=1)
    starts, ways = corners[:-1], np.diff(corners, axis=0)
    lengths = (ways**2).sum(axis=1)
    along = ((point - starts) * ways).sum(axis=1) / np.where(lengths == 0, 1, lengths)
    nearest = starts + np.clip(along, 0, 1)[:, np.newaxis] * ways
    return float(np.sqrt(((nearest - point) ** 2).sum(axis=1).min()))


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

    def test_without_true_colour_low_values_are_blue_and_high_ones_red(self) -> None:
        text = draw(Plot(field=Field([[0.3, 1.0]], (0.0, 1.0), (0.0, 1.0))), 40, 12)
        colours = {
            text.plain[span.start]: span.style.color.number
            for span in text.spans
            if isinstance(span.style, Style) and span.style.color and text.plain[span.start] in "░▓"
        }
        assert colours == {"░": 4, "▓": 1}

    def test_a_legend_shows_shades_as_the_field_shows_them(self) -> None:
        signs = [Sign("f:"), Sign("low", level=0.0), Sign("middle", level=0.5), Sign("high", level=1.0)]
        plot = Plot(field=Field([[0.0, 0.5, 1.0]], (0.0, 1.0), (0.0, 1.0)), legend=signs)
        drawn = draw(plot, 40, 12, TRUE_COLOUR)
        legend = drawn.plain.split("\n")[-1]
        assert legend.split() == ["f:", "low", "middle", "high"]
        assert len(drawn.plain.split("\n")) == 12
        frame = drawn.plain.index("┌") + 1
        for name, column in (("low", 0), ("middle", 18), ("high", 35)):
            assert self.background(plot, 10, legend.index(name) - 2 - frame) == self.background(plot, 4, column)
        plain = rows(plot, 40, 12)[-1]
        assert "▒▒ middle  ▓▓ high" in plain

    def test_a_legend_of_markers_ends_where_there_is_no_room_and_gives_way_to_a_small_plot(self) -> None:
        signs = [Sign("the first", "line", "●"), Sign("a second one", "line", "▲"), Sign("and one more", "line", "■")]
        plot = Plot([Series([0, 1], [0, 1])], legend=signs)
        assert rows(plot, 40, 12)[-1].strip() == "● the first  ▲ a second one"
        assert "first" not in "".join(rows(plot, 40, 7))


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

    @pytest.mark.parametrize(
        ("limits", "labels"),
        [
            ((0.1, 0.9), ["2", "5"]),
            ((math.log10(8) - 0.5, math.log10(8) + 0.5), ["5", "10", "20"]),
            ((-0.5, 0.5), ["0.5", "1", "2"]),
            ((-5.4, -4.1), ["5e-06", "1e-05", "2e-05", "5e-05"]),
            ((math.log10(1.01), math.log10(1.1)), ["1.02", "1.04", "1.06", "1.08", "1.1"]),
        ],
    )
    def test_are_round_numbers_where_a_logarithmic_axis_has_few_powers_of_ten(
        self, limits: tuple[float, float], labels: list[str]
    ) -> None:
        positions, found = ticks(limits, 6, log=True)
        assert found == labels
        assert positions == pytest.approx([math.log10(float(label)) for label in labels])

    @given(st.floats(-300, 299), st.floats(1e-3, 600), st.integers(2, 12))
    def test_of_a_logarithmic_axis_are_where_they_say_and_short(self, low: float, span: float, most: int) -> None:
        high = min(low + span, 300.0)
        positions, labels = ticks((low, high), most, log=True)
        assert 2 <= len(positions) <= 2.5 * most + 1
        for position, label in zip(positions, labels, strict=True):
            assert low <= position <= high
            assert math.log10(float(label)) == pytest.approx(position, abs=1e-6)

    @given(st.floats(-1e12, 1e12), st.floats(1e-3, 1e12), st.integers(2, 12), st.integers(16, 120))
    def test_stand_apart_when_they_have_to(self, low: float, span: float, most: int, cells: int) -> None:
        high = low + span
        if high - low < 1e-9 * max(abs(low), abs(high)):
            return
        positions, labels = ticks_that_fit((low, high), most, cells)
        taken = -math.inf
        for position, label in zip(positions, labels, strict=True):
            middle = (position - low) / (high - low) * (cells - 1)
            assert middle - len(label) / 2 > taken, "a free cell lies between two labels"
            taken = middle + len(label) / 2
        assert labels
        assert len(labels) >= 2 or len(ticks((low, high), 2)[1][0]) > cells / 4

    def test_of_a_diverged_run_stand_apart_too(self) -> None:
        assert ticks_that_fit((-3.4e9, 3.2e9), 12, 30)[1] == ["-2e+09", "0", "2e+09"]
        assert ticks_that_fit((-3.4e9, 3.2e9), 12, 100)[1] == [
            "-3e+09", "-2e+09", "-1e+09", "0", "1e+09", "2e+09", "3e+09",
        ]  # fmt: skip

    def test_at_the_very_end_of_an_axis_are_round_too(self) -> None:
        assert ticks((19.39, 1.5e201), 4)[1] == ["0", "5e+200", "1e+201", "1.5e+201"]


class TestPlotext:
    def test_where_it_cannot_be_loaded_a_sentence_says_so(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "plotext", None)
        drawn = draw(Plot([Series([1, 2], [1, 2])]), 60, 20).plain
        assert drawn.startswith("plots need plotext, which cannot be loaded here")

    def test_it_is_loaded_with_the_first_plot_and_not_before(self) -> None:
        result = run(["-c", (
            "import sys, gradwalk.tui.app, gradwalk.tui.screens.train\n"
            "from gradwalk.tui.plots.plot import Plot, Series\n"
            "from gradwalk.tui.plots.plotting import draw\n"
            "draw(Plot(), 60, 20)\n"
            "assert 'plotext' not in sys.modules\n"
            "draw(Plot([Series([1], [1])]), 60, 20)\n"
            "assert 'plotext' in sys.modules\n"
        )])  # fmt: skip
        assert (result.returncode, result.stderr) == (0, "")
