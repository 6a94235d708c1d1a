"""`GraphTree`: the computational graph as a tree of which only the rows in view are ever drawn."""

from __future__ import annotations

from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from ...engine.graph import Graph
from ...engine.trace import Phase, State, Trace
from ..render import STYLES, gradient_cell, value_cell
from ..tree_layout import TreeLayout
from .lines import TEXT_CSS

GUTTER = 2
NARROW_CELL, WIDE_CELL = 11, 14
OP_CELL = 8
MAX_GUIDE_LEVELS = 12
"""Levels of guide lines that are drawn; deeper rows say how deep they are instead of moving right."""


@dataclass(frozen=True, slots=True)
class InPlay:
    """What the step at the cursor touches: the `active` node, and the rows of the edges in play.

    `parent` is the row of the consumer and `children` the rows of the operands along those edges.
    """

    active: int = -1
    consumer: int = -1
    parent: int = -1
    children: tuple[int, ...] = ()


class GraphTree(ScrollView, can_focus=False):
    """The tree with the columns node, operation, value and gradient.

    It draws a `State`; the selection is the only thing it owns. Rows are patched one by one, so a step
    costs the few rows it changes.
    """

    COMPONENT_CLASSES = {f"text--{name}" for name in STYLES} | {
        "tree--guide",
        "tree--edge",
        "tree--selected",
        "tree--active",
    }  # noqa: RUF012
    DEFAULT_CSS = (
        TEXT_CSS.format(name="GraphTree")
        + """
    GraphTree {
        overflow-x: hidden; overflow-y: auto;
        .tree--guide { text-style: dim; }
        .tree--edge { color: $warning; text-style: bold; }
        .tree--active { color: $warning; text-style: bold; }
        .tree--selected { background: $surface-lighten-2; text-style: underline; }
    }
    """
    )

    HELP = """\
The tree has the output at its root and the operands of each node below it. Columns: the node, its operation,
its value, and its gradient (∂output/∂node). "?" is not known yet, "–" carries no gradient, and "0.5 1/2" is a
gradient with 1 of its 2 contributions. A node that is used in several places expands once; "↗" marks the others.
▶ is the node being written, ● the node its gradient comes from, heavy lines the edge in play."""

    class Selected(Message):
        """A row was clicked; `again` says whether it was the selected one before."""

        def __init__(self, node: int, again: bool) -> None:
            super().__init__()
            self.node = node
            self.again = again

    def __init__(self, trace: Trace, id: str | None = None) -> None:
        super().__init__(id=id)
        self.graph: Graph = trace.graph
        self.layout_rows = TreeLayout(trace.graph)
        self.state = trace.state(0)
        self.in_play = InPlay()
        self.selected = 0
        self._drawn: dict[int, Strip] = {}

    @property
    def selected_node(self) -> int:
        """The graph node of the selected row."""
        return int(self.layout_rows.node[self.selected])

    # ---- what is shown

    def show(self, state: State) -> None:
        """Draw another moment of the walk, and keep the step's row in view."""
        self.state = state
        self.in_play = self._find_in_play(state)
        row = self.in_play.children[-1] if state.cursor > state.trace.seed_step else self.in_play.parent
        self._keep_in_view(max(row, 0))
        self._patch()

    def move_selection(self, rows: int) -> None:
        """Select the row so many rows further down (or up, if negative)."""
        visible = self.layout_rows.visible
        position = self.layout_rows.position(self.selected) + rows
        self.select(int(visible[max(0, min(position, len(visible) - 1))]))

    def select(self, row: int) -> None:
        """Select a row, opening what hides it and scrolling to it."""
        self.layout_rows.reveal(row)
        self.selected = row
        self._resize_content()
        position = self.layout_rows.position(row)
        top, height = self.scroll_offset.y, self.size.height
        if not top <= position < top + height:
            self.scroll_to(y=position if position < top else position - height + 1, animate=False)
        self._patch()

    def follow_reference(self) -> None:
        """Select the place where the selected node expands."""
        self.select(int(self.layout_rows.home[self.selected_node]))

    def toggle_fold(self) -> None:
        """Fold or unfold the selected branch."""
        self.layout_rows.toggle_fold(self.selected)
        self._after_folding()

    def toggle_fold_all(self) -> None:
        """Fold every branch below the root, or unfold all if any is folded."""
        if self.layout_rows.folded:
            self.layout_rows.unfold_all()
        else:
            self.layout_rows.fold_all()
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
        self.show(self.state)

    def notify_style_update(self) -> None:
        """Follow a change of theme."""
        super().notify_style_update()
        self._drawn.clear()

    def on_click(self, event: events.Click) -> None:
        """Select the row under the mouse; a click on a branch's marker folds it."""
        position = event.y + self.scroll_offset.y
        if position >= len(self.layout_rows.visible):
            return
        row = int(self.layout_rows.visible[position])
        again = row == self.selected
        self.select(row)
        marker = GUTTER + cell_len("".join(piece for piece, _ in self._guides(row)))
        if self.layout_rows.is_branch(row) and marker <= event.x < marker + 2:
            self.toggle_fold()
        else:
            self.post_message(self.Selected(self.selected_node, again))

    def render_line(self, y: int) -> Strip:
        """Draw one row in view."""
        position = y + self.scroll_offset.y
        width = self.scrollable_content_region.width
        if position >= len(self.layout_rows.visible):
            return Strip.blank(width, self.rich_style)
        row = int(self.layout_rows.visible[position])
        strip = self._row_strip(row, width)
        self._drawn[row] = strip
        return strip.apply_style(self.rich_style)

    # ---- keeping up

    def _patch(self) -> None:
        """Repaint the rows in view whose look has changed."""
        top, width = self.scroll_offset.y, self.scrollable_content_region.width
        in_view = self.layout_rows.visible[top : top + self.size.height].tolist()
        self._drawn = {row: self._drawn[row] for row in in_view if row in self._drawn}
        for y, row in enumerate(in_view):
            strip = self._row_strip(row, width)
            if self._drawn.get(row) != strip:
                self._drawn[row] = strip
                self.refresh(Region(0, y, self.size.width, 1))

    def _after_folding(self) -> None:
        self.selected = int(self.layout_rows.visible[self.layout_rows.position(self.selected)])
        self._resize_content()
        self.refresh()

    def _resize_content(self) -> None:
        size = Size(0, len(self.layout_rows.visible))
        if self.virtual_size != size:
            self.virtual_size = size

    def _keep_in_view(self, row: int) -> None:
        """Scroll by half pages, to a place that depends on the row alone: the way back looks like the way out."""
        height = self.size.height
        if not height:
            return
        half = max(1, height // 2)
        top = self.layout_rows.position(row) // half * half - height // 4
        self.scroll_to(y=max(0, min(top, len(self.layout_rows.visible) - height)), animate=False)

    def _find_in_play(self, state: State) -> InPlay:
        trace, home = state.trace, self.layout_rows.home
        if not state.cursor:
            return InPlay()
        phase = trace.phase(state.cursor)
        if phase is Phase.SEED:
            return InPlay(active=self.graph.output, parent=0)
        if phase is Phase.FORWARD:
            node = self.graph.leaf_count + state.cursor - 1
            parent = int(home[node])
            return InPlay(active=node, parent=parent, children=tuple(self.layout_rows.children(parent)))
        edge, consumer, position = trace.edge(state.cursor)
        parent = int(home[consumer])
        child = next(row for i, row in enumerate(self.layout_rows.children(parent)) if i == position)
        return InPlay(int(trace.passed.targets[edge]), consumer, parent, (child,))

    # ---- drawing a row

    def _style(self, name: str) -> Style:
        return self.get_component_rich_style(name, partial=True)

    def _row_strip(self, row: int, width: int) -> Strip:
        node = int(self.layout_rows.node[row])
        cell = WIDE_CELL if width >= 70 else NARROW_CELL
        op_cell = OP_CELL if width >= 44 else 0
        pieces = [self._gutter(row, node), *self._guides(row), *self._label(row, node)]
        label_width = max(8, width - op_cell - 2 * cell)
        segments = Segment.adjust_line_length([Segment(text, style) for text, style in pieces], label_width - 1)
        segments.append(Segment(" "))
        op = self.graph.op(node)
        if op_cell:
            segments.append(Segment(set_cell_size(op.symbol if op else "", op_cell), self._style("text--label")))
        for text, style in (value_cell(self.state, node), gradient_cell(self.state, node)):
            segments.append(
                Segment(set_cell_size(" " * (cell - 1 - cell_len(text)) + text, cell), self._style(f"text--{style}"))
            )
        strip = Strip(Segment.adjust_line_length(segments, width))
        return strip.apply_style(self._style("tree--selected")) if row == self.selected else strip

    def _gutter(self, row: int, node: int) -> tuple[str, Style]:
        play = self.in_play
        marker = ">" if row == self.selected else " "
        if node == play.active and (
            row == play.parent or row in play.children or row == int(self.layout_rows.home[node])
        ):
            return "▶ ", self._style("tree--active")
        if node == play.consumer and row == play.parent:
            return "● ", self._style("text--upstream")
        if play.active >= 0 and self._hides_active(row):
            return "▷ ", self._style("tree--active")
        return f"{marker} ", self._style("text--label")

    def _hides_active(self, row: int) -> bool:
        return row in self.layout_rows.folded and row < self._active_row < int(self.layout_rows.end[row])

    @property
    def _active_row(self) -> int:
        return self.in_play.children[-1] if self.in_play.consumer >= 0 else self.in_play.parent

    def _guides(self, row: int) -> list[tuple[str, Style]]:
        """Draw the lines that lead to a row: heavy from the parent down to the edge in play."""
        if row == 0:
            return []
        layout, play = self.layout_rows, self.in_play
        last_in_play = play.children[-1] if play.children else -1
        light, heavy = self._style("tree--guide"), self._style("tree--edge")
        in_play = row in play.children
        passed_by = int(layout.parent[row]) == play.parent and row < last_in_play
        corner = layout.is_last_child(row)
        if in_play:
            own = ("┗━" if corner else "┣━" if passed_by else "┡━", heavy)
        elif passed_by:
            own = ("┠─", heavy)
        else:
            own = ("└─" if corner else "├─", light)
        pieces = [own]
        ancestor = int(layout.parent[row])
        while int(layout.parent[ancestor]) >= 0 and len(pieces) < MAX_GUIDE_LEVELS:
            if layout.is_last_child(ancestor):
                pieces.append(("  ", light))
            elif int(layout.parent[ancestor]) == play.parent and ancestor < last_in_play:
                pieces.append(("┃ ", heavy))
            else:
                pieces.append(("│ ", light))
            ancestor = int(layout.parent[ancestor])
        if int(layout.parent[ancestor]) >= 0:
            pieces.append((f"⋯{int(layout.depth[row])} ", light))
        return pieces[::-1]

    def _label(self, row: int, node: int) -> list[tuple[str, Style]]:
        layout, graph = self.layout_rows, self.graph
        name = self._style("tree--active" if node == self.in_play.active else "text--name")
        plain, faint = Style(), self._style("text--label")
        if layout.is_reference(row) and graph.op(node) is not None:
            return [("  ", plain), (graph.label(node), name), (" ↗", faint)]
        if layout.is_reference(row):
            return [("  ", plain), (graph.label(node), name), (" ↗", faint)]
        if graph.op(node) is None:
            return [("  ", plain), (graph.label(node), name)]
        marker = "▸ " if row in layout.folded else "▾ "
        return [(marker, faint), (graph.label(node), name), (f" = {graph.expression(node)}", plain)]
