"""`PresenterCode`: a code by which somebody without a key becomes the presenter of a lecture, once."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from enum import Enum
from time import monotonic

from .origin import origin_of

LETTERS = "23456789bcdfghjkmnpqrstvwxz"
"""What a code is made of: nothing that is mistaken for something else, and no vowels, so that it is never a word."""

LENGTH = 9
"""So many letters, 27^9 ≈ 7.6e12 codes: at `MOST_TRIES` a minute it takes 240,000 years to try them all."""

MOST_TRIES = 60
"""So many wrong codes are read within `SECONDS`, whoever sends them."""

MOST_TRIES_EACH = 5
"""So many of one address, or of one network of IPv6: who has one has all its addresses."""

SECONDS = 60.0

MOST_USED = 100
"""So many codes that were used are remembered, until every server has heard that they were."""


class Try(Enum):
    """What came of a code that somebody typed."""

    ADMITTED = "admitted"
    WRONG = "wrong"
    TOO_MANY = "too many"
    """Too many were wrong: this one was not even read. After a minute the next one is."""


class PresenterCode:
    """The code that is valid now; where it is used, another takes its place.

    `announce` is told of each, and shows it to whoever runs the server. Codes are compared in constant time; hyphens,
    spaces and the case of letters do not matter. Where a lecture has several servers, the code of each is good at all
    of them: `elsewhere` uses up a code by its digest, and returns whether there was one, None where nobody can know;
    `renewed` is called when there is another one here.
    """

    elsewhere: Callable[[str], Awaitable[bool | None]] | None = None
    renewed: Callable[[], None] | None = None

    def __init__(self, announce: Callable[[str], None], clock: Callable[[], float] = monotonic) -> None:
        self._announce = announce
        self._clock = clock
        self._wrong: deque[tuple[float, str]] = deque()
        self._code = b""
        self._used: deque[str] = deque(maxlen=MOST_USED)
        self.renew()

    @property
    def digest(self) -> str:
        """What tells the code from others without being it."""
        return _digest(self._code)

    def renew(self) -> None:
        """Make another code, and announce it."""
        if self._code:
            self._used.append(self.digest)
        code = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
        self._code = code.encode()
        self._announce("-".join(code[start : start + 3] for start in range(0, LENGTH, 3)))
        if self.renewed is not None:
            self.renewed()

    async def admits(self, typed: str, address: str) -> Try:
        """Return what comes of a code that somebody at an address typed; the right one is used up by it."""
        now, origin = self._clock(), origin_of(address)
        while self._wrong and self._wrong[0][0] <= now - SECONDS:
            self._wrong.popleft()
        if len(self._wrong) >= MOST_TRIES or sum(who == origin for _, who in self._wrong) >= MOST_TRIES_EACH:
            return Try.TOO_MANY
        wrong = (now, origin)
        self._wrong.append(wrong)  # until it is known to be right: others may be trying meanwhile
        code = _plain(typed)
        if not await self._is_right(code, _digest(code)):
            return Try.WRONG
        with suppress(ValueError):  # it may be a minute ago
            self._wrong.remove(wrong)
        return Try.ADMITTED

    async def _is_right(self, code: bytes, digest: str) -> bool:
        """Use up a code; return whether there was one to use."""
        is_own = hmac.compare_digest(code, self._code)
        known = False if digest in self._used else None
        if known is None and self.elsewhere is not None:
            known = await self.elsewhere(digest)
        is_own = is_own and digest == self.digest  # it may have been used meanwhile
        if is_own:
            self.renew()
        return is_own if known is None else known


def _digest(code: bytes) -> str:
    return hashlib.sha256(b"presenter code " + code).hexdigest()


def _plain(typed: str) -> bytes:
    """Return what somebody typed without what does not matter, and no more of it than can be compared."""
    kept = "".join(letter for letter in typed[:100].lower() if not letter.isspace() and letter != "-")
    return kept.encode("utf-8", "replace")
