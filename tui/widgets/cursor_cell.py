"""Where the terminal's own cursor stands: braille displays and screen readers follow it."""

from __future__ import annotations

from typing import Any, Protocol

from textual.geometry import Offset
from textual.screen import Screen


class CursorCell(Protocol):
    """A widget that says at which of its cells the terminal's own cursor belongs while it has the keys."""

    @property
    def cursor_cell(self) -> Offset | None:
        """The cell, counted from the widget's own corner; None where it is not in view."""
        ...


def cursor_cell(screen: Screen[Any]) -> Offset | None:
    """Return the cell of the terminal where its cursor belongs on a screen; None where nothing says so.

    In a field that is typed into that is where the next character goes; in a graph, the row in play.
    """
    focused = screen.focused
    typing: Offset | None = getattr(focused, "cursor_screen_offset", None)
    if typing is not None:
        return typing
    cell: Offset | None = getattr(focused, "cursor_cell", None)  # what a `CursorCell` has
    if focused is None or cell is None:
        return None
    return focused.region.offset + cell if cell in focused.region.reset_offset else None
