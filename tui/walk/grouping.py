"""Finds what makes one thing in a graph: expressions, neurons, layers, samples, parameters."""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import IntEnum

import numpy as np

from ...engine.arrays import Codes, Flags, Indices
from ...engine.graph.graph import SHOWN_OPERANDS, Graph, Leaf
from ...engine.graph.names import NameBlock
from ...engine.rules.ops import CODES, OPS
from ..words.array_label import array_label

_ADD = CODES["add"]
_UNIT = re.compile(r"(?P<layer>.+?)_?(?P<unit>[1-9][0-9]*)")
_UNARY = np.array([op.arity == 1 for op in OPS] + [False] * len(Leaf))
"""Whether each code is that of an operation of one operand; a leaf's code counts from the end."""

_UNSET, _NONE = -2, -1
_REPORT_EVERY = 1 << 14

LEAST_TERMS = 3
"""Terms from which on additions are a sum, and operands from which on they may be samples."""

LEAST_ENTRIES = 2
"""Entries of an array from which on they are gathered."""

LEAST_LEAVES = 4
"""Leaves of one purpose from which on they are gathered."""


class Kind(IntEnum):
    """What a group is."""

    EXPRESSION = 0
    """A node with the unnamed operations that lead to it alone; its `count` is that of its operations."""
    SUM = 1
    """An expression with a sum of three terms or more, such as a neuron; `count` is that of the terms.

    The sum may have a name of its own, where nothing but a function of it is used.
    """
    LAYER = 2
    """The neurons of one layer, of one sample; `count` is that of the neurons."""
    SAMPLE = 3
    """What leads to one term of a loss and to no other; `count` is that of its nodes."""
    SAMPLES = 4
    """All the samples of a loss; `count` is that of the samples."""
    LEAVES = 5
    """The leaves that one layer, or one expression, is given; `count` is that of the leaves."""
    ARRAY = 6
    """The entries of one array, each a node or an expression; `count` is that of the entries."""


class GroupFinder:
    """Finds the groups, from the inside to the outside."""

    def __init__(self, graph: Graph, report: Callable[[float], None]) -> None:
        self.graph = graph
        self.report = report
        self.labels: dict[int, str] = {}
        self.shapes: dict[int, tuple[int, ...]] = {}
        self._layer_names: dict[int, str] = {}
        n = len(graph)
        self.operands, self.consumers = graph.operands, graph.consumers()
        self.is_operation: Flags = graph.codes >= 0
        self.uses = np.bincount(graph.operands, minlength=n)
        self.consumer: Indices = np.full(n, -1, dtype=np.int32)
        self.consumer[self.operands] = self.consumers
        self.named = graph.names.named(len(graph))
        self.sum_of = self._find_sums()
        self.term = self._find_samples()
        self.root, self.kinds, self.counts = self._find_expressions()
        across = self.root[self.operands] != self.root[self.consumers]
        self.last_input: Indices = np.full(n, -1, dtype=np.int32)
        np.maximum.at(self.last_input, self.root[self.consumers[across]], self.operands[across])
        self.group_of_head: Indices = np.full(n, -1, dtype=np.int32)
        heads = np.flatnonzero(self.kinds >= 0).astype(np.int32)
        self.group_of_head[heads] = np.arange(len(heads), dtype=np.int32)
        self.kind = [self.kinds[heads]]
        self.parent: list[Indices] = [np.full(len(heads), -1, dtype=np.int32)]
        self.head: list[Indices] = [heads]
        self.count = [self.counts[heads]]
        self.group: Indices = self.group_of_head[self.root]
        self.total = len(heads)

    def arrays(self) -> tuple[Indices, Codes, Indices, Indices, Indices]:
        """Gather what is larger than an expression, and return all groups."""
        signature = self._gather_layers()
        self._gather_arrays()
        self._gather_samples()
        self._gather_leaves(signature)
        kind, parent, head, count = map(np.concatenate, (self.kind, self.parent, self.head, self.count))
        return self.group, kind.astype(np.int8), parent, head, count

    # ---- sums and samples

    def _find_sums(self) -> Indices:
        """Return the node at which the sum ends that each entry of `operands` is a term of, -1 for no term.

        Additions of two that are unnamed and used once, by another addition, are one sum with that.
        """
        additions = self.graph.codes == _ADD
        within = additions & (self.uses == 1) & additions[self.consumer] & ~self.named
        top = _followed(np.where(within, self.consumer, np.arange(len(self.graph), dtype=np.int32)))
        sum_of: Indices = np.full(len(self.operands), -1, dtype=np.int32)
        is_term = additions[self.consumers] & ~within[self.operands]
        sum_of[is_term] = top[self.consumers[is_term]]
        for node in self.graph.n_ary_operand_counts():
            sum_of[self.graph.operand_offsets[node] : self.graph.operand_offsets[node + 1]] = node
        self.terms: Indices = np.bincount(sum_of[sum_of >= 0], minlength=len(self.graph)).astype(np.int32)
        return sum_of

    def _find_samples(self) -> Indices:
        """Return the entry of `operands` by which alone each node leads to a sum over samples; -1 for none."""
        graph = self.graph
        term: Indices = np.full(len(graph), _NONE, dtype=np.int32)
        if graph.arrays:
            return term  # what was made together is known, and cuts across samples
        large = self.terms > SHOWN_OPERANDS
        large[list(graph.n_ary_operand_counts())] = True
        large &= self.terms >= LEAST_TERMS
        if not large.any():
            return term
        starts = (self.sum_of >= 0) & large[self.sum_of]
        term[:] = _UNSET
        term[graph.output] = _NONE
        term[graph.other_ends] = _NONE
        self._lead_back(term, starts)
        operations = term[self.is_operation]
        sizes = np.bincount(operations[operations >= 0], minlength=len(self.operands))
        entries = np.flatnonzero(starts)
        size = np.bincount(self.sum_of[entries], weights=sizes[entries], minlength=len(graph))
        over_samples = large & (size >= 2 * self.terms)
        term[(term >= 0) & ~over_samples[self.sum_of[term]]] = _NONE
        return term

    def _lead_back(self, term: Indices, starts: Flags) -> None:
        """Hand each node's term on to its operands, consumers first; what gets two different ones has none."""
        offsets, operands, start = self.graph.operand_offsets.data, self.operands.data, starts.tobytes()
        terms = term.data
        for node in range(len(self.graph) - 1, self.graph.leaf_count - 1, -1):
            own = terms[node]
            for entry in range(offsets[node], offsets[node + 1]):
                operand = operands[entry]
                handed = entry if own == _NONE and start[entry] else own
                before = terms[operand]
                if before == _UNSET:
                    terms[operand] = handed
                elif before != handed:
                    terms[operand] = _NONE
            if not node % _REPORT_EVERY:
                self.report(1 - node / len(self.graph))

    # ---- groups

    def _find_expressions(self) -> tuple[Indices, Indices, Indices]:
        """Return the node at the top of each node's expression, the kind of group that it makes (-1: none), its count.

        The top is named, or used in other places than one, or one of the samples, or their sum. But a sum of which
        nothing is used but one function is one thing with that, as in a neuron, even where it has a name.
        """
        graph, n = self.graph, len(self.graph)
        in_samples = np.flatnonzero(self.term >= 0)
        sums = self.sum_of[self.term[in_samples]]
        is_top = self.is_operation & (self.named | (self.uses != 1))
        is_top[graph.output] = True
        is_top[sums] = True
        is_top[self.operands[self.term[in_samples]]] = True
        applied = (self.terms >= LEAST_TERMS) & (self.uses == 1) & _UNARY[graph.codes[self.consumer]]
        applied[graph.output] = False
        applied[sums] = False
        inside = self.is_operation & (~is_top | applied)
        inside |= (graph.codes == Leaf.CONSTANT) & ~self.named & (self.uses == 1)
        root = _followed(np.where(inside, self.consumer, np.arange(n, dtype=np.int32)))
        operations = np.bincount(root[self.is_operation], minlength=n)
        terms = np.zeros(n, dtype=np.int32)
        np.maximum.at(terms, root, self.terms)
        makes = self.is_operation & (operations >= 2)
        kind = np.where(makes, np.where(terms >= LEAST_TERMS, Kind.SUM, Kind.EXPRESSION), -1).astype(np.int32)
        return root, kind, np.where(kind == Kind.SUM, terms, operations).astype(np.int32)

    def _add(self, kind: Kind, heads: Indices, counts: Indices | int, parent: Indices | int = -1) -> Indices:
        """Add groups of one kind; return their numbers."""
        made = np.arange(self.total, self.total + len(heads), dtype=np.int32)
        self.total += len(heads)
        self.kind.append(np.full(len(heads), kind, dtype=np.int32))
        self.head.append(heads)
        self.parent.append(np.broadcast_to(np.asarray(parent, dtype=np.int32), heads.shape).copy())
        self.count.append(np.broadcast_to(np.asarray(counts, dtype=np.int32), heads.shape).copy())
        return made

    def _gather_layers(self) -> Indices:
        """Gather the sums of one layer; return for each expression what it is one of: a layer, a block, or itself."""
        graph = self.graph
        signature: Indices = np.arange(len(graph), dtype=np.int32)
        for block in graph.names.blocks:
            signature[block.first : block.stop] = block.first
        if graph.arrays:
            return signature  # a layer is an array then, and h1 and h2 are two of them
        units: dict[str, dict[int, Indices]] = {}
        for name, nodes in _columns(graph):
            if (match := _UNIT.fullmatch(name)) and (self.kinds[nodes] == Kind.SUM).all():
                units.setdefault(match["layer"], {})[int(match["unit"])] = nodes
        for layer, columns in units.items():
            shapes = {len(nodes) for nodes in columns.values()}
            if len(columns) < 2 or len(shapes) > 1 or sorted(columns) != list(range(1, len(columns) + 1)):
                continue
            heads: Indices = np.stack([columns[unit] for unit in sorted(columns)])
            if not (self.term[heads] == self.term[heads[0]]).all() or self._lead_to_each_other(heads):
                continue
            groups = self._add(Kind.LAYER, np.full(len(heads[0]), -1, dtype=np.int32), len(heads))
            self.labels.update(dict.fromkeys(groups.tolist(), layer))
            self.parent[0][self.group_of_head[heads]] = groups
            signature[heads] = heads[0, 0]
            self._layer_names[int(heads[0, 0])] = layer
        return signature

    def _lead_to_each_other(self, heads: Indices) -> bool:
        """Say whether one of these expressions may lead to another one: then they are no layer.

        What leads to a node stands before it, so none does where all that they are given stands before all of them.
        """
        return bool((self.last_input[heads] >= heads.min()).any())

    def _gather_arrays(self) -> None:
        """Gather the entries of each array that are expressions, or nodes, by themselves.

        What is written out within another expression, since that alone uses it, is no array of its own.
        """
        graph = self.graph
        if not graph.arrays:
            return
        made_for = graph.arrays_of_nodes
        alone = (self.root == np.arange(len(graph))) & (made_for >= 0)
        nodes = np.flatnonzero(alone).astype(np.int32)
        order = np.argsort(made_for[nodes], kind="stable")
        nodes = nodes[order]
        places, first, counts = np.unique(made_for[nodes], return_index=True, return_counts=True)
        several = counts >= LEAST_ENTRIES
        groups = self._add(
            Kind.ARRAY, np.full(int(several.sum()), -1, dtype=np.int32), counts[several].astype(np.int32)
        )
        for group, place, start, count in zip(
            groups.tolist(), places[several].tolist(), first[several].tolist(), counts[several].tolist(), strict=True
        ):
            own = nodes[start : start + count]
            heads = self.group_of_head[own]
            self.parent[0][heads[heads >= 0]] = group
            self.group[own[heads < 0]] = group
            self.labels[group] = array_label(graph.arrays, place)
            self.shapes[group] = graph.arrays[place].shape if count == graph.arrays[place].entries.size else (count,)

    def _gather_samples(self) -> None:
        """Gather what leads to one term of a sum over samples, and all of these."""
        in_samples = np.flatnonzero(self.term >= 0).astype(np.int32)
        if not len(in_samples):
            return
        entries, sizes = _counted(self.term[in_samples])
        sums, counts = _counted(self.sum_of[entries])
        of_sum = np.searchsorted(sums, self.sum_of[entries])
        everything = self._add(Kind.SAMPLES, np.full(len(sums), -1, dtype=np.int32), counts)
        self.labels.update(dict.fromkeys(everything.tolist(), "samples"))
        samples = self._add(Kind.SAMPLE, self.operands[entries], sizes, everything[of_sum])
        of_node: Indices = np.full(len(self.graph), -1, dtype=np.int32)
        of_node[in_samples] = samples[np.searchsorted(entries, self.term[in_samples])]
        layer_of, heads = self.parent[0], self.head[0]
        of_layer: Indices = np.full(self.total, -1, dtype=np.int32)
        of_layer[layer_of] = of_node[heads]
        first = len(layer_of)
        for parents in self.parent[1:-2]:  # what was added after the expressions and before the samples: layers
            parents[:] = of_layer[first : first + len(parents)]
            first += len(parents)
        alone = layer_of < 0
        layer_of[alone] = of_node[heads[alone]]
        outside = self.group < 0
        self.group[outside] = of_node[outside]

    def _gather_leaves(self, signature: Indices) -> None:
        """Gather the leaves outside of samples that only one layer or expression is given, but for a loss beside it."""
        graph = self.graph
        leaf = graph.codes[self.operands] == Leaf.INPUT
        leaf &= (self.term[self.operands] < 0) & (self.group[self.operands] < 0)
        used_by, leaves = self.consumers[leaf], self.operands[leaf]
        in_sample = self.term[used_by] >= 0
        has_sample = np.zeros(len(graph), dtype=np.bool_)
        has_sample[leaves[in_sample]] = True
        counts = in_sample | ~has_sample[leaves]
        purpose, leaves = signature[self.root[used_by[counts]]], leaves[counts]
        least, most = (np.full(graph.leaf_count, nothing, dtype=np.int32) for nothing in (len(graph), -1))
        np.minimum.at(least, leaves, purpose)
        np.maximum.at(most, leaves, purpose)
        single = np.flatnonzero(least == most)
        purposes, sizes = _counted(least[single])
        of_purpose = np.searchsorted(purposes, least[single])
        large = np.flatnonzero(sizes >= LEAST_LEAVES)
        groups = self._add(Kind.LEAVES, np.full(len(large), -1, dtype=np.int32), sizes[large])
        number: Indices = np.full(len(purposes), -1, dtype=np.int32)
        number[large] = groups
        gathered = number[of_purpose] >= 0
        self.group[single[gathered]] = number[of_purpose][gathered]
        for group, first in zip(groups.tolist(), purposes[large].tolist(), strict=True):
            block = block_of(graph, first)
            name = self._layer_names.get(first) or (block.prefix if block else graph.label(first))
            self.labels[group] = f"parameters of {name}" if block else f"inputs of {name}"


def _followed(link: Indices) -> Indices:
    """Return where one arrives that follows the links from each node on; a node at the end links to itself."""
    while True:
        further = link[link]
        if np.array_equal(further, link):
            return link
        link = further


def _counted(numbers: Indices) -> tuple[Indices, Indices]:
    """Return the numbers that occur, ascending, and how often each does."""
    found, counts = np.unique(numbers, return_counts=True)
    return found, counts.astype(np.int32)


def _columns(graph: Graph) -> list[tuple[str, Indices]]:
    """Return the operations that have a name, with the nodes of it: of a block all."""
    single = [
        (name, np.array([node], dtype=np.int32))
        for node, name in graph.names.single.items()
        if node >= graph.leaf_count
    ]
    blocks = [
        (block.prefix, np.arange(block.first, block.stop, dtype=np.int32))
        for block in graph.names.blocks
        if block.first >= graph.leaf_count
    ]
    return single + blocks


def block_of(graph: Graph, node: int) -> NameBlock | None:
    """Return the block of names that a node is in, None where it is in none."""
    return next((block for block in graph.names.blocks if block.first <= node < block.stop), None)
