"""The numbers of a step over the whole window: what they are, and that they are as large as they can be."""

from __future__ import annotations

import pytest
from gradwalk.engine.library import load
from gradwalk.engine.walk.trace import Trace
from gradwalk.tui.walk.large.drawing import SIZES, can_be_drawn, drawn, fitting
from gradwalk.tui.words.large import large_step
from gradwalk.tui.words.lines import plain
from gradwalk.tui.words.walk import step_lines
from hypothesis import given
from hypothesis import strategies as st
from textual.pilot import Pilot

from .pilots import WALKS, cursor, lines, opened, text, walk

NUMBERS = ["0", "1", "-0.1111", "2.7183", "-1.2345e-100", "1e+300", "nan", "-inf", "undefined", "-0.36787944117144233"]


def is_shown(pilot: Pilot[None], number: str) -> bool:
    """Say whether a number is drawn on the screen in blocks."""
    rows = "\n".join(lines(pilot))
    return any(all(row.strip() in rows for row in drawn(number, size) if row.strip()) for size in SIZES)


class TestDrawing:
    @pytest.mark.parametrize("number", NUMBERS)
    def test_a_number_can_be_drawn_and_takes_the_room_that_is_told(self, number: str) -> None:
        assert can_be_drawn(number)
        for size in SIZES:
            rows = drawn(number, size)
            assert {len(row) for row in rows} == {size.width(number)}
            assert len(rows) == size.height

    def test_no_two_characters_look_the_same(self) -> None:
        characters = "0123456789+-=≈.·()/?"
        for size in SIZES:
            assert len({tuple(drawn(character, size)) for character in characters}) == len(characters)

    @given(st.sampled_from(NUMBERS), st.integers(1, 200), st.integers(1, 50))
    def test_it_is_as_large_as_it_fits(self, number: str, width: int, height: int) -> None:
        size = fitting([number], width, height)
        larger = SIZES if size is None else SIZES[: SIZES.index(size)]
        assert all(each.width(number) > width or each.height > height for each in larger)
        if size is not None:
            assert size.width(number) <= width
            assert size.height <= height


class TestWords:
    @pytest.mark.parametrize("name", WALKS)
    @pytest.mark.parametrize("digits", [0, 8])
    def test_each_number_is_one_that_the_step_states_too_with_the_same_sign(self, name: str, digits: int) -> None:
        trace = Trace(load(name).graph)
        for step in range(1, trace.total + 1):
            stated = plain(step_lines(trace, step, digits))
            said = large_step(trace, step, digits)
            for number in said.numbers:
                assert number.number in stated
            last = said.numbers[-1]
            assert f"{last.sign} {last.number}" in stated

    def test_in_the_backward_pass_they_are_the_two_factors_and_their_product(self) -> None:
        trace = Trace(load("fabc").graph)
        numbers = large_step(trace, 9).numbers
        assert [(number.sign, number.number) for number in numbers] == [("", "1"), ("·", "-0.1111"), ("=", "-0.1111")]

    def test_in_forward_mode_it_is_the_tangent_by_its_name(self) -> None:
        graph = load("fabc").graph
        trace = Trace(graph, tangent_of=graph.find("a"))
        for step in range(trace.seed_step + 1, trace.total + 1):
            said, stated = large_step(trace, step), plain(step_lines(trace, step))
            (number,) = said.numbers
            assert said.above[0].plain.startswith(f"{number.name} = ")
            assert number.name in stated
            assert f"{number.sign} {number.number}" in stated


class TestTheScreen:
    @pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40)])
    async def test_the_numbers_of_the_step_fill_the_window_and_steps_go_on(self, size: tuple[int, int]) -> None:
        async with opened("fabc", size=size) as pilot:
            await pilot.press("g", "9", "enter", "Z")
            assert is_shown(pilot, "-0.1111")
            assert "∂f/∂c += ∂f/∂q · ∂q/∂c" in text(pilot)
            assert "gradient " not in lines(pilot)[2]
            await pilot.press("home", "right", "right")
            assert cursor(pilot) == 2
            assert is_shown(pilot, "3")
            assert "s = a + l" in text(pilot)
            await pilot.press("end")
            assert is_shown(pilot, "-0.0409")

    @pytest.mark.parametrize("key", ["Z", "escape"])
    async def test_it_is_left_and_the_walk_is_as_it_was(self, key: str) -> None:
        async with opened("fabc") as pilot:
            await pilot.press("right", "right", "down")
            before = lines(pilot)
            await pilot.press("Z", key)
            assert lines(pilot) == before
            await pilot.press("down")
            assert lines(pilot) != before, "the keys of the tree are back"

    async def test_an_input_that_is_slid_and_another_mode_are_followed(self) -> None:
        async with opened("fabc") as pilot:
            await pilot.press("right", "right", "Z")
            assert is_shown(pilot, "3")
            await pilot.press("greater_than_sign", "greater_than_sign")
            assert is_shown(pilot, "3.2"), "a went from 2 to 2.2"
            await pilot.press("F")
            await pilot.press("home", "right", "right")
            assert "forward mode for a" in text(pilot)
            assert "leads back" in text(pilot)

    async def test_before_the_first_step_it_says_which_key_leads_on(self) -> None:
        async with opened("fabc") as pilot:
            await pilot.press("Z")
            assert "Pen and paper" in lines(pilot)[2]
            assert "→ takes the first step" in text(pilot)

    @pytest.mark.thorough
    async def test_every_step_of_every_walk_can_be_shown(self) -> None:
        for name in ("xor", "ehg", "square"):
            async with opened(name) as pilot:
                if name == "xor":
                    await pilot.press("enter")
                    await pilot.pause()
                await pilot.press("Z")
                for place in range(0, walk(pilot).opened.trace.total, 17):
                    walk(pilot).moment = walk(pilot).moment.at(place)
                    await pilot.pause()
                    assert not any(line.endswith("█") and len(line) > 79 for line in lines(pilot))
                await pilot.press("end")
                assert "Z leads back" in text(pilot)
