"""What has changed is painted, and nothing else is needed: a terminal that takes it shows what Textual would paint."""

from __future__ import annotations

from typing import Any

import pytest
from gradwalk.tui.lean_output import TerminalCopy
from gradwalk.tui.partial_paint import PatchUpdate
from rich.style import Style
from textual._compositor import LayoutUpdate
from textual.strip import Strip

from .pilots import opened

Cell = tuple[str, Style | None]


def cells(strip: Strip) -> list[Cell]:
    """Return characters with their styles, as far as they are seen."""
    return [(character, style) for text, style, _ in strip for character in text]


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
            app = pilot.app
            whole = app.screen._compositor.render_update(full=True, screen_stack=app._background_screens)
            assert isinstance(whole, LayoutUpdate)
            expected = [[cell for strip in strips for cell in cells(strip)] for strips in whole.strips]
            for row, (shown, right) in enumerate(zip(painted.rows, expected, strict=True)):
                assert shown == right, (key, row)
    assert painted.partly > len(KEYS) / 2
