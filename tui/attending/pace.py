"""`Pace`: how often a lecture goes on, so that all of its followers can be painted in between."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

EACH = 0.003
"""Seconds of a processor that a moment costs for each follower, at least."""

_SLACK = 0.01
"""Seconds by which a timer may be early."""


class Pace:
    """A moment is told at once where there was none just before; of many that come fast, as many as can be followed.

    A walk that is played fast would have the machine paint followers for the rest of the lecture, and nothing else.
    `later` is called with the seconds after which to ask again, once for all that was held back.
    """

    def __init__(self, later: Callable[[float], object], clock: Callable[[], float] = monotonic) -> None:
        """Go by a `clock` in seconds."""
        self._later = later
        self._clock = clock
        self._next = -1.0
        self._asked_again = False

    def may_tell(self, followers: int) -> bool:
        """Say whether a moment may be told now to so many followers; where it may not, ask again later."""
        now = self._clock()
        if now >= self._next:
            self._next = now + EACH * followers
            self._asked_again = False
            return True
        if not self._asked_again:
            self._asked_again = True
            self._later(self._next - now + _SLACK)
        return False
