"""`ArrayRows`: which arrays of a graph have a line of their own in a tree, and below which other one."""

from __future__ import annotations

import functools

import numpy as np

from ....engine.arrays import Indices
from ....engine.graph.graph import Graph
from ...words.circuit import entries_words
from ..gathering import Gathering, Kind


class ArrayRows:
    """The arrays that are gathered into one line each, by the numbers of their groups.

    A line of an array stands below the output, or the array, whose entries are made of its entries; below it stand the
    arrays that it is made of, and its entries. `of_entry` is the array that each node is an entry of, int32[n], -1 for
    none: the operations written out within an entry are none.
    """

    def __init__(self, graph: Graph) -> None:
        self._gathering = gathering = Gathering(graph)
        is_array = np.append(gathering.kind == Kind.ARRAY, False)  # the last one stands for no group
        around = np.append(gathering.parent, -1)[gathering.group]
        self._within: Indices = np.where(is_array[around], around, -1).astype(np.int32)
        alone = is_array[gathering.group]
        self._within[alone] = gathering.group[alone]
        self.of_entry: Indices = np.where(alone, gathering.group, -1).astype(np.int32)
        headed = np.flatnonzero((gathering.head >= 0) & is_array[gathering.parent])
        self.of_entry[gathering.head[headed]] = gathering.parent[headed]
        self._below = self._find_below(graph)

    def __len__(self) -> int:
        return len(self._gathering)

    def _find_below(self, graph: Graph) -> dict[int, list[int]]:
        """Return the arrays that each array, and the rest of the graph (-1), is made of: results, the last first."""
        consumers = self._within[graph.consumers()]
        used = self.of_entry[graph.operands]
        across = (used >= 0) & (used != consumers)
        below: dict[int, list[int]] = {}
        for consumer, array in np.unique(np.stack([consumers[across], used[across]], axis=1), axis=0).tolist():
            below.setdefault(consumer, []).append(array)
        first = {array: self.entries(array)[0] for arrays in below.values() for array in arrays}
        leaves = graph.leaf_count
        for arrays in below.values():
            arrays.sort(key=lambda array: (first[array] < leaves, first[array] * (1 if first[array] < leaves else -1)))
        return below

    def below(self, node: int) -> list[int]:
        """Return the arrays whose lines stand below a root of the tree."""
        own = int(self.of_entry[node])
        return [*([own] if own >= 0 else []), *self._below.get(-1, [])]

    def below_array(self, array: int) -> list[int]:
        """Return the arrays whose lines stand below that of an array, if they stand nowhere else before."""
        return self._below.get(array, [])

    @functools.lru_cache(maxsize=4096)  # noqa: B019 - it lives as long as the walk that is shown
    def entries(self, array: int) -> list[int]:
        """Return the nodes that are the entries of an array, in order."""
        heads = self._gathering.head[self._gathering.children(array)]
        return np.sort(np.concatenate([self._gathering.own_nodes(array), heads])).tolist()

    def title(self, array: int) -> tuple[str, str]:
        """Return what an array is called, and of what shape it is: `h` and `3×2 entries`."""
        return self._gathering.label(array), entries_words(self._gathering.shapes[array])
