"""Where the keys of a walk lead: from a moment to another one. No widgets and no timers."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from typing import Protocol, Self, TypeVar

from ...engine.walk.trace import Trace
from .moment import Moment

Move = Callable[[Moment], Moment]


class Stepped(Protocol):
    """What can be walked by steps: a `Moment`, or one of a walk of arrays."""

    @property
    def cursor(self) -> int:
        """How many steps have been taken."""
        ...

    def at(self, cursor: int) -> Self:
        """Return the moment after step number `cursor`, or at the nearer end."""
        ...


S = TypeVar("S", bound=Stepped)


def step_forward(moment: S) -> S:
    """Take one step."""
    return moment.at(moment.cursor + 1)


def step_back(moment: S) -> S:
    """Take one step back."""
    return moment.at(moment.cursor - 1)


def next_phase(moment: Moment) -> Moment:
    """Go to the seed (the values are complete then), to the last gradient or tangent, or to the end."""
    phases = _phase_starts(moment.trace)
    return moment.at(phases[min(bisect_right(phases, moment.cursor), len(phases) - 1)])


def previous_phase(moment: Moment) -> Moment:
    """Go back to the last gradient, to the seed, or to the start."""
    phases = _phase_starts(moment.trace)
    return moment.at(phases[max(bisect_left(phases, moment.cursor) - 1, 0)])


def next_node(moment: Moment) -> Moment:
    """Take all the steps of the next node at once: in the backward pass, all edges of a consumer."""
    return moment if moment.at_end else moment.at(moment.trace.consumer_steps(moment.cursor + 1)[1])


def previous_node(moment: Moment) -> Moment:
    """Take back all the steps of the node that the cursor is at."""
    return moment.at(moment.trace.consumer_steps(moment.cursor)[0] - 1) if moment.cursor else moment


def start(moment: S) -> S:
    """Go to the start."""
    return moment.at(0)


def end(moment: Moment) -> Moment:
    """Go to the end."""
    return moment.at(moment.trace.total)


def next_write(moment: Moment) -> Moment:
    """Go to the next step that writes the selected node: its value, then each contribution to its gradient.

    After the last one comes the first again. A leaf without a gradient is never written: nothing moves.
    """
    trace, node = moment.trace, moment.node
    step = trace.next_write(node, moment.cursor) or trace.next_write(node, 0)
    return moment if step is None else moment.at(step)


MOVES: dict[str, Move] = {
    move.__name__: move
    for move in (
        step_forward,
        step_back,
        next_phase,
        previous_phase,
        next_node,
        previous_node,
        start,
        end,
        next_write,
    )
}
"""The moves that a key can name."""


def _phase_starts(trace: Trace) -> list[int]:
    return sorted({0, *(segment.last for segment in trace.segments[1:])})
