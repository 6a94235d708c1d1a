"""`ArrayGraph`: a graph of scalars seen as a graph of arrays, as they were made."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

import numpy as np

from ..arrays import Flags, Indices
from ..graph.array_record import ABSENT, SourceLine
from ..graph.graph import Graph, Leaf
from .labels import Labels

_OF_ONE = {"power": ("square", 0), "divide": ("reciprocal", 1)}
"""What x ** 2 and 1 / x are recorded as where the number is not in the graph, and where x stands among the operands."""


class Kind(Enum):
    """How an array came to be."""

    GIVEN = auto()
    """Its entries are leaves: a parameter, or data."""
    MADE = auto()
    """An operation on arrays computed it."""
    PICKED = auto()
    """Its entries are entries of other arrays, in another order or shape; nothing was computed."""
    SCALARS = auto()
    """Operations on single numbers that stand between the arrays, those that follow one another together.

    Its entries are the numbers that something else is made of; what leads to them is inside."""


@dataclass(frozen=True, eq=False)
class WalkedArray:
    """An array of the walk.

    `place`       its place in `ArrayGraph.arrays`
    `label`       what it is called: its name, or T1, T2, ... in the order of the walk
    `operation`   the name of what made it, as in `ARRAY_OPS` or of a compound; "" where it was given
    `entries`     int32 in its shape: the node of each entry, -1 where the graph does not have it
    `operands`    places of what it was made of; -1 where the graph has no entry of one
    `parameters`  what else the operation was given
    `first`, `stop`  the nodes that were made for it are `range(first, stop)`; empty where it was given or picked
    `members`     places in `Graph.arrays` of what it stands for: one, several for a compound, none between arrays
    """

    place: int
    label: str
    kind: Kind
    operation: str
    entries: Indices
    operands: tuple[int, ...] = ()
    parameters: Mapping[str, Any] = field(default_factory=dict[str, Any])
    first: int = 0
    stop: int = 0
    members: tuple[int, ...] = ()
    source: SourceLine | None = None
    scope: tuple[str, ...] = ()

    @property
    def shape(self) -> tuple[int, ...]:
        """The lengths of its axes; () for a single number."""
        return self.entries.shape

    @property
    def is_given(self) -> bool:
        """Whether nothing was done to get it: it has no step on the way forward."""
        return self.kind is Kind.GIVEN

    @functools.cached_property
    def present(self) -> Flags:
        """bool in its shape: which entries the graph has."""
        return self.entries >= 0

    @functools.cached_property
    def is_unique(self) -> bool:
        """Whether no node stands at two places."""
        nodes = self.entries[self.present]
        return len(np.unique(nodes)) == len(nodes)

    @functools.cached_property
    def owned(self) -> Flags:
        """bool in its shape: which entries are nodes that came with it, and with no array before it."""
        if self.kind is Kind.PICKED:
            return np.zeros(self.shape, dtype=np.bool_)
        if self.kind is Kind.GIVEN:
            return self.present
        return (self.entries >= self.first) & (self.entries < self.stop)

    @functools.cached_property
    def owns_all(self) -> bool:
        """Whether each entry is a node of its own: then their gradients in the scalar walk are its gradient."""
        return self.is_unique and bool(np.array_equal(self.owned, self.present))


@dataclass(frozen=True)
class Group:
    """Arrays of a graph that are one operation together: places in `Graph.arrays`, the result last."""

    operation: str
    members: tuple[int, ...]
    operands: tuple[int, ...]
    parameters: Mapping[str, Any] = field(default_factory=dict[str, Any])


class ArrayGraph:
    """The arrays of a graph in the order of the walk, every one after its operands.

    `groups` are the arrays that are taken together, each group as one operation. What was computed with single numbers
    stands between the arrays, as an array of its own. `output` is the place of the array that has the output as an
    entry.
    """

    def __init__(self, graph: Graph, groups: Sequence[Group] = ()) -> None:
        self.graph = graph
        self._owner: Indices = np.full(len(graph), ABSENT, dtype=np.int32)
        self._labels = Labels(graph)
        self._walked: dict[int, int] = {}
        self.arrays: list[WalkedArray] = []
        self._add_all(groups)
        self.output = max(array.place for array in self.arrays if bool((array.entries == graph.output).any()))

    def owner(self, node: int) -> int:
        """Return the place of the array that a node came with, -1 for a literal number."""
        return self._owner.item(node)

    def owners(self, nodes: Indices) -> Indices:
        """Return the same for many nodes."""
        return self._owner[nodes]

    def place_of(self, record: int) -> int:
        """Return the place of an array of `Graph.arrays` in the walk; that of its group where it is in one."""
        return self._walked[record]

    @functools.cached_property
    def consumers(self) -> list[list[tuple[int, int]]]:
        """By place: the arrays that it is an operand of, each with the position of the operand."""
        found: list[list[tuple[int, int]]] = [[] for _ in self.arrays]
        for array in self.arrays:
            for position, operand in enumerate(array.operands):
                if operand != ABSENT:
                    found[operand].append((array.place, position))
        return found

    @functools.cached_property
    def carries(self) -> list[Flags]:
        """By place, bool in the array's shape: which entries carry a gradient."""
        return [array.present & self.graph.carries_gradient[array.entries] for array in self.arrays]

    @functools.cached_property
    def _leads(self) -> list[bool]:
        """By place: whether the output is computed from it."""
        leads = [False] * len(self.arrays)
        leads[self.output] = True
        for array in reversed(self.arrays):
            if leads[array.place]:
                for operand in array.operands:
                    if operand != ABSENT:
                        leads[operand] = True
        return leads

    def edges(self) -> Iterator[tuple[int, int]]:
        """Give each backward step as (array, position of its operand), consumers before producers."""
        has_gradient = [bool(flags.any()) for flags in self.carries]
        for array in reversed(self.arrays):
            if self._leads[array.place] and has_gradient[array.place]:
                for position, operand in enumerate(array.operands):
                    if operand != ABSENT and has_gradient[operand]:
                        yield array.place, position

    # ---- how it is put together

    def _add_all(self, groups: Sequence[Group]) -> None:
        graph = self.graph
        grouped = {member: group for group in groups for member in group.members}
        runs = self._runs()
        for record, node in enumerate(graph.arrays):
            group = grouped.get(record)
            if group is not None and record != group.members[-1]:
                continue
            threshold = node.stop or int(node.entries.max(initial=-1)) + 1
            while runs and runs[0].start < threshold:
                self._add_scalars(runs.pop(0))
            if group is not None:
                self._add_group(group)
            else:
                self._add_record(record)
        for run in runs:
            self._add_scalars(run)

    def _add_record(self, record: int) -> None:
        node = self.graph.arrays[record]
        place = len(self.arrays)
        own = node.entries[node.entries >= 0]
        if not len(own) and node.entries.size:
            return  # all of it was left out of the graph: it is only what something else was copied from
        operands = tuple(self._walked.get(operand, ABSENT) for operand in node.operands)
        kind, operation = Kind.MADE, node.operation
        if node.operation:
            kind = Kind.MADE if node.stop > node.first else Kind.PICKED
            self._owner[node.first : node.stop] = place
            if kind is Kind.PICKED and self._is_new(own):
                kind, operands = Kind.GIVEN, ()  # numbers that were copied and carry no gradient
                self._owner[own] = place
        elif self._is_new(own):
            kind = Kind.GIVEN
            self._owner[own] = place
        else:
            self._add_loose_leaves(own)
            place = len(self.arrays)
            kind, operation = Kind.PICKED, "array"
            operands = tuple(int(owner) for owner in dict.fromkeys(self._owner[own].tolist()) if owner != ABSENT)
        self._walked[record] = place
        if operation in _OF_ONE and ABSENT in operands:
            name, at = _OF_ONE[operation]
            if operands[1 - at] == ABSENT and operands[at] != ABSENT:
                operation, operands = name, (operands[at],)
        self.arrays.append(
            WalkedArray(
                place, self._labels.of_array(node.name, node.entries, is_given=kind is Kind.GIVEN), kind, operation,
                node.entries, operands, node.parameters, node.first, node.stop, (record,), node.source, node.scope,
            )
        )  # fmt: skip

    def _is_new(self, nodes: Indices) -> bool:
        """Say whether nodes are leaves that no array has yet."""
        return bool((self._owner[nodes] == ABSENT).all()) and bool((nodes < self.graph.leaf_count).all())

    def _add_group(self, group: Group) -> None:
        records = [self.graph.arrays[member] for member in group.members]
        made = [record for record in records if record.stop > record.first]
        first, stop, result = made[0].first, made[-1].stop, records[-1]
        place = len(self.arrays)
        self._owner[first:stop] = place
        self._walked.update(dict.fromkeys(group.members, place))
        operands = tuple(self._walked.get(operand, ABSENT) for operand in group.operands)
        self.arrays.append(
            WalkedArray(
                place, self._labels.of_array(result.name, result.entries, is_given=False), Kind.MADE, group.operation,
                result.entries, operands, group.parameters, first, stop, group.members, result.source, result.scope,
            )
        )  # fmt: skip

    def _runs(self) -> list[range]:
        """Return the operation nodes that no array has, those that follow one another together; the output alone."""
        graph = self.graph
        made = np.zeros(len(graph), dtype=np.bool_)
        made[: graph.leaf_count] = True
        for node in graph.arrays:
            if node.operation:
                made[node.first : node.stop] = True
        loose = np.flatnonzero(~made)
        ends = np.flatnonzero(np.diff(loose) != 1) + 1
        runs = [range(int(run[0]), int(run[-1]) + 1) for run in np.split(loose, ends) if len(run)]
        if runs and len(runs[-1]) > 1 and runs[-1][-1] == graph.output:
            last = runs.pop()
            runs += [last[:-1], last[-1:]]
        return runs

    def _add_scalars(self, run: range) -> None:
        graph = self.graph
        edges = slice(int(graph.operand_offsets[run.start]), int(graph.operand_offsets[run.stop]))
        operands = graph.operands[edges]
        outside = operands[operands < run.start]
        self._add_loose_leaves(outside)
        place = len(self.arrays)
        self._owner[run.start : run.stop] = place
        entries = self._used_outside(run)
        owners = tuple(owner for owner in dict.fromkeys(self._owner[outside].tolist()) if owner != ABSENT)
        is_single = len(entries) == 1
        label = self._labels.of_scalars(run)
        self.arrays.append(
            WalkedArray(
                place, label, Kind.SCALARS, "scalars", entries.reshape(()) if is_single else entries, owners,
                first=run.start, stop=run.stop, source=None,
            )
        )  # fmt: skip

    def _used_outside(self, run: range) -> Indices:
        """Return those of the nodes that operations after them have as operands; the output too."""
        later = self.graph.operands[int(self.graph.operand_offsets[run.stop]) :]
        used = np.zeros(len(run), dtype=np.bool_)
        used[later[(later >= run.start) & (later < run.stop)] - run.start] = True
        if self.graph.output in run:
            used[self.graph.output - run.start] = True
        return (run.start + np.flatnonzero(used)).astype(np.int32)

    def _add_loose_leaves(self, nodes: Indices) -> None:
        """Add the leaves among some nodes that no array has, each as a single number; literal ones stay out."""
        graph = self.graph
        for node in np.unique(nodes).tolist():
            is_leaf = node < graph.leaf_count and graph.codes[node] != Leaf.CONSTANT
            if is_leaf and self._owner[node] == ABSENT:
                self._owner[node] = len(self.arrays)
                entries = np.array(node, dtype=np.int32)
                label = self._labels.taken(graph.label(node))
                self.arrays.append(WalkedArray(len(self.arrays), label, Kind.GIVEN, "", entries))
