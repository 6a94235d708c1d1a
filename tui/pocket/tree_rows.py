"""The rows of the tree on a page: those of the tree on the screen."""

from __future__ import annotations

import msgspec

from ...engine.graph.graph import Graph
from ...engine.walk.trace import Trace
from ..walk.tree.labels import Labels
from ..walk.tree.view import lay_out


class PageRow(msgspec.Struct, frozen=True, array_like=True):
    """A row: the node, how many rows are above it on the way to the root, and the row after its last descendant.

    The node expands in the row `home`, which is another one where this row only refers to it. `text` is what stands in
    the row where that is not the label and the expression of the node. `is_gathered` says that what is below the row is
    one thing, a neuron, a long sum, a sample or an array, which opens while the walk is in it. The row of an array has
    no numbers; its node is the first entry.
    """

    node: int
    depth: int
    end: int
    home: int
    text: str | None = None
    is_gathered: bool = False
    is_array: bool = False


def tree_rows(trace: Trace) -> list[PageRow]:
    """Lay out the graph of a walk as a tree, as the tree view does."""
    graph = trace.graph
    layout = lay_out(trace, lambda done: None)
    labels = Labels(graph, layout)
    columns = (layout.node, layout.depth, layout.end, layout.folded)
    rows = enumerate(zip(*(column.tolist() for column in columns), strict=True))
    return [
        PageRow(node, depth, end, int(layout.home[node]), labels.header(row), folded, is_array=True)
        if row in layout.headers
        else PageRow(node, depth, end, int(layout.home[node]), _text(graph, labels, node), folded)
        for row, (node, depth, end, folded) in rows
    ]


def _text(graph: Graph, labels: Labels, node: int) -> str | None:
    if graph.op(node) is None or labels.expression(node) == graph.expression(node):
        return None
    return f"{graph.label(node)} = {labels.expression(node)}"
