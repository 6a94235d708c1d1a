"""`TreeLayout`: the graph as rows of a tree, in flat arrays, without a widget.

The output is the root and a node's operands stand below it. A node used in several places expands where
a reader from the top meets it first; every other place is a reference to that row.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..engine.graph import Graph

Rows = NDArray[np.int32]


class TreeLayout:
    """All rows in reading order, and which of them are in sight.

    `node[r]` is the graph node of row r, `parent[r]` the row above it in the tree (-1 for the root),
    `end[r]` the row after its last descendant, `depth[r]` how many ancestors it has. `home[v]` is the row
    where node v expands, `edge_row[i]` the row of the operand `graph.operands[i]`. `visible` lists the rows
    that no folded branch hides.
    """

    def __init__(self, graph: Graph) -> None:
        nodes: list[int] = []
        parents: list[int] = []
        depths: list[int] = []
        home = [-1] * len(graph)
        offsets, operands = graph.operand_offsets.tolist(), graph.operands.tolist()
        edge_rows = [0] * len(operands)
        stack = [(graph.output, -1, 0, -1)]
        while stack:
            node, parent, depth, edge = stack.pop()
            row = len(nodes)
            if edge >= 0:
                edge_rows[edge] = row
            nodes.append(node)
            parents.append(parent)
            depths.append(depth)
            if home[node] < 0:
                home[node] = row
                stack.extend(
                    (operands[edge], row, depth + 1, edge)
                    for edge in range(offsets[node + 1] - 1, offsets[node] - 1, -1)
                )
        ends = list(range(1, len(nodes) + 1))
        for row in range(len(nodes) - 1, 0, -1):
            ends[parents[row]] = max(ends[parents[row]], ends[row])
        self.node: Rows = np.array(nodes, dtype=np.int32)
        self.parent: Rows = np.array(parents, dtype=np.int32)
        self.end: Rows = np.array(ends, dtype=np.int32)
        self.depth: Rows = np.array(depths, dtype=np.int32)
        self.home: Rows = np.array(home, dtype=np.int32)
        self.edge_row: Rows = np.array(edge_rows, dtype=np.int32)
        self._edge_offsets = graph.operand_offsets
        self.folded: set[int] = set()
        self.visible: Rows = np.arange(len(nodes), dtype=np.int32)

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
            self.folded ^= {row}
            self._find_visible()

    def fold_all(self) -> None:
        """Fold every branch below the root."""
        rows = np.arange(len(self), dtype=np.int32)
        self.folded = set(rows[(self.end > rows + 1) & (rows > 0)].tolist())
        self._find_visible()

    def fold_operands(self, node: int) -> None:
        """Fold every operand of a node, so that each takes one line."""
        rows = self.edge_row[self._edge_offsets[node] : self._edge_offsets[node + 1]]
        self.folded |= set(rows[self.end[rows] > rows + 1].tolist())
        self._find_visible()

    def unfold_all(self) -> None:
        """Open every branch."""
        self.folded = set()
        self._find_visible()

    def reveal(self, row: int) -> None:
        """Open every branch that hides the row."""
        ancestor = int(self.parent[row])
        hiding: set[int] = set()
        while ancestor >= 0:
            hiding |= {ancestor} & self.folded
            ancestor = int(self.parent[ancestor])
        if hiding:
            self.folded -= hiding
            self._find_visible()

    def position(self, row: int) -> int:
        """Return the place in `visible` of a row, or of the folded ancestor that hides it."""
        return int(np.searchsorted(self.visible, np.int32(row), side="right")) - 1

    def _find_visible(self) -> None:
        shown = np.ones(len(self), dtype=np.bool_)
        for row in self.folded:
            shown[row + 1 : self.end[row]] = False
        self.visible = np.flatnonzero(shown).astype(np.int32)
