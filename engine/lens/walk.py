"""`ArrayWalk`: a walk at the level of arrays, over the numbers of a scalar walk."""

from __future__ import annotations

import functools
from bisect import bisect_right
from dataclasses import dataclass

import numpy as np

from ..arrays import Floats
from ..errors import GraphError
from ..graph.array_record import ABSENT
from ..rules.formula import formula_of
from ..walk.phase import Phase
from ..walk.trace import Trace
from .array_graph import ArrayGraph, WalkedArray
from .compounds.finding import groups_of
from .entries import of_entry
from .numbers import ArrayNumbers
from .rules import derivative_label, forward_formula, gradient_name, output_label
from .step import ArrayStep, Named
from .why import named_in, why_backward, why_forward


class ArrayWalk:
    """The steps of a walk at the level of arrays.

    Forward there is a step for each array that was computed, or picked from others; then the seed; backward a step for
    each operand of each array that carries a gradient, consumers before producers. Every number is that of the scalar
    walk `trace`: in forward mode, that of the same run in reverse mode. With `compounds` what was made as a softmax, a
    cross-entropy, a norm or an attention is one step; without them each has its own steps. Raises GraphError where
    nothing was made as arrays.
    """

    def __init__(self, trace: Trace, *, compounds: bool = True) -> None:
        if not self.is_possible(trace):
            raise GraphError("nothing here was made as arrays: the walk has single numbers only")
        self.trace = trace if trace.tangents is None else trace.in_reverse_mode()
        self.graph = ArrayGraph(trace.graph, groups_of(self.trace) if compounds else ())
        self.numbers = ArrayNumbers(self.trace, self.graph)
        self._forward = [array.place for array in self.graph.arrays if not array.is_given]
        self._backward = list(self.graph.edges())
        self._is_compound = compounds

    @staticmethod
    def is_possible(trace: Trace) -> bool:
        """Say whether anything in a walk was made as arrays."""
        return bool(trace.graph.arrays)

    def with_compounds(self, compounds: bool) -> ArrayWalk:
        """Return the walk with compounds as one step each, or with all their steps."""
        return self if compounds == self._is_compound else ArrayWalk(self.trace, compounds=compounds)

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
        steps = [self._edge_steps[edge] for edge in self.numbers.contributions_to(place)]
        return [self.seed_step, *steps] if place == self.graph.output else steps

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

    # ---- what is known then

    def state(self, cursor: int) -> ArrayState:
        """Return what is known after `cursor` steps (0 to `total`); IndexError outside the walk."""
        if not 0 <= cursor <= self.total:
            raise IndexError(f"a walk of {self.total} steps has no step {cursor}")
        return ArrayState(self, cursor)

    def step(self, number: int) -> ArrayStep:
        """Return step `number` (1 to `total`) in full; IndexError outside the walk."""
        match self.phase(number):
            case Phase.FORWARD:
                return self._forward_step(number)
            case Phase.SEED:
                return self._seed(number)
            case _:
                return self._backward_step(number)

    def _forward_step(self, number: int) -> ArrayStep:
        array = self.array_of(number)
        formula = forward_formula(self.graph, array.place)
        return ArrayStep(
            number=number,
            total=self.total,
            phase=Phase.FORWARD,
            array=array,
            name=array.label,
            formula=formula,
            shapes=(Named(array.label, array.shape), *named_in(formula)),
            why=why_forward(self.graph, array),
            values=self.numbers.values(array.place),
        )

    def _seed(self, number: int) -> ArrayStep:
        array = self.output
        name = derivative_label(self.graph, array.place)
        seed = self.numbers.seed(array.place)
        if self.trace.numbers.output_undefined:
            seed = np.full(array.shape, np.nan)
        return ArrayStep(
            number=number,
            total=self.total,
            phase=Phase.SEED,
            array=array,
            name=name,
            formula=formula_of(1) if array.shape == () else None,
            shapes=(Named(name, array.shape),),
            why=(f"{self.output_name} changes with itself one for one: the walk back begins with 1.",),
            before=np.zeros(array.shape),
            contribution=seed,
            after=seed,
            contribution_number=1,
            contribution_count=len(self.gradient_steps(array.place)),
        )

    def _backward_step(self, number: int) -> ArrayStep:
        place, position = self._backward[number - self.seed_step - 1]
        consumer, array = self.arrays[place], self.array_of(number)
        found = self.numbers.contribution(place, position)
        steps = self.gradient_steps(array.place)
        before = self._gradient_before(array.place, number)
        name = gradient_name(self.graph, array.place)
        carries = self.graph.carries[array.place]
        is_undefined = self.trace.numbers.output_undefined

        def shown(numbers: Floats) -> Floats:
            return np.where(carries & (not is_undefined), numbers, np.nan)

        return ArrayStep(
            number=number,
            total=self.total,
            phase=Phase.BACKWARD,
            array=array,
            name=name.label,
            formula=found.formula,
            shapes=(Named(name.label, array.shape), *named_in(found.formula)),
            why=why_backward(self.graph, consumer, position, found),
            of_entry=of_entry(self.graph, consumer, position, found.formula),
            consumer=consumer,
            position=position,
            upstream=self.numbers.gradient(place),
            before=shown(before),
            contribution=shown(found.numbers),
            after=shown(before + found.numbers),
            contribution_number=steps.index(number) + 1,
            contribution_count=len(steps),
            difference=found.difference,
            is_together=found.is_together,
        )

    def _gradient_before(self, place: int, number: int) -> Floats:
        """Return the gradient of an array as it is before step `number`; 0 in entries that have nothing yet."""
        total = self.numbers.seed(place) if number > self.seed_step else np.zeros(self.arrays[place].shape)
        into = self.numbers.contributions_to(place)
        steps = [self._edge_steps[edge] for edge in into]
        for edge in into[: bisect_right(steps, number - 1)]:
            total = total + self.numbers.contribution(*edge).numbers
        return total


@dataclass(frozen=True, eq=False)
class ArrayState:
    """What is known after the first `cursor` steps of a walk at the level of arrays."""

    walk: ArrayWalk
    cursor: int

    @property
    def step(self) -> ArrayStep | None:
        """The step just taken; None at the start."""
        return self.walk.step(self.cursor) if self.cursor else None

    def values(self, place: int) -> Floats | None:
        """Return the values of an array in its shape; None before its turn."""
        written = self.walk.value_step(place)
        return self.walk.numbers.values(place) if written is None or written <= self.cursor else None

    def gradient(self, place: int) -> Floats | None:
        """Return the gradient of an array as accumulated so far; None before its first contribution, or without one.

        nan stands in entries that carry none. The gradient of an input that the output does not use is 0 from the seed
        on.
        """
        walk = self.walk
        carries = walk.graph.carries[place]
        steps = walk.gradient_steps(place)
        if not carries.any() or self.cursor < (steps[0] if steps else walk.seed_step):
            return None
        if walk.trace.numbers.output_undefined:
            return np.full(walk.arrays[place].shape, np.nan)
        if self.contributions_taken(place) == len(steps):
            return walk.numbers.gradient(place)
        return np.where(carries, walk._gradient_before(place, self.cursor + 1), np.nan)  # pyright: ignore[reportPrivateUsage]

    def contributions_taken(self, place: int) -> int:
        """Return how many contributions to the gradient of an array have arrived, the seed counted."""
        return bisect_right(self.walk.gradient_steps(place), self.cursor)
