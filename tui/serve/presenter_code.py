"""`PresenterCode`: a code by which somebody without a key becomes the presenter of a lecture, once."""

from __future__ import annotations

import hmac
import secrets
from collections import deque
from collections.abc import Callable
from enum import Enum
from time import monotonic

LETTERS = "23456789bcdfghjkmnpqrstvwxz"
"""What a code is made of: nothing that is mistaken for something else, and no vowels, so that it is never a word."""

LENGTH = 9
"""So many letters, 27^9 ≈ 7.6e12 codes: at `MOST_TRIES` a minute it takes 240,000 years to try them all."""

MOST_TRIES = 60
"""So many wrong codes are read within `SECONDS`, whoever sends them."""

MOST_TRIES_EACH = 5
"""So many of one address."""

SECONDS = 60.0


class Try(Enum):
    """What came of a code that somebody typed."""

    ADMITTED = "admitted"
    WRONG = "wrong"
    TOO_MANY = "too many"
    """Too many were wrong: this one was not even read. After a minute the next one is."""


class PresenterCode:
    """The code that is valid now; where it is used, another takes its place.

    `announce` is told of each, and shows it to whoever runs the server. Codes are compared in constant time; hyphens,
    spaces and the case of letters do not matter.
    """

    def __init__(self, announce: Callable[[str], None], clock: Callable[[], float] = monotonic) -> None:
        self._announce = announce
        self._clock = clock
        self._wrong: deque[tuple[float, str]] = deque()
        self._code = ""
        self.renew()

    def renew(self) -> None:
        """Make another code, and announce it."""
        self._code = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
        self._announce("-".join(self._code[start : start + 3] for start in range(0, LENGTH, 3)))

    def admits(self, typed: str, address: str) -> Try:
        """Return what comes of a code that somebody at an address typed; the right one is used up by it."""
        now = self._clock()
        while self._wrong and self._wrong[0][0] <= now - SECONDS:
            self._wrong.popleft()
        if len(self._wrong) >= MOST_TRIES or sum(who == address for _, who in self._wrong) >= MOST_TRIES_EACH:
            return Try.TOO_MANY
        if not hmac.compare_digest(_plain(typed), self._code.encode()):
            self._wrong.append((now, address))
            return Try.WRONG
        self.renew()
        return Try.ADMITTED


def _plain(typed: str) -> bytes:
    """Return what somebody typed without what does not matter, and no more of it than can be compared."""
    kept = "".join(letter for letter in typed[:100].lower() if not letter.isspace() and letter != "-")
    return kept.encode("utf-8", "replace")
