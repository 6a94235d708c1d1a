"""Which input of a walk the V is about, and the one after it."""

from __future__ import annotations

import numpy as np

from ....engine.arrays import Flags
from ....engine.graph.graph import Graph, Leaf
from ..moment import Moment


def count_inputs(graph: Graph) -> int:
    """Return how many inputs a graph has."""
    return int(np.count_nonzero(_is_input(graph)))


def input_shown(moment: Moment) -> int | None:
    """Return the input that is selected, or the first; None where there is none."""
    is_input, selected = _is_input(moment.trace.graph), moment.selected
    if selected is not None and selected < len(is_input) and is_input[selected]:
        return selected
    return int(is_input.argmax()) if is_input.any() else None


def next_input(moment: Moment) -> Moment:
    """Return the moment with the next input selected, after the last one the first; the same where there is none."""
    inputs = np.flatnonzero(_is_input(moment.trace.graph))
    shown = input_shown(moment)
    if shown is None:
        return moment
    if shown != moment.selected:
        return moment.selecting(shown)
    place = int(np.searchsorted(inputs, shown)) + 1
    return moment.selecting(int(inputs[place % len(inputs)]))


def _is_input(graph: Graph) -> Flags:
    return graph.codes[: graph.leaf_count] == Leaf.INPUT
