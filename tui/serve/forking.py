"""The fork server: a process that has loaded the app, and forks it for each session that is asked for.

It has one thread, and none may be started in it; what it is asked comes over a socket, and where that is closed, it
ends its sessions and itself. Sessions are its children: they end at once where it ends, however it does.
"""

from __future__ import annotations

import gc
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from types import FrameType

from .holes import fill_holes
from .session_process import FAULT_BYTES, become_session
from .session_request import MOST_BYTES, Begin, Begun, Ended, Over, Warm, encoded, to_fork_server
from .warming import warm

_MOST_DESCRIPTORS = 5

_TO_SESSIONS = (signal.SIGHUP, signal.SIGTERM, signal.SIGINT, signal.SIGQUIT)

_SECONDS_TO_END = 1.5
"""How long sessions have to restore their terminals when the server is gone."""


@dataclass
class _Child:
    """A session's process: its number, and where it would write what went wrong inside it."""

    number: int
    fault: int


class _ForkServer:
    """Forks, and waits for what was forked."""

    def __init__(self, server: socket.socket) -> None:
        self._server = server
        self._children: dict[int, _Child] = {}
        self._woken, self._wake = os.pipe()
        for end in (self._woken, self._wake):
            os.set_blocking(end, False)

    def serve(self) -> None:
        """Do what is asked until the socket is closed."""
        signal.signal(signal.SIGCHLD, _heed)
        signal.set_wakeup_fd(self._wake, warn_on_full_buffer=False)
        self._tell(encoded(Warm()))
        poll = select.poll()
        poll.register(self._server, select.POLLIN)
        poll.register(self._woken, select.POLLIN)
        while True:
            ready = dict(poll.poll())
            if self._woken in ready:
                self._reap()
            if self._server.fileno() in ready and not self._take():
                return

    def end_all(self) -> None:
        """End the sessions: they may restore their terminals, but not for long."""
        for number, seconds in ((signal.SIGHUP, _SECONDS_TO_END), (signal.SIGKILL, _SECONDS_TO_END)):
            for pid in self._children:
                _signal_group(pid, number)
            until = time.monotonic() + seconds
            while self._children and time.monotonic() < until:
                select.select([self._woken], [], [], until - time.monotonic())
                self._reap()

    # ---- what is asked

    def _take(self) -> bool:
        try:
            sent, descriptors, _, _ = socket.recv_fds(self._server, MOST_BYTES, _MOST_DESCRIPTORS)
        except InterruptedError:
            return True
        except OSError:
            return False
        if not sent:
            return False
        message = to_fork_server(sent)
        if isinstance(message, Begin):
            self._begin(message, descriptors)
        else:
            for pid, child in self._children.items():
                if child.number == message.number:
                    _signal_group(pid, message.signal)
        return True

    def _begin(self, message: Begin, descriptors: Sequence[int]) -> None:
        try:
            told, tell = os.pipe()
        except OSError as error:
            self._refuse(message, descriptors, error)
            return
        parent = os.getpid()
        signal.pthread_sigmask(signal.SIG_BLOCK, _TO_SESSIONS)  # none is lost before the session heeds it
        try:
            pid = os.fork()
        except OSError as error:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _TO_SESSIONS)
            for end in (told, tell):
                os.close(end)
            self._refuse(message, descriptors, error)
            return
        if not pid:
            signal.set_wakeup_fd(-1)
            become_session(message.request, descriptors, tell, parent, keeps=message.keeps)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _TO_SESSIONS)
        for descriptor in (*descriptors, tell):
            os.close(descriptor)
        os.set_blocking(told, False)
        self._children[pid] = _Child(message.number, told)
        self._tell(encoded(Begun(message.number, pid)))

    def _refuse(self, message: Begin, descriptors: Sequence[int], error: OSError) -> None:
        for descriptor in descriptors:
            os.close(descriptor)
        self._tell(encoded(Begun(message.number, reason=error.strerror or str(error))))

    def _tell(self, sent: bytes) -> None:
        with suppress(OSError):  # the server is gone, and the next read says so
            self._server.send(sent)

    # ---- what has ended

    def _reap(self) -> None:
        with suppress(BlockingIOError):
            os.read(self._woken, 4096)
        while self._children:
            try:
                pid, how, used = os.wait4(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if not pid:
                return
            child = self._children.pop(pid, None)
            if child is None:
                continue
            fault = b""
            with suppress(OSError):
                fault = os.read(child.fault, FAULT_BYTES)
            os.close(child.fault)
            ended = Ended(
                status=os.WEXITSTATUS(how) if os.WIFEXITED(how) else 0,
                signal=os.WTERMSIG(how) if os.WIFSIGNALED(how) else 0,
                processor_seconds=used.ru_utime + used.ru_stime,
                peak_memory=used.ru_maxrss * 1024,
                fault=fault.decode(errors="replace"),
            )
            self._tell(encoded(Over(child.number, ended)))


def _heed(number: int, frame: FrameType | None) -> None:
    """Do nothing: that the signal came is read from the pipe."""


def _signal_group(pid: int, number: int) -> None:
    """Signal a session's processes; one that was forked just now may not lead its group yet."""
    try:
        os.killpg(pid, number)
    except OSError:
        with suppress(OSError):
            os.kill(pid, number)


def main() -> None:
    """Load all that sessions need, then fork them as the server at the other end of the socket asks."""
    server = socket.socket(fileno=int(sys.argv[1]))
    os.set_inheritable(server.fileno(), False)
    for number in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM, signal.SIGQUIT, signal.SIGUSR1, signal.SIGUSR2):
        signal.signal(number, signal.SIG_IGN)  # the server's end is its own
    warm()
    sys.dont_write_bytecode = True
    gc.collect()
    gc.disable()  # what sessions share is never looked through
    gc.freeze()
    fill_holes()
    fork_server = _ForkServer(server)
    fork_server.serve()
    fork_server.end_all()
    os._exit(0)


if __name__ == "__main__":
    main()
