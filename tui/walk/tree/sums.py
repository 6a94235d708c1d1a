"""`LongSums`: chains of unnamed additions, which a tree shows as one line that opens into its terms."""

from __future__ import annotations

import numpy as np

from ....engine.arrays import Flags, Indices
from ....engine.graph.graph import SHOWN_OPERANDS, Graph
from ....engine.rules.ops import OPS

_ADD = next(code for code, op in enumerate(OPS) if op.name == "add")


class LongSums:
    """The sums of more than `SHOWN_OPERANDS` terms that a graph writes as additions of two.

    `partial` marks the additions within them, bool[n]: unnamed, used once, by another addition. `terms` is the number
    of terms of each addition at the top of such a sum, by its node.
    """

    def __init__(self, graph: Graph) -> None:
        self.partial: Flags = np.zeros(len(graph), dtype=np.bool_)
        self.terms: dict[int, int] = {}
        additions = graph.codes == _ADD
        consumer: Indices = np.full(len(graph), -1, dtype=np.int32)
        consumer[graph.operands] = graph.consumers()
        used_once = np.bincount(graph.operands, minlength=len(graph)) == 1
        within = additions & used_once & additions[consumer] & ~_named(graph)
        if within.any():
            self._find(graph, within, consumer)

    def _find(self, graph: Graph, within: Flags, consumer: Indices) -> None:
        tops = np.zeros(len(graph), dtype=np.bool_)
        tops[consumer[within]] = True
        tops &= ~within
        terms: dict[int, int] = {}
        in_order = np.flatnonzero(within | tops).tolist()
        is_within, offsets = within.tolist(), graph.operand_offsets
        pairs = graph.operands[offsets[in_order][:, None] + np.arange(2)].tolist()
        for node, pair in zip(in_order, pairs, strict=True):
            terms[node] = sum(terms[operand] if is_within[operand] else 1 for operand in pair)
        self.terms = {node: terms[node] for node in np.flatnonzero(tops).tolist() if terms[node] > SHOWN_OPERANDS}
        long = set(self.terms)
        for node, pair in zip(reversed(in_order), reversed(pairs), strict=True):
            if node in long:
                long.update(operand for operand in pair if is_within[operand])
        self.partial[list(long - self.terms.keys())] = True


def _named(graph: Graph) -> Flags:
    named = np.zeros(len(graph), dtype=np.bool_)
    named[list(graph.names.single)] = True
    for block in graph.names.blocks:
        named[block.first : block.stop] = True
    return named
