"""The bus of a lecture: what the servers at which it is held tell each other, and who carries it.

What comes from a bus is not trusted: it is read strictly, and what is too large or no message is dropped.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, Protocol

import msgspec
from msgspec import Meta

from ...engine.errors import GradwalkError
from ..lecture.messages import MOST_BYTES, MessageError, Number, Show, Shown, Tally, encoded

BEAT = 2.0
"""Seconds after which a server says again that it is there."""

SILENT = 7.0
"""Seconds after which a server that has said nothing is taken for gone: three beats, and some delay."""

MOST_BUS_BYTES = MOST_BYTES + 1024
"""The size of the largest message: what is shown, and a little around it."""

ServerId = Annotated[str, Meta(pattern="^[0-9a-f]{32}$")]
"""What tells a server from all others, as long as it runs."""


class Led(msgspec.Struct, frozen=True, tag="led", omit_defaults=True, forbid_unknown_fields=True):
    """How it stands with the presenter: who leads, since when, and what is shown.

    `server` is the one that the presenter came to, `term` the number under which they took over, `number` that of this
    message, and `present` whether they are still there. The one with the largest `order` holds.
    """

    server: ServerId
    term: Number
    number: Number
    present: bool
    shown: Shown | None = None

    @property
    def order(self) -> str:
        """What sorts like the time of it: the later presenter wins, whatever the earlier one still does."""
        return f"{self.term:016d}{self.server}{self.number:016d}"


class Attended(msgspec.Struct, frozen=True, tag="attended", omit_defaults=True, forbid_unknown_fields=True):
    """Who is at the lecture at one server: said whenever that changes, and at every beat."""

    server: ServerId
    learners: Number
    following: Number
    tally: Tally | None = None


class Joined(msgspec.Struct, frozen=True, tag="joined", forbid_unknown_fields=True):
    """A server is there from now on, or again, and asks all others to say who attends at theirs."""

    server: ServerId


class Parted(msgspec.Struct, frozen=True, tag="parted", forbid_unknown_fields=True):
    """A server ends, and takes leave."""

    server: ServerId


BusMessage = Led | Attended | Joined | Parted

_DECODER = msgspec.json.Decoder(BusMessage)


def on_the_bus(message: BusMessage) -> bytes:
    """Return a message as it is sent."""
    return msgspec.json.encode(message)


def from_the_bus(sent: bytes) -> BusMessage:
    """Read a message; MessageError where it is none, or shows something that no session could be told."""
    if len(sent) > MOST_BUS_BYTES:
        raise MessageError(f"a message of {len(sent):,} bytes is too large; the most is {MOST_BUS_BYTES:,}")
    try:
        message = _DECODER.decode(sent)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise MessageError(f"it is no message: {error}") from None
    if isinstance(message, Led) and message.shown is not None:
        encoded(Show(message.shown))
    return message


class BusError(GradwalkError):
    """A bus cannot be made of what was asked for; the message says why."""


class BusUser(Protocol):
    """A lecture, as its bus sees it."""

    @property
    def server(self) -> str:
        """What tells this server from all others: a `ServerId`."""
        ...

    def led(self) -> Led | None:
        """Return the newest that is known of the presenter."""
        ...

    def attended(self) -> Attended:
        """Return who is at the lecture at this server."""
        ...

    def heard(self, message: BusMessage) -> None:
        """Take what another server has just said."""
        ...

    def found(self, led: Led) -> None:
        """Take what is kept of the presenter, whether or not that server is still there."""
        ...

    def misheard(self, why: str) -> None:
        """Take that something came that cannot be read."""
        ...

    def reached(self, reaches: bool, why: str) -> None:
        """Take that the other servers can be reached again, or no longer, and why."""
        ...


class Code(Protocol):
    """The one-time code of a server, as its bus sees it."""

    elsewhere: Callable[[str], Awaitable[bool | None]] | None
    renewed: Callable[[], None] | None

    @property
    def digest(self) -> str:
        """What tells the code from others without being it."""
        ...

    def renew(self) -> None:
        """Have another code: this one was used somewhere."""
        ...


class Bus(Protocol):
    """Carries a lecture between servers. Nothing here waits for them, or raises."""

    def open(self, user: BusUser) -> None:
        """Begin, on the event loop that runs."""
        ...

    def tell_led(self) -> None:
        """Tell soon what the user knows of the presenter then, and keep it for servers that come later."""
        ...

    def tell_attended(self) -> None:
        """Tell soon who is at the lecture here."""
        ...

    def share(self, code: Code) -> None:
        """Have this server's code be good at the others, and theirs at this one."""
        ...

    async def close(self) -> None:
        """Take leave."""
        ...


class NoBus:
    """The bus of a lecture at one server only: there is nobody to tell."""

    def open(self, user: BusUser) -> None:
        """Nothing begins."""

    def tell_led(self) -> None:
        """Nobody is told."""

    def tell_attended(self) -> None:
        """Nobody is told."""

    def share(self, code: Code) -> None:
        """The code is good here only."""

    async def close(self) -> None:
        """Nothing ends."""
