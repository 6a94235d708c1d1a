"""The rows of the tree on a page: those of the tree on the screen."""

from __future__ import annotations

import msgspec

from ...engine.graph.graph import Graph
from ..walk.tree.labels import Labels
from ..walk.tree.layout import TreeLayout


class PageRow(msgspec.Struct, frozen=True, array_like=True):
    """A row: the node, how many rows are above it on the way to the root, where its last descendant ends, its text.

    `is_reference` says that the node expands elsewhere, in the row `home`.
    """

    node: int
    depth: int
    end: int
    home: int
    is_reference: bool
    text: str


def tree_rows(graph: Graph) -> list[PageRow]:
    """Lay out a graph as a tree, as the tree view does."""
    layout = TreeLayout(graph)
    labels = Labels(graph, layout)
    columns = zip(layout.node.tolist(), layout.depth.tolist(), layout.end.tolist(), strict=True)
    return [
        PageRow(node, depth, end, int(layout.home[node]), layout.is_reference(row), _text(graph, labels, node))
        for row, (node, depth, end) in enumerate(columns)
    ]


def _text(graph: Graph, labels: Labels, node: int) -> str:
    label = graph.label(node)
    return label if graph.op(node) is None else f"{label} = {labels.expression(node)}"
