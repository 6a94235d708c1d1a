"""`Compiler`: writes down a graph's forward and backward pass as NumPy calls on fixed memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import setitem
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided

from ..arrays import Floats, Indices
from ..graph.graph import Graph
from ..rules.array_rules import FORWARD, PARTIALS, PARTIALS_ALONE, Ufunc, probe
from ..rules.functions import Rule
from ..rules.ops import N_ARY, OPS
from .schedule import Group

FEW_ROWS = 8
"""Up to so many rows that lie apart are read one by one rather than gathered."""

Call = tuple[Callable[..., object], tuple[Any, ...]]
Operands = list[Floats] | Floats


class Compiler:
    """Lays out a graph's nodes and writes down the calls.

    Every node has a place in `values` and in `gradients`: the leaves first, in their own order, then group
    after group. A chain of additions has one place more than it has nodes, in front, for its first term, so
    that `np.add.accumulate` turns its terms into its partial sums.

    A contribution is found in `work`, at the place that `slots` gives by edge, in walk order. `work` starts
    with the gradients: a contribution that is the only one to its target *is* the gradient and is written
    there at once, and one whose local derivative is 1 is its consumer's gradient and is read from there. The
    others have places of their own behind. A gradient is *settled* when its contributions have been added up.
    """

    def __init__(self, graph: Graph, groups: Sequence[Group]) -> None:
        self.graph = graph
        self.groups = groups
        self.places, self.group_places, place_count = _layout(graph, groups)
        self.walk_numbers = np.full(len(graph.operands), -1, dtype=np.int32)
        self.walk_numbers[graph.carried] = graph.edges.walk_numbers()
        self.write_counts = np.diff(graph.edges.write_offsets)
        self.slots = np.empty(len(graph.edges), dtype=np.int32)
        self.settled = self.write_counts == 0

        self.values: Floats = np.zeros(place_count)
        self.work: Floats = np.zeros(place_count + len(graph.edges))  # memory that is never touched costs nothing
        self.gradients: Floats = self.work[:place_count]
        self.scratch: Floats = np.empty(len(graph.edges))
        self.used = place_count
        self.calls: list[Call] = []
        self.operands = [self._compute(group, places) for group, places in zip(groups, self.group_places, strict=True)]
        self.forward, self.calls = self.calls, []
        for group, places, operands in zip(groups[::-1], self.group_places[::-1], self.operands[::-1], strict=True):
            if graph.carries_gradient[group.nodes[0, -1]]:
                self._settle(group.nodes[:, -1])
                self._send(group, places, operands)
        self._settle(np.arange(graph.leaf_count, dtype=np.int32))
        self.backward = self.calls
        del self.write_counts, self.slots, self.settled  # only the calls are needed from here on

    # ---- forward

    def _compute(self, group: Group, places: Indices) -> Operands:
        """Write down the forward rule of a group; return its operands, which the backward pass reads again."""
        op, terms = OPS[group.code], self.places[group.operands]
        out = _view(self.values, places)
        if group.is_chain:
            self._accumulate(self.values, terms, out)
            return []
        if op.on_rows is not None:
            rows = self._read(self.values, terms.T)
            self.calls.append((_assign, (out[:, 0], op.on_rows, (rows,))))
            return rows
        operands = [self._read(self.values, column) for column in terms.T]
        forward = FORWARD[group.code]
        rule = probe(forward, len(operands))
        if isinstance(rule, Ufunc):
            self.calls.append((rule.function, (*_arguments(rule, operands), out[:, 0])))
        else:
            self.calls.append((_assign, (out[:, 0], forward, operands)))
        return operands

    # ---- backward

    def _send(self, group: Group, places: Indices, operands: Operands) -> None:
        """Write down the contributions of a group's nodes, whose gradients are settled, to their operands."""
        op = OPS[group.code]
        if group.is_chain:  # the local derivatives of + are 1: every partial sum has the gradient of the last
            gradients = _view(self.gradients, places)
            self.calls.append((setitem, (gradients[:, :-1], ..., gradients[:, -1:])))
            self.settled[group.nodes] = True
            if not self._pass_on_directly(places, group.operands):
                for part in (slice(0, 1), slice(1, None)):
                    self._pass_on(places[:, part], group.operands[:, part], group.edges[:, part])
            return
        own = places[:, 0]
        if op.arity is N_ARY:
            sources = own
            local = probe(op.partials[0], group.operands.shape[1], with_out=True)
            if not _is_one(local):
                sources = self._allocate(len(own))
                self._multiply(op.partials[0], local, operands, own, _view(self.work, sources))
            self._pass_on(_repeated(sources, group.operands.shape), group.operands, group.edges)
            return
        for rule, targets, edges in zip(self._rules(group), group.operands.T, group.edges.T, strict=True):
            if not self.graph.carries_gradient[targets[0]]:
                continue
            local = probe(rule, len(operands), with_out=True)
            if _is_one(local):
                self._pass_on(own, targets, edges)
                continue
            destination = self._direct(targets)
            if destination is None:
                slots = self._allocate(len(own))
                self.slots[self.walk_numbers[edges]] = slots
                destination = _view(self.work, slots)
            self._multiply(rule, local, operands, own, destination)

    def _rules(self, group: Group) -> tuple[Rule, ...]:
        """Return the partials of a group's operation: all its rows have operands that carry a gradient alike."""
        alone = int(self.graph.carries_gradient[group.operands[0]].sum()) == 1
        return (PARTIALS_ALONE if alone else PARTIALS)[group.code]

    def _multiply(
        self,
        rule: Rule,
        local: float | int | Ufunc | None,
        operands: Operands,
        places: Indices,
        destination: Floats,
    ) -> None:
        """Write down: destination = upstream · local, for the nodes at `places`; `local` is the probed rule."""
        upstream, out = _view(self.gradients, places), _view(self.values, places)
        if local is None:
            self.calls.append((_multiply_by_rule, (upstream, rule, operands, out, destination)))
        elif isinstance(local, Ufunc):
            self.calls.append((local.function, (*_arguments(local, [*operands, out]), destination)))
            self.calls.append((np.multiply, (upstream, destination, destination)))
        else:
            factor = [*operands, out][local] if isinstance(local, int) else _repeated(local, out.shape)
            self.calls.append((np.multiply, (upstream, factor, destination)))

    def _pass_on(self, sources: Indices, targets: Indices, edges: Indices) -> None:
        """Let the numbers at `sources` in `work` be the contributions to `targets`, as far as these carry any."""
        if not self._pass_on_directly(sources, targets):
            carried = self.graph.carries_gradient[targets]
            self.slots[self.walk_numbers[edges[carried]]] = sources[carried]

    def _pass_on_directly(self, sources: Indices, targets: Indices) -> bool:
        destination = self._direct(targets)
        if destination is None:
            return False
        self.calls.append((setitem, (destination, ..., self._read(self.work, sources))))
        return True

    def _direct(self, targets: Indices) -> Floats | None:
        """Return a view of the targets' gradients if one contribution is all they get, and lie at even distances."""
        if not (self.write_counts[targets] == 1).all():
            return None
        view = strided_view(self.gradients, self.places[targets])
        if view is not None:
            self.settled[targets] = True
        return view

    def _settle(self, nodes: Indices) -> None:
        """Write down the sums of the contributions to the nodes that are not settled yet, in walk order."""
        pending = nodes[~self.settled[nodes]]
        edges, counts = self.graph.edges, self.write_counts[pending]
        for count in np.unique(counts).tolist():
            targets = pending[counts == count]
            writes = edges.writes[edges.write_offsets[targets][:, np.newaxis] + np.arange(count, dtype=np.int32)]
            sources, places = self.slots[writes], self.places[targets]
            if count == 1:
                total = self._read(self.work, sources.ravel())
            elif _is_by_column(*sources.shape):  # all columns are the same memory: only the last sums stay
                sums = as_strided(self.scratch, sources.shape, (self.scratch.itemsize, 0))
                self._accumulate(self.work, sources, sums)
                total = sums[:, -1]
            else:
                sums = self.scratch[: sources.size].reshape(sources.shape)
                self._accumulate(self.work, sources, sums)
                total = sums[:, -1]
            destination = strided_view(self.gradients, places)
            if destination is not None:
                self.calls.append((setitem, (destination, ..., total)))
            else:
                self.calls.append((setitem, (self.gradients, places.astype(np.intp), total)))

    # ---- both

    def _accumulate(self, array: Floats, places: Indices, sums: Floats) -> None:
        """Write down: sums[r, k] = the sum of array[places[r, 0]] to array[places[r, k]], from left to right."""
        rows, length = places.shape
        if _is_by_column(rows, length):
            terms = self._read(array, places.T)
            self.calls.append((setitem, (sums[:, 0], ..., terms[0])))
            for k in range(1, length):
                self.calls.append((np.add, (sums[:, k - 1], terms[k], sums[:, k])))
        elif rows > FEW_ROWS or strided_view(array, places) is not None:
            self.calls.append((np.add.accumulate, (self._read(array, places), 1, None, sums)))
        else:  # long rows from here and there are cheaper to read one by one than to gather
            for row in range(rows):
                self.calls.append((np.add.accumulate, (self._read(array, places[row]), 0, None, sums[row])))

    def _read(self, array: Floats, places: Indices) -> Floats:
        """Return what will hold `array[places]`: a view, or memory that it is gathered into."""
        view = strided_view(array, places)
        if view is not None:
            return view
        gathered = np.empty(places.shape)
        self.calls.append((array.take, (places.astype(np.intp), None, gathered, "clip")))  # "raise" would copy
        return gathered

    def _allocate(self, count: int) -> Indices:
        """Return `count` free places in `work`."""
        self.used += count
        return np.arange(self.used - count, self.used, dtype=np.int32)

    # ---- after a run

    def local_derivatives(self) -> Floats:
        """Return the local derivative of each edge in the last run: float64[edges], in walk order."""
        found = np.ones(len(self.graph.edges))  # as they are inside a chain of additions
        with np.errstate(all="ignore"):
            for group, places, operands in zip(self.groups, self.group_places, self.operands, strict=True):
                op, numbers = OPS[group.code], self.walk_numbers[group.edges]
                for position, rule in enumerate(() if group.is_chain else self._rules(group)):
                    own = numbers if op.arity is N_ARY else numbers[:, position, np.newaxis]
                    local = np.asarray(rule(*operands, out=_view(self.values, places[:, 0])), dtype=np.float64)
                    found[own[own >= 0]] = np.broadcast_to(local.reshape(-1, 1), own.shape)[own >= 0]
        return found


def _layout(graph: Graph, groups: Sequence[Group]) -> tuple[Indices, list[Indices], int]:
    """Give every node a place; return them, each group's (int32[rows, length], a chain's with one more), and how many.

    Chains that are added up column by column lie that way too.
    """
    places = np.arange(len(graph), dtype=np.int32)
    group_places: list[Indices] = []
    used = graph.leaf_count
    for group in groups:
        rows, length = group.nodes.shape
        length += group.is_chain
        own = np.arange(used, used + rows * length, dtype=np.int32)
        own = own.reshape(length, rows).T if _is_by_column(rows, length) else own.reshape(rows, length)
        places[group.nodes] = own[:, 1:] if group.is_chain else own
        group_places.append(own)
        used += own.size
    return places, group_places, used


def _is_by_column(rows: int, length: int) -> bool:
    """Say whether rows of this length are summed faster with one addition a column than with one scan a row.

    Measured: an addition of columns costs 0.5 us and 0.5 ns a row, a scan of rows 25 ns a row and 3.3 ns a term.
    """
    return length * (500 + 0.5 * rows) < rows * (25 + 3.3 * length)


def strided_view(array: Floats, places: Indices) -> Floats | None:
    """Return the view of a flat array that equals `array[places]`, or None where there is none.

    There is one when the places (one axis or two) lie at even distances along each axis; a distance may be 0.
    """
    first = int(places.flat[0])
    distances: list[int] = []
    for axis, size in enumerate(places.shape):
        second = tuple(int(other == axis) for other in range(places.ndim))
        distances.append(int(places[second]) - first if size > 1 else 0)
    span = sum(distance * (size - 1) for distance, size in zip(distances, places.shape, strict=True))
    if int(places.flat[-1]) != first + span:  # told without looking at all of them
        return None
    expected = np.full(places.shape, first, dtype=np.int64)
    for axis, (distance, size) in enumerate(zip(distances, places.shape, strict=True)):
        along = np.arange(size, dtype=np.int64) * distance
        expected += along if axis == places.ndim - 1 else along[:, np.newaxis]
    if not np.array_equal(places, expected):
        return None
    return as_strided(array[first:], places.shape, [distance * array.itemsize for distance in distances])


def _view(array: Floats, places: Indices) -> Floats:
    view = strided_view(array, places)
    assert view is not None, "the places of a group lie at even distances"
    return view


def _repeated(value: Any, shape: tuple[int, ...]) -> Any:
    """Return a view of a number, or of an array with one entry a row, that has this shape."""
    column = np.asarray(value)
    return np.broadcast_to(column[:, np.newaxis] if column.ndim < len(shape) and column.ndim else column, shape)


def _is_one(local: float | int | Ufunc | None) -> bool:
    return isinstance(local, float) and local == 1.0


def _arguments(rule: Ufunc, operands: Operands) -> list[Floats]:
    """Return what a ufunc is called with; a number becomes an array, which is faster to call with."""
    return [operands[k] if isinstance(k, int) else _repeated(k, operands[0].shape) for k in rule.inputs]


def _assign(out: Floats, rule: Rule, operands: Operands) -> None:
    out[...] = rule(*operands)


def _multiply_by_rule(upstream: Floats, rule: Rule, operands: Operands, out: Floats, destination: Floats) -> None:
    np.multiply(upstream, rule(*operands, out=out), destination)
