"""Ends the program when it is told to, or when its terminal hangs up, whatever the terminal does.

Textual writes from a thread through a short queue, and the app waits where that is full. A terminal that has stopped
reading keeps it full: the app waits for ever, at its end too, and no signal is looked at any more. So another thread
watches, which needs neither the app nor the terminal, and ends the process when the app has not left in time.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import select
import signal
import sys
import threading
from collections.abc import Callable, Generator
from functools import partial
from types import FrameType

try:
    import termios
except ImportError:  # Windows
    termios = None

SIGNALS = [
    getattr(signal, name) for name in ("SIGTERM", "SIGHUP", "SIGINT", "SIGQUIT", "SIGXCPU") if hasattr(signal, name)
]
"""What tells the program to end."""

GRACE = 1.0
"""Seconds that the app has to restore the terminal and leave."""

PATIENCE = 0.5
"""Seconds after which a terminal that takes no output has stopped reading."""


@contextlib.contextmanager
def ending_with_the_terminal(leave: Callable[[int], object]) -> Generator[None, None, None]:
    """Have an app end at a signal or a hang-up, while the context lasts: by `leave(status)`, otherwise at once.

    `leave` runs in the app's event loop; the status is 128 and the number of the signal. Outside of the main thread,
    where Python allows no signal handlers, the context does nothing.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    handlers = {number: signal.signal(number, partial(_leave, leave)) for number in SIGNALS}
    try:
        with _guard():
            yield
    finally:
        for number, handler in handlers.items():
            if handler is not None:  # None is a handler that Python did not set, and cannot set again
                signal.signal(number, handler)


def _leave(leave: Callable[[int], object], number: int, _: FrameType | None) -> None:
    status = 128 + number
    try:
        asyncio.get_running_loop().call_soon_threadsafe(leave, status)
    except RuntimeError:  # the app has not begun, or is over
        raise SystemExit(status) from None


@contextlib.contextmanager
def _guard() -> Generator[None, None, None]:
    """Watch for a hang-up, and for signals: their numbers come through a pipe, even while the app is waiting."""
    terminal = sys.__stdin__.fileno() if sys.__stdin__ is not None else -1
    if termios is None or not hasattr(select, "poll") or not os.isatty(terminal):
        yield
        return
    told, tell = os.pipe()
    os.set_blocking(tell, False)
    before = signal.set_wakeup_fd(tell, warn_on_full_buffer=False)
    guard = threading.Thread(target=_Guard(terminal, told).watch, name="hang-up", daemon=True)
    guard.start()
    try:
        yield
    finally:
        signal.set_wakeup_fd(before)
        os.close(tell)
        guard.join()
        os.close(told)


class _Guard:
    """Waits until the app is to end, and then until it has ended, but not for ever."""

    def __init__(self, terminal: int, told: int) -> None:
        assert termios is not None
        self._terminal = terminal
        self._told = told
        self._settings = termios.tcgetattr(terminal)

    def watch(self) -> None:
        """Return when the pipe is closed, which says that the app has ended."""
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTTOU})  # settings are restored in the background too
        poll = select.poll()
        poll.register(self._told, select.POLLIN)
        poll.register(self._terminal, 0)  # a hang-up is always reported
        while True:
            ready = dict(poll.poll())
            if self._told in ready:
                numbers = os.read(self._told, 256)
                ending = [number for number in numbers if number in SIGNALS]
                if ending:
                    self._end(ending[0])
                if ending or not numbers:
                    return
            elif self._terminal in ready:
                poll.unregister(self._terminal)
                if ready[self._terminal] & select.POLLHUP:
                    signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGHUP)

    def _end(self, number: int) -> None:
        """Wait until the app has ended; end the process when it takes too long and its terminal takes no output."""
        if self._ended(GRACE):
            return
        while self._takes_output():
            if self._ended(PATIENCE):
                return
        assert termios is not None
        with contextlib.suppress(termios.error):  # it may be gone
            termios.tcsetattr(self._terminal, termios.TCSANOW, self._settings)
        os._exit(128 + number)

    def _ended(self, seconds: float) -> bool:
        """Wait so long for the pipe to be closed; signals that come meanwhile change nothing."""
        poll = select.poll()
        poll.register(self._told, select.POLLIN)
        return bool(poll.poll(seconds * 1e3)) and not os.read(self._told, 256)

    def _takes_output(self) -> bool:
        poll = select.poll()
        poll.register(self._terminal, select.POLLOUT)
        return [event for _, event in poll.poll(PATIENCE * 1e3)] == [select.POLLOUT]
