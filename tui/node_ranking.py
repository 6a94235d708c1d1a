"""The nodes of a walk in the order of a number: the largest gradients, the largest values, the most used."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..engine.edges import Floats, Indices
from ..engine.trace import State


@dataclass(frozen=True)
class Ranking:
    """A way to sort nodes: its words, and the number of each node, float64[n], nan for what is not known yet."""

    words: str
    numbers: Callable[[State], Floats]


def _gradients(state: State) -> Floats:
    """Return |gradient| as accumulated so far, of all nodes at once."""
    trace, edges = state.trace, state.trace.graph.edges
    done = max(0, min(state.cursor - trace.seed_step, len(edges)))
    taken = np.bincount(edges.targets[:done], minlength=len(trace.graph))
    gradients = np.full(len(trace.graph), np.nan)
    written = np.flatnonzero(taken)
    gradients[written] = trace.passed.accumulated[edges.writes[edges.write_offsets[written] + taken[written] - 1]]
    if state.cursor >= trace.seed_step:
        gradients[trace.graph.output] = trace.passed.gradients[trace.graph.output]
    if trace.undefined_values[trace.graph.output]:
        gradients[:] = np.nan  # then no gradient exists
    return np.abs(gradients)


def _values(state: State) -> Floats:
    values = state.trace.values.copy()
    values[state.trace.graph.leaf_count + min(state.cursor, state.trace.forward_steps) :] = np.nan
    updates = state.trace.updates
    if updates:
        for place in range(state.cursor - state.trace.last_backward_step):
            values[updates.parameters[place]] = updates[place].after
    return values


def _fan_out(state: State) -> Floats:
    graph = state.trace.graph
    return np.bincount(graph.operands, minlength=len(graph)).astype(np.float64)


RANKINGS: tuple[Ranking, ...] = (
    Ranking("|gradient|", _gradients),
    Ranking("value", _values),
    Ranking("fan-out", _fan_out),
)
"""What nodes can be sorted by; `fan-out` is how many times a node is used as an operand."""


def ranked(ranking: Ranking, state: State) -> tuple[Indices, Floats]:
    """Return the nodes whose number is known, int32[k], largest number first, and these numbers, float64[k]."""
    numbers = ranking.numbers(state)
    known = np.flatnonzero(~np.isnan(numbers))
    order = known[np.argsort(-numbers[known], kind="stable")]
    return order.astype(np.int32), numbers[order]
