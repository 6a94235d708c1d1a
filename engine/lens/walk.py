"""`ArrayWalk`: a walk at the level of arrays, over the numbers of a scalar walk."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

import numpy as np

from ..arrays import Floats
from ..errors import GraphError
from ..rules.formula import formula_of
from ..walk.phase import Phase
from ..walk.trace import Trace
from .array_graph import ArrayGraph
from .array_steps import ArraySteps
from .compounds.finding import groups_of
from .entries import of_entry
from .rules import derivative_label, forward_formula, gradient_name
from .step import ArrayStep, Named
from .why import named_in, why_backward, why_forward


class ArrayWalk(ArraySteps):
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
        trace = trace if trace.tangents is None else trace.in_reverse_mode()
        super().__init__(trace, ArrayGraph(trace.graph, groups_of(trace) if compounds else ()))
        self.is_compound = compounds
        """Whether compounds are one step each."""

    @staticmethod
    def is_possible(trace: Trace) -> bool:
        """Say whether anything in a walk was made as arrays."""
        return bool(trace.graph.arrays)

    def with_compounds(self, compounds: bool) -> ArrayWalk:
        """Return the walk with compounds as one step each, or with all their steps."""
        return self if compounds == self.is_compound else ArrayWalk(self.trace, compounds=compounds)

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
        consumer, position = self.consumer_of(number) or (self.output, 0)
        place, array = consumer.place, self.array_of(number)
        found = self.numbers.contribution(place, position)
        steps = self.gradient_steps(array.place)
        before = self.gradient_before(array.place, number)
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

    def gradient_before(self, place: int, number: int) -> Floats:
        """Return the gradient of an array as it is before step `number`; 0 in entries that have nothing yet."""
        total = self.numbers.seed(place) if number > self.seed_step else np.zeros(self.arrays[place].shape)
        into = self.numbers.contributions_to(place)
        for edge in into[: bisect_right(self.contribution_steps(place), number - 1)]:
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
        return np.where(carries, walk.gradient_before(place, self.cursor + 1), np.nan)

    def contributions_taken(self, place: int) -> int:
        """Return how many contributions to the gradient of an array have arrived, the seed counted."""
        return bisect_right(self.walk.gradient_steps(place), self.cursor)
