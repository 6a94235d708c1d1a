"""`Edges`: the edges that a backward pass takes, in the order it takes them."""

from __future__ import annotations

import functools
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np

from ..arrays import Flags, Floats, Indices


@dataclass(frozen=True, eq=False)
class Edges:
    """The edges that carry a gradient, numbered in walk order from 0.

    Walk order is consumers before producers, last recorded first, and a consumer's operands left to right.
    An edge *writes*: it adds a contribution to the gradient of its target.

    `offsets`        int32[n + 1]: node v is the consumer of `offsets[v + 1] - offsets[v]` edges; since the
                     walk runs backwards, they are the edges `count - offsets[v + 1]` to `count - offsets[v]`
    `targets`        int32[count]: the operand of each edge
    `writes`         int32[count]: the edges again, sorted by (target, walk order)
    `write_offsets`  int32[n + 1]: node v is written by `writes[write_offsets[v]:write_offsets[v + 1]]`
    """

    offsets: Indices
    targets: Indices
    writes: Indices
    write_offsets: Indices

    @classmethod
    def of(cls, operand_offsets: Indices, operands: Indices, carried: Flags) -> Edges:
        """Put the edges of a graph, given as in `Graph`, in walk order; `carried` is bool[edges]."""
        offsets = _offsets(carried)[operand_offsets]
        flat_targets = operands[carried]
        targets = np.empty_like(flat_targets)
        targets[_walk_numbers(offsets)] = flat_targets
        write_offsets = _offsets(np.bincount(targets, minlength=len(operand_offsets) - 1))
        writes = np.argsort(targets, kind="stable").astype(np.int32)
        return cls(offsets, targets, writes, write_offsets)

    def __len__(self) -> int:
        return len(self.targets)

    def of_consumer(self, node: int) -> range:
        """Return the edges that a node is the consumer of."""
        return range(len(self) - self.offsets.item(node + 1), len(self) - self.offsets.item(node))

    def consumer(self, edge: int) -> int:
        """Return the consumer of an edge."""
        return bisect_left(self._offsets, len(self) - edge) - 1

    def into(self, node: int) -> Indices:
        """Return the edges that write a node's gradient, in walk order."""
        return self.writes[self.write_offsets.item(node) : self.write_offsets.item(node + 1)]

    def write_count(self, node: int) -> int:
        """Return how many edges write a node's gradient."""
        return self.write_offsets.item(node + 1) - self.write_offsets.item(node)

    def write(self, node: int, place: int) -> int:
        """Return the edge that is write number `place` of a node's gradient, counted from 0."""
        return self.writes.item(self.write_offsets.item(node) + place)

    def writes_before(self, node: int, edge: int) -> int:
        """Return how many of the writes of a node's gradient come before `edge`."""
        start, stop = self.write_offsets.item(node), self.write_offsets.item(node + 1)
        return bisect_left(self._writes, edge, start, stop) - start

    # Binary search in a memoryview takes a fifth of what NumPy's takes to begin.

    @functools.cached_property
    def _offsets(self) -> Sequence[int]:
        return cast(Sequence[int], self.offsets.data)

    @functools.cached_property
    def _writes(self) -> Sequence[int]:
        return cast(Sequence[int], self.writes.data)

    def consumers(self) -> Indices:
        """Return the consumer of each edge: int32[count]."""
        nodes = np.arange(len(self.offsets) - 2, -1, -1, dtype=np.int32)
        return np.repeat(nodes, np.diff(self.offsets)[::-1])

    def walk_numbers(self) -> Indices:
        """Return the number of each edge, the edges taken in the order of `Graph.operands`: int32[count]."""
        return _walk_numbers(self.offsets)

    def running_sums(self, contributions: Floats) -> Floats:
        """Return each target's gradient after each edge: its contributions so far, added in walk order.

        Both arrays are float64[count], in walk order. One `np.add.accumulate` does all the targets that have
        equally many contributions: it adds from left to right, so the sums are those of a plain loop.
        """
        written = contributions[self.writes]
        counts = np.diff(self.write_offsets)
        for count in np.unique(counts[counts > 1]).tolist():
            starts = self.write_offsets[:-1][counts == count]
            rows = starts[:, np.newaxis] + np.arange(count, dtype=np.int32)
            written[rows] = np.add.accumulate(written[rows], axis=1)
        sums = np.empty_like(written)
        sums[self.writes] = written
        return sums


def _offsets(counts: np.ndarray[tuple[Any, ...], np.dtype[np.integer]] | Flags) -> Indices:
    """Return where each part starts when parts of these sizes follow one another, and where the last ends."""
    offsets = np.zeros(len(counts) + 1, dtype=np.int32)
    np.cumsum(counts, dtype=np.int32, out=offsets[1:])
    return offsets


def _walk_numbers(offsets: Indices) -> Indices:
    first_of_node = offsets[-1] - offsets[1:]
    return np.repeat(first_of_node - offsets[:-1], np.diff(offsets)) + np.arange(offsets[-1], dtype=np.int32)
