"""`BackgroundWork`: work that takes long, in a thread of its own, with progress, cancelling and failure as messages.

    self._work = BackgroundWork(self, partial(look_for, wanted))

calls `look_for(wanted, thread)` in a thread. The function tells through its `WorkThread` how far it is; the
screen is told by messages, on the app's own loop, so that no thread ever touches a widget:

    WorkProgressed   now and then, at most every `SECONDS_BETWEEN` seconds, the newest progress only
    WorkDone         with the result       |
    WorkFailed       with the exception    | one of the three, once
    WorkCancelled                          |
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic
from typing import Any

from textual.message import Message
from textual.message_pump import MessagePump

SECONDS_BETWEEN = 0.1
"""Seconds between two messages of progress, at the least: at most ten drawings a second."""


class Cancelled(Exception):
    """Nobody waits for the work any longer: raised inside it, so that it ends soon."""


class WorkThread:
    """What the work, in its thread, sees of the outside: whether it is still wanted, and whom to tell how far it is."""

    def __init__(self, tell: Callable[[Any], None]) -> None:
        self._tell = tell
        self._cancelled = threading.Event()

    @property
    def cancelled(self) -> bool:
        """Whether the work is to end."""
        return self._cancelled.is_set()

    def report(self, progress: Any) -> None:
        """Tell how far the work is; raises `Cancelled` where it is to end. It costs little, and waits for nothing."""
        if self.cancelled:
            raise Cancelled
        self._tell(progress)

    def sleep(self, seconds: float) -> None:
        """Let time pass, or less where the work is cancelled meanwhile."""
        self._cancelled.wait(max(0.0, seconds))

    def cancel(self) -> None:
        """Have the work end."""
        self._cancelled.set()


class BackgroundWork:
    """Does `work` in a thread, from now on, and tells `owner`, a screen or a widget, by messages what comes of it.

    It is made on the app's loop. The owner cancels it when it goes; a screen that has gone gets no message, and
    a thread that does not listen never keeps the program from ending.

    A message may already be on its way when the work is cancelled or replaced by other work: an owner asks
    `event.work.cancelled`, or compares `event.work` with the work that it waits for.
    """

    def __init__(self, owner: MessagePump, work: Callable[[WorkThread], Any]) -> None:
        self._owner = owner
        self._loop = asyncio.get_running_loop()
        self._side = WorkThread(self._on_report)
        self._newest: Any = None
        self._shown: Any = None
        self._scheduled = False
        self._told = -SECONDS_BETWEEN
        self._over = False
        self._thread = threading.Thread(target=self._run, args=(work,), daemon=True)
        self._thread.start()

    @property
    def cancelled(self) -> bool:
        """Whether it has been cancelled."""
        return self._side.cancelled

    def cancel(self) -> None:
        """Have the work end as soon as it looks up; what comes of it does not matter any more."""
        self._side.cancel()

    def join(self, seconds: float | None = None) -> bool:
        """Wait for the end of the thread, at most so many seconds; return whether it has ended.

        Messages are on their way then, and not handled yet.
        """
        self._thread.join(seconds)
        return not self._thread.is_alive()

    # ---- in the thread

    def _run(self, work: Callable[[WorkThread], Any]) -> None:
        try:
            result = work(self._side)
        except Cancelled:
            self._on_loop(self._end, WorkCancelled(self))
        except BaseException as error:  # else nobody would ever hear of it
            self._on_loop(self._end, WorkFailed(self, error))
        else:
            self._on_loop(self._end, WorkDone(self, result))

    def _on_report(self, progress: Any) -> None:
        self._newest = progress
        if not self._scheduled:
            self._scheduled = True
            self._on_loop(self._tell_in_time)

    def _on_loop(self, function: Callable[..., None], *arguments: Any) -> None:
        with suppress(RuntimeError):  # the loop has been closed: the program is ending
            self._loop.call_soon_threadsafe(function, *arguments)

    # ---- on the app's loop

    def _tell_in_time(self) -> None:
        self._loop.call_later(max(0.0, self._told + SECONDS_BETWEEN - monotonic()), self._tell)

    def _tell(self) -> None:
        if self._over or self.cancelled:
            return
        self._told, self._shown = monotonic(), self._newest
        self._owner.post_message(WorkProgressed(self, self._shown))
        self._owner.call_after_refresh(self._on_drawn)

    def _on_drawn(self) -> None:
        """Tell more only when the last of it has been drawn: a slow terminal is not to be flooded."""
        self._scheduled = False
        if self._newest is not self._shown:
            self._on_report(self._newest)

    def _end(self, message: WorkDone | WorkFailed | WorkCancelled) -> None:
        self._over = True
        self._owner.post_message(WorkCancelled(self) if self.cancelled else message)


@dataclass(eq=False)
class WorkProgressed(Message):
    """The work is on its way; `progress` is what it reported last."""

    work: BackgroundWork
    progress: Any


@dataclass(eq=False)
class WorkDone(Message):
    """The work has been done, with this result."""

    work: BackgroundWork
    result: Any


@dataclass(eq=False)
class WorkFailed(Message):
    """The work could not be done."""

    work: BackgroundWork
    error: BaseException

    @property
    def reason(self) -> str:
        """Why, as a phrase; an exception that says nothing, such as MemoryError, is named."""
        return str(self.error) or type(self.error).__name__


@dataclass(eq=False)
class WorkCancelled(Message):
    """The work was cancelled, and its thread has ended."""

    work: BackgroundWork
