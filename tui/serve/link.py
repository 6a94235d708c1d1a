"""`Link`: the server's end of what it and a session tell each other.

A session may be slow, stopped, gone or out of its mind, and the server has many: nothing here waits for one, and
whatever is kept for one is bounded.
"""

from __future__ import annotations

import asyncio
import socket
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from ..lecture.messages import MOST_BYTES, Ending, MessageError, Said, ToServer, ToSession, encoded, to_server

MOST_SAID = 8
"""So many notices wait for a session that does not read; the oldest are dropped first."""

AT_A_TIME = 16
"""So many packets are read before others have their turn."""

MOST_A_SECOND = 200
"""So many packets are read of one session within a second; it waits then, as at a slow terminal."""

_NO_WAIT = getattr(socket, "MSG_DONTWAIT", 0)


@dataclass(frozen=True)
class Packet:
    """A message as it is sent: encoded once, for however many sessions."""

    kind: type[ToSession]
    sent: bytes


def packed(message: ToSession) -> Packet:
    """Return a message as a packet; MessageError where it is too large."""
    return Packet(type(message), encoded(message))


class Link:
    """Sends messages to a session, and hears its messages, on the event loop that runs when it is opened.

    Of a kind of message only the newest counts: where the session does not read, it takes the place of the one that
    waits. Notices (`Said`) wait in a row, as many as `MOST_SAID`. `Ending` is the last message: it goes before all that
    waits, and nothing is sent after it. The system holds some packets too, so whoever reads after a while finds several
    of a kind, and takes the last.
    """

    def __init__(self, end: socket.socket) -> None:
        """Take one end of a pair of sockets that keep packets apart (SOCK_SEQPACKET), and own it."""
        self._end: socket.socket | None = end
        end.setblocking(False)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._heard: Callable[[ToServer], None] | None = None
        self._closed: Callable[[str], None] | None = None
        self._said: deque[bytes] = deque(maxlen=MOST_SAID)
        self._newest: dict[type[ToSession], bytes] = {}
        self._ending: bytes | None = None
        self._ends = False
        self._waits = False
        self._since = 0.0
        self._read = 0
        self._resume: asyncio.TimerHandle | None = None

    def open(self, heard: Callable[[ToServer], None], closed: Callable[[str], None]) -> None:
        """Begin: `heard` is called for each message of the session, `closed` once, when no more can come.

        What is given to `closed` says what was wrong with a packet, and is empty where the session just went. It is not
        called after `close`.
        """
        assert self._end is not None
        self._loop = asyncio.get_running_loop()
        self._heard, self._closed = heard, closed
        self._since = self._loop.time()
        self._loop.add_reader(self._end, self._on_readable)
        self._flush()

    @property
    def is_open(self) -> bool:
        """Whether messages can still be sent."""
        return self._end is not None

    @property
    def waiting(self) -> int:
        """How many messages wait for the session to read."""
        return len(self._said) + len(self._newest) + (self._ending is not None)

    def tell(self, message: ToSession) -> None:
        """Send one message; see `send`."""
        self.send(packed(message))

    def send(self, packet: Packet) -> None:
        """Send a message, now or when the session reads again. Where it has gone nothing happens."""
        if self._end is None or self._ends:
            return
        if packet.kind is Ending:
            self._ends, self._ending = True, packet.sent
            self._newest.clear()
        elif packet.kind is Said:
            self._said.append(packet.sent)
        else:
            self._newest[packet.kind] = packet.sent
        if not self._waits:
            self._flush()

    def close(self) -> None:
        """Let go of the session; nobody is told."""
        if self._end is None:
            return
        end, self._end = self._end, None
        if self._loop is not None:
            self._loop.remove_reader(end)
            self._loop.remove_writer(end)
        if self._resume is not None:
            self._resume.cancel()
        end.close()
        self._said.clear()
        self._newest.clear()
        self._ending = None

    # ---- sending

    def _flush(self) -> None:
        """Send what waits, as far as the session takes it; go on when it takes more."""
        while self._end is not None and self.waiting:
            try:
                self._end.send(self._next(), _NO_WAIT)
            except (BlockingIOError, InterruptedError):
                self._wait(True)
                return
            except OSError:
                self._lose("")
                return
            self._sent()
        self._wait(False)

    def _next(self) -> bytes:
        if self._ending is not None:
            return self._ending
        return self._said[0] if self._said else next(iter(self._newest.values()))

    def _sent(self) -> None:
        if self._ending is not None:
            self._ending = None
            self._said.clear()
        elif self._said:
            self._said.popleft()
        else:
            del self._newest[next(iter(self._newest))]

    def _wait(self, waits: bool) -> None:
        if self._end is None or self._loop is None or waits is self._waits:
            return
        self._waits = waits
        if waits:
            self._loop.add_writer(self._end, self._flush)
        else:
            self._loop.remove_writer(self._end)

    # ---- hearing

    def _on_readable(self) -> None:
        assert self._loop is not None
        now = self._loop.time()
        if now - self._since >= 1:
            self._since, self._read = now, 0
        for _ in range(min(AT_A_TIME, MOST_A_SECOND - self._read)):
            if not self._read_one():
                return
        if self._read >= MOST_A_SECOND and self._end is not None:
            self._loop.remove_reader(self._end)
            self._resume = self._loop.call_at(self._since + 1, self._on_resumed)

    def _on_resumed(self) -> None:
        if self._end is not None and self._loop is not None:
            self._loop.add_reader(self._end, self._on_readable)

    def _read_one(self) -> bool:
        """Read a packet, if there is one; return whether there may be another."""
        if self._end is None or self._heard is None:
            return False
        try:
            sent, _, flags, _ = self._end.recvmsg(MOST_BYTES)
        except (BlockingIOError, InterruptedError):
            return False
        except OSError:
            self._lose("")
            return False
        if not sent:
            self._lose("")
            return False
        self._read += 1
        if flags & socket.MSG_TRUNC:
            self._lose(f"a message is larger than {MOST_BYTES:,} bytes")
            return False
        try:
            message = to_server(sent)
        except MessageError as error:
            self._lose(str(error))
            return False
        self._heard(message)
        return True

    def _lose(self, why: str) -> None:
        self.close()
        if self._closed is not None:
            self._closed(why)
