"""The terminal's own cursor: on the row in play, in a field where something is typed."""

from __future__ import annotations

from gradwalk.tui.widgets.cursor_cell import cursor_cell

from .pilots import lines, opened
from .pseudo_terminal import GRADWALK, PseudoTerminal


def test_a_terminal_has_its_cursor_on_the_row_of_each_step_in_the_tree_and_in_the_circuit() -> None:
    with PseudoTerminal(GRADWALK, "fabc") as terminal:
        terminal.wait_for("node")
        for step in range(1, 14):
            terminal.press("right")
            terminal.wait_for(f"step {step} of 13")
            terminal.wait_for(lambda: "▶" in terminal.lines[terminal.screen.cursor.y])
        terminal.press("v")
        terminal.wait_for("nodes · full")
        for step in range(12, 9, -1):
            terminal.press("left")
            terminal.wait_for(f"step {step} of 13")
            terminal.wait_for(lambda: terminal.lines[terminal.screen.cursor.y][terminal.screen.cursor.x] == "▶")
        terminal.press("/")
        terminal.wait_for("find")
        terminal.press("ab")
        terminal.wait_for(
            lambda: terminal.lines[terminal.screen.cursor.y][: terminal.screen.cursor.x].rstrip().endswith(" ab")
        )


async def test_the_row_that_is_chosen_and_the_branch_that_hides_the_step_have_it_too() -> None:
    async with opened("fabc") as pilot:

        def row() -> str:
            place = cursor_cell(pilot.app.screen)
            assert place is not None
            return lines(pilot)[place.y]

        await pilot.press("right", "right")
        assert row().startswith("▶")
        await pilot.press("down", "down")
        assert row().startswith((" >", "▶>", "●>"))
        await pilot.press("home", *["up"] * 8, "down", "o", "right")
        assert "▷" in row()
