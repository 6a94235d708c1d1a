"""`PickList`: lines of which one is chosen, such as the steps of a wrong backward pass."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rich.segment import Segment
from textual import events
from textual.geometry import Offset
from textual.message import Message
from textual.strip import Strip

from ..widgets.text_view import TextView
from ..words.lines import Line


class PickList(TextView, can_focus=True, inherit_bindings=False):
    """Some lines, one of them selected; keys are the screen's business. The terminal's cursor stands on it."""

    @dataclass(eq=False)
    class Clicked(Message):
        """The row at a place was clicked; `again` says that it was the selected one before."""

        picked: PickList
        place: int
        again: bool

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self.selected = 0
        self._draw: Callable[[int], Sequence[Line]] = lambda width: ()
        self._lines: Sequence[Line] = ()
        self._count = 0
        self._width = 0

    def show(self, draw: Callable[[int], Sequence[Line]], count: int, selected: int = 0) -> None:
        """Show `count` lines, drawn for a width."""
        self._draw, self._count, self._width = draw, count, 0
        self.styles.height = max(1, count)
        self.set_content_height(count)
        self.select(selected)

    def select(self, place: int) -> None:
        """Select a line, or the nearest that there is, and bring it into view."""
        self.selected = max(0, min(place, self._count - 1))
        top, height = self.scroll_offset.y, self.size.height
        if height and not top <= self.selected < top + height:
            self.scroll_to(y=max(0, self.selected - height // 2), animate=False)
        self.refresh()

    @property
    def cursor_cell(self) -> Offset | None:
        """The row that is selected, for the terminal's own cursor."""
        return Offset(0, self.selected - self.scroll_offset.y)

    def render_line(self, y: int) -> Strip:
        """Draw one row in view."""
        width = self.scrollable_content_region.width
        if width != self._width:
            self._width, self._lines = width, self._draw(width)
        row = y + self.scroll_offset.y
        if row >= len(self._lines):
            return Strip.blank(width, self.own_style)
        marker = Segment("> " if row == self.selected else "  ")
        segments = [Segment(part, self.named_style(style)) for part, style in self._lines[row].styled if part]
        strip = Strip([marker, *segments]).adjust_cell_length(width)
        return strip.apply_style(self.own_style + self.named_style("selected" if row == self.selected else ""))

    def on_resize(self) -> None:
        """Give the scroll bar its range."""
        self.set_content_height(self._count)
        self.select(self.selected)

    def notify_style_update(self) -> None:
        """Follow a change of theme."""
        super().notify_style_update()
        self._width = 0

    def on_click(self, event: events.Click) -> None:
        """Select the row under the mouse."""
        row = event.y + self.scroll_offset.y
        if row < self._count:
            again = row == self.selected
            self.select(row)
            self.post_message(self.Clicked(self, row, again))
