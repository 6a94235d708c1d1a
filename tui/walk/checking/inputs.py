"""Which input of a walk the V is about, and the one after it."""

from __future__ import annotations

import numpy as np

from ....engine.graph.graph import Graph, Leaf
from ..moment import Moment


def inputs_of(graph: Graph) -> list[int]:
    """Return the inputs of a graph, in their order."""
    return np.flatnonzero(graph.codes[: graph.leaf_count] == Leaf.INPUT).tolist()


def input_shown(moment: Moment) -> int | None:
    """Return the input that is selected, or the first; None where there is none."""
    inputs = inputs_of(moment.trace.graph)
    return moment.selected if moment.selected in inputs else next(iter(inputs), None)


def next_input(moment: Moment) -> Moment:
    """Return the moment with the next input selected, after the last one the first; the same where there is none."""
    inputs = inputs_of(moment.trace.graph)
    if not inputs:
        return moment
    place = inputs.index(moment.selected) + 1 if moment.selected in inputs else 0
    return moment.selecting(inputs[place % len(inputs)])
