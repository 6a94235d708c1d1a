"""`Numbering`: numbers that grow, wherever the next one is taken."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable

_SLOTS = 1024
_MOST_AHEAD = 86_400.0


class Numbering:
    """Takes numbers for what happens in a lecture: each is larger than all that were taken or heard before.

    They are hybrid logical clocks (Kulkarni et al., 2014): the time of day in milliseconds, unless a larger one is
    known, so that what happens later has the larger number also at servers that could not hear each other, as far as
    their clocks agree. The lowest bits are each server's own, and so two servers hardly ever take the same number.
    """

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        """Begin with the time of day, in Unix seconds."""
        self._now = now
        self._slot = secrets.randbelow(_SLOTS)
        self._last = 0

    def take(self) -> int:
        """Return the next number."""
        self._last = max(self._last + 1, int(self._now() * 1000))
        return self._last * _SLOTS + self._slot

    def hear(self, number: int) -> bool:
        """Have all further numbers be larger than one that was heard.

        False, and nothing changes, where that is more than a day ahead: a number that nobody can have taken whose clock
        is right would keep the lecture from all others.
        """
        heard = number // _SLOTS
        if heard > (self._now() + _MOST_AHEAD) * 1000:
            return False
        self._last = max(self._last, heard)
        return True
