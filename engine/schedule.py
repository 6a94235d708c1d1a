"""`Schedule`: which operations of a graph can be computed together, and in which order.

An operation's level is one more than the highest level among its operands, so operations of one level do
not need each other; those of one level and one kind form a group. A left-folded chain of additions
((t0 + t1) + t2) + ... whose inner sums nothing else uses counts as one operation on all its terms, or
else a sum over m samples would take m levels.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .edges import Indices
from .graph import ARITIES, Graph
from .ops import CODES, OPS

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


def schedule(graph: Graph) -> list[Group]:
    """Group the operations of a graph, in an order in which they can be computed."""
    if graph.leaf_count == len(graph):
        return []
    heads, long_nodes = _chains(graph)
    last_of_chain = np.ones(len(graph), dtype=np.bool_)  # an operation on its own is the last of itself
    last_of_chain[long_nodes[:-1]] = heads[long_nodes[:-1]] != heads[long_nodes[1:]]
    levels = _levels(graph, heads)
    items = np.flatnonzero(last_of_chain[graph.leaf_count :]).astype(np.int32) + np.int32(graph.leaf_count)

    chain_lengths = np.bincount(heads[long_nodes], minlength=len(graph)).astype(np.int32)
    counts = np.diff(graph.operand_offsets)
    kinds = _kinds(graph, items, counts, chain_lengths[heads])
    keys = levels[items] * (int(kinds.max()) + 1) + kinds
    order = np.argsort(keys, kind="stable")
    items, keys = items[order], keys[order]
    starts = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]]))
    stops = np.concatenate([starts[1:], [len(items)]])

    chain_starts = np.zeros(len(graph), dtype=np.int32)  # by head: where in long_nodes the chain starts
    first_long = np.flatnonzero(long_nodes == heads[long_nodes])
    chain_starts[long_nodes[first_long]] = first_long
    groups: list[Group] = []
    for start, stop in zip(starts.tolist(), stops.tolist(), strict=True):
        rows = items[start:stop, np.newaxis]
        length = int(chain_lengths[heads[rows[0, 0]]])
        if length:
            rows = long_nodes[chain_starts[heads[rows]] + np.arange(length, dtype=np.int32)]
            first = graph.operand_offsets[rows]
            edges = np.concatenate([first[:, :1], first + 1], axis=1)
        else:
            edges = graph.operand_offsets[rows] + np.arange(int(counts[rows[0, 0]]), dtype=np.int32)
        groups.append(Group(int(graph.codes[rows[0, 0]]), rows, graph.operands[edges], edges))
    return groups


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


def _kinds(graph: Graph, items: Indices, counts: Indices, lengths: Indices) -> Indices:
    """Number the kinds of operations: items of one number are computed alike.

    Those are operations of one code and one pattern of operands that carry a gradient; n-ary operations of
    one number of operands and chains of one length, of which all or none carry a gradient.
    """
    codes = graph.codes[items].astype(np.int64)
    arities = np.array(ARITIES, dtype=np.int32)[codes]
    pattern = np.zeros(len(items), dtype=np.int64)
    for position in range(max(op.arity or 0 for op in OPS)):
        has = arities > position
        operands = graph.operands[graph.operand_offsets[items[has]] + position]
        pattern[has] += graph.carries_gradient[operands].astype(np.int64) << position
    sizes = np.where(arities == 0, counts[items], lengths[items])
    pattern = np.where(sizes > 0, graph.carries_gradient[items], pattern)
    _, kinds = np.unique((sizes * len(OPS) + codes) * 8 + pattern, return_inverse=True)
    return kinds.astype(np.int32)
