"""`TreeLayout`: the graph as rows of a tree, in flat arrays, without a widget.

The output is the root and a node's operands stand below it. A node used in several places expands where
a reader from the top meets it first; every other place is a reference to that row. A long chain of unnamed additions
is no staircase: its terms stand below its top addition, one beside the other, each followed by the sum up to there;
those of a neuron's sum stand so below the activation, which makes the neuron's value of the whole sum.
"""

from __future__ import annotations

import functools
from array import array
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import numpy as np

from ....engine.arrays import Flags
from ....engine.arrays import Indices as Rows
from ....engine.graph.graph import SHOWN_OPERANDS, Graph
from .sight import Sight
from .sums import Sums

if TYPE_CHECKING:
    from .array_rows import ArrayRows

SHORT_TERMS = 12
"""Neurons of so many terms all together stay open, each a few rows of its own."""

_REPORT_EVERY = 1 << 16
_NO_ROWS: Rows = np.empty(0, dtype=np.int32)


class TreeLayout:
    """All rows in reading order, and which of them are in sight.

    `node[r]` is the graph node of row r, `parent[r]` the row above it in the tree (-1 for a root),
    `end[r]` the row after its last descendant, `depth[r]` how many ancestors it has. `home[v]` is the row
    where node v expands, `edge_row[i]` the row of the operand `graph.operands[i]`. `sight` knows the rows
    that no folded branch hides.

    With `arrays`, what was made together as an array is one line too; `headers[r]` is the array of such a row r, whose
    `node` is the first entry. Below it stand lines of the arrays that it is made of, and its entries, each of which
    expands there and nowhere else.

    `folded` marks the branches that are folded, `gathered` those among them that nobody has folded by hand: these
    open by themselves while a row in them is in play (`open_for`) and close behind it. Both are bool[rows].
    """

    def __init__(
        self,
        graph: Graph,
        report: Callable[[float], None] = lambda done: None,
        arrays: ArrayRows | None = None,
    ) -> None:
        """Lay out a graph; `report` is told from time to time which part of it is done, and may raise to stop."""
        row_count = len(graph.operands) + 1 + len(graph.other_ends)
        if arrays is not None:
            row_count += len(arrays) + int((arrays.of_entry >= 0).sum())
        self.arrays = arrays
        self.headers: dict[int, int] = {}
        self.node, self.parent, self.depth, self.end = (np.empty(row_count, dtype=np.int32) for _ in range(4))
        self.home: Rows = np.full(len(graph), -1, dtype=np.int32)
        self.edge_row: Rows = np.empty(len(graph.operands), dtype=np.int32)
        self._edge_offsets = graph.operand_offsets
        self.sums = Sums(graph)
        row_count = self._walk_down(graph, report)
        self.node, self.parent, self.depth, self.end = (
            column[:row_count] for column in (self.node, self.parent, self.depth, self.end)
        )
        self.folded: Flags = np.zeros(row_count, dtype=np.bool_)
        self.gathered: Flags = np.zeros(row_count, dtype=np.bool_)
        self._gathered_rows = self._opened = _NO_ROWS
        self._open_for = -1
        self.label_cells = 0
        """How many cells the labels take, guide lines and all, as far as is known: the first rows are asked."""
        self.sight = Sight(_NO_ROWS, _NO_ROWS, row_count)

    def _walk_down(  # noqa: C901, PLR0912, PLR0915 - a call for each of a million rows would take as long as all of it
        self, graph: Graph, report: Callable[[float], None]
    ) -> int:
        """Number the rows in the order in which a reader meets them, and return how many they are.

        A stack of edges stands for recursion. Behind the edges are numbered those seen below a partial sum, then the
        lines of arrays, then the nodes as entries of these.
        """
        offsets, operands = array("i", graph.operand_offsets.tobytes()), array("i", graph.operands.tobytes())
        node, parent, depth, end, home, edge_row = (
            column.data for column in (self.node, self.parent, self.depth, self.end, self.home, self.edge_row)
        )
        partial = self.sums.partial.tobytes()
        arrays, edge_count = self.arrays, len(operands)
        first_header = 2 * edge_count
        first_entry = first_header + (len(arrays) if arrays is not None else 0)
        of_entry = arrays.of_entry.data if arrays is not None else None
        placed: set[int] = set()
        above = array("i", [-1])
        """The rows from the root down to the one whose operands are being numbered."""
        roots = [graph.output, *graph.other_ends.tolist()]
        """The output, then what it does not need; as edges they are -1, -2, ..."""
        edges = array("i", range(-len(roots), 0))
        at_depth = array("i", [0] * len(roots))
        row = 0
        while edges:
            edge, level = edges.pop(), at_depth.pop()
            if arrays is not None and first_header <= edge < first_entry:
                group = edge - first_header
                if group in placed:
                    continue
                placed.add(group)
                while len(above) > level + 1:
                    end[above.pop()] = row
                entries = arrays.entries(group)
                node[row], parent[row], depth[row] = entries[0], above[-1], level
                self.headers[row] = group
                inside = [*(first_header + other for other in arrays.below_array(group))]
                inside += [first_entry + entry for entry in entries]
                edges.extend(reversed(inside))
                at_depth.extend([level + 1] * len(inside))
                above.append(row)
                row += 1
                continue
            seen_below = edge_count <= edge < first_header  # a partial sum, whose operands stand before it
            edge -= edge_count if seen_below else 0
            is_entry = edge >= first_header
            current = edge - first_entry if is_entry else roots[-1 - edge] if edge < 0 else operands[edge]
            if partial[current] and not seen_below:
                first, last = offsets[current], offsets[current + 1]
                edges.append(edge_count + edge)
                edges.extend(range(last - 1, first - 1, -1))
                at_depth.extend([level] * (last - first + 1))
                continue
            while len(above) > level + 1:
                end[above.pop()] = row
            node[row], parent[row], depth[row] = current, above[-1], level
            if edge >= 0 and not is_entry:
                edge_row[edge] = row
            first, last = offsets[current], offsets[current + 1]
            expands_elsewhere = of_entry is not None and not is_entry and edge >= 0 and of_entry[current] >= 0
            if home[current] < 0 and not expands_elsewhere:
                home[current] = row
                if last > first and not seen_below:
                    edges.extend(range(last - 1, first - 1, -1))
                    at_depth.extend([level + 1] * (last - first))
                    above.append(row)
                    if arrays is not None and edge < 0:
                        below = [first_header + other for other in arrays.below(current)]
                        edges.extend(reversed(below))
                        at_depth.extend([level + 1] * len(below))
                else:
                    end[row] = row + 1
            else:
                end[row] = row + 1
            row += 1
            if not row % _REPORT_EVERY:
                report(row / len(node))
        while len(above) > 1:
            end[above.pop()] = row
        return row

    def __len__(self) -> int:
        return len(self.node)

    def is_reference(self, row: int) -> bool:
        """Say whether the row only refers to the place where its node expands."""
        return row not in self.headers and int(self.home[self.node[row]]) != row

    def in_sum(self, node: int) -> bool:
        """Say whether the operands of a node stand beside one another, below the top of a sum that is one thing."""
        return node in self.sums.tops or bool(self.sums.partial[node])

    @functools.lru_cache(maxsize=1024)  # noqa: B019 - a layout lives as long as the walk that is shown
    def terms(self, node: int) -> list[int]:
        """Return the first three terms and the last one of the sum that a node is the top of."""
        terms: list[int] = []
        row, end = int(self.home[node]) + 1, int(self.end[self.home[node]])
        while row < end and len(terms) < 3:
            if not self.sums.partial[self.node[row]]:
                terms.append(int(self.node[row]))
            row = int(self.end[row])
        last = self.last_child(node)
        while self.sums.partial[self.node[last]]:
            last = self.last_child(int(self.node[last]))
        return [*terms, int(self.node[last])]

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
            self.folded[row] = self.is_open(row)
            self._no_longer_gathered(row)
            self._look_again(row)

    def fold_all(self) -> None:
        """Fold every branch below the root."""
        rows = np.arange(len(self), dtype=np.int32)
        self.folded = (self.end > rows + 1) & (rows > 0)
        self.gathered[:] = False
        self._look_at_all()

    def unfold_all(self) -> None:
        """Open every branch."""
        self.folded[:] = False
        self.gathered[:] = False
        self._look_at_all()

    def gather_operands(self, nodes: Iterable[int], *, opening: bool) -> None:
        """Fold every operand of these nodes into one line each; with `opening`, while nothing in it is in play."""
        offsets = self._edge_offsets
        rows = [self.edge_row[offsets[node] : offsets[node + 1]] for node in nodes]
        if rows:
            operands = np.concatenate(rows)
            self._gather(operands[self.end[operands] > operands + 1], opening=opening)

    def gather_sums(self, *, opening: bool) -> None:
        """Fold every sum below a root into one line; with `opening`, while nothing in it is in play.

        Of a few neurons, those with few terms stay open: there is room for them.
        """
        sums = self.sums
        few = sum(count for node, count in sums.tops.items() if node in sums.neurons) <= SHORT_TERMS
        gathered = [node for node, count in sums.tops.items() if count > SHOWN_OPERANDS or not few]
        tops = self.home[np.array(gathered, dtype=np.int32)]
        tops = tops[self.parent[tops] >= 0]
        if len(tops):
            self._gather(tops, opening=opening)

    def gather_arrays(self, *, opening: bool) -> None:
        """Fold every array into one line, and every entry of it; with `opening`, while nothing in it is in play."""
        if self.headers:
            is_header = np.zeros(len(self), dtype=np.bool_)
            is_header[[*self.headers]] = True
            gathered = is_header | (is_header[self.parent] & (self.parent >= 0))
            rows = np.flatnonzero(gathered).astype(np.int32)
            self._gather(rows[self.end[rows] > rows + 1], opening=opening)

    def _gather(self, branches: Rows, *, opening: bool) -> None:
        self.folded[branches] = True
        self.gathered[branches] = opening
        self._look_at_all()

    def is_open(self, row: int) -> bool:
        """Say whether the rows below a branch are shown."""
        return not self.folded[row] or (bool(self.gathered[row]) and row <= self._open_for < int(self.end[row]))

    def open_for(self, row: int) -> bool:
        """Open the gathered branches around a row (-1: none) and close others; return whether that changed the rows."""
        before = self._opened
        self._open_for = row
        self._opened = self._gathered_around(row)
        if np.array_equal(before, self._opened):
            return False
        for branches in (before, self._opened):
            if len(branches):
                self._look_again(int(branches[0]))
        return True

    def reveal(self, row: int) -> None:
        """Open every branch that hides the row."""
        around = np.flatnonzero(self.folded[:row])
        around = around[self.end[around] > row].astype(np.int32)
        if len(around):
            self.folded[around] = False
            self._no_longer_gathered(around)
            self._look_again(int(around[0]))

    def reading_order(self) -> Rows:
        """Return the nodes in the order in which a reader meets them, each where it expands: int32[n]."""
        return self.node[self.home[self.node] == np.arange(len(self))]

    @functools.cached_property
    def deepest(self) -> int:
        """The largest of the depths."""
        return int(self.depth.max())

    def _look_at_all(self) -> None:
        """Find what is in sight, after many branches were folded or opened by hand."""
        self._gathered_rows = np.flatnonzero(self.gathered).astype(np.int32)
        self._opened = self._gathered_around(self._open_for)
        shut = self._outermost_shut(0, len(self))
        self.sight = Sight(shut, self.end[shut], len(self))

    def _look_again(self, branch: int) -> None:
        """Find what is in sight of one branch, after it or what is in it was folded or opened."""
        if self.sight.hiding(branch) >= 0:
            return
        end = int(self.end[branch])
        shut = self._outermost_shut(branch, end)
        self.sight = self.sight.replaced(branch, end, shut, self.end[shut])

    def _no_longer_gathered(self, rows: int | Rows) -> None:
        """Take rows that were folded or opened by hand from those that open by themselves."""
        if np.any(self.gathered[rows]):
            self.gathered[rows] = False
            self._gathered_rows = np.flatnonzero(self.gathered).astype(np.int32)
            self._opened = self._gathered_around(self._open_for)

    def _gathered_around(self, row: int) -> Rows:
        gathered = self._gathered_rows
        return gathered[(gathered <= row) & (row < self.end[gathered])]

    def _outermost_shut(self, first: int, end: int) -> Rows:
        """Return the shut branches from the row `first` on and before `end` that no other one among them hides."""
        if self.folded[first] and not self.is_open(first):
            return np.array([first], dtype=np.int32)
        shut = (first + np.flatnonzero(self.folded[first:end])).astype(np.int32)
        if len(self._opened):
            shut = np.setdiff1d(shut, self._opened)
        hidden_up_to = np.maximum.accumulate(self.end[shut])
        return shut[np.append(True, shut[1:] >= hidden_up_to[:-1])] if len(shut) else shut
