"""The nodes of a walk in the order of a number: the largest gradients, the largest values, the most used."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ...engine.arrays import Floats, Indices
from ...engine.walk.trace import State, Trace


@dataclass(frozen=True)
class Ranking:
    """A way to sort nodes: its words, and the number of each node, float64[n], nan for what is not known yet."""

    words: str
    numbers: Callable[[State], Floats]


def _fan_out(state: State) -> Floats:
    graph = state.trace.graph
    return np.bincount(graph.operands, minlength=len(graph)).astype(np.float64)


RANKINGS: tuple[Ranking, ...] = (
    Ranking("|gradient|", lambda state: np.abs(state.gradients())),
    Ranking("value", lambda state: state.values()),
    Ranking("fan-out", _fan_out),
)
"""What nodes can be sorted by; `fan-out` is how many times a node is used as an operand."""


_BY_TANGENT = Ranking("|tangent|", lambda state: np.abs(state.tangents()))


def rankings(trace: Trace) -> tuple[Ranking, ...]:
    """Return what the nodes of a walk can be sorted by: in forward mode by tangents in place of gradients."""
    return RANKINGS if trace.tangents is None else (_BY_TANGENT, *RANKINGS[1:])


def ranked(ranking: Ranking, state: State) -> tuple[Indices, Floats]:
    """Return the nodes whose number is known, int32[k], largest number first, and these numbers, float64[k]."""
    numbers = ranking.numbers(state)
    known = np.flatnonzero(~np.isnan(numbers))
    order = known[np.argsort(-numbers[known], kind="stable")]
    return order.astype(np.int32), numbers[order]
