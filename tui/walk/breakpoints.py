"""`Breakpoints`: where playing stops, as in a debugger: at nodes, and at numbers that are worth a look."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...engine.arrays import Flags, Floats
from ...engine.walk.trace import Trace

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


class Breakpoints:
    """The breakpoints of one walk.

    A step is a stop when it writes one of `nodes`, or when the value or gradient that it writes meets one of the
    conditions. Which steps those are is found once for all, so looking for the next is a binary search.
    """

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self.nodes: set[int] = set()
        self._conditions: dict[str, Condition] = {}
        self._hits: dict[str, Steps] = {}

    @property
    def written(self) -> list[str]:
        """The conditions as they were written."""
        return list(self._conditions)

    def __bool__(self) -> bool:
        return bool(self.nodes or self._conditions)

    def toggle_node(self, node: int) -> bool:
        """Set a breakpoint at a node, or take it away; return whether it is set now."""
        self.nodes ^= {node}
        return node in self.nodes

    def toggle_condition(self, written: str) -> bool:
        """Set a condition, or take it away; return whether it is set now. ValueError where it is none."""
        condition = read_condition(written)
        if condition.written in self._conditions:
            del self._conditions[condition.written]
            return False
        self._conditions[condition.written] = condition
        return True

    def next_after(self, cursor: int) -> int | None:
        """Return the first step after `cursor` at which to stop, or None."""
        found = [self.trace.next_write(node, cursor) for node in self.nodes]
        for written in self._conditions:
            hits = self._steps(written)
            place = int(np.searchsorted(hits, cursor, side="right"))
            found.append(int(hits[place]) if place < len(hits) else None)
        return min((step for step in found if step is not None), default=None)

    def reason(self, step: int) -> str:
        """Say why a step is one to stop at; nothing where it is none."""
        if not self or step == 0:
            return ""
        node = self.trace.node_of(step)
        name = self.trace.graph.label(node)
        if node in self.nodes:
            return f"breakpoint: {name}"
        quantity = self.trace.segment(step).quantity
        for written, condition in self._conditions.items():
            hits = self._steps(written)
            place = int(np.searchsorted(hits, step))
            if place < len(hits) and hits[place] == step:
                return f"breakpoint: the {quantity} of {name} is {condition.words}"
        return ""

    def _steps(self, written: str) -> Steps:
        """Return all steps whose number meets a condition, in order."""
        if written not in self._hits:
            meets = self._conditions[written].test(self.trace.written_numbers())
            self._hits[written] = np.flatnonzero(meets) + 1
        return self._hits[written]
