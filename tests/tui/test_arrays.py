"""A walk of arrays on the screen: its steps, its tables, the way to single numbers and back, and its questions."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from gradwalk.engine.errors import GradwalkError
from gradwalk.engine.library import load
from gradwalk.tui.app import GradwalkApp
from gradwalk.tui.cli import main
from gradwalk.tui.start import Start
from gradwalk.tui.walked import Walk
from gradwalk.tui.words.array_grid import Grid, Window, window
from hypothesis import given
from hypothesis import strategies as st

from .arrays import arrays, arrays_opened, by_hand, network, numbers
from .pilots import lines, notices, opened, text, walk

Compare = Callable[..., bool]

FUNCTION = """
import numpy as np
X, Y, W1, b1, W2 = {arrays}

def loss(W1, b1, W2):
    H = np.tanh(X @ W1 + b1)
    return np.mean((H @ W2 - Y) ** 2)
"""


class TestWalking:
    @pytest.mark.thorough
    async def test_every_screen_on_the_way_back_is_the_one_on_the_way_out(self) -> None:
        async with arrays_opened() as pilot:
            out = [text(pilot)]
            for _ in range(arrays(pilot).moment.walk.total):
                await pilot.press("right")
                out.append(text(pilot))
            assert len(set(out)) == len(out)
            for expected in out[-2::-1]:
                await pilot.press("left")
                assert text(pilot) == expected

    async def test_a_step_says_its_rule_its_shapes_and_why_the_factor_is_transposed(self) -> None:
        async with arrays_opened(size=(100, 40)) as pilot:
            await pilot.press("g", *"W2", "enter")
            shown = re.sub(r"\s+", " ", text(pilot))
            assert "(3, 1) = (3, 4) · (4, 1)" in shown
            assert "is the only one with the shape of W2, (3, 1)" in shown
            assert (
                arrays(pilot).moment.cursor
                == arrays(pilot).moment.walk.gradient_steps(
                    next(array.place for array in arrays(pilot).moment.walk.arrays if array.label == "W2")
                )[-1]
            )

    @pytest.mark.thorough
    @pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40)])
    async def test_the_end_names_what_was_found_at_every_size(self, size: tuple[int, int]) -> None:
        async with arrays_opened(size=size) as pilot:
            await pilot.press("end", *["J"] * 20)
            assert "The walk is complete" in text(pilot)
            assert len(lines(pilot)) == size[1]

    async def test_a_walk_of_single_numbers_says_that_there_are_no_arrays(self) -> None:
        async with opened("fabc") as pilot:
            await pilot.press("V")
            assert "Nothing here was made as arrays" in notices(pilot)[-1]
            assert walk(pilot).moment.cursor == 0


class TestTheWayToSingleNumbersAndBack:
    async def test_an_entry_opens_at_the_step_that_writes_it_and_the_same_key_leads_back(self) -> None:
        async with arrays_opened() as pilot:
            await pilot.press("g", *"W1", "enter", "tab", "down", "right", "right")
            before = arrays(pilot).moment
            await pilot.press("enter")
            moment = walk(pilot).moment
            assert moment.trace.graph.label(moment.node) == "W1[1,2]"
            step = moment.trace.step(moment.cursor)
            assert step.name == "W1[1,2]"
            assert step.value == pytest.approx(by_hand(numbers())["W1"][1, 2])
            await pilot.press("V")
            assert arrays(pilot).moment == before
            assert "W1[1,2]" in text(pilot)

    @pytest.mark.thorough
    async def test_the_arrays_follow_where_the_walk_of_single_numbers_has_gone_on_to(self) -> None:
        async with arrays_opened() as pilot:
            await pilot.press("right", "V")
            walk(pilot).moment = walk(pilot).moment.at(walk(pilot).moment.trace.seed_step)
            await pilot.press("V")
            assert arrays(pilot).moment.cursor == arrays(pilot).moment.walk.seed_step

    @pytest.mark.thorough
    async def test_an_entry_that_was_given_is_selected_where_the_walk_stands(self) -> None:
        async with arrays_opened() as pilot:
            await pilot.press("right", "e", "tab", "down", "enter")
            moment = walk(pilot).moment
            assert moment.node < moment.trace.graph.leaf_count
            assert moment.trace.values.item(moment.node) == numbers()["X"][1, 0]


class TestTheTable:
    @pytest.mark.thorough
    async def test_what_does_not_fit_is_said_and_keys_bring_it_into_view(self) -> None:
        async with arrays_opened(network(9, 12, 14)) as pilot:
            await pilot.press("right")
            assert re.search(r"of 9 rows, \d+ of 14 columns", text(pilot))
            await pilot.press("tab", *["down"] * 8, *["right"] * 13)
            given = numbers(9, 12, 14)
            last = (given["X"] @ given["W1"])[8, 13]
            assert re.search(rf"> *{last:.4f}", text(pilot))

    @pytest.mark.thorough
    async def test_the_mouse_chooses_a_table_an_entry_and_an_array(self) -> None:
        async with arrays_opened() as pilot:
            await pilot.press("right")
            shown = lines(pilot)
            y = next(row for row, each in enumerate(shown) if re.match(r"\s+T1 +X? *", each) and "─" in each)
            second = shown[y].split()[1]
            await pilot.click(offset=(shown[y].index(f" {second} ") + 1, y))
            assert arrays(pilot).panes.entries.entries is not None
            assert arrays(pilot).panes.entries.entries.tab == second
            top = pilot.app.screen.query_one("ArrayList").scroll_offset.y
            await pilot.click("ArrayList", offset=(4, 1))
            assert arrays(pilot).moment.selected == top + 1
            assert arrays(pilot).panes.entries.entries.symbol == arrays(pilot).moment.walk.arrays[top + 1].label
            await pilot.click("PositionBar", offset=(78, 0))
            assert arrays(pilot).moment.at_end

    @given(st.lists(st.integers(1, 4), max_size=4), st.data())
    def test_every_entry_has_one_place_in_the_grid(self, shape: list[int], data: st.DataObject) -> None:
        grid = Grid(tuple(shape))
        assert grid.rows * grid.columns == np.prod(shape, dtype=int)
        place = data.draw(st.integers(0, grid.rows - 1)), data.draw(st.integers(0, grid.columns - 1))
        assert grid.place(grid.index(place)) == place
        flat = np.arange(grid.rows * grid.columns).reshape(shape)
        assert flat[grid.index(place)] == place[0] * grid.columns + place[1]

    @given(st.integers(1, 30), st.integers(1, 30), st.integers(1, 40), st.integers(1, 40), st.data())
    def test_the_entry_in_question_is_always_in_view(
        self, rows: int, columns: int, height: int, width: int, data: st.DataObject
    ) -> None:
        seen: Window | None = None
        for _ in range(4):
            place = data.draw(st.integers(0, rows - 1)), data.draw(st.integers(0, columns - 1))
            seen = window(Grid((rows, columns)), height, width, seen, place)
            assert place[0] in seen.rows and place[1] in seen.columns
            assert len(seen.rows) == min(rows, height) and len(seen.columns) == min(columns, width)
            assert seen.rows.stop <= rows and seen.columns.stop <= columns


class TestPredicting:
    @pytest.mark.thorough
    async def test_a_shape_is_asked_for_before_it_is_shown(self) -> None:
        async with arrays_opened(start=Start(arrays=True, predict="step")) as pilot:
            await pilot.press("right")
            assert "What is the shape of T1" in text(pilot)
            assert "(4, 3)" not in text(pilot)
            await pilot.press("escape", "down")
            assert arrays(pilot).panes.entries.entries is None or arrays(pilot).panes.entries.entries.shape != (4, 3)
            await pilot.press("right")
            await pilot.press(*"4,3", "enter")
            assert "Right: (4, 3)" in text(pilot)
            assert arrays(pilot).moment.cursor == 1

    async def test_a_wrong_transpose_is_explained_and_the_right_rule_shows_the_step(self) -> None:
        async with arrays_opened() as pilot:
            await pilot.press("g", *"W2", "enter", "left", "P", "right")
            asked = arrays(pilot).moment
            assert asked.is_asked
            consumer = asked.walk.consumer_of(asked.step_in_play)
            assert consumer is not None
            name = asked.walk.arrays[consumer[0].operands[0]].label
            arrays(pilot).predict_mode.box.field.value = f"{name} @ G"
            await pilot.press("enter")
            assert "There is no such product" in text(pilot)
            assert arrays(pilot).moment.is_asked
            arrays(pilot).predict_mode.box.field.value = f"{name}.T @ G"
            await pilot.press("enter")
            assert "✓ Right" in text(pilot) and "→ goes on" in text(pilot)
            assert arrays(pilot).moment.cursor == asked.step_in_play

    @pytest.mark.thorough
    async def test_a_question_that_was_left_waits_with_what_was_said(self) -> None:
        async with arrays_opened() as pilot:
            await pilot.press("P", "right", *"(9, 9)", "enter", "escape", "right")
            assert "That is not it" in text(pilot)
            await pilot.press("ctrl+n")
            assert "skipped" in text(pilot)


class TestWithoutAScreen:
    def test_the_gradients_that_are_printed_are_those_of_the_chain_rule_by_hand(self, tmp_path: Path) -> None:
        given = numbers()
        written = ", ".join(f"np.array({given[name].tolist()})" for name in ("X", "Y", "W1", "b1", "W2"))
        model = tmp_path / "model.py"
        model.write_text(FUNCTION.format(arrays=written))
        result = CliRunner().invoke(main, ["open", f"{model}:loss", "--trace", "--arrays", "--digits", "17"])
        assert result.exit_code == 0, result.output
        for name, expected in by_hand(given).items():
            block = result.output.split(f"\n  ∂loss/∂{name} {expected.shape}\n")[-1].split("\n\n")[0]
            rows = [row.split() for row in block.split("\n") if row.strip()]
            found = [[float(number) for number in row[expected.ndim - 1 :]] for row in rows]
            np.testing.assert_allclose(np.reshape(found, expected.shape), expected, rtol=1e-12)

    def test_from_python_the_arrays_are_printed_where_there_is_no_terminal(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        walked = Walk(network())
        walked.show(arrays=True)
        assert capsys.readouterr().out.rstrip() == walked.to_text(arrays=True).rstrip()
        assert "array step 1 of" in walked.to_text(arrays=True)

    def test_from_python_a_walk_without_arrays_says_so(self) -> None:
        with pytest.raises(GradwalkError, match=r"^Nothing here was made as arrays"):
            Walk(load("fabc")).show(arrays=True)

    def test_how_the_gradients_compare_is_said_before_the_first_step_of_arrays_too(self) -> None:
        compared = Walk(replace(network(), summary="Its gradients are those of jax.grad."))
        start = compared.to_text(arrays=True).partition("forward")[0]
        assert "Its gradients are those of jax.grad." in start

    def test_a_scenario_without_arrays_is_refused_in_one_sentence(self) -> None:
        result = CliRunner().invoke(main, ["trace", "fabc", "--arrays"])
        assert result.exit_code == 2
        assert "nothing here was made as arrays" in result.output


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
def test_a_backward_step(snap_compare, size: tuple[int, int]) -> None:

    app = GradwalkApp(
        network(),
        start=Start(
            arrays=True,
        ),
        theme="dark",
    )
    app.places.prepare()
    assert snap_compare(app, press=["g", *"W1", "enter", "tab", "right"], terminal_size=size)
