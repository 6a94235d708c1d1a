"""`Stay`: how long somebody may stay, with and without a key pressed; each is said before it is over."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from ..lecture.messages import Ending
from ..words import serving as words
from .events import Cause
from .limits import Limits

NOTICE = 60.0
"""Seconds before the end at which it is said, or half of the time where that is less."""

EARLY_NOTICE = 300.0
"""Seconds before the end of a session's time at which it is said for the first time."""


class Stay:
    """Says when a session's time is running out, and ends it when it has."""

    def __init__(
        self,
        limits: Limits,
        is_shown: Callable[[], bool],
        say: Callable[[str], None],
        end: Callable[[Cause, Ending], None],
    ) -> None:
        """Begin now; `say` shows a notice, and `end` ends the session.

        While `is_shown`, somebody looks on, and a key need not be pressed.
        """
        self._limits, self._is_shown, self._say, self._end = limits, is_shown, say, end
        self._loop = asyncio.get_running_loop()
        self._active_at = now = self._loop.time()
        self._is_told = False
        self._over_at = now + limits.time
        self._notices: list[float] = []
        if limits.time:
            self._notices = [each for each in (EARLY_NOTICE, min(NOTICE, limits.time / 2)) if each < limits.time]
        self._timer: asyncio.TimerHandle | None = None
        self._look()

    def active(self) -> None:
        """Take note that somebody is there."""
        self._active_at = self._loop.time()
        self._is_told = False

    def stop(self) -> None:
        """End nothing any more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _look(self) -> None:
        """Say or do what it is time for, and look again when it is time for the next."""
        now, limits, times = self._loop.time(), self._limits, list[float]()
        if limits.time:
            left = self._over_at - now
            if left <= 0:
                self._end(Cause.SESSION_TIME, words.time_over(limits.time))
                return
            due = [each for each in self._notices if left <= each]
            if due:
                self._say(words.time_soon(min(due)))
                self._notices = [each for each in self._notices if each < min(due)]
            times += [self._over_at, *(self._over_at - each for each in self._notices)]
        if limits.idle:
            if self._is_shown():
                self.active()
            over, notice = self._active_at + limits.idle, min(NOTICE, limits.idle / 2)
            if now >= over:
                self._end(Cause.IDLE, words.idle(limits.idle))
                return
            if now >= over - notice and not self._is_told:
                self._is_told = True
                self._say(words.idle_soon(notice))
            times.append(over if self._is_told else over - notice)
        if times:
            self._timer = self._loop.call_at(min(times), self._look)
