"""`TreeLayout`: the graph as rows of a tree, in flat arrays, without a widget.

The output is the root and a node's operands stand below it. A node used in several places expands where
a reader from the top meets it first; every other place is a reference to that row.
"""

from __future__ import annotations

import functools
from array import array
from collections.abc import Callable, Iterable

import numpy as np

from ....engine.arrays import Indices as Rows
from ....engine.graph.graph import Graph

_REPORT_EVERY = 1 << 16


class TreeLayout:
    """All rows in reading order, and which of them are in sight.

    `node[r]` is the graph node of row r, `parent[r]` the row above it in the tree (-1 for the root),
    `end[r]` the row after its last descendant, `depth[r]` how many ancestors it has. `home[v]` is the row
    where node v expands, `edge_row[i]` the row of the operand `graph.operands[i]`. `visible` lists the rows
    that no folded branch hides.

    `folded` are the branches that are folded, `gathered` those among them that nobody has folded by hand: these
    open by themselves while a row in them is in play (`open_for`) and close behind it.
    """

    def __init__(self, graph: Graph, report: Callable[[float], None] = lambda done: None) -> None:
        """Lay out a graph; `report` is told from time to time which part of it is done, and may raise to stop."""
        row_count = len(graph.operands) + 1
        self.node, self.parent, self.depth, self.end = (np.empty(row_count, dtype=np.int32) for _ in range(4))
        self.home: Rows = np.full(len(graph), -1, dtype=np.int32)
        self.edge_row: Rows = np.empty(len(graph.operands), dtype=np.int32)
        self._edge_offsets = graph.operand_offsets
        self._walk_down(graph, report)
        self.folded: set[int] = set()
        self.gathered: set[int] = set()
        self._open_for = -1
        self._find_visible()

    def _walk_down(self, graph: Graph, report: Callable[[float], None]) -> None:
        """Number the rows in the order in which a reader meets them; a stack of edges stands for recursion."""
        offsets, operands = array("i", graph.operand_offsets.tobytes()), array("i", graph.operands.tobytes())
        node, parent, depth, end, home, edge_row = (
            column.data for column in (self.node, self.parent, self.depth, self.end, self.home, self.edge_row)
        )
        above = array("i", [-1])
        """The rows from the root down to the one whose operands are being numbered."""
        edges = array("i", [-1])
        at_depth = array("i", [0])
        row = 0
        while edges:
            edge, level = edges.pop(), at_depth.pop()
            current = graph.output if edge < 0 else operands[edge]
            while len(above) > level + 1:
                end[above.pop()] = row
            node[row], parent[row], depth[row] = current, above[-1], level
            if edge >= 0:
                edge_row[edge] = row
            first, last = offsets[current], offsets[current + 1]
            if home[current] < 0:
                home[current] = row
                if last > first:
                    edges.extend(range(last - 1, first - 1, -1))
                    at_depth.extend([level + 1] * (last - first))
                    above.append(row)
                else:
                    end[row] = row + 1
            else:
                end[row] = row + 1
            row += 1
            if not row % _REPORT_EVERY:
                report(row / len(node))
        while len(above) > 1:
            end[above.pop()] = row

    def __len__(self) -> int:
        return len(self.node)

    def is_reference(self, row: int) -> bool:
        """Say whether the row only refers to the place where its node expands."""
        return int(self.home[self.node[row]]) != row

    def is_branch(self, row: int) -> bool:
        """Say whether the row has rows below it."""
        return int(self.end[row]) > row + 1

    def child(self, node: int, position: int) -> int:
        """Return the row of a node's operand, where the node expands."""
        return int(self.edge_row[int(self._edge_offsets[node]) + position])

    def last_child(self, node: int) -> int:
        """Return the row of a node's last operand; -1 for a leaf."""
        first, end = int(self._edge_offsets[node]), int(self._edge_offsets[node + 1])
        return int(self.edge_row[end - 1]) if end > first else -1

    def is_last_child(self, row: int) -> bool:
        """Say whether no operand of the same node follows."""
        parent = int(self.parent[row])
        return parent < 0 or int(self.end[row]) == int(self.end[parent])

    def toggle_fold(self, row: int) -> None:
        """Fold an open branch or open a folded one; a row without rows below it stays as it is."""
        if self.is_branch(row):
            self.folded = self.folded | {row} if self.is_open(row) else self.folded - {row}
            self.gathered -= {row}
            self._find_visible()

    def fold_all(self) -> None:
        """Fold every branch below the root."""
        rows = np.arange(len(self), dtype=np.int32)
        self.folded, self.gathered = set(rows[(self.end > rows + 1) & (rows > 0)].tolist()), set()
        self._find_visible()

    def gather_operands(self, nodes: Iterable[int], *, opening: bool) -> None:
        """Fold every operand of these nodes into one line each; with `opening`, while nothing in it is in play."""
        offsets = self._edge_offsets
        rows = [self.edge_row[offsets[node] : offsets[node + 1]] for node in nodes]
        if rows:
            operands = np.concatenate(rows)
            branches = set(operands[self.end[operands] > operands + 1].tolist())
            self.folded |= branches
            self.gathered |= branches if opening else set()
            self._find_visible()

    def unfold_all(self) -> None:
        """Open every branch."""
        self.folded, self.gathered = set(), set()
        self._find_visible()

    def is_open(self, row: int) -> bool:
        """Say whether the rows below a branch are shown."""
        return row not in self.folded or (row in self.gathered and row <= self._open_for < int(self.end[row]))

    def open_for(self, row: int) -> bool:
        """Open the gathered branches around a row (-1: none) and close others; return whether that changed the rows."""
        before = self._opened
        self._open_for = row
        self._opened = self._gathered_around(row)
        if np.array_equal(before, self._opened):
            return False
        self._show_opened()
        return True

    def reveal(self, row: int) -> None:
        """Open every branch that hides the row."""
        folded = self._folded_rows
        hiding = folded[(folded < row) & (row < self.end[folded])]
        if len(hiding):
            self.folded -= set(hiding.tolist())
            self.gathered -= set(hiding.tolist())
            self._find_visible()

    @functools.cached_property
    def deepest(self) -> int:
        """The largest of the depths."""
        return int(self.depth.max())

    def position(self, row: int) -> int:
        """Return the place in `visible` of a row, or of the folded ancestor that hides it."""
        return int(np.searchsorted(self.visible, np.int32(row), side="right")) - 1

    def _find_visible(self) -> None:
        """Find the rows in sight, after branches were folded or opened by hand."""
        self._folded_rows = _sorted(self.folded)
        self._gathered_rows = _sorted(self.gathered)
        self._opened = self._gathered_around(self._open_for)
        self._at_rest = self._unhidden(0, len(self), self._folded_rows)
        self._show_opened()

    def _gathered_around(self, row: int) -> Rows:
        gathered = self._gathered_rows
        return gathered[(gathered <= row) & (row < self.end[gathered])]

    def _show_opened(self) -> None:
        """Put the rows of the branches that are open for a while between those in sight at rest."""
        self.visible = self._at_rest
        if len(self._opened):
            branch = int(self._opened[0])
            first, end = branch + 1, int(self.end[branch])
            inside = self._folded_rows[
                np.searchsorted(self._folded_rows, first) : np.searchsorted(self._folded_rows, end)
            ]
            rows = self._unhidden(first, end, np.setdiff1d(inside, self._opened))
            place = int(np.searchsorted(self._at_rest, np.int32(branch))) + 1
            self.visible = np.concatenate([self._at_rest[:place], rows, self._at_rest[place:]])

    def _unhidden(self, first: int, end: int, folded: Rows) -> Rows:
        """Return the rows from `first` to `end` that none of these folded branches hides."""
        change = np.zeros(end - first + 1, dtype=np.int32)
        np.add.at(change, folded + 1 - first, 1)
        np.add.at(change, self.end[folded] - first, -1)
        return (np.flatnonzero(np.cumsum(change[:-1]) == 0) + first).astype(np.int32)


def _sorted(rows: set[int]) -> Rows:
    return np.sort(np.fromiter(rows, dtype=np.int32, count=len(rows)))
