"""What happens to a server, as data: the journal writes it down, the metrics count it.

None of it holds what a learner types, nor who they are beyond the fingerprint of their key.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

import msgspec


class Refusal(StrEnum):
    """Why somebody did not get what they asked for."""

    FULL = "full"
    ADDRESS_FULL = "address full"
    LOG_INS_FULL = "log-ins full"
    DRAINING = "draining"
    PROXY_HEADER = "proxy header"
    LOG_IN = "log-in"
    LOG_IN_TIME = "log-in time"
    PRESENTER = "presenter"
    COMMAND = "command"
    SUBSYSTEM = "subsystem"
    FORWARDING = "forwarding"
    SECOND_SESSION = "second session"
    PROTOCOL = "protocol"
    NO_PROCESS = "no process"


class Cause(StrEnum):
    """Why a connection that was let in ended."""

    LEFT = "left"
    """The program ended, as its user wished."""
    HUNG_UP = "hung up"
    """The client went away."""
    IDLE = "idle"
    SESSION_TIME = "session time"
    MEMORY = "memory"
    PROCESSOR = "processor"
    STUCK = "stuck"
    """The client reads nothing, or the program did not end when it was told to."""
    CRASHED = "crashed"
    STOPPED = "stopped"
    """The server ends."""


class Notice(StrEnum):
    """What concerns the whole server."""

    LISTENING = "listening"
    DRAINING = "draining"
    STOPPING = "stopping"
    STOPPED = "stopped"
    KEYS_READ = "keys read"
    KEYS_UNREADABLE = "keys unreadable"
    PRESENTER_CAME = "presenter came"
    PRESENTER_LEFT = "presenter left"
    BUS_GONE = "bus gone"
    BUS_BACK = "bus back"
    PROGRESS_GONE = "progress gone"
    PROGRESS_BACK = "progress back"
    FORK_SERVER_GONE = "fork server gone"
    FAULT = "fault"
    """An error of the server's own; `detail` says which."""


class Connected(msgspec.Struct, frozen=True, tag_field="event", tag="connection"):
    """A client has connected: `connection` numbers it until the server ends, `address` is where it comes from."""

    connection: int
    address: str


class LoggedIn(msgspec.Struct, frozen=True, tag_field="event", tag="login", omit_defaults=True):
    """A client may come in, in a `role`; `learner` is the fingerprint of the key, where there was one."""

    connection: int
    address: str
    role: str
    learner: str = ""


class Refused(msgspec.Struct, frozen=True, tag_field="event", tag="refusal", omit_defaults=True):
    """A client did not get what it asked for; `detail` may quote it, and is made harmless where it is written."""

    connection: int
    address: str
    why: Refusal
    detail: str = ""


class Painted(msgspec.Struct, frozen=True, tag_field="event", tag="paint"):
    """A session has written to its terminal for the first time, `seconds` after it was asked for. For metrics only."""

    connection: int
    seconds: float


class Ended(msgspec.Struct, frozen=True, tag_field="event", tag="end", omit_defaults=True):
    """A connection that was let in is over, with the use of its session's process, where there was one.

    `seconds` since it connected, `cpu_seconds` of processor time, `peak_bytes` of memory, bytes from and to the client.
    `status` is the exit status, or minus the number of the signal; None without a process.
    """

    connection: int
    address: str
    why: Cause
    seconds: float
    status: int | None = None
    cpu_seconds: float = 0.0
    peak_bytes: int = 0
    received_bytes: int = 0
    sent_bytes: int = 0


class Noticed(msgspec.Struct, frozen=True, tag_field="event", tag="notice", omit_defaults=True):
    """Something that concerns the whole server."""

    what: Notice
    detail: str = ""


Event = Connected | LoggedIn | Refused | Painted | Ended | Noticed

Tell = Callable[[Event], None]
"""Whom the parts of the server tell what happens: it neither waits nor raises."""


def tell_all(*tells: Tell) -> Tell:
    """Return what tells each of several, in order."""

    def tell(event: Event) -> None:
        for each in tells:
            each(event)

    return tell
