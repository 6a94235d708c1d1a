"""`PannedView`: a view that the mouse moves, by dragging it and by the wheel."""

from __future__ import annotations

from dataclasses import dataclass

from textual import events

from ...widgets.text_view import TextView

WHEEL = 3
"""Rows, and half of the columns, that a notch of the wheel moves the view by."""


@dataclass(slots=True)
class _Drag:
    """Where the mouse was last, and whether it has moved since it went down."""

    x: int
    y: int
    moved: bool = False


class PannedView(TextView, can_focus=True, inherit_bindings=False):
    """Calls `pan` where the mouse moves the view, and `click` where a button came up without having moved it."""

    _drag: _Drag | None = None

    def pan(self, columns: int, rows: int) -> None:
        """Move the view."""
        raise NotImplementedError

    def click(self, x: int, y: int) -> None:
        """Answer a click at a place of the view."""
        raise NotImplementedError

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Take hold of the drawing."""
        self._drag = _Drag(event.screen_x, event.screen_y)
        self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Move the drawing with the mouse."""
        drag = self._drag
        if drag is not None:
            columns, rows = drag.x - event.screen_x, drag.y - event.screen_y
            if columns or rows:
                self._drag = _Drag(event.screen_x, event.screen_y, moved=True)
                self.pan(columns, rows)

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """Let go; where the mouse has not moved that was a click."""
        drag, self._drag = self._drag, None
        self.release_mouse()
        if drag is not None and not drag.moved:
            self.click(event.x, event.y)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Move the view down, with shift to the right."""
        self._wheel(event, 1)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Move the view up, with shift to the left."""
        self._wheel(event, -1)

    def on_mouse_scroll_right(self, event: events.MouseScrollRight) -> None:
        """Move the view to the right."""
        event.stop()
        self.pan(2 * WHEEL, 0)

    def on_mouse_scroll_left(self, event: events.MouseScrollLeft) -> None:
        """Move the view to the left."""
        event.stop()
        self.pan(-2 * WHEEL, 0)

    def _wheel(self, event: events.MouseEvent, turn: int) -> None:
        event.stop()
        if event.shift or event.ctrl:
            self.pan(2 * WHEEL * turn, 0)
        else:
            self.pan(0, WHEEL * turn)
