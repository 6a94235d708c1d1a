"""Finding nodes by what their row says: the name, or the expression."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ...engine.arrays import Indices
from ...engine.graph.graph import Graph, Leaf
from ...engine.rules.ops import OPS
from ...engine.rules.symbolic import Symbol, formula_text

_REPORT_EVERY = 4096
_MOST_BLANKS = 3
_CONSTANT = int(Leaf.CONSTANT)


class Search:
    """Finds the nodes of a graph by what their rows say, in the given order: int32[n], every node once."""

    def __init__(self, graph: Graph, order: Indices) -> None:
        self._graph = graph
        self._order = order
        self._places: Indices = np.empty(len(order), dtype=np.int32)
        self._places[order] = np.arange(len(order), dtype=np.int32)

    def named(self, wanted: str) -> int | None:
        """Return the node with this very name, at once however large the graph is; None if there is none."""
        try:
            return self._graph.find(wanted)
        except KeyError:
            return None

    def next(
        self, wanted: str, start: int, step: int, report: Callable[[float], None] = lambda done: None
    ) -> int | None:
        """Return the first node after `start`, that one last, whose text contains `wanted`; None if there is none.

        `step` is 1 to go forward in the order, -1 to go back; past the last node it goes on with the first. Upper and
        lower case count where `wanted` has an upper-case letter. `report` is told from time to time which part of the
        nodes is done, and may raise to stop.
        """
        fold = wanted == wanted.lower()
        text_of = _RowTexts(self._graph).of_node
        first = int(self._places[start])
        for count in range(1, len(self._order) + 1):
            node = int(self._order[(first + count * step) % len(self._order)])
            if not count % _REPORT_EVERY:
                report(count / len(self._order))
            words = text_of(node)
            if wanted in (words.lower() if fold else words):
                return node
        return None


class _RowTexts:
    """What the rows of nodes say: their labels, and for operations the expression.

    A million samples have the same few expressions with other names in them, so each is printed once with blanks for
    the names, which takes a quarter of the time.
    """

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._offsets: list[int] = graph.operand_offsets.tolist()
        self._operands: list[int] = graph.operands.tolist()
        self._codes: list[int] = graph.codes.tolist()
        self._patterns: dict[tuple[int, tuple[int, ...]], str] = {}

    def of_node(self, node: int) -> str:
        """Return what the row of a node says."""
        graph = self._graph
        label, code = graph.label(node), self._codes[node]
        if code < 0:
            return label
        operands = self._operands[self._offsets[node] : self._offsets[node + 1]]
        if len(operands) > _MOST_BLANKS or any(self._codes[operand] == _CONSTANT for operand in operands):
            return f"{label} = {graph.expression(node)}"
        places = tuple(map(operands.index, operands))  # x·x is printed otherwise than x·y
        pattern = self._patterns.get((code, places))
        if pattern is None:
            blanks = [Symbol(f"{{{place}}}") for place in places]
            pattern = self._patterns[code, places] = formula_text(OPS[code].forward(*blanks))
        return f"{label} = {pattern.format(*map(graph.label, operands))}"
