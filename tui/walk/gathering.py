"""`Gathering`: which nodes of a graph make one thing, so that a view can show them as one.

A graph has a node for every single operation. What somebody thinks of is larger: an expression, a neuron, a layer of
neurons, a sample, all samples of a loss, the parameters of a layer. Groups hold nodes and other groups:

    SAMPLES > SAMPLE > LAYER > SUM or EXPRESSION > nodes          LEAVES > nodes          ARRAY > EXPRESSION > nodes

Each of them may be missing. No widget, and no drawing: a view says which groups it shows as one.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ...engine.arrays import Indices
from ...engine.graph.graph import Graph
from ...engine.graph.names import NameBlock
from .grouping import GroupFinder, Kind, block_of

__all__ = ["Gathering", "Kind"]


class Gathering:
    """The groups of a graph of n nodes, g of them.

    `group`   int32[n]: the innermost group of each node, -1 for none
    `kind`    int8[g]: a `Kind` each
    `parent`  int32[g]: the group that a group is in, -1 for none
    `head`    int32[g]: the node of an EXPRESSION, SUM or SAMPLE that alone is used outside of it, -1 for other kinds
    `count`   int32[g]: how many things a group is; see `Kind`
    `shapes`  the shape of each ARRAY; (k,) for k of its entries, where the graph does not have all
    `terms`   int32[n]: of how many terms the sum is that ends in each addition or n-ary operation, 0 for other nodes
    """

    def __init__(self, graph: Graph, report: Callable[[float], None] = lambda done: None) -> None:
        """Gather a graph; `report` is told from time to time which part of it is done, and may raise to stop."""
        self._graph = graph
        self._labels: dict[int, str] = {}
        found = GroupFinder(graph, report)
        self.group, self.kind, self.parent, self.head, self.count = found.arrays()
        self.terms = found.terms
        self._labels = found.labels
        self.shapes = found.shapes
        self._by_group = np.argsort(self.group, kind="stable").astype(np.int32)
        self._by_parent = np.argsort(self.parent, kind="stable").astype(np.int32)
        places = np.arange(-1, len(self.kind) + 1)
        self._first_node = np.searchsorted(self.group[self._by_group], places)
        self._first_child = np.searchsorted(self.parent[self._by_parent], places)

    def __len__(self) -> int:
        return len(self.kind)

    def own_nodes(self, group: int) -> Indices:
        """Return the nodes of which a group is the innermost one, ascending; -1 gives those of no group."""
        return self._by_group[self._first_node[group + 1] : self._first_node[group + 2]]

    def children(self, group: int) -> Indices:
        """Return the groups that are directly in a group, ascending; -1 gives the outermost ones."""
        return self._by_parent[self._first_child[group + 1] : self._first_child[group + 2]]

    def nodes(self, group: int) -> Indices:
        """Return all the nodes in a group, in whatever groups of it, ascending."""
        own = [self.own_nodes(group), *(self.nodes(child) for child in self.children(group).tolist())]
        return np.sort(np.concatenate(own))

    def around(self, node: int) -> list[int]:
        """Return the groups that a node is in, the outermost first."""
        groups: list[int] = []
        group = int(self.group[node])
        while group >= 0:
            groups.append(group)
            group = int(self.parent[group])
        return groups[::-1]

    def label(self, group: int) -> str:
        """Return what a group is called: `h1[3]`, `h1`, `sample 3`, `samples`, `parameters of h1`."""
        label = self._labels.get(group)
        if label is None:
            head = int(self.head[group])
            label = self._sample_label(group) if self.kind[group] == Kind.SAMPLE else self._graph.label(head)
        return label

    def _sample_label(self, group: int) -> str:
        block, number = self._numbered(group)
        samples = int(self.parent[group])
        place = int(np.searchsorted(self.children(samples), group)) + 1
        return f"sample {number}" if block else f"term {place}"

    def _numbered(self, group: int) -> tuple[NameBlock | None, int]:
        head = int(self.head[group])
        for node in (head, *self.nodes(group)[:1].tolist()):
            block = block_of(self._graph, node)
            if block is not None:
                return block, int(block.numbers[node - block.first])
        return None, 0
