"""`Sums`: chains of additions, which a tree shows as one line that opens into its terms."""

from __future__ import annotations

import numpy as np

from ....engine.arrays import Flags, Indices
from ....engine.graph.graph import SHOWN_OPERANDS, Graph
from ....engine.rules.ops import OPS

_ADD = next(code for code, op in enumerate(OPS) if op.name == "add")


_UNARY: Flags = np.array([op.arity == 1 for op in OPS] + [False], dtype=np.bool_)
"""Which codes are operations of one operand; a leaf's code, -1 or less, is none of them."""

NEURON_TERMS = 3
"""The fewest terms of a neuron's sum; of fewer there is nothing to gather."""


class Sums:
    """The sums that a graph writes as additions of two, and a reader takes as one thing.

    That is every sum of more than `SHOWN_OPERANDS` terms, and the sum of a neuron, of three terms or more: one that
    every sample has, and that an activation alone uses. `tops` is the number of terms of each, by the node that it
    stands at: the addition at its top, or the activation of it. `partial` marks the additions that stand below that
    node, bool[n]: unnamed ones that another addition alone uses, and below an activation the top one too. `neurons`
    are the tops that are activations. `used_once` marks the nodes that are one operand of one node, bool[n].
    """

    def __init__(self, graph: Graph) -> None:
        self.partial: Flags = np.zeros(len(graph), dtype=np.bool_)
        self.tops: dict[int, int] = {}
        self.neurons: set[int] = set()
        additions = graph.codes == _ADD
        consumer: Indices = np.full(len(graph), -1, dtype=np.int32)
        consumer[graph.operands] = graph.consumers()
        used_once: Flags = np.bincount(graph.operands, minlength=len(graph)) == 1
        self.used_once = used_once
        within = additions & used_once & additions[consumer] & ~graph.names.named(len(graph))
        if within.any():
            self._find(graph, within, used_once, consumer)

    def _find(self, graph: Graph, within: Flags, used_once: Flags, consumer: Indices) -> None:
        tops = np.zeros(len(graph), dtype=np.bool_)
        tops[consumer[within]] = True
        tops &= ~within
        activated = tops & used_once & _UNARY[np.maximum(graph.codes[consumer], -1)]
        activated[list(graph.names.single)] = False
        of_a_sample = graph.names.in_blocks(len(graph))
        terms: dict[int, int] = {}
        in_order = np.flatnonzero(within | tops).tolist()
        is_within, offsets = within.tolist(), graph.operand_offsets
        pairs = graph.operands[offsets[in_order][:, None] + np.arange(2)].tolist()
        for node, pair in zip(in_order, pairs, strict=True):
            terms[node] = sum(terms[operand] if is_within[operand] else 1 for operand in pair)
        gathered: set[int] = set()
        partial: list[int] = []
        for node in np.flatnonzero(tops).tolist():
            is_neuron = bool(activated[node]) and terms[node] >= NEURON_TERMS and bool(of_a_sample[node])
            if terms[node] > SHOWN_OPERANDS or is_neuron:
                gathered.add(node)
                if activated[node]:
                    self.neurons.add(int(consumer[node]))
                    partial.append(node)
                self.tops[int(consumer[node]) if activated[node] else node] = terms[node]
        for node, pair in zip(reversed(in_order), reversed(pairs), strict=True):
            if node in gathered:
                inside = [operand for operand in pair if is_within[operand]]
                gathered.update(inside)
                partial += inside
        self.partial[partial] = True
