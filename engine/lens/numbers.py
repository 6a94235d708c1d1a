"""`ArrayNumbers`: the values and gradients of arrays, as the scalar walk has them."""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass

import numpy as np

from ..array_formulas.evaluate import evaluate
from ..arrays import Floats, Indices
from ..graph.array_record import ABSENT
from ..rules.formula import Formula
from ..walk.trace import Trace
from .array_graph import ArrayGraph, WalkedArray
from .rules import rule_of, upstream_label

EXACT = 1e-10
"""How far a rule in matrix form may be from the scalar walk, as a part of the largest number in it."""


@dataclass(frozen=True, eq=False)
class Contribution:
    """What an array contributes to the gradient of one of its operands.

    `numbers` is float64 in the operand's shape, 0 where nothing arrives. `formula` is the rule in matrix form, where
    there is one that gives these numbers; `difference` is how far they are from the scalar walk's, as a part of the
    largest of them, None where there is no rule. `is_together` says that operands share nodes, and the scalar walk
    alone does not tell what came through which of them: the first one has it all.
    """

    numbers: Floats
    formula: Formula | None
    difference: float | None
    is_together: bool = False


@dataclass(frozen=True, eq=False)
class NodeSums:
    """Sums by nodes: `nodes` int32[k] in ascending order, `numbers` float64[k]."""

    nodes: Indices
    numbers: Floats

    @classmethod
    def of_all(cls, nodes: Indices, numbers: Floats) -> NodeSums:
        """Add up what belongs to one node, in the order given."""
        unique, places = np.unique(nodes, return_inverse=True)
        sums = np.zeros(len(unique))
        np.add.at(sums, places, numbers)
        return cls(unique, sums)

    def of(self, entries: Indices) -> Floats:
        """Return the sums of some nodes, in their shape; 0 for one that has none."""
        if not len(self.nodes):
            return np.zeros(entries.shape)
        places = np.minimum(np.searchsorted(self.nodes, entries), len(self.nodes) - 1)
        return np.where(self.nodes[places] == entries, self.numbers[places], 0.0)


class ArrayNumbers:
    """Numbers of the arrays of a walk, in their shapes; nan stands where there is none.

    The gradient of an array is what its consumers contributed to it. Of an array whose entries are nodes of their own
    it is their gradient in the scalar walk, number for number. A transpose has the nodes of the array that it was made
    of, and of their gradient only what has come through it.
    """

    def __init__(self, trace: Trace, graph: ArrayGraph) -> None:
        self.trace = trace
        self.graph = graph
        self._gradients: dict[int, Floats] = {}
        self._contributions: dict[tuple[int, int], Contribution] = {}
        self._last_sums: tuple[int, NodeSums] | None = None

    def values(self, place: int) -> Floats:
        """Return the values of an array: float64 in its shape, nan where the graph does not have the entry."""
        array = self.graph.arrays[place]
        return np.where(array.present, self.trace.values[array.entries], np.nan)

    def gradient(self, place: int) -> Floats:
        """Return the whole gradient of an array: float64 in its shape, nan in entries that carry none."""
        if self.trace.numbers.output_undefined:
            return np.full(self.graph.arrays[place].shape, np.nan)
        return np.where(self.graph.carries[place], self._gradient(place), np.nan)

    def contribution(self, place: int, position: int) -> Contribution:
        """Return what an array contributes to the gradient of its operand at a position."""
        found = self._contributions.get((place, position))
        if found is None:
            found = self._contributions[place, position] = self._computed(place, position)
        return found

    def contributions_to(self, place: int) -> list[tuple[int, int]]:
        """Return the backward steps that write the gradient of an array, in the order of the walk."""
        return self._into[place]

    @functools.cached_property
    def _into(self) -> list[list[tuple[int, int]]]:
        into: list[list[tuple[int, int]]] = [[] for _ in self.graph.arrays]
        for place, position in self.graph.edges():
            into[self.graph.arrays[place].operands[position]].append((place, position))
        return into

    def _gradient(self, place: int) -> Floats:
        """Return the gradient of an array, 0 in entries that carry none.

        The arrays that were only picked from others follow from their consumers; there can be many one after another.
        """
        waiting = [place]
        while waiting:
            current = waiting[-1]
            if current in self._gradients:
                waiting.pop()
                continue
            array = self.graph.arrays[current]
            if array.owns_all:
                gradients = self.trace.backward.gradients[array.entries]
                self._gradients[current] = np.where(self.graph.carries[current], gradients, 0.0)
                continue
            sources = self.contributions_to(current)
            unknown = [consumer for consumer, _ in sources if consumer not in self._gradients]
            if unknown:
                waiting += unknown
                continue
            total = self.seed(current)
            for consumer, position in sources:
                total = total + self.contribution(consumer, position).numbers
            self._gradients[current] = total
        return self._gradients[place]

    def seed(self, place: int) -> Floats:
        """Return what an array has from the seed: 1 in the entry that is the output, 0 elsewhere."""
        array = self.graph.arrays[place]
        is_seeded = (array.entries == self.trace.graph.output) & (place == self.graph.output)
        return is_seeded.astype(np.float64)

    # ---- one contribution

    def _computed(self, place: int, position: int) -> Contribution:
        array = self.graph.arrays[place]
        operand = self.graph.arrays[array.operands[position]]
        carries = self.graph.carries[operand.place]
        formula = self._formula(place, position)
        by_rule = None if formula is None else np.where(carries, self._by_rule(place, formula), 0.0)
        sums = self._scalar_sums(place)
        if operand.is_unique and not self._shares_entries(array, position):
            own = np.where(carries, sums.of(operand.entries), 0.0)
            difference = None if by_rule is None else distance(by_rule, own, self._largest_term(place))
            is_exact = difference is not None and difference <= EXACT
            return Contribution(own, formula if is_exact else None, difference)
        if by_rule is not None and (together := self._together(place)) is not None:
            difference = distance(together, sums.numbers, self._largest_term(place))
            if difference <= EXACT:
                return Contribution(by_rule, formula, difference)
        return Contribution(self._where_first(array, position, sums), None, None, is_together=True)

    def _largest_term(self, place: int) -> float:
        """Return the largest number, in absolute value, that the scalar walk adds up on its way back from an array."""
        array = self.graph.arrays[place]
        contributions = self.trace.backward.contributions[self._edges_of(array)]
        return float(np.abs(contributions[np.isfinite(contributions)]).max(initial=0.0))

    def _edges_of(self, array: WalkedArray) -> slice:
        """Return where the scalar walk back has the edges of the nodes that were made for an array."""
        edges = self.trace.graph.edges
        first, stop = (len(edges) - edges.offsets.item(end) for end in (array.stop, array.first))
        return slice(first, stop)

    def _scalar_sums(self, place: int) -> NodeSums:
        """Return what the scalar walk hands from the nodes of an array to those that it was made of.

        The last one is kept: an array's operands are asked for one after the other.
        """
        if self._last_sums is None or self._last_sums[0] != place:
            self._last_sums = place, self._summed_up(place)
        return self._last_sums[1]

    def _summed_up(self, place: int) -> NodeSums:
        array, edges = self.graph.arrays[place], self.trace.graph.edges
        own = self._edges_of(array)
        targets, contributions = edges.targets[own], self.trace.backward.contributions[own]
        outside = (targets < array.first) | (targets >= array.stop)
        passed = array.present & ~array.owned  # entries that are nodes of the operands themselves
        return NodeSums.of_all(
            np.concatenate([targets[outside], array.entries[passed]]),
            np.concatenate([contributions[outside], self._gradient(place)[passed]]),
        )

    def _shares_entries(self, array: WalkedArray, position: int) -> bool:
        """Say whether another operand has a node of the one at a position: then sums by nodes are of both."""
        own = self.graph.arrays[array.operands[position]].entries
        others = [place for at, place in enumerate(array.operands) if at != position and place != ABSENT]
        return any(bool(np.isin(own[own >= 0], self.graph.arrays[place].entries).any()) for place in others)

    def _formula(self, place: int, position: int) -> Formula | None:
        return rule_of(self.graph, place, position)

    def _by_rule(self, place: int, formula: Formula) -> Floats:
        """Return the numbers of a rule. What the graph does not have gets no gradient: any number will do for it."""
        array = self.graph.arrays[place]
        arrays = [place, *(operand for operand in array.operands if operand != ABSENT)]
        values = {self.graph.arrays[each].label: self.filled(each) for each in arrays}
        values[upstream_label(self.graph, place)] = self._gradient(place)
        return evaluate(formula, values)

    def filled(self, place: int) -> Floats:
        """Return the values of an array for a rule, with 1 where the graph does not have the entry."""
        array = self.graph.arrays[place]
        return np.where(array.present, self.trace.values[array.entries], 1.0)

    def _together(self, place: int) -> Floats | None:
        """Return what the rules of all operands give for each node that gets something; None where one has no rule."""
        array, sums = self.graph.arrays[place], self._scalar_sums(place)
        total = np.zeros(len(sums.nodes))
        for position, operand in enumerate(array.operands):
            if operand == ABSENT or not self.graph.carries[operand].any():
                continue
            formula = self._formula(place, position)
            if formula is None:
                return None
            carries = self.graph.carries[operand]
            nodes = self.graph.arrays[operand].entries[carries]
            places = np.searchsorted(sums.nodes, nodes)
            known = places < len(sums.nodes)
            known[known] = sums.nodes[places[known]] == nodes[known]
            numbers = np.broadcast_to(self._by_rule(place, formula), carries.shape)[carries]
            np.add.at(total, places[known], numbers[known])
        return total

    def _where_first(self, array: WalkedArray, position: int, sums: NodeSums) -> Floats:
        """Return sums by nodes at the first place where each node stands among the operands, 0 at the others."""
        own = self.graph.arrays[array.operands[position]].entries
        earlier = [self.graph.arrays[place].entries.ravel() for place in array.operands[:position] if place != ABSENT]
        numbers = sums.of(own)
        is_first = np.zeros(own.size, dtype=np.bool_)
        is_first[np.unique(own, return_index=True)[1]] = True
        is_first = is_first.reshape(own.shape) & (own >= 0)
        if earlier:
            is_first &= ~np.isin(own, np.concatenate(earlier))
        return np.where(is_first & self.graph.carries[array.operands[position]], numbers, 0.0)


def distance(left: Floats, right: Floats, largest_term: float = 0.0) -> float:
    """Return how far two arrays are apart, as a part of the largest number in them; 0 where neither has a number.

    Where they are sums, `largest_term` counts among these numbers: what cancels out leaves its rounding. Entries that
    are the same without being finite, as an undefined one is, are not apart.
    """
    left, right = np.broadcast_arrays(left, right)
    with np.errstate(all="ignore"):
        apart = np.abs(left - right)
    same = (left == right) | (np.isnan(left) & np.isnan(right))
    if bool(same.all()):
        return 0.0
    largest = max(float(np.abs(left[np.isfinite(left)]).max(initial=0.0)), largest_term, 1e-300)
    worst = float(np.where(same, 0.0, apart).max())
    return math.inf if math.isnan(worst) else worst / largest
