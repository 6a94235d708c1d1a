"""`ArrayList`: the arrays of a walk, a row each, with their shapes and what is known of their numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Offset
from textual.message import Message
from textual.strip import Strip

from ...widgets.text_view import TextView
from ...words.array_rows import Columns, Wanted, header_pieces, row_pieces
from ...words.lines import Piece
from ..tree.cells import fit_pieces
from .moment import ArrayMoment


class ArrayListHeader(TextView):
    """The titles over the columns."""

    DEFAULT_CSS = "ArrayListHeader { height: 1; overflow-y: hidden; }"

    def __init__(self, wanted: Wanted) -> None:
        super().__init__()
        self._wanted = wanted

    def render_line(self, y: int) -> Strip:
        """Draw the titles."""
        width = self.size.width
        columns = Columns.of_width(width - 1, self._wanted)  # a scroll bar stands at the right of the rows
        segments = [Segment(text, self.named_style(style)) for text, style in header_pieces(columns)]
        return Strip(segments).adjust_cell_length(width).apply_style(self.own_style)


class ArrayList(TextView, can_focus=True, inherit_bindings=False):
    """Every array after those that it is made of; only the rows in view are ever drawn.

    It draws a moment, and posts which array was chosen.
    """

    HELP = """\
Each row is an array: its name and what it is made of, its shape, the least and the largest of its values, and of its \
gradient, which has the same shape. ▶ marks the array that the step wrote, ● the one that its gradient came from."""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "select(1)", "Down", tooltip="Select the array below", id="arrays.down", key_display="↓"),
        Binding("up,k", "select(-1)", "Up", tooltip="Select the array above", id="arrays.up", key_display="↑"),
        Binding("pagedown", "page(1)", "Page down", tooltip="Select an array a page further down",
                id="arrays.page-down"),
        Binding("pageup", "page(-1)", "Page up", tooltip="Select an array a page further up", id="arrays.page-up"),
    ]  # fmt: skip
    DEFAULT_CSS = "ArrayList { height: 1fr; scrollbar-gutter: stable; }"

    @dataclass
    class Chosen(Message):
        """An array was chosen, by its place; `again` says that it was selected before, and was clicked once more."""

        array: int
        again: bool = False

    def __init__(self, moment: ArrayMoment, id: str | None = None) -> None:
        super().__init__(id=id)
        self._moment = moment
        self.wanted = Wanted.by(moment.walk)

    def follow(self, moment: ArrayMoment) -> None:
        """Draw a moment, with the array in question in view."""
        self._moment = moment
        self._keep_in_view()
        self.refresh()

    # ---- keys and clicks

    def action_select(self, rows: int) -> None:
        """Select another array."""
        last = len(self._moment.walk.arrays) - 1
        self.post_message(self.Chosen(max(0, min(self._moment.array + rows, last))))

    def action_page(self, pages: int) -> None:
        """Select an array a page further."""
        self.action_select(pages * max(1, self.size.height))

    def on_click(self, event: events.Click) -> None:
        """Select the array under the mouse; a click on the selected one goes to the step that writes it."""
        row = event.y + self.scroll_offset.y
        if row < len(self._moment.walk.arrays):
            self.post_message(self.Chosen(row, again=row == self._moment.selected))

    # ---- drawing

    def on_mount(self) -> None:
        """Give the scroll bar its range."""
        self._keep_in_view()

    def on_resize(self) -> None:
        """Keep the array in question in view."""
        self._keep_in_view()

    def render_line(self, y: int) -> Strip:
        """Draw one row in view."""
        width = self.scrollable_content_region.width
        row = y + self.scroll_offset.y
        if row >= len(self._moment.walk.arrays):
            return Strip.blank(width, self.own_style)
        selected = row == self._moment.selected
        columns = Columns.of_width(width, self.wanted)
        moment = self._moment
        label: list[Piece]
        label, numbers = row_pieces(
            moment.state, moment.step_in_play, row, columns, moment.digits,
            selected=selected, hides_ahead=moment.hides_ahead,
        )  # fmt: skip
        pieces = [*fit_pieces(label, columns.label), *numbers]
        segments = [Segment(text, self.named_style(style)) for text, style in pieces]
        own = self.own_style + self.named_style("selected" if selected else "")
        return Strip(segments).adjust_cell_length(width).apply_style(own)

    def _keep_in_view(self) -> None:
        self.set_content_height(len(self._moment.walk.arrays))
        row, top, height = self._moment.array, self.scroll_offset.y, self.size.height
        if not height:
            return
        if self._moment.selected is None:  # a place that depends on the row alone: the way back looks like the way out
            half = max(1, height // 2)
            last = max(0, len(self._moment.walk.arrays) - height)
            self.scroll_to(y=max(0, min(row // half * half - height // 4, last)), animate=False)
        elif not top <= row < top + height:
            self.scroll_to(y=row if row < top else row - height + 1, animate=False)

    @property
    def cursor_cell(self) -> Offset | None:
        """The first cell of the row in question."""
        y = self._moment.array - self.scroll_offset.y
        return Offset(0, y) if 0 <= y < self.size.height else None
