"""`PathTable`: what all paths of each node to the output come to, found in one pass over the edges.

A path is a whole route along edges, and its product is that of their local derivatives. There may be more paths than
atoms, so nothing here goes along each of them: what holds for a node follows from what holds for its consumers.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Iterator
from weakref import WeakKeyDictionary

import numpy as np

from ..arrays import Flags, Floats, Indices
from ..graph.graph import Graph, Leaf
from ..run.loop import BackwardRun
from .numbers import Numbers

MOST_PATHS = 2**1024
"""From here on paths are not counted: the number of them stands for so many or more."""

Rank = tuple[int, int, float]
"""How large a product is, smaller numbers first: minus its undefined factors, its factors 0, minus the sum of log2 of
the size of the others. So what is undefined is largest of all, and of the products that are 0 those with the fewest
reasons for it come first."""

NO_RANK: Rank = (0, 0, 0.0)
"""The rank of a product without factors."""


class PathTable:
    """The paths from every node to the output, all together; each part is made when it is first asked for.

    A node without a path to the output, or without a gradient, has a count of 0. An undefined factor is one that is
    not finite. Where `output_undefined`, there is no derivative of it: no path has a product, whatever its factors are.
    """

    def __init__(self, graph: Graph, backward: BackwardRun, *, output_undefined: bool = False) -> None:
        self.graph = graph
        self.output_undefined = output_undefined
        self.edges = graph.edges
        self.locals: Floats = backward.locals
        self.consumers: Indices = graph.edges.consumers()

    def _pairs(self) -> list[tuple[int, int]]:
        """Return the consumer and the target of each edge, in walk order."""
        consumers: list[int] = self.consumers.tolist()
        targets: list[int] = self.edges.targets.tolist()
        return list(zip(consumers, targets, strict=True))

    @classmethod
    def of(cls, numbers: Numbers) -> PathTable:
        """Return the table of a walk; it is kept as long as the walk is."""
        table = _TABLES.get(numbers)
        if table is None:
            undefined = numbers.output_undefined
            table = _TABLES[numbers] = cls(numbers.graph, numbers.backward, output_undefined=undefined)
        return table

    def prepare(self, report: Callable[[float], None] = lambda done: None) -> None:
        """Make all parts, which takes a second or two where there are a million nodes.

        `report` is told which part of it is done, 0 to 1, and may raise to stop it.
        """
        parts = ("counts", "edge_ranks", "best_edges", "absolute_sums", "inputs_behind")
        for place, part in enumerate(parts):
            report(place / len(parts))
            getattr(self, part)

    # ---- how many there are

    @functools.cached_property
    def counts(self) -> list[int]:
        """How many paths lead from each node to the output, exactly, `MOST_PATHS` where they are more; 1 for itself."""
        return self._counted[0]

    @functools.cached_property
    def lengths(self) -> list[int]:
        """How many factors all the paths of each node have together, `MOST_PATHS` where they are more."""
        return self._counted[1]

    @functools.cached_property
    def _counted(self) -> tuple[list[int], list[int]]:
        counts, lengths = [0] * len(self.graph), [0] * len(self.graph)
        counts[self.graph.output] = 1
        for consumer, target in self._pairs():
            count = counts[consumer]
            if count >= MOST_PATHS or counts[target] >= MOST_PATHS:  # the one large number, not a million of them
                counts[target] = lengths[target] = MOST_PATHS
                continue
            counts[target] = min(counts[target] + count, MOST_PATHS)
            lengths[target] = min(lengths[target] + lengths[consumer] + count, MOST_PATHS)
        return counts, lengths

    # ---- how large they are

    @functools.cached_property
    def absolute_sums(self) -> Floats:
        """The sum of |product| over all paths of each node: float64[n], nan or infinite where it does not exist.

        Where all factors do exist it is infinite if it is too large for a float, and never nan.

        It is what the backward pass finds with |local| for every local derivative.
        """
        sums = [0.0] * len(self.graph)
        sums[self.graph.output] = 1.0
        sizes: list[float] = np.abs(self.locals).tolist()
        for (consumer, target), size in zip(self._pairs(), sizes, strict=True):
            if size:  # a sum that overflows is 0 along a factor 0
                sums[target] += sums[consumer] * size
        return np.array(sums)

    @functools.cached_property
    def edge_ranks(self) -> list[Rank]:
        """The rank of each edge's local derivative alone."""
        local = self.locals
        defined: Flags = np.isfinite(local)
        zero: Flags = local == 0
        logs = np.zeros(len(local))
        regular = defined & ~zero
        logs[regular] = -np.log2(np.abs(local[regular]))
        return list(zip((defined.astype(int) - 1).tolist(), zero.astype(int).tolist(), logs.tolist(), strict=True))

    @functools.cached_property
    def best_edges(self) -> list[int]:
        """The edge from each node that its largest path begins with; -1 at the output, and where there is no path."""
        return self._best[1]

    @functools.cached_property
    def best_ranks(self) -> list[Rank]:
        """The rank of the largest path of each node; meaningless where there is none."""
        return self._best[0]

    @functools.cached_property
    def _best(self) -> tuple[list[Rank], list[int]]:
        ranks, best = [NO_RANK] * len(self.graph), [-1] * len(self.graph)
        for edge, ((consumer, target), own) in enumerate(zip(self._pairs(), self.edge_ranks, strict=True)):
            behind = ranks[consumer]
            rank = own[0] + behind[0], own[1] + behind[1], own[2] + behind[2]
            if best[target] < 0 or rank < ranks[target]:
                ranks[target], best[target] = rank, edge
        return ranks, best

    def is_surely_zero(self, node: int) -> bool:
        """Say whether every path of a node has a factor 0 and none has an undefined one."""
        undefined, zeros, _ = self.best_ranks[node]
        return bool(self.counts[node]) and not undefined and zeros > 0

    def log10(self, node: int) -> float:
        """Return log10 of the size of the largest path of a node, its factors 0 and undefined ones left out."""
        return -self.best_ranks[node][2] * math.log10(2)

    def alternatives(self, node: int) -> list[tuple[Rank, int]]:
        """Return the other edges from a node than the best one, each with what the largest path along it has more.

        They are sorted, the least loss first; a loss is the difference of two ranks.
        """
        found = self._alternatives.get(node)
        if found is None:
            found = self._alternatives[node] = sorted(self._losses(node))
        return found

    def _losses(self, node: int) -> Iterator[tuple[Rank, int]]:
        best, kept = self.best_ranks[node], self.best_edges[node]
        edges: list[int] = self.edges.into(node).tolist()
        for edge in edges:
            if edge != kept:
                own, behind = self.edge_ranks[edge], self.best_ranks[self.consumers.item(edge)]
                yield (own[0] + behind[0] - best[0], own[1] + behind[1] - best[1], own[2] + behind[2] - best[2]), edge

    @functools.cached_property
    def _alternatives(self) -> dict[int, list[tuple[Rank, int]]]:
        return {}

    # ---- who shares them

    @functools.cached_property
    def inputs(self) -> list[int]:
        """The inputs that a path leads from, in their order."""
        leaves: list[int] = np.flatnonzero(self.graph.codes[: self.graph.leaf_count] == Leaf.INPUT).tolist()
        return [leaf for leaf in leaves if self.edges.write_count(leaf)]

    @functools.cached_property
    def inputs_behind(self) -> tuple[list[int], list[int]]:
        """The first and the last input that each node is computed from; where these are two it is shared.

        An input is its own first and last; what no input leads to has -1 for both.
        """
        first, last = [-1] * len(self.graph), [-1] * len(self.graph)
        for leaf in self.inputs:
            first[leaf] = last[leaf] = leaf
        for consumer, target in reversed(self._pairs()):  # operands are complete before their consumers
            found = first[target]
            if found >= 0 and (first[consumer] < 0 or found < first[consumer]):
                first[consumer] = found
            last[consumer] = max(last[consumer], last[target])
        return first, last


_TABLES: WeakKeyDictionary[Numbers, PathTable] = WeakKeyDictionary()
