"""`TREE`: the graph as a tree, with the titles of its columns."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.reactive import var

from ....engine.graph.graph import SHOWN_OPERANDS
from ....engine.walk.trace import Trace
from ...words.walk import derivative_title
from ..graph_view import NodeChosen, Progress, View
from ..moment import Moment
from .graph_tree import GraphTree
from .header import TreeHeader
from .labels import Labels
from .layout import TreeLayout
from .row import Columns

SMALL = 500
"""Nodes up to which a sample opens by itself while one of its nodes is written; in more, a step would move too much."""


class TreeView(Vertical):
    """The tree below the titles of its columns."""

    chosen: var[NodeChosen | None] = var(None, init=False, always_update=True)

    def __init__(self, trace: Trace, layout: TreeLayout) -> None:
        super().__init__()
        self.header = TreeHeader(layout)
        self.graph_tree = GraphTree(trace, layout, id="tree")

    def compose(self) -> ComposeResult:
        """Lay out the titles and the tree."""
        yield self.header
        yield self.graph_tree

    def on_mount(self) -> None:
        """Pass on what is chosen in the tree, and say which levels it leaves out."""
        self.watch(self.graph_tree, "chosen", self._pass_on, init=False)
        self.watch(self.graph_tree, "hidden_levels", self._say_hidden_levels, init=False)

    def _pass_on(self, chosen: NodeChosen) -> None:
        self.chosen = chosen

    def _say_hidden_levels(self, levels: int) -> None:
        self.header.hidden_levels = levels

    def show(self, moment: Moment) -> None:
        """Draw a moment."""
        self.header.show(moment.digits, derivative_title(moment.trace))
        self.graph_tree.show(moment)


def lay_out(trace: Trace, progress: Progress) -> TreeLayout:
    """Lay out the tree of a walk: samples of a loss, neurons, long sums and arrays in one line each."""
    graph = trace.graph
    arrays = None
    if graph.arrays:
        from .array_rows import ArrayRows

        arrays = ArrayRows(graph)
    layout = TreeLayout(graph, progress, arrays)
    many = [node for node, count in graph.n_ary_operand_counts().items() if count > SHOWN_OPERANDS]
    layout.gather_operands(many, opening=len(graph) <= SMALL)
    layout.gather_sums(opening=len(graph) <= SMALL)
    layout.gather_arrays(opening=len(graph) <= SMALL)
    layout.label_cells = Labels(graph, layout).cells()
    return layout


def wanted_width(layout: TreeLayout) -> int:
    """Return the columns of the labels, the numbers and the scroll bar."""
    return layout.label_cells + 2 * Columns.of_width(0).number + 1


TREE = View("tree", TreeView, lay_out, TreeLayout.reading_order, wanted_width)
