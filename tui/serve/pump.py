"""`Pump`: carries bytes between a client's channel and what a session reads and writes, and keeps hardly any."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping

import asyncssh

from .connection import Connection

CHUNK = 16_384
"""Bytes that are read at once."""


class Pump:
    """Reads what a session writes while the client takes it, and writes what the client sends while the session does.

    What the client sends waits in the library where the session does not read, within the channel's window; what the
    session writes waits in its terminal or pipe, where it waits itself.
    """

    def __init__(
        self,
        connection: Connection,
        channel: asyncssh.SSHServerChannel[bytes],
        to_session: int,
        from_session: Mapping[int, int | None],
        began: Callable[[], None],
        ended: Callable[[], None],
    ) -> None:
        """Own the descriptors, which do not block.

        `from_session` has the kind of SSH data (None, or that of errors) for each that is read. `began` is called when
        the session has written for the first time, `ended` when it has closed all of them.
        """
        self.sent = self.taken = 0
        """Bytes that were given to the client, and to the session."""
        self._connection, self._channel = connection, channel
        self._began, self._ended = began, ended
        self._to: int | None = to_session
        self._from = dict(from_session)
        self._all = {to_session, *from_session}
        self._loop = connection.loop
        self._waiting = b""
        self._no_more = False
        self._reads = False
        self._writes = False
        self._is_paused = False
        self._is_closed = False

    def start(self) -> None:
        """Begin to carry."""
        self._connection.on_held = lambda _: self._choose()
        self._choose()

    def pause(self, paused: bool) -> None:
        """Read of the session no more, or again: the channel is full, or has room."""
        self._is_paused = paused
        self._choose()

    def give(self, data: bytes) -> None:
        """Write to the session what the client has sent."""
        self.taken += len(data)
        if self._to is None or self._no_more:
            return
        self._waiting += data
        if not self._writes:
            self._write()

    def give_end(self) -> None:
        """Close what the session reads, when it has been given everything."""
        self._no_more = True
        if not self._waiting:
            self._close_to()

    def close(self) -> None:
        """Carry no more, and close the descriptors."""
        if self._is_closed:
            return
        self._is_closed = True
        self._connection.on_held = None
        for descriptor in self._all:
            self._loop.remove_reader(descriptor)
            self._loop.remove_writer(descriptor)
            os.close(descriptor)
        self._all.clear()
        self._from.clear()
        self._to = None

    # ---- from the session

    def _choose(self) -> None:
        """Read, or do not."""
        reads = not (self._is_paused or self._connection.is_held or self._is_closed)
        if reads is self._reads:
            return
        self._reads = reads
        for descriptor in self._from:
            if reads:
                self._loop.add_reader(descriptor, self._read, descriptor)
            else:
                self._loop.remove_reader(descriptor)

    def _read(self, descriptor: int) -> None:
        try:
            data = os.read(descriptor, CHUNK)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:  # a terminal that nobody has open any more
            data = b""
        if data:
            if not self.sent:
                self._began()
            self.sent += len(data)
            self._channel.write(data, self._from[descriptor])
            return
        self._loop.remove_reader(descriptor)
        del self._from[descriptor]
        if not self._from:
            self._ended()

    # ---- to the session

    def _write(self) -> None:
        if self._to is None:
            return
        try:
            written = os.write(self._to, self._waiting) if self._waiting else 0
        except (BlockingIOError, InterruptedError):
            written = 0
        except OSError:  # it reads no more
            self._waiting, written = b"", 0
            self._no_more = True
        self._waiting = self._waiting[written:]
        self._wait_to_write(bool(self._waiting))
        if self._no_more and not self._waiting:
            self._close_to()

    def _wait_to_write(self, waits: bool) -> None:
        if waits is self._writes or self._to is None:
            return
        self._writes = waits
        if waits:
            self._loop.add_writer(self._to, self._write)
            self._channel.pause_reading()
        else:
            self._loop.remove_writer(self._to)
            self._channel.resume_reading()

    def _close_to(self) -> None:
        """Close what the session reads, except where it is a terminal, which it writes to as well."""
        if self._to is None or self._to in self._from:
            return
        descriptor, self._to = self._to, None
        self._loop.remove_writer(descriptor)
        self._all.discard(descriptor)
        os.close(descriptor)
