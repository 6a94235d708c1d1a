"""Finding nodes by what their row says: the name, or the expression."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

import numpy as np

from ...engine.arrays import Indices
from ...engine.graph.graph import Graph
from .row_texts import CHUNK, RowTexts

AT_ONCE = 0.015
"""Seconds that a search may take without a word."""


class Search:
    """Finds the nodes of a graph by what their rows say, in the given order: int32[n], every node once."""

    def __init__(self, graph: Graph, order: Indices) -> None:
        self._graph = graph
        self._order = order
        self._places: Indices = np.empty(len(order), dtype=np.int32)
        self._places[order] = np.arange(len(order), dtype=np.int32)
        self._texts = RowTexts(graph, order)

    def named(self, wanted: str) -> int | None:
        """Return the node with this very name, at once however large the graph is; None if there is none."""
        try:
            return self._graph.find(wanted)
        except KeyError:
            return None

    def next(
        self, wanted: str, start: int, step: int, report: Callable[[float], None] = lambda done: None
    ) -> int | None:
        """Return the first node after `start`, that one last, whose text contains `wanted`; None if there is none.

        `step` is 1 to go forward in the order, -1 to go back; past the last node it goes on with the first. Upper and
        lower case count where `wanted` has an upper-case letter. `report` is told from time to time which part of the
        nodes is done, and may raise to stop. The first search makes the texts; those after it find them made.
        """
        fold = wanted == wanted.lower()
        first, count = int(self._places[start]), len(self._texts)
        for done in range(count + 1):  # the first chunk comes twice: what is after the start, and at the end the rest
            if done:
                report(done / (count + 1))
            chunk = (first // CHUNK + step * done) % count
            text = self._texts.lower(chunk) if fold else self._texts.text(chunk)
            here = first % CHUNK
            low, high = 0, CHUNK
            if done == 0:
                low, high = (here + 1, CHUNK) if step > 0 else (0, here)
            elif done == count:
                low, high = (0, here + 1) if step > 0 else (here, CHUNK)
            place = _line_with(text, wanted, low, high, step)
            if place is not None:
                return int(self._order[chunk * CHUNK + place])
        return None

    def next_at_once(self, wanted: str, start: int, step: int) -> int | None:
        """Return what `next` returns where that takes no longer than a key may; None too where it would."""
        until = monotonic() + AT_ONCE

        def look_at_the_clock(done: float) -> None:
            if monotonic() > until:
                raise TimeoutError

        try:
            return self.next(wanted, start, step, look_at_the_clock)
        except TimeoutError:
            return None


def _line_with(text: str, wanted: str, low: int, high: int, step: int) -> int | None:
    """Return the first line (for a `step` of -1: the last) from `low` on and before `high` that contains `wanted`."""
    if high - low < CHUNK:
        lines = text.split("\n")[low:high]
        numbered = enumerate(lines, low)
        found = (place for place, line in (numbered if step > 0 else reversed(list(numbered))) if wanted in line)
        return next(found, None)
    place = text.find(wanted) if step > 0 else text.rfind(wanted)
    return None if place < 0 else text.count("\n", 0, place)
