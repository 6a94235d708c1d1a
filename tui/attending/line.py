"""`Line`: a session's end of what it and its server tell each other.

The server may be slow or gone, and the app never waits for it; of what comes faster than it is looked at only the
newest counts.
"""

from __future__ import annotations

import asyncio
import socket
from collections import deque
from collections.abc import Callable
from typing import TypeVar

from ..lecture.messages import MOST_BYTES, Answered, MessageError, Said, ToServer, ToSession, encoded, to_session

Message = TypeVar("Message", ToServer, ToSession)

MOST_WAITING = 64
"""So many answers, and so many notices, wait to be sent or looked at; the oldest are dropped first."""

_AT_A_TIME = 64
"""So many packets are read before the keys have their turn."""

_IN_A_ROW = (Answered, Said)
"""The messages each of which counts; of all others only the newest does."""


class Line:
    """Sends messages to the server and keeps those that come until they are taken, in the app's event loop.

    `arrived` is called when there are messages to `take`, once for all that have come; `lost` when no more will come.
    """

    def __init__(self, link: socket.socket, arrived: Callable[[], object], lost: Callable[[], object]) -> None:
        """Take one end of a pair of sockets that keep packets apart (SOCK_SEQPACKET); the loop has to run."""
        self._link: socket.socket | None = link
        self._arrived = arrived
        self._lost = lost
        self._loop = asyncio.get_running_loop()
        self._came: deque[ToSession] = deque()
        self._leaving: deque[ToServer] = deque()
        self._is_full = False
        link.setblocking(False)
        self._loop.add_reader(link, self._on_readable)

    @property
    def is_open(self) -> bool:
        """Whether messages may still come."""
        return self._link is not None

    def tell(self, message: ToServer) -> None:
        """Send a message, now or when the server reads again; MessageError where it is too large."""
        encoded(message)
        if self._link is not None:
            _put(self._leaving, message)
            if not self._is_full:
                self._send()

    def take(self) -> list[ToSession]:
        """Return what has come since this was last called, in the order in which it came."""
        came = [*self._came]
        self._came.clear()
        return came

    def close(self) -> None:
        """Hear and send nothing any more."""
        link, self._link = self._link, None
        if link is not None:
            self._loop.remove_reader(link)
            self._loop.remove_writer(link)
            link.close()

    # ---- the socket

    def _on_readable(self) -> None:
        waited = bool(self._came)
        for _ in range(_AT_A_TIME):
            if self._link is None:
                break
            try:
                sent = self._link.recv(MOST_BYTES + 1)
            except (BlockingIOError, InterruptedError):
                break
            except OSError:
                sent = b""
            if not sent:
                self.close()
                self._lost()
                break
            try:
                _put(self._came, to_session(sent))
            except MessageError:
                continue  # of another version of the program: what it says nobody here can know
        if self._came and not waited:
            self._arrived()

    def _send(self) -> None:
        while self._link is not None and self._leaving:
            try:
                self._link.send(encoded(self._leaving[0]))
            except (BlockingIOError, InterruptedError):
                if not self._is_full:
                    self._is_full = True
                    self._loop.add_writer(self._link, self._on_writable)
                return
            except OSError:
                self._leaving.clear()  # what is read next says that the server has gone
                return
            self._leaving.popleft()

    def _on_writable(self) -> None:
        if self._link is not None:
            self._loop.remove_writer(self._link)
        self._is_full = False
        self._send()


def _put(waiting: deque[Message], message: Message) -> None:
    """Put a message behind those that wait, in the place of one that does not count any more."""
    kind = type(message)
    known = [other for other in waiting if type(other) is kind]
    if known and (kind not in _IN_A_ROW or len(known) >= MOST_WAITING):
        waiting.remove(known[0])
    waiting.append(message)
