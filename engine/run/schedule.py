"""`Schedule`: which operations of a graph can be computed together, and in which order.

An operation's level is one more than the highest level among its operands, so operations of one level do
not need each other; those of one level and one kind form a group. A left-folded chain of additions
((t0 + t1) + t2) + ... whose inner sums nothing else uses counts as one operation on all its terms, or
else a sum over m samples would take m levels.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ..arrays import Indices
from ..graph.graph import ARITIES, Graph
from ..rules.ops import CODES, OPS

MIN_CHAIN = 4
"""A chain of fewer additions is left as it is."""

ADD = CODES["add"]

MANY = -1
"""Stands for the operands of an operation that has more than two."""


@dataclass(frozen=True, eq=False)
class Group:
    """Operations of one level and one kind, a row each.

    `nodes`     int32[rows, length]: one operation a row (length 1), or one chain of additions a row, in order
    `operands`  int32[rows, k]: the operands of each operation, or the length + 1 terms of each chain
    `edges`     int32[rows, k]: where in `Graph.operands` those operands stand
    """

    code: int
    nodes: Indices
    operands: Indices
    edges: Indices

    @property
    def is_chain(self) -> bool:
        """Whether a row is a chain of additions rather than one operation."""
        return self.nodes.shape[1] > 1


class Schedule:
    """The groups of a graph's operations, in an order in which they can be computed.

    Their number, `len(schedule)`, is known before any of them is made.
    """

    def __init__(self, graph: Graph) -> None:
        n = len(graph)
        self._graph = graph
        self._heads, self._chain_nodes = _chains(graph)
        chain_heads = self._heads[self._chain_nodes]
        self._chain_lengths = np.bincount(chain_heads, minlength=n).astype(np.int32)
        self._chain_starts = np.zeros(n, dtype=np.int32)
        starts = np.flatnonzero(self._chain_nodes == chain_heads)
        self._chain_starts[chain_heads[starts]] = starts

        is_row = np.arange(n) >= graph.leaf_count  # of a chain, its last node stands for the row
        is_row[self._chain_nodes[:-1]] = chain_heads[1:] != chain_heads[:-1]
        rows = np.flatnonzero(is_row).astype(np.int32)
        kinds = _kinds(graph, rows, self._chain_lengths[self._heads[rows]])
        keys = _levels(graph, self._heads)[rows].astype(np.int64) * (len(rows) + 1) + kinds
        order = np.argsort(keys, kind="stable")
        self._rows, keys = rows[order], keys[order]
        starts = np.flatnonzero(np.diff(keys, prepend=-1))
        self._bounds: list[int] = [*starts.tolist(), len(rows)]

    def __len__(self) -> int:
        return len(self._bounds) - 1

    def __iter__(self) -> Iterator[Group]:
        for start, stop in itertools.pairwise(self._bounds):
            yield self._group(self._rows[start:stop])

    def _group(self, rows: Indices) -> Group:
        graph, head = self._graph, self._heads[rows]
        nodes, first = rows[:, np.newaxis], graph.operand_offsets[rows][:, np.newaxis]
        count = int(graph.operand_offsets[rows[0] + 1] - first[0, 0])
        length = int(self._chain_lengths[head[0]])
        if length:
            place = self._chain_starts[head][:, np.newaxis] + np.arange(length, dtype=np.int32)
            nodes = self._chain_nodes[place]
            first = graph.operand_offsets[nodes]
            edges = np.concatenate([first[:, :1], first + 1], axis=1)
        else:
            edges = first + np.arange(count, dtype=np.int32)
        return Group(int(graph.codes[rows[0]]), nodes, graph.operands[edges], edges)


def _chains(graph: Graph) -> tuple[Indices, Indices]:
    """Find the chains of at least `MIN_CHAIN` additions.

    Returns the first addition of each node's chain, int32[n] (the node itself where it is in none), and
    the nodes of all chains, chain after chain, in order.
    """
    n = len(graph)
    additions = np.flatnonzero(graph.codes == ADD)
    left = graph.operands[graph.operand_offsets[additions]]
    uses = np.bincount(graph.operands, minlength=n)
    carries = graph.carries_gradient
    continues = (graph.codes[left] == ADD) & (uses[left] == 1) & (carries[left] == carries[additions])
    heads = np.arange(n, dtype=np.int32)
    heads[additions[continues]] = left[continues]
    while True:  # each round doubles how far a node looks back
        further = heads[heads]
        if np.array_equal(further, heads):
            break
        heads = further
    lengths = np.bincount(heads[additions], minlength=n)
    is_long = lengths[heads[additions]] >= MIN_CHAIN
    heads[additions[~is_long]] = additions[~is_long]
    long_nodes = additions[is_long].astype(np.int32)
    return heads, long_nodes[np.argsort(heads[long_nodes], kind="stable")]


def _levels(graph: Graph, heads: Indices) -> Indices:
    """Return the level of each node: int32[n]. In a chain only that of the last node is the chain's."""
    nodes = np.arange(graph.leaf_count, len(graph), dtype=np.int32)
    first = graph.operands[graph.operand_offsets[nodes]]
    last = graph.operands[graph.operand_offsets[nodes + 1] - 1]
    first[graph.operand_offsets[nodes + 1] - graph.operand_offsets[nodes] > 2] = MANY
    rises = heads[nodes] == nodes  # from what a chain continues it does not rise: that is the same operation
    levels: list[int] = [0] * graph.leaf_count
    lefts: list[int] = first.tolist()
    rights: list[int] = last.tolist()
    for node, left, right, rise in zip(nodes.tolist(), lefts, rights, rises.tolist(), strict=True):
        if left == MANY:
            operands: list[int] = graph.operands_of(node).tolist()
            levels.append(1 + max(levels[operand] for operand in operands))
            continue
        level, other = levels[left] + rise, levels[right] + 1
        levels.append(level if level > other else other)
    return np.array(levels, dtype=np.int32)


def _kinds(graph: Graph, rows: Indices, chain_lengths: Indices) -> Indices:
    """Number the kinds of operations: rows of one number are computed alike.

    Those are operations of one code and one pattern of operands that carry a gradient; n-ary operations of
    one number of operands and chains of one length, of which all or none carry a gradient.
    """
    codes = graph.codes[rows].astype(np.int64)
    arities = np.array(ARITIES, dtype=np.int32)[codes]
    offsets = graph.operand_offsets
    pattern = np.zeros(len(rows), dtype=np.int64)
    for position in range(max(ARITIES)):
        has = arities > position
        operands = graph.operands[offsets[rows[has]] + position]
        carried = graph.carries_gradient[operands] & graph.carries_gradient[rows[has]]
        pattern[has] += carried.astype(np.int64) << position
    sizes = np.where(arities == 0, offsets[rows + 1] - offsets[rows], chain_lengths)
    pattern = np.where(sizes > 0, graph.carries_gradient[rows], pattern)
    _, kinds = np.unique(((sizes * len(OPS) + codes) << max(ARITIES)) + pattern, return_inverse=True)
    return kinds.astype(np.int32)
