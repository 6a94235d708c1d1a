"""`RowTexts`: what the rows of a graph's nodes say, in pieces of one long text that can be searched fast."""

from __future__ import annotations

import numpy as np

from ...engine.arrays import Flags, Indices
from ...engine.graph.graph import Graph, Leaf
from ...engine.rules.formula import Name, formula_of
from ...engine.rules.ops import OPS
from ...engine.rules.printers.unicode import NOTATION as UNICODE

CHUNK = 4096
"""Nodes whose rows are one piece of text."""

_MOST_BLANKS = 3
_CONSTANT = int(Leaf.CONSTANT)


class RowTexts:
    """The rows of all nodes in a given order, int32[n]: their labels, and for operations the expression.

    The rows of `CHUNK` nodes are one text of as many lines, which is made when it is first asked for and kept. A
    million samples have the same few expressions with other names in them, so each is printed once with blanks for
    the names.
    """

    def __init__(self, graph: Graph, order: Indices) -> None:
        self._graph = graph
        self._order = order
        self._texts: list[str | None] = [None] * -(-len(order) // CHUNK)
        self._lower: list[str | None] = [None] * len(self._texts)
        self._is_derivative = graph.provenance is not None
        self._patterns: dict[tuple[int, tuple[int, ...]], str] = {}
        self._numbers = [(block, np.asarray(block.numbers)) for block in graph.names.blocks]
        self._single: Flags = np.zeros(len(graph), dtype=np.bool_)
        self._single[list(graph.names.single)] = True
        operations = ~graph.names.named(len(graph))
        operations[: graph.leaf_count] = False
        self._unnamed: Indices = np.cumsum(operations, dtype=np.int32)
        self._is_unnamed: Flags = operations

    def __len__(self) -> int:
        return len(self._texts)

    def text(self, chunk: int) -> str:
        """Return the lines of a chunk; a name with a line break in it has a space there."""
        text = self._texts[chunk]
        if text is None:
            text = self._texts[chunk] = self._made(self._order[chunk * CHUNK : (chunk + 1) * CHUNK])
        return text

    def lower(self, chunk: int) -> str:
        """Return the lines of a chunk in lower case; kept too, and the same text where it has no upper case."""
        lower = self._lower[chunk]
        if lower is None:
            text = self.text(chunk)
            lower = text.lower()
            self._lower[chunk] = lower = text if lower == text else lower
        return lower

    def _made(self, nodes: Indices) -> str:
        graph = self._graph
        offsets = graph.operand_offsets
        counts = offsets[nodes + 1] - offsets[nodes]
        short = counts <= _MOST_BLANKS
        kept = np.where(short, counts, 0)
        ends = np.cumsum(kept)
        operands = graph.operands[np.repeat(offsets[nodes] - ends + kept, kept) + np.arange(ends[-1], dtype=np.int32)]
        names = self._labels(np.concatenate([nodes, operands]))
        of_operands, first = names[len(nodes) :], 0
        places, constant = operands.tolist(), (graph.codes[operands] == _CONSTANT).tolist()
        lines: list[str] = []
        rows = zip(nodes.tolist(), names, graph.codes[nodes].tolist(), short.tolist(), ends.tolist(), strict=False)
        for node, label, code, is_short, end in rows:
            if code < 0:
                lines.append(label)
            elif not is_short or self._is_derivative or True in constant[first:end]:  # more than names is printed
                lines.append(f"{label} = {graph.expression(node)}")
            else:
                lines.append(f"{label} = {self._pattern(code, places[first:end]).format(*of_operands[first:end])}")
            first = end
        text = "\n".join(lines)
        return text if text.count("\n") == len(lines) - 1 else "\n".join(" ".join(row.split("\n")) for row in lines)

    def _pattern(self, code: int, operands: list[int]) -> str:
        """Return the expression of an operation with `{0}`, `{1}`, ... for the names of its operands."""
        key = code, tuple(map(operands.index, operands))  # x·x is printed otherwise than x·y
        pattern = self._patterns.get(key)
        if pattern is None:
            blanks = [Name(f"{{{place}}}") for place in key[1]]
            pattern = self._patterns[key] = UNICODE.formula(formula_of(OPS[code].forward(*blanks)))
        return pattern

    def _labels(self, nodes: Indices) -> list[str]:
        """Return what many nodes are called: as `Graph.label`, but looking up names by blocks of them."""
        graph = self._graph
        labels: list[str] = [""] * len(nodes)
        found: Flags = self._single[nodes]
        single = graph.names.single
        for place in np.flatnonzero(found).tolist():
            labels[place] = single[int(nodes[place])]
        for block, numbers in self._numbers:
            inside = np.flatnonzero(~found & (nodes >= block.first) & (nodes < block.stop))
            found[inside] = True
            for place, number in zip(inside.tolist(), numbers[nodes[inside] - block.first].tolist(), strict=True):
                labels[place] = block.name_of(number)
        unnamed = np.flatnonzero(self._is_unnamed[nodes])
        found[unnamed] = True
        for place, number in zip(unnamed.tolist(), self._unnamed[nodes[unnamed]].tolist(), strict=True):
            labels[place] = f"{graph.names.unnamed_prefix}{number}"
        for place in np.flatnonzero(~found).tolist():
            labels[place] = graph.label(int(nodes[place]))
        return labels
