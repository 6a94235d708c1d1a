"""`TreeRow`: what stands in a row, and how it says what is in play."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest
from gradwalk.engine.library import load
from gradwalk.engine.reading.arguments import from_expression
from gradwalk.engine.rules.number_text import format_number
from gradwalk.engine.scalar import Scalar
from gradwalk.engine.walk.trace import Trace
from gradwalk.tui.walk.tree.cells import fit_number
from gradwalk.tui.walk.tree.layout import TreeLayout
from gradwalk.tui.walk.tree.row import GUTTER, MAX_GUIDE_LEVELS, Columns, TreeRow
from gradwalk.tui.words.lines import STYLES
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from .pilots import WALKS


def rows_at(what: str, cursor: int, width: int = 64, **values: str) -> list[str]:
    trace = Trace((from_expression(what, values) if values else load(what)).graph)
    row = TreeRow(TreeLayout(trace.graph), trace.state(cursor))
    return ["".join(text for text, _ in row.pieces(number, width)) for number in range(len(row.layout))]


def cells(row: str) -> list[str]:
    return row.split()[-2:]


class TestColumns:
    @pytest.mark.parametrize("width", [30, 43, 44, 60, 69, 70, 100, 200])
    @pytest.mark.parametrize("name", WALKS)
    def test_every_row_fills_its_width_exactly_at_every_moment(self, name: str, width: int) -> None:
        trace = Trace(load(name).graph)
        layout = TreeLayout(trace.graph)
        for cursor in range(trace.total + 1):
            row = TreeRow(layout, trace.state(cursor))
            for number in range(len(layout)):
                pieces = row.pieces(number, width)
                assert sum(cell_len(text) for text, _ in pieces) == width
                assert {style for _, style in pieces} <= {*STYLES, ""}

    def test_a_narrow_row_gives_up_the_operation_and_keeps_the_numbers(self) -> None:
        assert Columns.of_width(61).op == 0
        assert Columns.of_width(62).op > 0
        assert "0.6667" in rows_at("fabc", 13, width=36)[0]

    @pytest.mark.parametrize("width", range(36, 120))
    def test_the_label_has_half_of_the_room_where_the_numbers_leave_it(self, width: int) -> None:
        columns = Columns.of_width(width)
        assert 2 * columns.label >= width or columns.op == 0
        assert columns.label - GUTTER - 2 * columns.guide_levels(99) >= min(12, columns.label - 4)
        if width >= 55:
            assert 2 * columns.label >= width
            assert 2 * (columns.label - 2 * columns.guide_levels(99)) >= columns.label

    def test_a_label_that_is_too_long_ends_in_an_ellipsis(self) -> None:
        assert "…" in rows_at("sin(first_long_name) + cos(second_long_name)", 0, width=32,
                              first_long_name="1", second_long_name="2")[0]  # fmt: skip


class TestWhatIsKnown:
    def test_before_its_turn_a_number_is_unknown_and_never_zero(self) -> None:
        for row in rows_at("fabc", 0):
            value, gradient = cells(row)
            assert gradient == "?"
            assert value == "?" or row.split()[-3] in "abc"

    def test_inputs_are_known_from_the_start(self) -> None:
        assert cells(rows_at("fabc", 0)[3]) == ["2", "?"]

    def test_values_come_forward_and_gradients_backward(self) -> None:
        assert cells(rows_at("fabc", 5)[0]) == ["0.6667", "?"]
        assert cells(rows_at("fabc", 6)[0]) == ["0.6667", "1"]
        assert cells(rows_at("fabc", 13)[5]) == ["2.7183", "-0.0409"]

    def test_a_constant_carries_no_gradient(self) -> None:
        assert cells(rows_at("square", 11)[-1]) == ["1", "–"]

    def test_a_gradient_with_missing_contributions_says_how_many_have_come(self) -> None:
        shared = [row for row in rows_at("square", 10) if " b " in row]
        assert len(shared) == 2
        assert all("60 (1/2)" in row for row in shared)
        assert all(row.rstrip().endswith(" 120") for row in rows_at("square", 11) if " b " in row)

    def test_what_does_not_exist_is_called_undefined(self) -> None:
        rows = rows_at("ln(x - 3) + y", 8, x="2", y="1")
        assert cells(rows[0]) == ["undefined", "undefined"]
        assert cells(rows[-1]) == ["1", "undefined"]


def shown_number(cell: str) -> tuple[Fraction, Fraction]:
    """Return the least and the largest size that a cell can stand for: `-1.2…e-5` is one from 1.2e-5 up to 1.3e-5."""
    mantissa, _, exponent = cell.strip().removesuffix(" …").partition("e")
    digits = mantissa.rstrip("…")
    unit = Fraction(1, 10 ** len(digits.partition(".")[2])) if digits != mantissa else Fraction(0)
    scale = Fraction(10) ** int(exponent or 0)
    return abs(Fraction(digits)) * scale, (abs(Fraction(digits)) + unit) * scale


class TestNumbersThatAreTooLong:
    @given(st.floats(allow_nan=False, allow_infinity=False), st.integers(0, 12), st.integers(8, 16))
    def test_what_is_left_out_is_marked_and_sign_and_size_are_never_lost(
        self, value: float, count: int, width: int
    ) -> None:
        number = format_number(value)
        text = f"{number} ({count}/{count + 1})" if count else number
        cell = fit_number(text, width)
        assert cell_len(cell) == width
        assert (cell.strip() == text) == (len(text) <= width)
        assert ("…" in cell) == (len(text) > width)
        least, most = shown_number(re.sub(r" \(.*\)", "", cell))
        assert least <= abs(Fraction(number)) <= most
        assert cell.strip().startswith("-") == number.startswith("-")

    @pytest.mark.parametrize("width", [40, 58])
    def test_a_sum_of_large_gradients_keeps_all_digits_of_its_number_where_the_row_is_narrow(self, width: int) -> None:
        rows = rows_at("(0 - 600000)*x + (0 - 600000)*x", 9, width=width, x="1")
        assert any(row.rstrip().endswith("-600000 …") for row in rows)
        assert not any("(1" in row for row in rows)

    def test_where_there_is_room_the_contributions_are_counted(self) -> None:
        rows = rows_at("(0 - 600000)*x + (0 - 600000)*x", 9, width=78, x="1")
        assert any("-600000 (1/2)" in row for row in rows)


class TestWhatIsInPlay:
    def test_nothing_is_at_the_start(self) -> None:
        assert not any(mark in "".join(rows_at("fabc", 0)) for mark in "▶●┏┃┗┣━")

    def test_a_forward_step_marks_its_node_and_the_edges_from_its_operands(self) -> None:
        rows = rows_at("fabc", 2)
        assert [row[0] for row in rows] == [" ", " ", "▶", " ", " ", " ", " ", " "]
        assert "┣━" in rows[3]
        assert "┗━" in rows[4]
        assert "┗━" not in rows[5]

    def test_the_seed_marks_the_output_alone(self) -> None:
        rows = rows_at("fabc", 6)
        assert rows[0].startswith("▶")
        assert not any(mark in row for row in rows for mark in "●┃┗┣━")

    def test_a_backward_step_marks_its_node_the_consumer_and_the_one_edge_between(self) -> None:
        rows = rows_at("fabc", 8)
        assert [row[0] for row in rows] == ["●", " ", " ", " ", " ", " ", "▶", " "]
        assert "┠─" in rows[1]
        assert all("┃" in row for row in rows[2:6])
        assert "┗━" in rows[6]
        assert "━" not in rows[7]

    def test_a_step_over_a_reference_marks_the_reference_and_the_place_where_it_expands(self) -> None:
        rows = rows_at("square", 11)
        marked = [row for row in rows if row.startswith("▶")]
        assert len(marked) == 2
        assert [("↗" in row) for row in marked] == [False, True]
        assert "┗━" in marked[1]

    def test_of_a_consumer_that_stands_in_several_places_the_one_with_the_edge_in_play_is_marked(self) -> None:
        power = Scalar(1.0, "x").exp()
        graph = (power * Scalar(2.0, "y") + power).graph()
        trace = Trace(graph)
        shared = next(node for node in range(len(graph)) if graph.operands.tolist().count(node) == 2)
        step = trace.gradient_steps(graph.find("x"))[0]
        assert trace.step(step).factor is not None
        assert trace.step(step).factor.consumer == shared  # type: ignore[union-attr]
        layout = TreeLayout(graph)
        marks = {
            row: "".join(text for text, _ in TreeRow(layout, trace.state(step)).pieces(row, 60))[0]
            for row in range(len(layout))
            if layout.node[row] == shared
        }
        assert [marks[row] for row in sorted(marks, key=layout.is_reference)] == ["●", " "]

    def test_in_a_long_sum_a_partial_sum_and_its_two_operands_are_marked_where_they_stand(self) -> None:
        names = [f"x{k}" for k in range(8)]
        trace = Trace(from_expression(" + ".join(names), dict.fromkeys(names, "1")).graph)
        row = TreeRow(TreeLayout(trace.graph), trace.state(3))
        drawn = ["".join(text for text, _ in row.pieces(number, 60)) for number in range(len(row.layout))]
        assert drawn[0].startswith("  ▾ f = 8 terms: x0 + x1 + x2 + … +")
        (active,) = (number for number, line in enumerate(drawn) if line.startswith("▶"))
        assert [line.split()[0][:2] for line in drawn[active - 2 : active]] == ["┝━", "┝━"]
        assert [line.split()[1] for line in drawn[active - 2 : active]] == ["t2", "x3"]
        assert "t3 = t2 + x3" in drawn[active]
        assert sum("━" in line for line in drawn) == 2
        back = TreeRow(row.layout, trace.state(trace.seed_step + 1))
        lines = ["".join(text for text, _ in back.pieces(number, 60)) for number in range(len(row.layout))]
        assert lines[0].startswith("●")
        assert sum("━" in line for line in lines) == 1

    def test_a_folded_branch_shows_that_the_step_is_inside(self) -> None:
        trace = Trace(load("fabc").graph)
        layout = TreeLayout(trace.graph)
        layout.toggle_fold(1)
        folded = "".join(text for text, _ in TreeRow(layout, trace.state(1)).pieces(1, 60))
        assert folded.startswith("▷")
        assert "▸" in folded

    def test_the_selection_has_a_mark_of_its_own_beside_that_of_the_step(self) -> None:
        trace = Trace(load("fabc").graph)
        row = TreeRow(TreeLayout(trace.graph), trace.state(1))
        assert row.pieces(0, 60, selected=True)[0][0] == "> "
        assert row.pieces(4, 60, selected=True)[0][0] == "▶>", "behind the mark of the step"
        assert row.pieces(4, 60)[0][0] == "▶ "


def test_a_deep_row_says_how_deep_it_is_instead_of_moving_out_of_sight() -> None:
    node = Scalar(1.0, "x")
    for _ in range(50):
        node = node.tanh()
    trace = Trace(node.graph())
    row = TreeRow(TreeLayout(trace.graph), trace.state(0))
    drawn = "".join(text for text, _ in row.pieces(50, 80))
    assert "⋯50" in drawn
    assert drawn.index("x") <= 2 * MAX_GUIDE_LEVELS + 10
    assert row.marker_cell(3, 80) == 2 + 2 * 3
