"""`LectureHall`: a lecture on an event loop, with the bus that carries it to other servers."""

from __future__ import annotations

import asyncio

from ..session import Role
from .bus import BEAT, Bus, Code, NoBus
from .events import Tell
from .lecture import Lecture, Seat, Sender

SECONDS_BETWEEN_COUNTS = 0.1
"""Seconds between two tellings of how many follow and what they answered, at the least."""


class LectureHall:
    """Where the sessions of a server meet for a lecture."""

    def __init__(self, tell: Tell, bus: Bus | None = None) -> None:
        """Hold a lecture at this server, or at all that share the bus."""
        self._bus = bus or NoBus()
        self.lecture = Lecture(self._bus, tell, self._soon)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._beat: asyncio.TimerHandle | None = None
        self._counts: asyncio.TimerHandle | None = None
        self._counted = 0.0

    def open(self) -> None:
        """Begin, on the event loop that runs."""
        self._loop = asyncio.get_running_loop()
        self._bus.open(self.lecture)
        self._on_beat()

    def share(self, code: Code) -> None:
        """Have a code for presenting be good at every server of the lecture."""
        self._bus.share(code)

    def join(self, link: Sender, role: Role, name: str = "") -> Seat:
        """Give a session a seat; its link may be opened before or after. `name` is for the journal only."""
        return self.lecture.join(link, role, name)

    async def close(self) -> None:
        """End here, and tell other servers so."""
        for timer in (self._beat, self._counts):
            if timer is not None:
                timer.cancel()
        self._loop = None
        await self._bus.close()

    def _on_beat(self) -> None:
        assert self._loop is not None
        self._beat = self._loop.call_later(BEAT, self._on_beat)
        self.lecture.tick()

    def _soon(self) -> None:
        if self._loop is not None and self._counts is None:
            self._counts = self._loop.call_at(self._counted + SECONDS_BETWEEN_COUNTS, self._on_counts)

    def _on_counts(self) -> None:
        assert self._loop is not None
        self._counts, self._counted = None, self._loop.time()
        self.lecture.tell_counts()
