"""Learners at SSH clients: each has a `Seat`, and sees what its terminal shows and when that came."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncssh
from glass import Glass

Rows = Sequence[str]


@dataclass(frozen=True)
class Door:
    """Where a server listens, and by which key one comes in."""

    port: int
    key: Path | None = None
    """None logs in without one."""
    user: str = "demo"
    command: str | None = None
    """What `ssh -t host` names after the host; None where the server has its own."""
    size: tuple[int, int] = (120, 40)


class Seat(asyncssh.SSHClientSession[bytes]):
    """One session at the server, and its screen."""

    def __init__(self, size: tuple[int, int]) -> None:
        self.glass = Glass(*size)
        self.received = 0
        """Bytes that came."""
        self.came = time.perf_counter()
        """When the last of them came."""
        self.is_over = asyncio.Event()
        self._wanted: Rows | None = None
        self._seen: asyncio.Future[float] | None = None
        self._channel: asyncssh.SSHClientChannel[bytes] | None = None

    def connection_made(self, chan: asyncssh.SSHClientChannel[bytes]) -> None:
        self._channel = chan

    def data_received(self, data: bytes, datatype: asyncssh.DataType) -> None:
        self.came = time.perf_counter()
        self.received += len(data)
        self.glass.feed(data)
        self._compare()

    def connection_lost(self, exc: Exception | None) -> None:
        self.is_over.set()
        if self._seen and not self._seen.done():
            self._seen.set_exception(ConnectionError(f"the session has ended; its screen is\n{self.text}"))

    @property
    def text(self) -> str:
        return "\n".join(row.rstrip() for row in self.glass.rows)

    def press(self, keys: bytes) -> None:
        assert self._channel is not None
        self._channel.write(keys)

    def expect(self, rows: Rows) -> asyncio.Future[float]:
        """Return when these rows are all that the screen shows: a time of `perf_counter`, from now on."""
        self._wanted, self._seen = rows, asyncio.get_running_loop().create_future()
        self._compare()
        return self._seen

    async def shows(self, rows: Rows, patience: float) -> float:
        """Wait until the screen shows these rows. Raises TimeoutError after so many seconds."""
        return await asyncio.wait_for(self.expect(rows), patience)

    async def wait_for(self, words: str, patience: float) -> Rows:
        """Wait until some words are on the screen and nothing more comes for a while; return what it shows."""
        deadline = time.perf_counter() + patience
        while words not in self.text or time.perf_counter() < self.came + QUIET:
            if self.is_over.is_set() or time.perf_counter() > deadline:
                raise TimeoutError(f"{words!r} does not appear; the screen is\n{self.text}")
            await asyncio.sleep(0.02)
        return self.glass.rows

    async def settled(self, patience: float) -> Rows:
        """Wait until an answer has come and nothing more follows; return what the screen shows."""
        before, deadline = self.received, time.perf_counter() + patience
        while self.received == before or time.perf_counter() < self.came + QUIET:
            if self.is_over.is_set() or time.perf_counter() > deadline:
                raise TimeoutError(f"nothing new appears; the screen is\n{self.text}")
            await asyncio.sleep(0.02)
        return self.glass.rows

    def _compare(self) -> None:
        if self._seen is not None and not self._seen.done() and self.glass.rows == self._wanted:
            self._seen.set_result(self.came)


QUIET = 0.4
"""Seconds without output after which a screen is taken to be complete, where what it must show is not known yet."""


@asynccontextmanager
async def seated(door: Door) -> AsyncGenerator[Seat]:
    """Connect, log in, ask for a terminal and start the program; disconnect at the end."""
    async with asyncssh.connect(
        "127.0.0.1", door.port, config=None, known_hosts=None, username=door.user, agent_path=None,
        client_keys=[str(door.key)] if door.key else None, login_timeout=60, connect_timeout=60,
    ) as connection:  # fmt: skip
        _, seat = await connection.create_session(
            lambda: Seat(door.size), door.command, term_type="xterm-256color", term_size=door.size, encoding=None
        )
        yield seat
