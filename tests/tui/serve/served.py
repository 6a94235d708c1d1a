"""A session that was begun by a fork server, at a pseudo-terminal, with an emulated screen to read from."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import socket
import struct
import termios
from collections.abc import AsyncGenerator, Callable

import pyte
from gradwalk.tui.serve.fork_server import ForkServer, SessionProcess
from gradwalk.tui.serve.session_request import Ended, SessionRequest

from ..pseudo_terminal import DEADLINE, KEYS

XTERM = {"TERM": "xterm-256color"}


class Served:
    """A session and what a person at its terminal would see; `link` is the server's end of its link."""

    def __init__(self, process: SessionProcess, master: int, link: socket.socket, size: tuple[int, int]) -> None:
        self.process = process
        self.master = master
        self.link = link
        self.output = bytearray()
        self.screen = pyte.Screen(*size)
        self._stream = pyte.ByteStream(self.screen)
        self._changed = asyncio.Event()
        process.ended.add_done_callback(lambda _: self._changed.set())
        os.set_blocking(master, False)
        asyncio.get_running_loop().add_reader(master, self._read)

    @property
    def text(self) -> str:
        """The screen as one text."""
        return "\n".join(line.rstrip() for line in self.screen.display)

    def press(self, *keys: str) -> None:
        """Press keys, by name or by character."""
        for key in keys:
            os.write(self.master, KEYS.get(key, key).encode())

    async def wait_for(self, wanted: str | Callable[[], bool]) -> None:
        """Wait until a text is on the screen, or in the last that was written, or until a condition holds."""
        holds = wanted if callable(wanted) else lambda: wanted in self.text
        async with asyncio.timeout(DEADLINE):
            while not holds():
                self._changed.clear()
                await self._changed.wait()

    async def end(self) -> Ended:
        """Wait until the session has ended."""
        async with asyncio.timeout(DEADLINE):
            return await self.process.ended

    def close(self) -> None:
        """Take the terminal and the link away."""
        if self.master >= 0:
            asyncio.get_running_loop().remove_reader(self.master)
            os.close(self.master)
            self.master = -1
        self.link.close()

    def _read(self) -> None:
        try:
            data = os.read(self.master, 65536)
        except OSError:  # the session has ended
            asyncio.get_running_loop().remove_reader(self.master)
            return
        self.output += data
        self._stream.feed(data.replace(b"\x1b[>25u", b"").replace(b"\x1b[<u", b""))
        self._changed.set()


@contextlib.asynccontextmanager
async def session(
    fork_server: ForkServer,
    request: SessionRequest,
    size: tuple[int, int] = (80, 24),
    progress: socket.socket | None = None,
) -> AsyncGenerator[Served]:
    """Begin a session at a terminal of a size; it is ended with the block, where it has not ended before.

    `progress` is its end of the socket at which its progress is kept; it is closed here.
    """
    master, slave = os.openpty()
    fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        keeps = None if progress is None else progress.fileno()
        process = await fork_server.begin(request, theirs.fileno(), slave, progress=keeps)
    if progress is not None:
        progress.close()
    os.close(slave)
    served = Served(process, master, ours, size)
    try:
        yield served
    finally:
        process.kill()
        await served.end()
        served.close()
