"""Finding nodes by what their row says: the name, or the expression."""

from __future__ import annotations

from collections.abc import Callable

from ..engine.graph import Graph
from .tree_layout import TreeLayout

_REPORT_EVERY = 4096


def find_row(
    graph: Graph,
    layout: TreeLayout,
    wanted: str,
    start: int,
    step: int,
    report: Callable[[float], None] = lambda done: None,
) -> int | None:
    """Return the first row from `start` on, that one last, whose text contains `wanted`; None if there is none.

    `step` is 1 to look down, -1 to look up; past the last row it goes on with the first. Upper and lower case count
    where `wanted` has an upper-case letter. Only rows where nodes expand are looked at, so each node is found once.
    `report` is told from time to time which part of the rows is done, and may raise to stop.
    """
    exact = _exact(graph, layout, wanted)
    if exact is not None and exact != start:
        return exact
    fold = wanted == wanted.lower()
    for count in range(1, len(layout) + 1):
        row = (start + count * step) % len(layout)
        if not count % _REPORT_EVERY:
            report(count / len(layout))
        if layout.is_reference(row):
            continue
        node = int(layout.node[row])
        words = graph.label(node)
        if node >= graph.leaf_count:
            words = f"{words} = {graph.expression(node)}"
        if wanted in (words.lower() if fold else words):
            return row
    return None


def _exact(graph: Graph, layout: TreeLayout, wanted: str) -> int | None:
    """Return the row of the node that has this very name: found at once, however large the graph is."""
    try:
        return int(layout.home[graph.find(wanted)])
    except KeyError:
        return None
