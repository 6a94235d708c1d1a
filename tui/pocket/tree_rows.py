"""The rows of the tree on a page: those of the tree on the screen."""

from __future__ import annotations

import msgspec

from ...engine.graph.graph import Graph
from ..walk.tree.labels import Labels
from ..walk.tree.layout import TreeLayout


class PageRow(msgspec.Struct, frozen=True, array_like=True):
    """A row: the node, how many rows are above it on the way to the root, and the row after its last descendant.

    The node expands in the row `home`, which is another one where this row only refers to it. `text` is what stands in
    the row where that is not the label and the expression of the node.
    """

    node: int
    depth: int
    end: int
    home: int
    text: str | None = None


def tree_rows(graph: Graph) -> list[PageRow]:
    """Lay out a graph as a tree, as the tree view does."""
    layout = TreeLayout(graph)
    labels = Labels(graph, layout)
    columns = zip(layout.node.tolist(), layout.depth.tolist(), layout.end.tolist(), strict=True)
    return [
        PageRow(node, depth, end, int(layout.home[node]), _text(graph, labels, node)) for node, depth, end in columns
    ]


def _text(graph: Graph, labels: Labels, node: int) -> str | None:
    if graph.op(node) is None or labels.expression(node) == graph.expression(node):
        return None
    return f"{graph.label(node)} = {labels.expression(node)}"
