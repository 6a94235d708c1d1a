"""What has changed is painted, and nothing else is needed: a terminal that takes it shows what Textual would paint."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from gradwalk.engine.library import load
from gradwalk.tui.app import GradwalkApp
from gradwalk.tui.lean_output import TerminalCopy
from gradwalk.tui.partial_paint import PatchUpdate
from rich.cells import get_character_cell_size
from rich.style import Style
from textual._compositor import LayoutUpdate
from textual.app import App
from textual.strip import Strip

from .pilots import opened

Cell = tuple[str, Style | None]


def cells(strip: Strip) -> list[Cell]:
    """Return characters with their styles, as far as they are seen; the second cell of a wide one has no character."""
    return [
        (part, style)
        for text, style, _ in strip
        for character in text
        for part in (character, "")[: get_character_cell_size(character)]
    ]


class Painted:
    """The cells of a terminal that is sent updates."""

    def __init__(self) -> None:
        self.rows: list[list[Cell]] = []
        self.partly = 0

    def take(self, update: Any) -> None:
        if isinstance(update, LayoutUpdate):
            self.rows = [[cell for strip in strips for cell in cells(strip)] for strips in update.strips]
        elif isinstance(update, PatchUpdate):
            self.partly += 1
            for row, column, strip in update.patches:
                new = cells(strip)
                self.rows[row][column : column + len(new)] = new
        else:
            assert update is None


def in_whole(app: App[Any]) -> list[list[Cell]]:
    """Return the cells of what Textual paints in whole."""
    whole = app.screen._compositor.render_update(full=True, screen_stack=app._background_screens)
    assert isinstance(whole, LayoutUpdate)
    return [[cell for strip in strips for cell in cells(strip)] for strips in whole.strips]


KEYS = (
    "right", "right", "down", "o", "left", "o", "2", "3", "4", "right", "1", "v", "right", "left", "v", "z", "z",
    "question_mark", "escape", "slash", "b", "escape", "greater_than_sign", "less_than_sign", "x", "t",
)  # fmt: skip


@pytest.mark.parametrize("size", [pytest.param((80, 24), marks=pytest.mark.thorough), (120, 40)])
async def test_it_comes_to_what_is_painted_in_whole(size: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    painted = Painted()
    monkeypatch.setattr(TerminalCopy, "lean", lambda copy, update: painted.take(update))
    async with opened("logistic", size) as pilot:
        await pilot.press("right")  # all screens are painted by halves once they have been painted
        await pilot.pause()
        for key in KEYS:
            await pilot.press(key)
            await pilot.pause()
            for row, (shown, right) in enumerate(zip(painted.rows, in_whole(pilot.app), strict=True)):
                assert shown == right, (key, row)
    assert painted.partly > len(KEYS) / 2


async def test_a_notice_that_goes_leaves_no_half_of_a_character(monkeypatch: pytest.MonkeyPatch) -> None:
    painted = Painted()
    monkeypatch.setattr(TerminalCopy, "lean", lambda copy, update: painted.take(update))
    app = GradwalkApp(replace(load("fabc"), intro="梯度a" * 300))
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await pilot.press("right", "left")
        await pilot.pause()
        before = in_whole(app)
        app.notify("over characters of two cells", timeout=600)
        for _ in range(3):
            await pilot.pause()
        assert painted.rows != before
        app.clear_notifications()
        for _ in range(3):
            await pilot.pause()
        assert painted.rows == in_whole(app) == before
