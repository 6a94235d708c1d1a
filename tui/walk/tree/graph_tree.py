"""`GraphTree`: the computational graph as a tree of which only the rows in view are ever drawn."""

from __future__ import annotations

from itertools import zip_longest
from typing import NamedTuple

from rich.segment import Segment
from textual import events
from textual.binding import Binding
from textual.geometry import Offset, Region
from textual.reactive import var
from textual.strip import Strip

from ....engine.walk.trace import Trace
from ...widgets.text_view import TextView
from ...words.lines import Piece
from ..graph_view import NodeChosen
from ..moment import Moment
from .labels import Labels
from .layout import TreeLayout
from .row import TreeRow


class _Drawn(NamedTuple):
    """What a row was last drawn from, and what came of it."""

    pieces: list[Piece]
    selected: bool
    strip: Strip


class GraphTree(TextView, can_focus=True, inherit_bindings=False):
    """The tree with the columns node, operation, value and gradient.

    It draws a `Moment`; what is folded, and which row of the selected node is meant, are the only things it owns. Rows
    are patched one by one, so a step costs the few rows it changes.
    """

    LINES_ARE_WHOLE = True

    DEFAULT_CSS = """
    GraphTree { scrollbar-gutter: stable; }
    """
    HELP = """\
The tree has the output at its root and the operands of each node below it. Columns: the node, its operation, \
its value, and its gradient (∂output/∂node). "?" is not known yet, "–" carries no gradient, and "0.5 (1/2)" is a \
gradient with 1 of its 2 contributions. A node that is used in several places expands once; "↗" marks the others. \
An operand without a name is written out in the row that uses it, and has its own name, such as t17, in a row below. \
A long sum, and a neuron, is one line, which opens into its terms and, after each, the sum up to there; what was made \
as an array is one line, such as "h · 3×2 entries", which opens into the arrays that it is made of and its entries. \
▶ is the node being written, ● the node its gradient comes from, heavy lines the edge in play; ▷ is a folded branch \
in which a node is being written, ◆ a breakpoint, Δ a number that is another one since the last edit."""

    # fmt: off
    BINDINGS = [  # noqa: RUF012 - Textual's own convention
        Binding("down,j", "select(1)", "Down", tooltip="Select the row below", id="walk.down", key_display="↓"),
        Binding("up,k", "select(-1)", "Up", tooltip="Select the row above", id="walk.up", key_display="↑"),
        Binding("pagedown", "select_page(1)", "Page down", tooltip="Select a row a page further down",
                id="walk.page-down"),
        Binding("pageup", "select_page(-1)", "Page up", tooltip="Select a row a page further up", id="walk.page-up"),
        Binding("o", "toggle_fold", "Fold", tooltip="Fold or unfold the selected branch", id="walk.fold"),
        Binding("O", "toggle_fold_all", "Fold all", tooltip="Fold all branches, or unfold all",
                id="walk.fold-all", key_display="O"),
        Binding("r", "follow_reference", "Follow ↗", tooltip="From a ↗ row, go to the row where its node expands",
                id="walk.follow"),
    ]
    # fmt: on

    chosen: var[NodeChosen | None] = var(None, init=False, always_update=True)

    hidden_levels: var[int] = var(0, init=False)
    """So many levels are left out at the left, since the rows in view are too deep."""

    def __init__(self, trace: Trace, layout: TreeLayout, id: str | None = None) -> None:
        super().__init__(id=id)
        self.rows = layout
        self._moment = Moment(trace)
        self._labels = Labels(trace.graph, layout)
        self._row = TreeRow(layout, self._moment.state, labels=self._labels)
        self.selected = 0
        """The row of the selected node that is meant; the root before any was selected. It may be hidden."""
        self._mark = -1
        """The row that is drawn as the selected one; -1 where there is none."""
        self._pointed = 0
        """The row that was written or chosen last, where the terminal's own cursor is."""
        self._drawn: dict[int, _Drawn] = {}
        self._painted: list[Strip] = []

    # ---- what is shown

    def show(self, moment: Moment) -> None:
        """Draw a moment, with the row in view that has changed: the step's, or the one of a node that was chosen.

        A node that has several rows keeps the one that was selected; where it was selected elsewhere, it is the row
        where it expands. What is folded stays so, and marked in place of what it hides, until a node is chosen in it.
        """
        before, self._moment = self._moment, moment
        if moment.trace.graph is not before.trace.graph:
            self._labels = Labels(moment.trace.graph, self.rows)
        step = moment.step_in_play
        self._row = TreeRow(
            self.rows, moment.state, moment.breakpoints, moment.digits, self._labels, moment.change, step
        )
        if step != before.step_in_play or moment.trace is not before.trace:
            self._follow_step()
        chosen = moment.selected
        if chosen is not None and (chosen != before.selected or chosen != self.rows.node[self.selected]):
            self._go_to(self.selected if chosen == self.rows.node[self.selected] else int(self.rows.home[chosen]))
        self._patch()

    @property
    def marked(self) -> int:
        """The selected row, or the shut branch that hides it."""
        hiding = self.rows.sight.hiding(self.selected)
        return hiding if hiding >= 0 else self.selected

    def action_select(self, rows: int) -> None:
        """Select the row so many rows further down (or up, if negative)."""
        self._choose(self.rows.sight.row(self.rows.sight.position(self.selected) + rows))

    def action_select_page(self, pages: int) -> None:
        """Select a row a page further down, or up."""
        self.action_select(pages * max(1, self.size.height))

    def action_follow_reference(self) -> None:
        """Select the place where the selected node expands."""
        self._choose(int(self.rows.home[self.rows.node[self.marked]]))

    def action_toggle_fold(self) -> None:
        """Fold or unfold the selected branch."""
        self.rows.toggle_fold(self.marked)
        self._after_folding()

    def action_toggle_fold_all(self) -> None:
        """Fold every branch below the root, or unfold all if any is folded."""
        if self.rows.folded.any():
            self.rows.unfold_all()
        else:
            self.rows.fold_all()
        self._after_folding()

    # ---- Textual's side

    def on_mount(self) -> None:
        """Give the scroll bar its range."""
        self._resize_content()

    def on_resize(self) -> None:
        """Redraw for the new width, the step's row still in view."""
        self._drawn.clear()
        self._follow_step()
        self._patch()

    def notify_style_update(self) -> None:
        """Follow a change of theme."""
        super().notify_style_update()
        self._drawn.clear()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Follow what comes into view: deep rows are drawn without the levels that all of them share."""
        super().watch_scroll_y(old_value, new_value)
        if self._look_at(self._rows_in_view()):
            self._drawn.clear()
            self.refresh()

    def on_click(self, event: events.Click) -> None:
        """Select the row under the mouse; a click on a branch's marker folds it."""
        position = event.y + self.scroll_offset.y
        if position >= len(self.rows.sight):
            return
        row = self.rows.sight.row(position)
        marker = self._row.marker_cell(row, self.scrollable_content_region.width)
        if self.rows.is_branch(row) and marker <= event.x < marker + 2:
            self._choose(row)
            self.action_toggle_fold()
        else:
            self._choose(row, again=int(self.rows.node[row]) == self._moment.selected and row == self.selected)

    def render_line(self, y: int) -> Strip:
        """Draw one row in view."""
        position = y + self.scroll_offset.y
        width = self.line_width
        if position >= len(self.rows.sight):
            return Strip.blank(width, self.whole_style(""))
        row = self.rows.sight.row(position)
        drawn = self._drawn.get(row)
        return drawn.strip if drawn is not None else self._row_strip(row, width)

    @property
    def cursor_cell(self) -> Offset | None:
        """The first cell of the row that was written or chosen last, or of the shut branch that hides it."""
        y = self.rows.sight.position(self._pointed) - self.scroll_offset.y
        return Offset(0, y) if 0 <= y < self.size.height else None

    # ---- keeping up

    def _choose(self, row: int, *, again: bool = False) -> None:
        """Select a row, and say which node that is."""
        self._go_to(row)
        before = self._moment
        self.chosen = NodeChosen(int(self.rows.node[row]), again)
        if self._moment is before:  # the same node, at another row
            self._patch()

    def _go_to(self, row: int) -> None:
        """Select a row, opening what hides it and scrolling to it."""
        self.rows.reveal(row)
        self.selected = self._pointed = row
        self._resize_content()
        position = self.rows.sight.position(row)
        top, height = self.scroll_offset.y, self.size.height
        if not top <= position < top + height:
            self.scroll_to(y=position if position < top else position - height + 1, animate=False)

    def _follow_step(self) -> None:
        """Open what the step's row is gathered in, and keep the row in view."""
        row = self._row.in_play.row
        self._pointed = max(row, 0)
        self.rows.open_for(row)
        self._resize_content()
        self._keep_in_view(max(row, 0))

    def _patch(self) -> None:
        """Repaint the lines in view that show another row, or the same one with another look."""
        width = self.scrollable_content_region.width
        in_view = self._rows_in_view()
        self._look_at(in_view)
        self._mark = self.marked if self._moment.selected is not None else -1
        before, self._painted = self._painted, [self._row_strip(row, width) for row in in_view]
        self._drawn = {row: self._drawn[row] for row in in_view}
        changed = [
            Region(0, y, width, 1) for y, (old, new) in enumerate(zip_longest(before, self._painted)) if old != new
        ]
        if changed:
            self.refresh(*changed)

    def _look_at(self, rows: list[int]) -> bool:
        """Leave out levels where the rows are too deep; return whether that changed how rows are drawn."""
        before = self.hidden_levels
        self._row.look_at(rows, self.scrollable_content_region.width)
        self.hidden_levels = self._row.first_level
        return self.hidden_levels != before

    def _rows_in_view(self) -> list[int]:
        top = self.scroll_offset.y
        return self.rows.sight.rows(top, top + self.size.height).tolist()

    def _after_folding(self) -> None:
        self._resize_content()
        self._patch()

    def _resize_content(self) -> None:
        self.set_content_height(len(self.rows.sight))

    def _keep_in_view(self, row: int) -> None:
        """Scroll by half pages, to a place that depends on the row alone: the way back looks like the way out."""
        height = self.size.height
        if not height:
            return
        half = max(1, height // 2)
        top = self.rows.sight.position(row) // half * half - height // 4
        self.scroll_to(y=max(0, min(top, len(self.rows.sight) - height)), animate=False)

    def _row_strip(self, row: int, width: int) -> Strip:
        """Draw a row; the strip that it was last drawn as, where its pieces have not changed."""
        selected = row == self._mark
        pieces = self._row.pieces(row, width, selected=selected)
        drawn = self._drawn.get(row)
        if drawn is not None and drawn.pieces == pieces and drawn.selected == selected:
            return drawn.strip
        under = "selected" if selected else ""
        segments = [Segment(text, self.whole_style(style, under)) for text, style in pieces]
        strip = Strip(segments).adjust_cell_length(width, self.whole_style("", under))
        self._drawn[row] = _Drawn(pieces, selected, strip)
        return strip
