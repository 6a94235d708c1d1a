"""One row of the graph's tree as text pieces with style names: what stands where, and why it is marked."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size

from ....engine.language.step_key import StepKind
from ....engine.walk.trace import State
from ...words.lines import Piece
from ...words.walk import CHANGED, gradient_cell, value_cell
from .cells import fit_number, fit_pieces
from .labels import Labels
from .layout import TreeLayout

if TYPE_CHECKING:
    from ....engine.editing.change import Change

GUTTER = 2
"""Cells at the left of a row, for the marker of what is in play."""

MAX_GUIDE_LEVELS = 12
"""Levels of guide lines that are drawn at most; deeper rows say how deep they are instead of moving right."""

SPARE_LEVELS = 2
"""Levels below the row in play that are drawn too, where the first levels give way to it."""

LEAST_LABEL = 12
"""Cells that guide lines leave at least to what a row is about, in a tree too deep for them; and two thirds of all."""

LEAST_NAME = 6
"""Cells that are enough where no row has to say how deep it is: for the fold marker and a name."""


@dataclass(frozen=True, slots=True)
class Columns:
    """How many cells each column has: the label, the operation (0: not shown), the value and the gradient."""

    label: int
    op: int
    number: int

    @classmethod
    def of_width(cls, width: int, digits: int = 0, wanted: int = 0) -> Columns:
        """Share out a width: the numbers come first, then the label.

        The operation, which the label says too, is shown where the label keeps half of the width, and the `wanted`
        cells that the labels take. Numbers of so many `digits` get more room, but for two fifths of the width, which
        the label keeps.
        """
        number = 14 if width >= 70 else 11
        number = max(number, min(digits + 5, 3 * width // 10))
        label = width - 9 - 2 * number
        op = 9 if 2 * label >= width and label >= wanted else 0
        return cls(max(8, width - op - 2 * number), op, number)

    def guide_levels(self, deepest: int) -> int:
        """How many levels of guide lines are drawn: all, where they leave room for a name, or else fewer."""
        if deepest <= MAX_GUIDE_LEVELS and GUTTER + 2 * deepest + LEAST_NAME <= self.label:
            return deepest
        least = max(LEAST_LABEL, 2 * self.label // 3)
        return max(1, min(MAX_GUIDE_LEVELS, (self.label - GUTTER - least) // 2))


@dataclass(frozen=True, slots=True)
class InPlay:
    """What the step at the cursor touches.

    `active` is the node it writes, `row` that node's place in the step; -1 before the first step. The edges
    in play lead from the row `parent` to `child`, or to all its operands where `child` is -1 (forward).
    `consumer` is the node that a backward step's gradient comes from, else -1. Where `parent` is in a long sum, whose
    rows stand beside one another, `operands` are the rows of its operands in play.
    """

    active: int = -1
    row: int = -1
    parent: int = -1
    child: int = -1
    last_child: int = -1
    consumer: int = -1
    operands: tuple[int, ...] = ()

    @classmethod
    def of_state(cls, state: State, layout: TreeLayout) -> InPlay:
        """Find what the step just taken touches."""
        trace = state.trace
        if not state.cursor:
            return cls()
        key, node = trace.key(state.cursor), trace.node_of(state.cursor)
        if key.kind is StepKind.ALONG:
            child = layout.child(key.node, key.position)
            operands = (child,) if layout.in_sum(key.node) else ()
            return cls(node, child, int(layout.home[key.node]), child, child, key.node, operands)
        row = int(layout.home[node])
        if key.kind is StepKind.VALUE or (key.kind is StepKind.TANGENT and trace.graph.op(node)):
            count = len(trace.graph.operands_of(node)) if layout.in_sum(node) else 0
            operands = tuple(layout.child(node, place) for place in range(count))
            return cls(node, row, parent=row, last_child=layout.last_child(node), operands=operands)
        return cls(node, row)

    def has_edge_to(self, row: int, parent: int) -> bool:
        """Say whether the edge between two rows is in play."""
        if self.operands:
            return row in self.operands
        return parent == self.parent and parent >= 0 and self.child in (-1, row)


class TreeRow:
    """Draws the rows of one moment: a layout, a state, what is in play, and the nodes with a breakpoint.

    Numbers have so many significant `digits`, 0 for as they are read with ease. `labels` are those that the graph's
    rows have had before; `change` is the last edit, whose numbers are marked. What is in play is what `step` touches,
    which may be one that is not taken yet; without it, the step just taken.
    """

    def __init__(
        self,
        layout: TreeLayout,
        state: State,
        breakpoints: Collection[int] = (),
        digits: int = 0,
        labels: Labels | None = None,
        change: Change | None = None,
        step: int | None = None,
    ) -> None:
        self.change = change
        self.breakpoints = breakpoints
        self.digits = digits
        self.first_level = 0
        """So many levels at the left are not drawn, where the rows in view are too deep."""
        self._labels = labels or Labels(state.trace.graph, layout)
        self.deepest = layout.deepest
        self.layout = layout
        self.state = state
        self.graph = state.trace.graph
        in_play = state if step is None or step == state.cursor else state.trace.state(step)
        self.in_play = InPlay.of_state(in_play, layout)

    def pieces(self, row: int, width: int, *, selected: bool = False) -> list[Piece]:
        """Draw a row in `width` cells."""
        node = int(self.layout.node[row])
        columns = self._columns(width)
        levels = columns.guide_levels(self.deepest)
        pieces = [self._gutter(row, node, selected), *self.guides(row, levels), *self._label(row, node)]
        pieces = fit_pieces(pieces, columns.label - 1)
        pieces.append((" ", ""))
        if row in self.layout.headers:
            return [*pieces, (" " * (columns.op + 2 * columns.number), "")]
        if columns.op:
            op = self.graph.op(node)
            pieces.append((set_cell_size(op.symbol if op else "", columns.op), "label"))
        state, change = self.state, self.change
        cells = value_cell(state, node, self.digits), gradient_cell(state, node, self.digits)
        changed = False, False
        if change is not None:
            changed = change.shows_value(state, node), change.shows_gradient(state, node)
        for (text, style), has_changed in zip(cells, changed, strict=True):
            pieces.append((fit_number(text, columns.number - 1) + (CHANGED if has_changed else " "), style))
        return pieces

    def guides(self, row: int, levels: int) -> list[Piece]:
        """Draw the lines that lead to a row, `levels` at most: heavy from the parent down to the edge in play."""
        if int(self.layout.parent[row]) < 0:  # the output, or another node that nothing uses
            return []
        layout, play = self.layout, self.in_play
        depth = int(layout.depth[row])
        if depth <= self.first_level:
            return [(f"⋯{depth} ", "guide")]
        deep = f"⋯{depth} " if depth > self.first_level + levels else ""
        levels = levels if deep else min(levels, depth - self.first_level)
        levels = max(1, levels - (len(deep) + 1) // 2)
        parent, corner = int(layout.parent[row]), layout.is_last_child(row)
        passed_by = parent == play.parent and row < play.last_child
        if row not in layout.headers and play.has_edge_to(row, parent):
            aside = parent != play.parent  # a partial sum stands among its operands
            corners = "┕━" if aside else "┗━", "┣━" if passed_by else "┝━" if aside else "┡━"
            pieces: list[Piece] = [(corners[0] if corner else corners[1], "edge")]
        elif passed_by:
            pieces = [("┠─", "edge")]
        else:
            pieces = [("└─" if corner else "├─", "guide")]
        ancestor = parent
        while int(layout.parent[ancestor]) >= 0 and len(pieces) < levels:
            parent = int(layout.parent[ancestor])
            if layout.is_last_child(ancestor):
                pieces.append(("  ", "guide"))
            elif parent == play.parent and ancestor < play.last_child:
                pieces.append(("┃ ", "edge"))
            else:
                pieces.append(("│ ", "guide"))
            ancestor = parent
        if deep:
            pieces.append((deep, "guide"))
        return pieces[::-1]

    def look_at(self, rows: Sequence[int], width: int) -> None:
        """Leave out the first levels where the `rows` in view are too deep for the width, so that the one in play fits.

        Where that is not among them, the last one does.
        """
        if not rows:
            return
        levels = self._columns(width).guide_levels(self.deepest)
        depths = self.layout.depth[rows]
        deepest, active = int(depths.max()), self.in_play.row
        shown = int(self.layout.depth[active]) + SPARE_LEVELS if active in rows else int(depths[-1])
        self.first_level = 0 if deepest <= levels else max(0, min(deepest, shown) - levels)

    def marker_cell(self, row: int, width: int) -> int:
        """Return the cell at which a row's fold marker stands when it is drawn in `width` cells."""
        levels = self._columns(width).guide_levels(self.deepest)
        return GUTTER + sum(cell_len(text) for text, _ in self.guides(row, levels))

    def _columns(self, width: int) -> Columns:
        return Columns.of_width(width, self.digits, self.layout.label_cells)

    def _gutter(self, row: int, node: int, selected: bool) -> Piece:
        """Mark what is in play, and behind it, or in its place, the selected row: by more than its colour."""
        play, layout = self.in_play, self.layout
        behind = ">" if selected else " "
        if node == play.active and row in (play.row, int(layout.home[node])):
            return f"▶{behind}", "contribution"
        if node == play.consumer and row == play.parent:
            return f"●{behind}", "upstream"
        if self._hides_active(row):
            return f"▷{behind}", "contribution"
        if node in self.breakpoints and row not in layout.headers:
            return f"◆{behind}", "undefined"
        return f"{behind} ", "label"

    def _label(self, row: int, node: int) -> list[Piece]:
        layout, graph = self.layout, self.graph
        if row in layout.headers:
            title, _, shape = self._labels.header(row).partition(" · ")
            way = f" ▷ {self._way_to_active(row)}" if self._hides_active(row) else ""
            marker = "▾ " if layout.is_open(row) else "▸ "
            return [(marker, "label"), (title, "name"), (f" · {shape}", "label"), (way, "contribution")]
        name: Piece = (graph.label(node), "active" if node == self.in_play.active else "name")
        if layout.is_reference(row):
            return [("  ", ""), name, (" ↗", "label")]
        if graph.op(node) is None:
            return [("  ", ""), name]
        marker = "  " if not layout.is_branch(row) else "▾ " if layout.is_open(row) else "▸ "
        pieces: list[Piece] = [(marker, "label"), name]
        if self._hides_active(row):
            return [*pieces, (f" ▷ {self._way_to_active(row)}", "contribution")]
        return [*pieces, (f" = {self._labels.expression(node)}", "")]

    def _way_to_active(self, row: int) -> str:
        """Name what is in play in a folded branch, behind the nearest node with a name that it is in."""
        layout, active = self.layout, self.in_play.active
        name = self.graph.label(active)
        if active in self.graph.names or self.graph.op(active) is None:
            return name
        above = int(layout.parent[self.in_play.row])
        while above > row and int(layout.node[above]) not in self.graph.names:
            above = int(layout.parent[above])
        within = f"{self.graph.label(int(layout.node[above]))} ▷ " if above > row else ""
        return f"{within}{name} = {self._labels.expression(active)}"

    def _hides_active(self, row: int) -> bool:
        return not self.layout.is_open(row) and row < self.in_play.row < int(self.layout.end[row])
