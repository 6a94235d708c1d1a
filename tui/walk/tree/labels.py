"""`Labels`: what the rows of a tree say about their nodes: in names, as far as there are any."""

from __future__ import annotations

import functools
import operator

from rich.cells import cell_len

from ....engine.graph.graph import Graph
from ....engine.rules.formula import LEFT_OUT, Formula
from ....engine.rules.printers.unicode import NOTATION as UNICODE
from .layout import TreeLayout

MOST_OPERANDS = 12
"""An expression is written out to at most about so many operands."""

MOST_LEVELS = 3
"""An expression is written out through at most so many unnamed operations, one in the other."""


_ROWS_LOOKED_AT = 60
_MARKERS = 5
"""Cells of the marks before a label, and of the space after it."""


class Labels:
    """Writes the expressions of a graph's nodes; those last asked for are kept, since each step asks for them again.

    An operand without a name is written out, `relu(1 - y·score)` and not `relu(t17)`, as far as that stays short:
    what it is stands in a row of its own below, with the `t17` that the walk calls it.
    """

    def __init__(self, graph: Graph, layout: TreeLayout) -> None:
        self._graph = graph
        self._layout = layout
        self.expression = functools.lru_cache(maxsize=1024)(self._expression)

    def cells(self) -> int:
        """Return how many cells the longest label of the first rows takes, guide lines and all."""
        layout, graph = self._layout, self._graph
        nodes, depths = (column[:_ROWS_LOOKED_AT].tolist() for column in (layout.node, layout.depth))
        texts = (
            self.header(row)
            if row in layout.headers
            else f"{graph.label(node)} = {self.expression(node)}"
            if graph.op(node) is not None
            else graph.label(node)
            for row, node in enumerate(nodes)
        )
        return _MARKERS + max(2 * depth + cell_len(text) for depth, text in zip(depths, texts, strict=True))

    def header(self, row: int) -> str:
        """Return what the line of an array says: `h · 3×2 entries`."""
        arrays = self._layout.arrays
        return " · ".join(arrays.title(self._layout.headers[row])) if arrays is not None else ""

    def _expression(self, node: int) -> str:
        """Return a node's expression, of a long sum the first terms and the last one, and how many there are."""
        sums = self._layout.sums
        count = sums.tops.get(node)
        if count is None:
            return self._written(node)
        neuron = node in sums.neurons
        if count <= MOST_OPERANDS // 2:
            return self._written(node)
        terms = [self._operand(term) for term in self._layout.terms(node)]
        shown: list[Formula] = [*terms[:-1], LEFT_OUT, terms[-1]]
        op = self._graph.op(node)
        function = f"{op.symbol} of " if neuron and op is not None else ""
        return f"{function}{count} terms: {UNICODE.formula(functools.reduce(operator.add, shown))}"

    def _written(self, node: int) -> str:
        return UNICODE.formula(self._formula(node, MOST_OPERANDS, MOST_LEVELS, whole=node in self._layout.sums.neurons))

    def _operand(self, node: int) -> Formula:
        """Return a term of a sum: written out, where it has no name."""
        return self._formula(node, 3, 2) if self._is_written_out(node) else self._graph.operand(node)

    def _formula(self, node: int, room: int, levels: int, *, whole: bool = False) -> Formula:
        """Return an operation with its operands written out, to `room` operands and `levels` deep.

        With `whole` the sums within it are written out too, even where they have a name.
        """
        graph, sums = self._graph, self._layout.sums

        def operand(node: int, level: int) -> Formula:
            nonlocal room
            partial = bool(sums.partial[node])
            written_out = whole if partial else self._is_written_out(node)
            more = len(graph.operands_of(node)) - 1
            if not written_out or (level >= levels and not whole) or more > room:
                return graph.operand(node)
            room -= more
            return graph.formula(node, lambda below: operand(below, level + 1))

        return graph.formula(node, lambda below: operand(below, 0))

    def _is_written_out(self, node: int) -> bool:
        """Say whether a node is an operation without a name that one other alone uses, so that it can stand in it."""
        graph, sums = self._graph, self._layout.sums
        return graph.codes[node] >= 0 and bool(sums.used_once[node]) and node not in graph.names
