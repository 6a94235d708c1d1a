"""`Labels`: what the arrays of a walk are called, those without a name as well."""

from __future__ import annotations

from collections import Counter

from ..arrays import Indices
from ..graph.graph import Graph, Leaf


class Labels:
    """Names for arrays, each given once."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self._given = {node.name for node in graph.arrays if node.name}
        self._taken = set[str]()
        self._counts = Counter[str]()
        output = graph.names.get(graph.output)
        self._output = output or next(name for name in ("L", "loss", "output", "out_") if name not in self._given)

    def taken(self, label: str) -> str:
        """Take a label, or an unnamed one's where it is taken."""
        if label in self._taken:
            return self._next()
        self._taken.add(label)
        return label

    def of_array(self, name: str, entries: Indices, *, is_given: bool) -> str:
        """Name an array: as it was named, as the output is where it is that, or T with the next number."""
        if name:
            return self.taken(name)
        if is_given:
            return self._of_given(entries)
        if entries.size == 1 and entries.item() == self.graph.output:
            return self.taken(self._output)
        return self._next()

    def _of_given(self, entries: Indices) -> str:
        """Name what was given without a name: a literal number as it is written, data D with the next number."""
        nodes = entries[entries >= 0]
        if len(nodes) == 1 and (self.graph.codes[nodes[0]] == Leaf.CONSTANT or entries.shape == ()):
            return self.graph.label(int(nodes[0]))
        return self._next("D")

    def of_scalars(self, run: range) -> str:
        """Name what was computed with single numbers: the node's name, or those of the first and the last."""
        if len(run) > 1:
            return self.taken(f"{self.graph.label(run[0])}…{self.graph.label(run[-1])}")
        if run[0] == self.graph.output:
            return self.taken(self._output)
        return self.taken(self.graph.names.get(run[0]) or self.graph.label(run[0]))

    def _next(self, letter: str = "T") -> str:
        while True:
            self._counts[letter] += 1
            label = f"{letter}{self._counts[letter]}"
            if label not in self._given and label not in self._taken:
                self._taken.add(label)
                return label
