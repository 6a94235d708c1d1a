"""`State`: what can be seen at a moment of a walk."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from ..arrays import Floats
    from .step import Step
    from .trace import Trace


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
        updates, updated = self.trace.updates, self.trace.update_step(node)
        if updates and 0 < updated <= self.cursor:
            return updates[updates.places[node]].after
        return self.trace.values.item(node) if self.trace.value_step(node) <= self.cursor else None

    def gradient(self, node: int) -> float | None:
        """Return a node's gradient as accumulated so far, or None before its first contribution."""
        written = self.contributions_taken(node)
        if not written:
            return None
        if node == self.trace.graph.output:
            return self.trace.backward.gradients.item(node)
        return self.trace.backward.accumulated.item(self.trace.graph.edges.write(node, written - 1))

    def contributions_taken(self, node: int) -> int:
        """Return how many contributions to a node's gradient have arrived (the seed counts as one)."""
        if node == self.trace.graph.output:
            return int(self.cursor >= self.trace.seed_step and self.contribution_count(node) > 0)
        return self.trace.graph.edges.writes_before(node, self.cursor - self.trace.seed_step)

    def contribution_count(self, node: int) -> int:
        """Return how many contributions a node's gradient has in all; 0 where it carries none."""
        if node == self.trace.graph.output:
            return int(self.trace.graph.carries_gradient[node])
        return self.trace.graph.edges.write_count(node)

    def values(self) -> Floats:
        """Return the value of every node: float64[n], nan where it is not known yet."""
        trace = self.trace
        values = trace.values.copy()
        values[trace.graph.leaf_count + min(self.cursor, trace.forward_steps) :] = np.nan
        for place in range(self.cursor - trace.last_backward_step if trace.updates else 0):
            assert trace.updates is not None, "only a walk with updates has steps after the last backward one"
            values[trace.updates.parameters[place]] = trace.updates[place].after
        return values

    def gradients(self) -> Floats:
        """Return the gradient of every node as accumulated so far: float64[n], nan where there is none."""
        trace, edges = self.trace, self.trace.graph.edges
        done = max(0, min(self.cursor - trace.seed_step, len(edges)))
        taken = np.bincount(edges.targets[:done], minlength=len(trace.graph))
        gradients = np.full(len(trace.graph), np.nan)
        if trace.undefined_values[trace.graph.output]:
            return gradients
        written = np.flatnonzero(taken)
        last_writes = edges.writes[edges.write_offsets[written] + taken[written] - 1]
        gradients[written] = trace.backward.accumulated[last_writes]
        if self.contributions_taken(trace.graph.output):
            gradients[trace.graph.output] = trace.backward.gradients[trace.graph.output]
        return gradients

    def value_undefined(self, node: int) -> bool:
        """Say whether a known value does not exist (ln of a negative number, 1/0, overflow)."""
        return bool(self.trace.undefined_values[node])

    def gradient_undefined(self, node: int) -> bool:
        """Say whether the gradient accumulated so far does not exist."""
        gradient = self.gradient(node)
        if gradient is None:
            return False
        return not math.isfinite(gradient) or self.value_undefined(self.trace.graph.output)
