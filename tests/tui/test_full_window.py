"""Screens are laid out for the size that the terminal has, however fast it changes."""

from __future__ import annotations

import pytest
from textual.events import Resize
from textual.geometry import Size
from textual.screen import Screen

from .pilots import opened

OLD, NEW = Size(3, 500), Size(100, 30)


@pytest.mark.parametrize("name", ["fabc", None])
async def test_a_size_that_is_told_again_when_the_terminal_has_another_changes_nothing(name: str | None) -> None:
    async with opened(name, (80, 24)) as pilot:
        screen = pilot.app.screen
        layouts = 0

        def note(shown: Screen[None]) -> None:
            nonlocal layouts
            layouts += 1
            if layouts > 20:
                pilot.app.exit()  # it would go on for ever

        screen.screen_layout_refresh_signal.subscribe(screen, note, immediate=True)
        pilot.app.post_message(Resize(NEW, NEW))
        for size in (OLD, NEW, OLD):  # as Textual does where a layout takes longer than the next change of size
            screen.post_message(Resize(size, size))
            screen.call_later(lambda: None)  # two that follow each other at once would be taken as one
        for _ in range(5):
            await pilot.pause()
        assert screen.size == NEW
        assert layouts <= 20
