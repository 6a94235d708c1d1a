"""`ForkServer`: begins sessions, each in a process of its own, out of one process that has loaded all they need.

That process is started by itself, and not forked from the server: it has none of the server's threads, descriptors,
keys and passwords, and neither have the sessions. Where it ends, its sessions end with it, and another is started.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import signal
import socket
import subprocess
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress

from .session_request import (
    MOST_BYTES,
    Begin,
    Begun,
    Ended,
    ForkServerError,
    Over,
    SessionRequest,
    Signal,
    ToForkServer,
    Warm,
    encoded,
    from_fork_server,
)
from .spawning import spawn

_SECONDS_TO_STOP = 3.0


class SessionProcess:
    """A session that runs: `pid` is its process, and that of its group; `ended` says how it came to its end."""

    def __init__(self, fork_server: ForkServer, number: int, pid: int, ended: asyncio.Future[Ended]) -> None:
        """Stand for the session of this number."""
        self.pid = pid
        self.ended = ended
        self._fork_server = fork_server
        self._number = number

    def hang_up(self) -> None:
        """Tell it that its terminal is gone: it leaves, unless it hangs."""
        self._send(signal.SIGHUP)

    def terminate(self) -> None:
        """Tell it to leave; it restores its terminal."""
        self._send(signal.SIGTERM)

    def kill(self) -> None:
        """End it at once, whatever it does; its terminal is left as it is."""
        self._send(signal.SIGKILL)

    def _send(self, number: int) -> None:
        if not self.ended.done():
            self._fork_server.signal(self._number, number)


class ForkServer:
    """The process that sessions are forked from, as the server sees it.

    `start` it before anything large is imported, and `await ready()` in the event loop that it is used in.
    """

    def __init__(self) -> None:
        """Begin with no process; `start` makes one with a process."""
        self._process: subprocess.Popen[bytes] | None = None
        self._socket: socket.socket | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._warm: asyncio.Future[None] | None = None
        self._numbers = itertools.count(1)
        self._waiting: deque[tuple[bytes, Sequence[int]]] = deque()
        self._begun: dict[int, asyncio.Future[int]] = {}
        self._ended: dict[int, asyncio.Future[Ended]] = {}
        self._is_warm = self._is_stopped = False
        self.on_gone: Callable[[], None] | None = None
        """Called when the process has ended, and its sessions with it, which nobody wanted."""

    @classmethod
    def start(cls) -> ForkServer:
        """Start the process, which goes on loading by itself. OSError where the system allows no more processes."""
        fork_server = cls()
        fork_server._spawn()
        return fork_server

    @property
    def pid(self) -> int:
        """The process that sessions are forked from; 0 where there is none."""
        return self._process.pid if self._process is not None else 0

    @property
    def is_warm(self) -> bool:
        """Whether a session can begin at once."""
        return self._is_warm

    @property
    def sessions(self) -> int:
        """How many sessions have begun, and not ended."""
        return len(self._ended)

    async def ready(self) -> None:
        """Wait until sessions can begin; ForkServerError where the process has ended instead."""
        await asyncio.shield(self._attached())

    async def begin(
        self, request: SessionRequest, link: int, *streams: int, progress: int | None = None
    ) -> SessionProcess:
        """Begin a session with its end of a link, and one terminal, or what it reads, what it writes, and its errors.

        `progress` is the end of a socket at which a `ServedStore` has its progress kept. The caller's own descriptors
        stay open, and can be closed afterwards. ForkServerError where it cannot begin.
        """
        await self.ready()
        if self._socket is None:
            raise ForkServerError("the process that sessions are made of has ended")
        loop, number = asyncio.get_running_loop(), next(self._numbers)
        begun: asyncio.Future[int] = loop.create_future()
        ended: asyncio.Future[Ended] = loop.create_future()
        self._begun[number], self._ended[number] = begun, ended
        given = (link, *streams) if progress is None else (link, *streams, progress)
        copies = [os.dup(descriptor) for descriptor in given]  # the caller may have to give up
        try:
            self._send(Begin(number, request, keeps=progress is not None), copies)
            pid = await asyncio.shield(begun)
        except asyncio.CancelledError:
            self.signal(number, signal.SIGKILL)
            raise
        except ForkServerError:
            self._ended.pop(number, None)
            raise
        return SessionProcess(self, number, pid, ended)

    def signal(self, number: int, sent: int) -> None:
        """Send a signal to the session of a number."""
        if self._socket is not None and number in self._ended:
            self._send(Signal(number, sent), ())

    async def stop(self) -> None:
        """End all sessions, and the process."""
        self._is_stopped = True
        process, ended = self._process, list(self._ended.values())
        self._close()
        if process is None:
            return
        if not self._is_warm:
            process.kill()  # it has no sessions, and would look at the socket only when all is loaded
        try:
            await asyncio.wait_for(asyncio.to_thread(process.wait, _SECONDS_TO_STOP), _SECONDS_TO_STOP + 1)
        except (subprocess.TimeoutExpired, TimeoutError):
            process.kill()  # its sessions end with it
            process.wait()
        for each in ended:
            if not each.done():
                each.set_result(Ended(signal=signal.SIGKILL))

    def kill(self) -> None:
        """End the process at once, and all sessions with it; any thread may call it, and nothing is called after it."""
        if self._process is not None:
            self._process.kill()

    # ---- the process

    def _spawn(self) -> None:
        self._process, self._socket = spawn()

    def _attached(self) -> asyncio.Future[None]:
        """Read what the process sends, in the loop that runs; return the future of its being warm."""
        loop = asyncio.get_running_loop()
        if self._warm is None:
            self._loop, self._warm = loop, loop.create_future()
            if self._socket is None:
                self._fail(ForkServerError("the fork server has ended"))
            else:
                loop.add_reader(self._socket, self._read)
        return self._warm

    def _read(self) -> None:
        while self._socket is not None:
            try:
                sent = self._socket.recv(MOST_BYTES)
            except (BlockingIOError, InterruptedError):
                return
            except OSError:
                sent = b""
            if not sent:
                self._gone()
                return
            self._take(sent)

    def _take(self, sent: bytes) -> None:
        message = from_fork_server(sent)
        if isinstance(message, Warm):
            self._is_warm = True
            if self._warm is not None and not self._warm.done():
                self._warm.set_result(None)
        elif isinstance(message, Begun):
            begun = self._begun.pop(message.number, None)
            if begun is not None and not begun.done():
                if message.pid:
                    begun.set_result(message.pid)
                else:
                    begun.set_exception(ForkServerError(f"no session can begin: {message.reason}"))
        else:
            self._over(message)

    def _over(self, message: Over) -> None:
        ended = self._ended.pop(message.number, None)
        if ended is not None and not ended.done():
            ended.set_result(message.ended)

    def _gone(self) -> None:
        """Take note that the process has ended, and its sessions with it; start another where one had been warm."""
        process, loop, was_warm, self._is_warm = self._process, self._loop, self._is_warm, False
        self._close()
        if process is not None:
            process.kill()
            process.wait()
        error = ForkServerError("the process that sessions are made of has ended")
        for begun in self._begun.values():
            if not begun.done():
                begun.set_exception(error)
        for ended in self._ended.values():
            if not ended.done():
                ended.set_result(Ended(signal=signal.SIGKILL))
        self._begun, self._ended = {}, {}
        if not self._is_stopped and self.on_gone is not None:
            self.on_gone()
        if was_warm and not self._is_stopped and loop is not None:
            try:
                self._spawn()
            except OSError as problem:
                self._warm = loop.create_future()
                self._fail(ForkServerError(f"the process that sessions are made of cannot be started: {problem}"))
            else:
                self._warm = None
                self._attached()
        else:
            self._fail(error)

    def _fail(self, error: ForkServerError) -> None:
        if self._warm is not None and not self._warm.done():
            self._warm.set_exception(error)
            self._warm.exception()  # nobody need wait for it

    def _close(self) -> None:
        if self._socket is not None:
            if self._loop is not None:
                self._loop.remove_reader(self._socket)
                self._loop.remove_writer(self._socket)
            self._socket.close()
            self._socket = None
        for _, descriptors in self._waiting:
            _close_all(descriptors)
        self._waiting.clear()

    # ---- sending

    def _send(self, message: ToForkServer, descriptors: Sequence[int]) -> None:
        self._waiting.append((encoded(message), descriptors))
        self._write()

    def _write(self) -> None:
        """Send what is waiting, as far as it goes without waiting."""
        assert self._loop is not None
        while self._waiting and self._socket is not None:
            sent, descriptors = self._waiting[0]
            try:
                socket.send_fds(self._socket, [sent], descriptors)
            except (BlockingIOError, InterruptedError):
                self._loop.add_writer(self._socket, self._write)
                return
            except OSError:
                self._loop.remove_writer(self._socket)
                return  # it has ended, and the reader finds out
            self._waiting.popleft()
            _close_all(descriptors)
        if self._socket is not None:
            self._loop.remove_writer(self._socket)


def _close_all(descriptors: Sequence[int]) -> None:
    for descriptor in descriptors:
        with suppress(OSError):
            os.close(descriptor)
