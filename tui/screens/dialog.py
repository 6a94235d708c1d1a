"""`Dialog`: the base of what opens over a screen and goes away again."""

from __future__ import annotations

from typing import Any

from textual.await_complete import AwaitComplete
from textual.geometry import Region, Size
from textual.screen import ModalScreen, Screen, ScreenResultType
from textual.strip import Strip

from ..widgets.too_small import is_too_small
from .full_window import FullWindow


class FleetingScreen(FullWindow[ScreenResultType], ModalScreen[ScreenResultType]):
    """A screen that closes, unanswered, in a window below the least size: the screen under it says what is wrong.

    Keys that were pressed before it went may still reach it; they close nothing else.
    """

    def on_screen_resume(self) -> None:
        """Close again where there is no room to open."""
        self._close_where_too_small()

    def on_resize(self) -> None:
        """Close where there is no room any more."""
        self._close_where_too_small()

    def dismiss(self, result: ScreenResultType | None = None) -> AwaitComplete:
        """Close, once: a screen that is not on show any more stays as it is."""
        return super().dismiss(result) if self.is_current else AwaitComplete.nothing()

    def _close_where_too_small(self) -> None:
        if is_too_small(self.app.size):
            self.dismiss(None)


class Dialog(FleetingScreen[ScreenResultType]):
    """A box in the middle of the window; around it stands the screen that it was opened from, as it was then.

    That screen is not drawn again, in other colours, for each dialog, as Textual would: nearly all the time that
    opening one takes would go into it, and a terminal would be sent the whole window for a box.
    """

    DEFAULT_CSS = """
    Dialog { align: center middle; }
    Dialog > * { background: $surface; border: round $primary; }
    """

    _ground: list[Strip] | None = None
    _ground_size = Size(0, 0)
    """The size that the screen below had when it was drawn."""
    _first_size = Size(0, 0)

    def on_mount(self) -> None:
        """Draw the screen below anew when it is laid out for another size of the window."""
        below = self._below
        self._first_size = _painted_size(below)
        below.screen_layout_refresh_signal.subscribe(self, self._follow_size)

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draw what stands around the box; where the screen below has not the size of the window yet, in part."""
        size = _painted_size(self)
        if self._ground is None or self._ground_size != size:
            below = self._below
            self._ground_size = _painted_size(below)
            rows = below._compositor.render_strips()  # pyright: ignore[reportPrivateUsage]
            if self._ground_size != size:
                rows = [row.adjust_cell_length(size.width) for row in rows[: size.height]]
                rows += [Strip.blank(size.width)] * (size.height - len(rows))
            self._ground = rows
        return [strip.crop(crop.x, crop.right) for strip in self._ground[crop.y : crop.bottom]]

    @property
    def _below(self) -> Screen[Any]:
        stack = self.app.screen_stack
        return stack[stack.index(self) - 1]

    def _follow_size(self, below: Screen[Any]) -> None:
        if _painted_size(below) != self._first_size:
            self.call_after_refresh(self._draw_anew)

    def _draw_anew(self) -> None:
        self._ground = None
        self.refresh()


def _painted_size(screen: Screen[Any]) -> Size:
    """Return the size that a screen was laid out for; its own `size` is always that of the window."""
    return screen._compositor.size  # pyright: ignore[reportPrivateUsage]
