"""Screens are laid out for the size that the terminal has, however fast it changes."""

from __future__ import annotations

import pytest
from gradwalk.tui.lean_output import TerminalCopy
from rich.console import Console
from textual._compositor import CompositorUpdate
from textual.events import Resize
from textual.geometry import Size
from textual.screen import Screen

from .pilots import lines, opened

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


@pytest.mark.parametrize(
    ("before", "after"), [((60, 20), (100, 30)), pytest.param((100, 30), (61, 21), marks=pytest.mark.thorough)]
)
async def test_around_a_dialog_stands_the_screen_below_in_the_size_that_the_window_has_now(
    before: tuple[int, int], after: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    console = Console(force_terminal=True, color_system="truecolor")
    written: list[str] = []

    def write(copy: TerminalCopy, update: CompositorUpdate | None) -> None:
        if update is not None:
            written.append(update.render_segments(console))  # as it would be to a terminal, which the Pilot has not

    monkeypatch.setattr(TerminalCopy, "lean", write)
    async with opened("fabc", before) as pilot:
        below = pilot.app.screen
        await pilot.press("d")
        await pilot.pause()
        assert pilot.app.screen is not below
        written.clear()
        await pilot.resize_terminal(*after)
        for _ in range(3):
            await pilot.pause()
        assert written
        assert pilot.app.screen is not below
        assert lines(pilot)[0] == below._compositor.render_strips()[0].text.rstrip()
        assert len(lines(pilot)[0]) == after[0] - 1
