"""`Wiring`: who is joined to whom in a graph, nodes and groups of nodes, found without looking at all of it."""

from __future__ import annotations

import functools
from collections.abc import Callable

import numpy as np

from ....engine.arrays import Indices
from ....engine.graph.graph import Graph
from ..gathering import Gathering, Kind

MOST_LEAVES = 32
"""Members of a group whose consumers are looked at, where all of them are used alike."""

MANY = 256
"""Inputs of a unit from which on they are not looked at one by one."""


class ManyInputs:
    """The inputs of a unit that has very many: `nodes`, int32[k], in order, and the groups that these are in.

    `groups` are the outermost groups of the nodes (-1 for none), `first` the place of the first node of each, and
    `alone` how many nodes are in none.
    """

    def __init__(self, nodes: Indices, outermost: Indices) -> None:
        self.nodes = nodes
        self._order = np.argsort(nodes, kind="stable")
        self._sorted = nodes[self._order]
        groups, first = np.unique(outermost[nodes], return_index=True)
        self.groups: list[int] = groups.tolist()
        self.first: list[int] = first.tolist()
        self._alone = np.flatnonzero(outermost[nodes] < 0)
        self.alone = len(self._alone)

    def places(self, nodes: Indices) -> Indices:
        """Return the places at which some nodes stand among the inputs, ascending."""
        low, high = np.searchsorted(self._sorted, nodes), np.searchsorted(self._sorted, nodes, side="right")
        spans = zip(low.tolist(), high.tolist(), strict=True)
        found = [self._order[start:stop] for start, stop in spans if stop > start]
        return np.sort(np.concatenate(found)).astype(np.int32) if found else np.empty(0, dtype=np.int32)

    def first_alone_but(self, places: Indices) -> int:
        """Return the first node in no group that does not stand at one of these places, of which there are few."""
        few = self._alone[: len(places) + 1]
        return int(self.nodes[few[~np.isin(few, places)][0]])


class Wiring:
    """A graph with what it is gathered into, and the consumers of each node.

    A *unit* is what a box can stand for: node v is the unit v, group g the unit `len(graph) + g`. `outermost` is the
    outermost group of each node, int32[n], -1 for none.
    """

    def __init__(self, graph: Graph, report: Callable[[float], None] = lambda done: None) -> None:
        """Prepare a graph; `report` is told from time to time which part of it is done, and may raise to stop."""
        self.graph = graph
        self.gathering = Gathering(graph, lambda done: report(0.7 * done))
        report(0.7)
        order = np.argsort(graph.operands, kind="stable")
        self._users: Indices = graph.consumers()[order]
        self._offsets = np.concatenate([[0], np.cumsum(np.bincount(graph.operands, minlength=len(graph)))])
        report(0.9)
        kinds, parent = self.gathering.kind, self.gathering.parent
        outermost = np.arange(-1, len(parent), dtype=np.int32)
        for _ in range(3):
            above = parent[outermost[1:]]
            outermost[1:] = np.where(above >= 0, above, outermost[1:])
        self.outermost: Indices = outermost[1:][self.gathering.group] if len(parent) else self.gathering.group
        self.outermost = np.where(self.gathering.group < 0, -1, self.outermost).astype(np.int32)
        for group in np.flatnonzero((kinds == Kind.SAMPLES) | (kinds == Kind.LEAVES)).tolist():
            self.inputs(len(graph) + group)  # these can be large; others are found when they are shown
        report(1.0)

    def group_of(self, unit: int) -> int:
        """Return the group that a unit is, -1 for a node."""
        return max(-1, unit - len(self.graph))

    def users(self, node: int) -> Indices:
        """Return the consumers of a node, in the order of the walk; one that uses it twice stands there twice."""
        return self._users[int(self._offsets[node]) : int(self._offsets[node + 1])]

    def inputs(self, unit: int) -> list[int]:
        """Return the nodes that a unit is given: a node its operands, a group once each what it uses of the outside."""
        if unit < len(self.graph):
            return self.graph.operands_of(unit).tolist()
        return self._inputs_of_group(unit - len(self.graph))

    def many_inputs(self, unit: int) -> ManyInputs | None:
        """Return the inputs of a unit that has very many of them; None for any other."""
        group = self.group_of(unit)
        if group < 0:
            many = int(self.graph.operand_offsets[unit + 1]) - int(self.graph.operand_offsets[unit]) > MANY
        else:
            many = len(self._inputs_of_group(group)) > MANY
        return self._many_inputs(unit) if many else None

    @functools.lru_cache(maxsize=64)  # noqa: B019 - it lives as long as the walk that is shown
    def _many_inputs(self, unit: int) -> ManyInputs:
        return ManyInputs(np.array(self.inputs(unit), dtype=np.int32), self.outermost)

    @functools.lru_cache(maxsize=4096)  # noqa: B019 - it lives as long as the walk that is shown
    def _inputs_of_group(self, group: int) -> list[int]:
        graph, nodes = self.graph, self.nodes(group)
        if self.gathering.kind[group] == Kind.LEAVES:
            return []
        starts = graph.operand_offsets[nodes]
        counts = graph.operand_offsets[nodes + 1] - starts
        ends = np.cumsum(counts)
        places = np.repeat(starts - ends + counts, counts) + np.arange(int(ends[-1]) if len(ends) else 0)
        used, first = np.unique(graph.operands[places], return_index=True)
        outside = ~np.isin(used, nodes, assume_unique=True)
        return used[outside][np.argsort(first[outside], kind="stable")].tolist()

    @functools.lru_cache(maxsize=4096)  # noqa: B019 - it lives as long as the walk that is shown
    def nodes(self, group: int) -> Indices:
        """Return all the nodes in a group, ascending."""
        gathering = self.gathering
        if gathering.kind[group] != Kind.SAMPLES:
            return gathering.nodes(group)
        inside = np.zeros(len(gathering) + 1, dtype=np.bool_)  # the last one stands for no group
        inside[group] = True
        for _ in range(3):
            inside[:-1] |= inside[gathering.parent]
        inside[-1] = False
        return np.flatnonzero(inside[gathering.group]).astype(np.int32)

    def shut_sample(self, samples: int, is_open: Callable[[int], bool]) -> int:
        """Return the head of the first sample of a group of them that is not open."""
        gathering = self.gathering
        return next(int(gathering.head[one]) for one in gathering.children(samples) if not is_open(int(one)))

    def exits(self, unit: int) -> list[int]:
        """Return the nodes of a unit that are used outside of it; of many that are used alike, some."""
        group = self.group_of(unit)
        if group < 0:
            return [unit]
        gathering = self.gathering
        if gathering.head[group] >= 0:
            return [int(gathering.head[group])]
        children = gathering.children(group)
        if len(children):
            return gathering.head[children[:MOST_LEAVES]].tolist()
        return gathering.own_nodes(group)[:MOST_LEAVES].tolist()
