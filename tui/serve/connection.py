"""`Connection`: a client's connection, bounded in what it sends and in what waits for it to read."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import asyncssh

RATE = 32_768
"""Bytes a second that a client may send for long; a person at a keyboard, held down, sends 2,000."""

BURST = 131_072
"""Bytes that it may send at once: a pasted text."""

REKEYING_SECONDS = 60.0
"""The time that a client has to exchange keys anew."""

_MOST_DEFERRED = 1_000
"""Packets that wait for keys to be exchanged; a session's output is held back before, so they are answers."""

_IGNORE, _KEXINIT, _NEWKEYS, _LAST_OF_KEX = 2, 20, 21, 49


class Connection(asyncssh.SSHServerConnection):
    """A connection of somebody at an `address`; `number` counts them.

    asyncssh itself never stops writing: a client that reads nothing would fill the memory. So `on_held` is called when
    output must wait, because TCP takes no more or keys are being exchanged, and when it may go on. As long as a client
    does not read, nothing is read of it either, and no faster than `RATE` at other times.
    """

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        options: asyncssh.SSHServerConnectionOptions,
        address: str,
        number: int,
    ) -> None:
        super().__init__(loop, options)
        self.loop = loop
        self.address = address
        self.number = number
        self.began = loop.time()
        self.received = 0
        """Bytes that the client has sent, those of SSH included."""
        self.on_held: Callable[[bool], None] | None = None
        self.on_refused: Callable[[bytes], None] | None = None
        """Called with the name of a request that a session's channel has refused."""
        self._tcp: asyncio.Transport | None = None
        self._unread_for: set[str] = set()
        self._held_for: set[str] = set()
        self._allowance, self._counted = float(BURST), loop.time()
        self._deferred = 0
        self._timers: dict[str, asyncio.TimerHandle] = {}

    @property
    def is_held(self) -> bool:
        """Whether output must wait."""
        return bool(self._held_for)

    def refused_request(self, name: bytes) -> None:
        """Take note that a client has asked its session for what is not served."""
        if self.on_refused is not None:
            self.on_refused(name)

    # ---- what the transport calls

    def connection_made(self, transport: Any) -> None:
        """Begin."""
        self._tcp = transport
        super().connection_made(transport)

    def connection_lost(self, exc: Exception | None = None) -> None:
        """End."""
        for timer in self._timers.values():
            timer.cancel()
        self._tcp = None
        super().connection_lost(exc)

    def data_received(self, data: bytes, datatype: int | None = None) -> None:
        """Take what a client has sent; read no more for a while where that is too much."""
        self.received += len(data)
        now = self.loop.time()
        self._allowance = min(self._allowance + (now - self._counted) * RATE, BURST) - len(data)
        self._counted = now
        super().data_received(data, datatype)
        if self._allowance < 0:
            self._read_not("flood")
            self._later("flood", -self._allowance / RATE, lambda: self._read_again("flood"))

    def pause_writing(self) -> None:
        """Hold output back: the client does not read."""
        self._read_not("unread")
        self._hold("tcp", held=True)

    def resume_writing(self) -> None:
        """Go on: the client has read."""
        self._read_again("unread")
        self._hold("tcp", held=False)

    # ---- what the library calls

    def send_packet(self, pkttype: int, *args: bytes, handler: Any = None) -> None:
        """Send a packet. While keys are exchanged the library keeps all others, so these are bounded here.

        An empty packet before each of the others, which the library would send, is of use to ciphers only that this
        server does not offer; without it there is half as much to encrypt and to write.
        """
        if pkttype == _IGNORE:
            return
        if pkttype == _KEXINIT:
            self._deferred = 0
            self._hold("keys", held=True)
            self._later("keys", REKEYING_SECONDS, self.abort)
        elif pkttype > _LAST_OF_KEX and "keys" in self._held_for:
            self._deferred += 1
            if self._deferred > _MOST_DEFERRED:
                self.loop.call_soon(self.abort)
                return
        super().send_packet(pkttype, *args, handler=handler)
        if pkttype == _NEWKEYS:
            self._timers.pop("keys").cancel()
            self._hold("keys", held=False)

    # ---- how

    def _hold(self, reason: str, *, held: bool) -> None:
        before = self.is_held
        if held:
            self._held_for.add(reason)
        else:
            self._held_for.discard(reason)
        if self.is_held is not before and self.on_held is not None:
            self.on_held(self.is_held)

    def _read_not(self, reason: str) -> None:
        self._unread_for.add(reason)
        if self._tcp is not None:
            self._tcp.pause_reading()

    def _read_again(self, reason: str) -> None:
        self._unread_for.discard(reason)
        if not self._unread_for and self._tcp is not None and not self._tcp.is_closing():
            self._tcp.resume_reading()

    def _later(self, name: str, seconds: float, then: Callable[[], None]) -> None:
        if name in self._timers:
            self._timers[name].cancel()
        self._timers[name] = self.loop.call_later(seconds, then)
