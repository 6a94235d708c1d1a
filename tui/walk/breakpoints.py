"""`Breakpoints`: where playing stops, as in a debugger: at nodes, and at numbers that are worth a look."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...engine.arrays import Flags, Floats
from ...engine.walk.trace import Trace
from .moment import Moment

Test = Callable[[Floats], Flags]
Steps = np.ndarray[tuple[Any, ...], np.dtype[np.intp]]


@dataclass(frozen=True)
class Condition:
    """A kind of number to stop at: as it is written, in words, and as a test of float64[k] to bool[k]."""

    written: str
    words: str
    test: Test


CONDITIONS: dict[str, Condition] = {
    "nan": Condition("nan", "not a number", np.isnan),
    "inf": Condition("inf", "infinite", np.isinf),
    "zero": Condition("zero", "zero", lambda numbers: numbers == 0),
}
"""The conditions that have a name; a bound such as > 100 is one too."""

_BOUND = re.compile(r">\s*(?P<bound>\d+(\.\d*)?(e[+-]?\d+)?)", re.IGNORECASE)


def read_condition(written: str) -> Condition:
    """Read a condition: a name, or a bound on the size of the number; ValueError says what could be written."""
    written = written.strip().lower()
    if written in CONDITIONS:
        return CONDITIONS[written]
    if match := _BOUND.fullmatch(written):
        bound = float(match["bound"])
        return Condition(f"> {bound:g}", f"larger than {bound:g} in size", lambda numbers: np.abs(numbers) > bound)
    raise ValueError(f'"{written}" is none of {", ".join(CONDITIONS)} and no bound such as > 100')


def toggled(conditions: tuple[str, ...], written: str) -> tuple[str, ...]:
    """Return the conditions with one more, or without it where it is among them. ValueError where it is none."""
    wanted = read_condition(written).written
    return tuple(kept for kept in conditions if kept != wanted) if wanted in conditions else (*conditions, wanted)


NO_BREAKPOINT = "There is no breakpoint: {walk.break} sets one at the selected node, {walk.conditions} one for numbers."
"""With the ids of the bindings whose keys stand there."""


class Breakpoints:
    """Where a walk stops: at the breakpoints and conditions of a moment of it.

    A step is a stop when it writes a node with a breakpoint, or when the value or gradient that it writes meets one of
    the conditions. Which steps a condition holds at is found once for all, so looking for the next is a binary search.
    """

    def __init__(self, trace: Trace) -> None:
        self._trace = trace
        self._hits: dict[str, Steps] = {}

    def next_after(self, moment: Moment) -> int | None:
        """Return the first step after a moment at which to stop, or None."""
        found = [self._trace.next_write(node, moment.cursor) for node in moment.breakpoints]
        for written in moment.conditions:
            hits = self._steps(written)
            place = int(np.searchsorted(hits, moment.cursor, side="right"))
            found.append(int(hits[place]) if place < len(hits) else None)
        return min((step for step in found if step is not None), default=None)

    def run(self, moment: Moment) -> tuple[Moment, str]:
        """Return the next moment at which to stop, and why; or the same one, and why there is no other."""
        if not moment.stops:
            return moment, NO_BREAKPOINT
        step = self.next_after(moment)
        if step is None:
            return moment, "No breakpoint stops the walk from here on."
        return moment.at(step), self.reason(moment.at(step))

    def reason(self, moment: Moment) -> str:
        """Say why the step that a moment has just taken is one to stop at; nothing where it is none."""
        step = moment.cursor
        if step == 0 or not moment.stops:
            return ""
        node = self._trace.node_of(step)
        name = self._trace.graph.label(node)
        if node in moment.breakpoints:
            return f"breakpoint: {name}"
        quantity = self._trace.segment(step).quantity
        for written in moment.conditions:
            hits = self._steps(written)
            place = int(np.searchsorted(hits, step))
            if place < len(hits) and hits[place] == step:
                return f"breakpoint: the {quantity} of {name} is {read_condition(written).words}"
        return ""

    def _steps(self, written: str) -> Steps:
        """Return all steps whose number meets a condition, in order."""
        if written not in self._hits:
            meets = read_condition(written).test(self._trace.written_numbers())
            self._hits[written] = np.flatnonzero(meets) + 1
        return self._hits[written]
