"""`TreeHeader`: the titles over the tree's columns."""

from __future__ import annotations

from rich.segment import Segment
from textual.strip import Strip
from textual.widget import Widget

from .row import GUTTER, Columns


class TreeHeader(Widget):
    """One line; it takes its columns from the tree's own `Columns`."""

    DEFAULT_CSS = """
    TreeHeader { height: 1; padding-right: 1; text-style: dim; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._digits = 0

    def show(self, digits: int) -> None:
        """Draw the titles for numbers of so many digits."""
        if digits != self._digits:
            self._digits = digits
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw the titles."""
        width = self.content_size.width
        columns = Columns.of_width(width, self._digits)
        titles = [(" " * GUTTER + "node").ljust(columns.label)]
        if columns.op:
            titles.append("op".ljust(columns.op))
        titles += ["value ".rjust(columns.number), "gradient ".rjust(columns.number)]
        return Strip([Segment("".join(titles), self.rich_style)]).adjust_cell_length(width)
