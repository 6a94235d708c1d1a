"""`ArraySteps`: which steps a walk at the level of arrays has, and where they lie in the scalar walk."""

from __future__ import annotations

import functools

import numpy as np

from ..graph.array_record import ABSENT
from ..walk.phase import Phase
from ..walk.trace import Trace
from .array_graph import ArrayGraph, WalkedArray
from .numbers import ArrayNumbers
from .rules import output_label


class ArraySteps:
    """The steps over the arrays of `graph`, which are those of the scalar walk `trace`, in order."""

    def __init__(self, trace: Trace, graph: ArrayGraph) -> None:
        self.trace = trace
        self.graph = graph
        self.numbers = ArrayNumbers(trace, graph)
        self._forward = [array.place for array in graph.arrays if not array.is_given]
        self._backward = list(graph.edges())

    @property
    def arrays(self) -> list[WalkedArray]:
        """The arrays of the walk, every one after its operands."""
        return self.graph.arrays

    @property
    def output(self) -> WalkedArray:
        """The array that has the output as an entry, as a rule its only one."""
        return self.graph.arrays[self.graph.output]

    @functools.cached_property
    def output_name(self) -> str:
        """What the output is called in derivatives: the L of ∂L/∂W."""
        return output_label(self.graph)

    # ---- where a step is

    @property
    def total(self) -> int:
        """How many steps there are."""
        return self.seed_step + len(self._backward)

    @property
    def seed_step(self) -> int:
        """The number of the step ∂L/∂L = 1."""
        return len(self._forward) + 1

    def phase(self, number: int) -> Phase:
        """Return the phase that step `number` (1 to `total`) belongs to; IndexError outside the walk."""
        if not 1 <= number <= self.total:
            raise IndexError(f"a walk of {self.total} steps has no step {number}")
        if number < self.seed_step:
            return Phase.FORWARD
        return Phase.SEED if number == self.seed_step else Phase.BACKWARD

    def array_of(self, number: int) -> WalkedArray:
        """Return the array whose values or gradient step `number` writes."""
        match self.phase(number):
            case Phase.FORWARD:
                return self.arrays[self._forward[number - 1]]
            case Phase.SEED:
                return self.output
            case _:
                place, position = self._backward[number - self.seed_step - 1]
                return self.arrays[self.arrays[place].operands[position]]

    def consumer_of(self, number: int) -> tuple[WalkedArray, int] | None:
        """Return where a backward step comes from, and the position of its operand there; None for any other step."""
        if self.phase(number) is not Phase.BACKWARD:
            return None
        place, position = self._backward[number - self.seed_step - 1]
        return self.arrays[place], position

    def value_step(self, place: int) -> int | None:
        """Return the step that computes an array, None for one that was given."""
        return self._value_steps.get(place)

    def gradient_steps(self, place: int) -> list[int]:
        """Return the steps that write the gradient of an array, in order: the seed, and one a contribution."""
        steps = self.contribution_steps(place)
        return [self.seed_step, *steps] if place == self.graph.output else steps

    def contribution_steps(self, place: int) -> list[int]:
        """Return the backward steps that write the gradient of an array, in order."""
        return [self._edge_steps[edge] for edge in self.numbers.contributions_to(place)]

    @functools.cached_property
    def _value_steps(self) -> dict[int, int]:
        return {place: number for number, place in enumerate(self._forward, 1)}

    @functools.cached_property
    def _edge_steps(self) -> dict[tuple[int, int], int]:
        return {edge: number for number, edge in enumerate(self._backward, self.seed_step + 1)}

    # ---- to the scalar walk and back

    def scalar_steps(self, number: int) -> range:
        """Return the steps of the scalar walk that step `number` stands for; empty where nothing is computed in it.

        The backward steps through one array are one range for all its operands, as the scalar walk takes them together.
        """
        match self.phase(number):
            case Phase.FORWARD:
                array, leaves = self.array_of(number), self.trace.graph.leaf_count
                return range(array.first - leaves + 1, array.stop - leaves + 1) if array.stop else range(0)
            case Phase.SEED:
                return range(self.trace.seed_step, self.trace.seed_step + 1)
            case _:
                array = self.arrays[self._backward[number - self.seed_step - 1][0]]
                edges = self.trace.graph.edges
                first, stop = (len(edges) - edges.offsets.item(end) for end in (array.stop, array.first))
                before = self.trace.seed_step + 1
                return range(first + before, stop + before)

    def entry_step(self, number: int, index: tuple[int, ...]) -> int | None:
        """Return the step of the scalar walk that writes an entry of the array of step `number` last within it.

        Where the step only hands gradients on, as through a transpose, it is the last one before that writes this
        entry. None where there is none: the entry was given, carries no gradient, or is not in the graph.
        """
        array = self.array_of(number)
        node = int(array.entries[index])
        if node < 0:
            return None
        own = self.scalar_steps(number)
        is_forward = self.phase(number) is Phase.FORWARD
        if is_forward:
            return self.trace.next_write(node, 0) if node >= self.trace.graph.leaf_count else None
        if own:
            step = self.trace.previous_write(node, own.stop)
            return step if step is not None and step in own else None
        written = [step for step in self.trace.gradient_steps(node) if self.array_step_of(step) <= number]
        return written[-1] if written else None

    def array_step_of(self, scalar_step: int) -> int:
        """Return the step that a step of the scalar walk (0 to `total`) is a part of; 0 for its start.

        An update of training comes after the last step of this walk, and is counted to it.
        """
        if not scalar_step:
            return 0
        match self.trace.phase(scalar_step):
            case Phase.FORWARD:
                return self._value_steps.get(self.graph.owner(self.trace.node_of(scalar_step)), 0)
            case Phase.SEED:
                return self.seed_step
            case Phase.BACKWARD:
                return self._step_of_edge(scalar_step - self.trace.seed_step - 1)
            case _:
                return self.total

    def _step_of_edge(self, edge: int) -> int:
        edges = self.trace.graph.edges
        array = self.arrays[self.graph.owner(edges.consumer(edge))]
        node = edges.targets.item(edge)
        edges_of = [(array.place, position) for position in range(len(array.operands))]
        own = [self._edge_steps[each] for each in edges_of if each in self._edge_steps]
        for step in own:
            if bool((self.array_of(step).entries == node).any()):
                return step
        return own[0] if own else self.seed_step

    def place_of_node(self, node: int) -> tuple[WalkedArray, tuple[int, ...]] | None:
        """Return the array that a node came with, and its index there; the index of none is () of a node within."""
        owner = self.graph.owner(node)
        if owner == ABSENT:
            return None
        array = self.arrays[owner]
        found = np.argwhere(array.entries == node)
        return array, tuple(found[0].tolist()) if len(found) else ()
