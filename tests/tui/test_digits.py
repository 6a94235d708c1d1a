"""A key shows the numbers of a walk with 4, 8 or 17 digits, everywhere and never silently cut."""

from __future__ import annotations

import re

import pytest
from textual.pilot import Pilot

from .pilots import lines, notices, opened, text

E = "2.7182818284590451"


def row_of(pilot: Pilot[None], name: str) -> list[str]:
    """The cells of a leaf's row in the tree."""
    return next(found[0].split() for line in lines(pilot) if (found := re.search(rf"[─━] +{name} [^│┃]*", line)))


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_each_press_shows_more_digits_and_the_last_one_as_before(size: tuple[int, int]) -> None:
    async with opened("fabc", size) as pilot:
        await pilot.press("end")
        for gradient in ("-0.04088", "-0.040875493", "-0.04087549346349359"):
            await pilot.press("D")
            assert gradient in text(pilot)
        assert notices(pilot)[-1] == "numbers with 17 significant digits"
        await pilot.press("D")
        assert "= -0.0409" in text(pilot)
        assert row_of(pilot, "b")[-2:] == ["2.7183", "-0.0409"]


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40), (200, 50)])
async def test_a_number_of_the_tree_is_whole_or_cut_with_a_sign_that_it_is(size: tuple[int, int]) -> None:
    async with opened("fabc", size) as pilot:
        await pilot.press("end", "D", "D", "D")
        value, gradient = row_of(pilot, "b")[-2:]
        for shown, whole in ((value, E), (gradient, "-0.04087549346349359")):
            assert shown == whole or (shown.endswith("…") and whole.startswith(shown[:-1])), shown
        if size[0] >= 80:
            assert len(value) > 12, "what room there is is used"


async def test_the_ranking_has_them_too() -> None:
    async with opened("fabc") as pilot:
        await pilot.press("end", "D", "D", "D", "s")
        assert "0.04087549346349359" in text(pilot)
