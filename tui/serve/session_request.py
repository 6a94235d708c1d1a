"""What a server asks of its fork server, and what it hears from it, one packet for each message."""

from __future__ import annotations

import signal
from collections.abc import Mapping
from typing import Any

import msgspec

from ...engine.errors import GradwalkError
from ..session import Role

MOST_BYTES = 65_536
"""The size of the largest message."""

OUT_OF_TIME, OUT_OF_MEMORY, FAULT = 128 + signal.SIGXCPU, 71, 1
"""What a session exits with that has used its processor time or its memory, or could not go on for another reason."""

ENVIRONMENT = ("TERM", "COLORTERM", "NO_COLOR", "COLORFGBG", "GRADWALK_THEME", "LANG", "LC_ALL", "LC_CTYPE", "TZ")
"""The variables that a session may be given: they speak of the terminal, and of nothing else."""


class Bounds(msgspec.Struct, frozen=True):
    """How much a session may use.

    `memory` is in bytes, counted from what every session begins with; `processor` is the time that it may compute, in
    seconds; `files` is how many descriptors it may have open; `nice` is added to the server's own niceness.
    """

    memory: int = 256 * 2**20
    processor: int = 900
    files: int = 64
    nice: int = 5


class SessionRequest(msgspec.Struct, frozen=True, tag="session"):
    """A session that is to begin.

    `environment` holds some of the variables `ENVIRONMENT`; others are left out. `scenario` is the name of what is
    opened, empty for the library. `scenarios` is the folder of what can be opened beside the built-in scenarios, empty
    where there is none.
    """

    role: Role = Role.GUEST
    environment: Mapping[str, str] = {}
    scenario: str = ""
    scenarios: str = ""
    bounds: Bounds = Bounds()


class Ended(msgspec.Struct, frozen=True, tag="ended"):
    """How a session's process came to its end.

    `status` is what it exited with, and `signal` the number of the signal that ended it, 0 where none did.
    `processor_seconds` is the time that it computed, `peak_memory` the most bytes it had in memory, those included that
    all sessions share. `fault` tells programmers what went wrong inside, in several lines; empty where nothing did.
    """

    status: int = 0
    signal: int = 0
    processor_seconds: float = 0.0
    peak_memory: int = 0
    fault: str = ""


# ---- on the way


class Begin(msgspec.Struct, frozen=True, tag="begin"):
    """Fork a session; its descriptors come with the message: its link, then its terminal or its three streams.

    Where `keeps` is true, a socket at which its progress is kept comes last.
    """

    number: int
    request: SessionRequest
    keeps: bool = False


class Signal(msgspec.Struct, frozen=True, tag="signal"):
    """Send a signal to the processes of a session, where it has not ended."""

    number: int
    signal: int


class Warm(msgspec.Struct, frozen=True, tag="warm"):
    """All is loaded that a session needs."""


class Begun(msgspec.Struct, frozen=True, tag="begun"):
    """A session runs, in the process `pid`; without one it could not begin, for a `reason`."""

    number: int
    pid: int = 0
    reason: str = ""


class Over(msgspec.Struct, frozen=True, tag="over"):
    """A session has ended."""

    number: int
    ended: Ended


ToForkServer = Begin | Signal
FromForkServer = Warm | Begun | Over

_TO = msgspec.json.Decoder(ToForkServer)
_FROM = msgspec.json.Decoder(FromForkServer)


class ForkServerError(GradwalkError):
    """The fork server has ended, or a session could not begin."""


def encoded(message: ToForkServer | FromForkServer) -> bytes:
    """Return a message as it is sent; ForkServerError where it is too large."""
    sent = msgspec.json.encode(message)
    if len(sent) > MOST_BYTES:
        raise ForkServerError(f"a message of {len(sent):,} bytes is too large; the most is {MOST_BYTES:,}")
    return sent


def to_fork_server(sent: bytes) -> ToForkServer:
    """Read what the server has sent."""
    return _read(_TO, sent)


def from_fork_server(sent: bytes) -> FromForkServer:
    """Read what the fork server has sent."""
    return _read(_FROM, sent)


def _read(decoder: msgspec.json.Decoder[Any], sent: bytes) -> Any:
    return decoder.decode(sent)
