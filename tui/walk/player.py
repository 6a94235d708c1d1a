"""`Player`: a trace and a cursor. No widgets and no timers, so it can be read and tested alone."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from ...engine.walk.trace import State, Trace
from .breakpoints import Breakpoints

SPEEDS = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0)
"""Steps a second that playing can be set to."""


class Player:
    """Where a walk is, and how it moves on.

    `cursor` is the number of steps taken, 0 to `trace.total`. `playing` says whether `tick()` moves;
    `speed` is how many ticks a second the owner of a clock should give. `breakpoints` say where
    it stops.
    """

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self.cursor = 0
        self.playing = False
        self.speed = 1.0
        self.breakpoints = Breakpoints(trace)

    @property
    def state(self) -> State:
        """What is known at the cursor."""
        return self.trace.state(self.cursor)

    def seek(self, cursor: int) -> None:
        """Go to the moment after step number `cursor`, or to the nearer end of the walk."""
        self.cursor = max(0, min(cursor, self.trace.total))

    def step_forward(self) -> None:
        """Take one step."""
        self.seek(self.cursor + 1)

    def step_back(self) -> None:
        """Take one step back."""
        self.seek(self.cursor - 1)

    def next_phase(self) -> None:
        """Go to the seed (the forward pass is complete then), to the last gradient, or to the end."""
        phases = self._phase_starts
        self.seek(phases[min(bisect_right(phases, self.cursor), len(phases) - 1)])

    def previous_phase(self) -> None:
        """Go back to the last gradient, to the seed, or to the start."""
        phases = self._phase_starts
        self.seek(phases[max(bisect_left(phases, self.cursor) - 1, 0)])

    def next_node(self) -> None:
        """Take all the steps of the next node at once: in the backward pass, all edges of a consumer."""
        if self.cursor < self.trace.total:
            self.seek(self.trace.consumer_steps(self.cursor + 1)[1])

    def previous_node(self) -> None:
        """Take back all the steps of the node the cursor is at."""
        if self.cursor:
            self.seek(self.trace.consumer_steps(self.cursor)[0] - 1)

    def seek_write(self, node: int) -> None:
        """Go to the next step that writes `node`: its value, then each contribution to its gradient.

        After the last one comes the first again. A leaf without a gradient is never written: nothing moves.
        """
        step = self.trace.next_write(node, self.cursor) or self.trace.next_write(node, 0)
        if step is not None:
            self.seek(step)

    def toggle_play(self) -> None:
        """Start playing, from the start if the walk is at its end; or stop."""
        self.playing = not self.playing
        if self.playing and self.cursor == self.trace.total:
            self.cursor = 0

    def faster(self) -> None:
        """Play at the next higher of `SPEEDS`."""
        self.speed = SPEEDS[min(SPEEDS.index(self.speed) + 1, len(SPEEDS) - 1)]

    def slower(self) -> None:
        """Play at the next lower of `SPEEDS`."""
        self.speed = SPEEDS[max(SPEEDS.index(self.speed) - 1, 0)]

    def tick(self) -> None:
        """Take one step if playing; stop at the end, and at a breakpoint."""
        if self.playing:
            self.step_forward()
            self.playing = self.cursor < self.trace.total and not self.breakpoints.reason(self.cursor)

    def run(self) -> str:
        """Go to the next step at which a breakpoint stops; return why it does, or nothing where none does."""
        step = self.breakpoints.next_after(self.cursor)
        if step is None:
            return ""
        self.seek(step)
        return self.breakpoints.reason(step)

    @property
    def _phase_starts(self) -> list[int]:
        return sorted({0, self.trace.seed_step, self.trace.last_backward_step, self.trace.total})
