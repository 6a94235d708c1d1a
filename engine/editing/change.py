"""`Change`: what an edit did to the numbers of a walk."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np

from ..arrays import Flags, Floats
from ..walk.trace import State, Trace
from .counterparts import Counterparts
from .edit import Edit


@dataclass(frozen=True, eq=False)
class Change:
    """The walk before an edit and the one after it, and which nodes are the same.

    `undone` says that the edit was taken back: then the walk after is the older one. `cursor` is where the walk after
    stands at first.
    """

    edit: Edit
    before: Trace
    after: Trace
    counterparts: Counterparts
    undone: bool = False
    cursor: int = 0

    @functools.cached_property
    def values_before(self) -> Floats:
        """float64[n]: the value that each node had before, in the end; nan where it was not there."""
        return self._before(self.before.values)

    @functools.cached_property
    def gradients_before(self) -> Floats:
        """float64[n]: the complete gradient that each node had before; nan where it was not there, or had none."""
        return self._before(np.where(self.before.graph.carries_gradient, self.before.backward.gradients, np.nan))

    @functools.cached_property
    def new(self) -> Flags:
        """bool[n]: the nodes that were not there."""
        return self.counterparts.before < 0

    @functools.cached_property
    def values(self) -> Flags:
        """bool[n]: the nodes that had another value."""
        return ~self.new & _differ(self.values_before, self.after.values)

    @functools.cached_property
    def gradients(self) -> Flags:
        """bool[n]: the nodes that had another gradient, in the end."""
        graph = self.after.graph
        now = np.where(graph.carries_gradient, self.after.backward.gradients, np.nan)
        return ~self.new & _differ(self.gradients_before, now)

    @functools.cached_property
    def vanished(self) -> tuple[str, ...]:
        """The names of the nodes that are there no longer."""
        names = self.before.graph.names
        return tuple(names[node] for node in np.flatnonzero(self.counterparts.after < 0).tolist() if node in names)

    def shows_value(self, state: State, node: int) -> bool:
        """Say whether a node had another value, and has its own by now."""
        return bool(self.values[node]) and state.value(node) is not None

    def shows_gradient(self, state: State, node: int) -> bool:
        """Say whether a node had another gradient, and has its own, complete, by now; tangents are not compared."""
        if not self.gradients[node] or state.trace.tangent_of is not None or state.gradient(node) is None:
            return False
        return state.contributions_taken(node) == state.contribution_count(node)

    def _before(self, numbers: Floats) -> Floats:
        known = self.counterparts.before
        return np.where(known >= 0, numbers[known], np.nan)


def _differ(one: Floats, other: Floats) -> Flags:
    return (one != other) & ~(np.isnan(one) & np.isnan(other))
