"""The journal of a server: a line for every connection, log-in, refusal and end.

A line never holds what somebody sent as it is: whatever cannot be printed is escaped, and long texts are cut, so that
nobody writes lines of their own into a journal, or commands to the terminal of whoever reads it.
"""

from __future__ import annotations

import contextlib
import queue
import re
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TextIO

import msgspec

from .events import Painted

if TYPE_CHECKING:
    from .events import Event

MAX_TEXT = 200
"""Characters of a text that a line quotes."""

MAX_NOTICE = 4_000
"""Characters of what the server says of itself, which may be a fault of several lines."""

MAX_WAITING = 10_000
"""Lines that wait for a reader that is slow; what happens meanwhile is counted, and the number written later."""

_BARE = re.compile(r"[\w.:/+@,\[\]-]+")
"""What stands in a line of plain text without quotation marks."""


class Journal:
    """Writes events as lines, in a thread of its own: a reader that is slow or gone never holds up the server."""

    def __init__(
        self,
        out: TextIO,
        *,
        as_json: bool = False,
        now: Callable[[], float] = time.time,
        max_waiting: int = MAX_WAITING,
    ) -> None:
        """Write to `out`; as JSON, an object a line, or as `time event name=value ...`. `now` is in Unix seconds."""
        self._out = out
        self._format = json_line if as_json else plain_line
        self._now = now
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._max_waiting = max_waiting
        self._lost = 0
        self._thread = threading.Thread(target=self._write, name="journal", daemon=True)
        self._thread.start()

    def tell(self, event: Event) -> None:
        """Write a line about an event, soon. What is of interest for metrics only is left out."""
        if isinstance(event, Painted):
            return
        if self._lines.qsize() >= self._max_waiting:
            self._lost += 1
            return
        lost, self._lost = self._lost, 0
        if lost:
            self._put({"event": "notice", "what": "lines lost", "detail": str(lost)})
        self._put(msgspec.to_builtins(event))

    def close(self, seconds: float = 1.0) -> None:
        """Write what waits, but take no longer than so many seconds."""
        self._lines.put(None)
        self._thread.join(seconds)

    def _put(self, fields: dict[str, Any]) -> None:
        self._lines.put(self._format(self._now(), fields))

    def _write(self) -> None:
        while (line := self._lines.get()) is not None:
            with contextlib.suppress(OSError, ValueError):  # a full disk, a closed pipe: the server goes on
                self._out.write(f"{line}\n")
                self._out.flush()


def json_line(seconds: float, fields: dict[str, Any]) -> str:
    """Return an event as one line of JSON, with the time of day in front."""
    return msgspec.json.encode({"time": _time(seconds), **_harmless(fields)}).decode()


def plain_line(seconds: float, fields: dict[str, Any]) -> str:
    """Return an event as one line of text: the time, what happened, and `name=value` for the rest."""
    harmless = _harmless(fields)
    event = harmless.pop("event")
    return " ".join([_time(seconds), event, *(f"{name}={_value(value)}" for name, value in harmless.items())])


def printable(text: str, most: int = MAX_TEXT) -> str:
    """Return a text of which each character can be printed and none acts on a terminal, cut where it is too long."""
    cut = text if len(text) <= most else f"{text[:most]}..."
    return "".join(each if each.isprintable() else ascii(each)[1:-1] for each in cut)


def _harmless(fields: dict[str, Any]) -> dict[str, Any]:
    most = MAX_NOTICE if fields["event"] == "notice" else MAX_TEXT
    return {name: _short(value, most) for name, value in fields.items()}


def _short(value: Any, most: int) -> Any:
    if isinstance(value, str):
        return printable(value, most)
    return round(value, 3) if isinstance(value, float) else value


def _value(value: Any) -> str:
    text = str(value)
    return text if _BARE.fullmatch(text) else msgspec.json.encode(text).decode()


def _time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
