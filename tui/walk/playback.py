"""`Playback`: the clock of a walk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, Protocol, Self, TypeVar

from textual.message_pump import MessagePump
from textual.timer import Timer

from .breakpoints import Breakpoints
from .moment import Moment
from .moves import step_forward

AT_END = "The walk is at its end. The same key again plays it from the start."


class Played(Protocol):
    """What is known of a walk that is played: a `Moment`, or one of a walk of arrays."""

    @property
    def playing(self) -> bool:
        """Whether the clock goes."""
        ...

    @property
    def speed(self) -> float:
        """Steps a second."""
        ...

    @property
    def at_end(self) -> bool:
        """Whether every step has been taken."""
        ...

    def at(self, cursor: int) -> Self:
        """Return the moment after step number `cursor`."""
        ...

    def played(self, playing: bool = True) -> Self:
        """Return the moment with the clock going, or standing."""
        ...


P = TypeVar("P", bound=Played)


class Playback(Generic[P]):
    """Calls `tick` as many times a second as the moment that it follows says, while that one plays."""

    def __init__(self, owner: MessagePump, tick: Callable[[], None]) -> None:
        """Use the timers of `owner`, a screen."""
        self._owner = owner
        self._tick = tick
        self._timer: Timer | None = None
        self._moment: P | None = None
        self._end_was_said = False

    def follow(self, moment: P) -> None:
        """Start, stop, or go on at another speed."""
        before, self._moment = self._moment, moment
        self._end_was_said = False
        speed = moment.speed if moment.playing else 0.0
        if speed == (before.speed if before is not None and before.playing else 0.0):
            return
        if self._timer is not None:
            self._timer.stop()
        self._timer = self._owner.set_interval(1 / speed, self._tick) if speed else None

    def toggled(self, moment: P) -> tuple[P, str]:
        """Return the moment with playing begun or ended, and what there is to say.

        A walk that is at its end begins again when that has been said, and nothing was done since.
        """
        if moment.playing or not moment.at_end:
            return moment.played(not moment.playing), ""
        if self._end_was_said:
            return moment.at(0).played(), ""
        self._end_was_said = True
        return moment, AT_END

    def hold(self) -> None:
        """Let no time pass."""
        if self._timer is not None:
            self._timer.pause()

    def go_on(self) -> None:
        """Let time pass again."""
        if self._timer is not None:
            self._timer.resume()


def ticked(moment: Moment, breakpoints: Breakpoints) -> tuple[Moment, str]:
    """Return the moment after a tick of the clock, and why it stops there; it stops at the end without a word."""
    moment = step_forward(moment)
    reason = breakpoints.reason(moment)
    return moment.played(not moment.at_end and not reason), reason
