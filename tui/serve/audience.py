"""`Elsewhere`: who is at a lecture at the other servers, as far as they say so and are still there."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from ..lecture.messages import Tally
from .bus import SILENT, Attended

MOST_SERVERS = 100
"""So many other servers are counted with; what more of them say is not heard."""


class Elsewhere:
    """What each of the other servers said last; those that have been silent for too long drop out."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._said: dict[str, Attended | None] = {}
        self._heard: dict[str, float] = {}

    def heard(self, server: str, attended: Attended | None = None) -> None:
        """Take that a server is there, and what it said of its audience."""
        if server not in self._heard and len(self._heard) >= MOST_SERVERS:
            return
        self._heard[server] = self._clock()
        self._said[server] = attended or self._said.get(server)

    def drop(self, server: str) -> None:
        """Forget a server that has taken leave."""
        self._heard.pop(server, None)
        self._said.pop(server, None)

    def drop_all(self) -> None:
        """Forget all of them: none can be heard."""
        self._heard.clear()
        self._said.clear()

    def drop_silent(self) -> bool:
        """Forget those that have been silent for too long; return whether there were any."""
        until = self._clock() - SILENT
        silent = [server for server, heard in self._heard.items() if heard <= until]
        for server in silent:
            self.drop(server)
        return bool(silent)

    def has(self, server: str) -> bool:
        """Whether a server is there."""
        return server in self._heard

    @property
    def learners(self) -> int:
        """How many have come to the lecture there."""
        return sum(each.learners for each in self._said.values() if each)

    @property
    def following(self) -> int:
        """How many of them follow it now."""
        return sum(each.following for each in self._said.values() if each)

    @property
    def tallies(self) -> list[Tally]:
        """What has been answered there, to whatever question."""
        return [each.tally for each in self._said.values() if each and each.tally]
