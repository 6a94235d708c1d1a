"""`GraphTree`: the computational graph as a tree of which only the rows in view are ever drawn."""

from __future__ import annotations

from collections.abc import Collection
from itertools import zip_longest
from typing import NamedTuple

from rich.segment import Segment
from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip

from ....engine.walk.trace import State, Trace
from ...widgets.text_view import TextView
from ...words.walk import Piece
from .layout import TreeLayout
from .row import TreeRow


class _Drawn(NamedTuple):
    """What a row was last drawn from, and what came of it."""

    pieces: list[Piece]
    selected: bool
    strip: Strip


class GraphTree(TextView):
    """The tree with the columns node, operation, value and gradient.

    It draws a `State`; the selection and what is folded are the only things it owns. Rows are patched one
    by one, so a step costs the few rows it changes.
    """

    DEFAULT_CSS = """
    GraphTree { scrollbar-gutter: stable; }
    """
    HELP = """\
The tree has the output at its root and the operands of each node below it. Columns: the node, its operation, \
its value, and its gradient (∂output/∂node). "?" is not known yet, "–" carries no gradient, and "0.5 (1/2)" is a \
gradient with 1 of its 2 contributions. A node that is used in several places expands once; "↗" marks the others. \
▶ is the node being written, ● the node its gradient comes from, heavy lines the edge in play; ▷ is a folded branch \
in which a node is being written, ◆ a breakpoint."""

    class Selected(Message):
        """A row was clicked; `again` says whether it was the selected one before."""

        def __init__(self, node: int, again: bool) -> None:
            super().__init__()
            self.node = node
            self.again = again

    def __init__(self, trace: Trace, rows: TreeLayout, id: str | None = None) -> None:
        super().__init__(id=id)
        self.rows = rows
        self._row = TreeRow(self.rows, trace.state(0))
        self.selected = 0
        self._selecting = False
        self._drawn: dict[int, _Drawn] = {}
        self._painted: list[Strip] = []

    @property
    def selected_node(self) -> int:
        """The graph node of the selected row."""
        return int(self.rows.node[self.selected])

    # ---- what is shown

    def show(self, state: State, breakpoints: Collection[int] = ()) -> None:
        """Draw another moment of the walk, and keep the step's row in view; mark the nodes with a breakpoint."""
        self._row = TreeRow(self.rows, state, breakpoints)
        if self.rows.open_for(self._row.in_play.row):
            self.selected = int(self.rows.visible[self.rows.position(self.selected)])
            self._resize_content()
        self._keep_in_view(max(self._row.in_play.row, 0))
        self._patch()

    def move_selection(self, rows: int) -> None:
        """Select the row so many rows further down (or up, if negative)."""
        visible = self.rows.visible
        position = self.rows.position(self.selected) + rows
        self.select(int(visible[max(0, min(position, len(visible) - 1))]))

    def select(self, row: int) -> None:
        """Select a row, opening what hides it and scrolling to it."""
        self.rows.reveal(row)
        self.selected = row
        self._selecting = True
        self._resize_content()
        position = self.rows.position(row)
        top, height = self.scroll_offset.y, self.size.height
        if not top <= position < top + height:
            self.scroll_to(y=position if position < top else position - height + 1, animate=False)
        self._patch()

    def follow_reference(self) -> None:
        """Select the place where the selected node expands."""
        self.select(int(self.rows.home[self.selected_node]))

    def toggle_fold(self) -> None:
        """Fold or unfold the selected branch."""
        self.rows.toggle_fold(self.selected)
        self._after_folding()

    def toggle_fold_all(self) -> None:
        """Fold every branch below the root, or unfold all if any is folded."""
        if self.rows.folded:
            self.rows.unfold_all()
        else:
            self.rows.fold_all()
        self._after_folding()

    @property
    def page(self) -> int:
        """How many rows are in view."""
        return max(1, self.size.height)

    # ---- Textual's side

    def on_mount(self) -> None:
        """Give the scroll bar its range."""
        self._resize_content()

    def on_resize(self) -> None:
        """Redraw for the new width, the step's row still in view."""
        self._drawn.clear()
        self._resize_content()
        self.show(self._row.state, self._row.breakpoints)

    def notify_style_update(self) -> None:
        """Follow a change of theme."""
        super().notify_style_update()
        self._drawn.clear()

    def on_click(self, event: events.Click) -> None:
        """Select the row under the mouse; a click on a branch's marker folds it."""
        position = event.y + self.scroll_offset.y
        if position >= len(self.rows.visible):
            return
        row = int(self.rows.visible[position])
        again = row == self.selected
        self.select(row)
        marker = self._row.marker_cell(row, self.scrollable_content_region.width)
        if self.rows.is_branch(row) and marker <= event.x < marker + 2:
            self.toggle_fold()
        else:
            self.post_message(self.Selected(self.selected_node, again))

    def render_line(self, y: int) -> Strip:
        """Draw one row in view."""
        position = y + self.scroll_offset.y
        width = self.scrollable_content_region.width
        if position >= len(self.rows.visible):
            return Strip.blank(width, self.own_style)
        row = int(self.rows.visible[position])
        drawn = self._drawn.get(row)
        return drawn.strip if drawn is not None else self._row_strip(row, width)

    # ---- keeping up

    def _patch(self) -> None:
        """Repaint the lines in view that show another row, or the same one with another look."""
        top, width = self.scroll_offset.y, self.scrollable_content_region.width
        in_view = self.rows.visible[top : top + self.size.height].tolist()
        before, self._painted = self._painted, [self._row_strip(row, width) for row in in_view]
        self._drawn = {row: self._drawn[row] for row in in_view}
        for y, (old, new) in enumerate(zip_longest(before, self._painted)):
            if old != new:
                self.refresh(Region(0, y, self.size.width, 1))

    def _after_folding(self) -> None:
        self.selected = int(self.rows.visible[self.rows.position(self.selected)])
        self._drawn.clear()
        self._resize_content()
        self.refresh()

    def _resize_content(self) -> None:
        self.set_content_height(len(self.rows.visible))

    def _keep_in_view(self, row: int) -> None:
        """Scroll by half pages, to a place that depends on the row alone: the way back looks like the way out."""
        height = self.size.height
        if not height:
            return
        half = max(1, height // 2)
        top = self.rows.position(row) // half * half - height // 4
        self.scroll_to(y=max(0, min(top, len(self.rows.visible) - height)), animate=False)

    def _row_strip(self, row: int, width: int) -> Strip:
        """Draw a row; the strip that it was last drawn as, where its pieces have not changed."""
        selected = row == self.selected and self._selecting
        pieces = self._row.pieces(row, width, selected=selected)
        drawn = self._drawn.get(row)
        if drawn is not None and drawn.pieces == pieces and drawn.selected == selected:
            return drawn.strip
        strip = Strip([Segment(text, self.named_style(style)) for text, style in pieces]).adjust_cell_length(width)
        strip = strip.apply_style(self.own_style + self.named_style("selected" if selected else ""))
        self._drawn[row] = _Drawn(pieces, selected, strip)
        return strip
