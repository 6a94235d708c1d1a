"""`TreeHeader`: the titles over the tree's columns."""

from __future__ import annotations

from rich.segment import Segment
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from .cells import fit_number
from .layout import TreeLayout
from .row import GUTTER, Columns


class TreeHeader(Widget):
    """One line; it takes its columns from the tree's own `Columns`."""

    DEFAULT_CSS = """
    TreeHeader { height: 1; padding-right: 1; text-style: dim; }
    """

    hidden_levels: reactive[int] = reactive(0)
    """So many levels are left out at the left of the rows below; the title says so."""

    def __init__(self, layout: TreeLayout) -> None:
        super().__init__()
        self._layout = layout
        self._digits = 0
        self._derivatives = "gradient"

    def show(self, digits: int, derivatives: str) -> None:
        """Draw the titles for numbers of so many digits; `derivatives` is the title of the last column."""
        if (digits, derivatives) != (self._digits, self._derivatives):
            self._digits, self._derivatives = digits, derivatives
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw the titles."""
        width = self.content_size.width
        columns = Columns.of_width(width, self._digits, self._layout.label_cells)
        node = f"⋯ {self.hidden_levels} levels left out · node" if self.hidden_levels else "node"
        titles = [(" " * GUTTER + node).ljust(columns.label)]
        if columns.op:
            titles.append("op".ljust(columns.op))
        titles += ["value ".rjust(columns.number), f"{fit_number(self._derivatives, columns.number - 1)} "]
        return Strip([Segment("".join(titles), self.rich_style)]).adjust_cell_length(width)
