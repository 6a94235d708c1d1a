"""`Trace`: a whole walk, computed at once; `state(k)` and `step(k)` look at it anywhere.

A walk is a tuple of segments: forward (a step for each operation, in topological order), the seed
∂out/∂out = 1, and backward (a step for each edge that carries a gradient, consumers before producers); an epoch of
training has an update of each parameter after them. In forward mode the seed is ȧ = 1 at one input a, and the tangents
of the nodes that depend on it take the place of the backward pass. What can be seen after k steps is a pure function of
the trace and k: a `State`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from ..arrays import Flags, Floats
from ..graph.graph import Graph
from ..language.step_key import StepKey
from ..rules.notation import Notation
from ..rules.printers.unicode import NOTATION as UNICODE
from ..run.loop import Run
from ..run.plan import run as run_once
from .backward import Backward, Seed
from .forward import Forward
from .notes import Notes
from .numbers import Numbers
from .phase import Phase, Quantity
from .segment import Segment

if TYPE_CHECKING:
    from ..graph.array_record import SourceLine
    from .step import Step
    from .tangents import Tangents
    from .update import Updates


class Trace:
    """Every step of a walk over `graph`; `segments` are its parts, in order.

    `values` is float64[n]; `backward` holds the numbers of the backward pass. `notes` maps the name of a step, such
    as `s`, `∂f/∂s` or `w ←`, to the sentence shown when the walk gets there. `run` gives the numbers of a run that was
    made already, such as an epoch of training; without it the graph is run here. `updates` are the updates of the
    parameters that training makes after it; their formulas are written as on the screen whatever the `notation`.
    `tangent_of` is the input of a walk in forward mode, which has no updates; GraphError where it is no input.
    """

    def __init__(
        self,
        graph: Graph,
        notes: Mapping[str, str] | None = None,
        run: Run | None = None,
        updates: Updates | None = None,
        notation: Notation = UNICODE,
        tangent_of: int | None = None,
    ) -> None:
        self.graph = graph
        self.notes = notes or {}
        self.numbers = Numbers(graph, run_once(graph) if run is None else run, notation)
        self.values = self.numbers.values
        self.backward = self.numbers.backward
        self.updates = updates if tangent_of is None else None
        self._all_updates = updates
        self.tangents: Tangents | None = None
        sentences = Notes(graph, self.notes)
        forward = Forward(self.numbers, sentences, 1)
        self.segments: tuple[Segment, ...]
        if tangent_of is None:
            seed = Seed(self.numbers, sentences, forward.last + 1)
            self.segments = (forward, seed, Backward(self.numbers, sentences, seed.last + 1))
        else:
            from .tangent import Tangent, TangentSeed
            from .tangents import Tangents

            self.tangents = Tangents(self.numbers, tangent_of)
            seed = TangentSeed(self.numbers, sentences, forward.last + 1, self.tangents)
            self.segments = (forward, seed, Tangent(self.numbers, sentences, seed.last + 1, self.tangents))
        self.forward_steps = len(forward)
        self.backward_steps = len(self.segments[-1]) if self.tangents is None else 0
        if self.updates is not None:
            from .updating import Updating

            self.segments += (Updating(self.numbers, sentences, self.segments[-1].last + 1, self.updates),)
        self.total = self.segments[-1].last

    @property
    def tangent_of(self) -> int | None:
        """The input that the tangents of forward mode are by; None in reverse mode."""
        return None if self.tangents is None else self.tangents.of

    def in_forward_mode(self, tangent_of: int) -> Trace:
        """Return the walk of the same run in forward mode for an input; GraphError where the node is none."""
        return self._of_same_run(tangent_of, self.numbers.notation)

    def in_reverse_mode(self) -> Trace:
        """Return the walk of the same run in reverse mode, which gives all gradients in one pass."""
        return self._of_same_run(None, self.numbers.notation)

    def written_in(self, notation: Notation) -> Trace:
        """Return the walk of the same run with its formulas in another notation."""
        return self._of_same_run(self.tangent_of, notation)

    def _of_same_run(self, tangent_of: int | None, notation: Notation) -> Trace:
        return Trace(self.graph, self.notes, self.numbers.run, self._all_updates, notation, tangent_of)

    # ---- where a step is

    @property
    def seed_step(self) -> int:
        """The number of the step that starts the backward pass, or in forward mode the tangents."""
        return self.forward_steps + 1

    @property
    def last_backward_step(self) -> int:
        """The number of the step that completes the gradients."""
        return self.seed_step + self.backward_steps

    def segment(self, number: int) -> Segment:
        """Return the segment that step `number` belongs to; IndexError outside the walk."""
        if number >= 1:
            for segment in self.segments:
                if number <= segment.last:
                    return segment
        raise IndexError(f"a walk of {self.total} steps has no step {number}")

    def phase(self, number: int) -> Phase:
        """Return the phase that step `number` (1 to `total`) belongs to."""
        return self.segment(number).phase

    def key(self, number: int) -> StepKey:
        """Say which step `number` (1 to `total`) is."""
        segment = self.segment(number)
        return segment.key(number - segment.first)

    def number(self, key: StepKey) -> int | None:
        """Return the number of a step, None where the walk has none: a leaf's value is known from the start."""
        for segment in self.segments:
            place = segment.place(key)
            if place is not None:
                return segment.first + place
        return None

    def node_of(self, number: int) -> int:
        """Return the node whose value, gradient or tangent step `number` (1 to `total`) writes."""
        segment = self.segment(number)
        return segment.node(number - segment.first)

    def gradient_steps(self, node: int) -> list[int]:
        """Return the steps that write a node's gradient, in order: the seed, or one a contribution."""
        return [
            segment.first + segment.write(node, index)
            for segment in self.segments
            if segment.quantity is Quantity.GRADIENT
            for index in range(segment.writes(node))
        ]

    def next_write(self, node: int, cursor: int) -> int | None:
        """Return the first step after `cursor` that writes a node's value, gradient or tangent, or None."""
        for segment in self.segments:
            done = segment.writes_before(node, cursor + 1 - segment.first)
            if done < segment.writes(node):
                return segment.first + segment.write(node, done)
        return None

    def previous_write(self, node: int, cursor: int) -> int | None:
        """Return the last step before `cursor` that writes a node's value, gradient or tangent, or None."""
        for segment in reversed(self.segments):
            done = segment.writes_before(node, cursor - segment.first)
            if done:
                return segment.first + segment.write(node, done - 1)
        return None

    def consumer_steps(self, number: int) -> tuple[int, int]:
        """Return the first and the last step that belong together with step `number`.

        They are all the edges of one consumer; any other step stands alone.
        """
        segment = self.segment(number)
        places = segment.together(number - segment.first)
        return segment.first + places.start, segment.first + places.stop - 1

    def written_numbers(self) -> Floats:
        """Return the value, gradient or tangent that each step writes: float64[total], nan where it does not exist."""
        return np.concatenate([segment.written() for segment in self.segments])

    # ---- what is known then

    @property
    def undefined_values(self) -> Flags:
        """`Numbers.undefined_values`."""
        return self.numbers.undefined_values

    @property
    def undefined_contributions(self) -> Flags:
        """`Numbers.undefined_contributions`."""
        return self.numbers.undefined_contributions

    def state(self, cursor: int) -> State:
        """Return what is known after `cursor` steps (0 to `total`); IndexError outside the walk."""
        if not 0 <= cursor <= self.total:
            raise IndexError(f"a walk of {self.total} steps has no step {cursor}")
        return State(self, cursor)

    def step(self, number: int, digits: int = 0) -> Step:
        """Return step `number` (1 to `total`) in full; IndexError outside the walk.

        Its equations have at least so many significant `digits`; with 0 they are written for reading.
        """
        segment = self.segment(number)
        step = segment.step(number - segment.first, self.total, digits)
        return replace(step, source=self._source(step)) if self.graph.arrays else step

    def _source(self, step: Step) -> SourceLine | None:
        """Return the line of code that the operation of a step comes from."""
        if step.update is not None:
            return None
        return self.graph.source(step.node if step.factor is None else step.factor.consumer)


@dataclass(frozen=True, slots=True)
class State:
    """What is known after the first `cursor` steps of a walk."""

    trace: Trace
    cursor: int

    @property
    def step(self) -> Step | None:
        """The step just taken; None at the start."""
        return self.trace.step(self.cursor) if self.cursor else None

    def value(self, node: int) -> float | None:
        """Return a node's value, None before the forward pass has reached it; an update changes a parameter's."""
        written = self._last_written(node, Quantity.VALUE)
        if written is None and node < self.trace.graph.leaf_count:
            return self.trace.values.item(node)
        return written

    def gradient(self, node: int) -> float | None:
        """Return a node's gradient as accumulated so far, or None before its first contribution.

        An input that the output does not use has none to wait for: from the seed on its gradient is known to be 0,
        or nan where the output is undefined, which has no derivative. In forward mode there are no gradients: None.
        """
        if not self.trace.graph.carries_gradient[node] or self.trace.tangents is not None:
            return None
        if not self.contribution_count(node) and self.cursor >= self.trace.seed_step:
            return self._without_contributions()
        return self._last_written(node, Quantity.GRADIENT)

    def contributions_taken(self, node: int) -> int:
        """Return how many contributions to a node's gradient have arrived (the seed counts as one)."""
        if not self.trace.graph.carries_gradient[node]:
            return 0
        return sum(
            segment.writes_before(node, self.cursor + 1 - segment.first)
            for segment in self.trace.segments
            if segment.quantity is Quantity.GRADIENT
        )

    def contribution_count(self, node: int) -> int:
        """Return how many contributions a node's gradient has in all; 0 where it carries none."""
        if not self.trace.graph.carries_gradient[node]:
            return 0
        return sum(segment.writes(node) for segment in self.trace.segments if segment.quantity is Quantity.GRADIENT)

    def values(self) -> Floats:
        """Return the value of every node: float64[n], nan where it is not known yet."""
        leaf_count = self.trace.graph.leaf_count
        return self._written(Quantity.VALUE, self.trace.values[:leaf_count])

    def gradients(self) -> Floats:
        """Return the gradient of every node as accumulated so far: float64[n], nan where there is none."""
        gradients = self._written(Quantity.GRADIENT, np.empty(0))
        if self.trace.tangents is None and self.cursor >= self.trace.seed_step:
            ends = self.trace.graph.other_ends
            gradients[ends[self.trace.graph.carries_gradient[ends]]] = self._without_contributions()
        return gradients

    def tangent(self, node: int) -> float | None:
        """Return a node's tangent, None before its turn, where it carries no gradient, and in reverse mode.

        What does not depend on the input has none to wait for: from the seed on its tangent is known to be 0, or nan
        where its value is undefined.
        """
        tangents = self.trace.tangents
        if tangents is None or not self.trace.graph.carries_gradient[node]:
            return None
        if not tangents.depends[node]:
            return tangents.tangents.item(node) if self.cursor >= self.trace.seed_step else None
        return self._last_written(node, Quantity.TANGENT)

    def tangents(self) -> Floats:
        """Return the tangent of every node: float64[n], nan where it is not known, undefined, or there is none."""
        known = self._written(Quantity.TANGENT, np.empty(0))
        tangents = self.trace.tangents
        if tangents is not None and self.cursor >= self.trace.seed_step:
            fixed = self.trace.graph.carries_gradient & ~tangents.depends
            known[fixed] = tangents.tangents[fixed]
        return known

    def tangent_undefined(self, node: int) -> bool:
        """Say whether a known tangent does not exist."""
        tangent = self.tangent(node)
        return tangent is not None and not math.isfinite(tangent)

    def value_undefined(self, node: int) -> bool:
        """Say whether a known value does not exist (ln of a negative number, 1/0, overflow)."""
        return bool(self.trace.undefined_values[node])

    def gradient_undefined(self, node: int) -> bool:
        """Say whether the gradient accumulated so far does not exist."""
        gradient = self.gradient(node)
        if gradient is None:
            return False
        return not math.isfinite(gradient) or self.trace.numbers.output_undefined

    def _without_contributions(self) -> float:
        return math.nan if self.trace.numbers.output_undefined else 0.0

    def _last_written(self, node: int, quantity: Quantity) -> float | None:
        for segment in reversed(self.trace.segments):
            if segment.quantity is quantity:
                done = segment.writes_before(node, self.cursor + 1 - segment.first)
                if done:
                    return segment.number(segment.write(node, done - 1))
        return None

    def _written(self, quantity: Quantity, from_the_start: Floats) -> Floats:
        numbers = np.full(len(self.trace.graph), np.nan)
        numbers[: len(from_the_start)] = from_the_start
        for segment in self.trace.segments:
            if segment.quantity is quantity and self.cursor >= segment.first:
                segment.apply(numbers, min(self.cursor + 1 - segment.first, len(segment)))
        return numbers
