"""The server's end of a session's link: nothing that a session does, or leaves undone, holds up the server."""

from __future__ import annotations

import asyncio
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

if sys.platform != "linux":
    pytest.skip("the links of sessions are Unix sockets that keep packets apart", allow_module_level=True)

from gradwalk.tui.lecture.messages import (
    MOST_BYTES,
    Audience,
    Ending,
    Follows,
    Leads,
    MessageError,
    Said,
    Show,
    Shown,
    ToServer,
    ToSession,
    encoded,
    to_session,
)
from gradwalk.tui.serve.link import MOST_SAID, Link, packed

from ..pseudo_terminal import DEADLINE


@dataclass
class Ends:
    """A link, the session's end of it, and what the link has told."""

    link: Link
    session: socket.socket
    heard: asyncio.Queue[ToServer] = field(default_factory=asyncio.Queue)
    closed: asyncio.Queue[str] = field(default_factory=asyncio.Queue)

    async def next_heard(self) -> ToServer:
        async with asyncio.timeout(DEADLINE):
            return await self.heard.get()

    async def why_closed(self) -> str:
        async with asyncio.timeout(DEADLINE):
            return await self.closed.get()

    def read(self) -> list[ToSession]:
        """Return all that the session finds at its end."""
        found: list[ToSession] = []
        while True:
            try:
                sent = self.session.recv(MOST_BYTES)
            except BlockingIOError:
                return found
            if not sent:
                return found
            found.append(to_session(sent))

    def stall(self) -> int:
        """Send until the session, which does not read, takes no more; return how many messages it took."""
        number = 0
        while not self.link.waiting:
            number += 1
            self.link.tell(Show(Shown(number)))
        return number - 1

    async def read_all(self) -> list[ToSession]:
        """Return all that the session finds when it reads again, until nothing waits for it any more."""
        found = self.read()
        while self.link.waiting:
            await asyncio.sleep(0)
            found += self.read()
        return found + self.read()


@pytest.fixture
async def ends() -> AsyncIterator[Ends]:
    server, session = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    session.setblocking(False)
    ends = Ends(Link(server), session)
    ends.link.open(ends.heard.put_nowait, ends.closed.put_nowait)
    yield ends
    ends.link.close()
    session.close()


async def test_messages_arrive_in_their_order(ends: Ends) -> None:
    said = [Leads(True), Show(Shown(1, "fabc")), Said("welcome"), Show(Shown(2, "fabc")), Audience(1, 1)]
    for message in said:
        ends.link.tell(message)
    assert ends.read() == said
    for message in (Follows(False), Follows(True)):
        ends.session.send(encoded(message))
    assert [await ends.next_heard(), await ends.next_heard()] == [Follows(False), Follows(True)]


async def test_what_is_told_before_the_link_is_opened_waits() -> None:
    server, session = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    link = Link(server)
    link.tell(Leads(False))
    link.open(lambda _: None, lambda _: None)
    assert to_session(session.recv(MOST_BYTES)) == Leads(False)
    link.close()
    session.close()


async def test_a_session_that_does_not_read_gets_the_newest_of_each_kind_when_it_does(ends: Ends) -> None:
    taken = ends.stall()
    for number in range(1000):
        ends.link.tell(Show(Shown(taken + number)))
        ends.link.tell(Audience(number, 0))
    assert ends.link.waiting == 2
    assert (await ends.read_all())[taken:] == [Show(Shown(taken + 999)), Audience(999, 0)]


async def test_so_many_notices_wait_and_no_more(ends: Ends) -> None:
    taken = ends.stall()
    for number in range(100):
        ends.link.tell(Said(f"{number}"))
    assert ends.link.waiting == MOST_SAID + 1
    found = (await ends.read_all())[taken:]
    assert [each for each in found if isinstance(each, Said)] == [Said(f"{number}") for number in range(92, 100)]


async def test_the_ending_goes_before_all_that_waits_and_is_the_last(ends: Ends) -> None:
    taken = ends.stall()
    ends.link.tell(Said("soon"))
    ends.link.tell(Ending("the server ends"))
    ends.link.tell(Show(Shown(9)))
    assert (await ends.read_all())[taken:] == [Ending("the server ends")]
    ends.link.tell(Said("too late"))
    assert ends.read() == []


async def test_a_session_that_has_gone_is_told_of_once_and_can_be_told_anything(ends: Ends) -> None:
    ends.session.close()
    assert await ends.why_closed() == ""
    ends.link.tell(Show(Shown(1)))
    assert not ends.link.is_open
    assert ends.link.waiting == 0
    assert ends.closed.empty()


async def test_a_session_that_went_while_it_was_told_something_is_told_of_too(ends: Ends) -> None:
    ends.session.close()
    ends.link.tell(Leads(True))
    assert await ends.why_closed() == ""
    assert ends.closed.empty()


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        (b"hello", "it is no message"),
        (b'{"type":"leads","present":true}', "it is no message"),
        (b'{"type":"showing","shown":{"stand":{"a":' + b"[" * 20_000 + b"]" * 20_000 + b"}}}", "it is no message"),
        (b'{"type":"showing","shown":{"scenario":"\xff"}}', "it is no message"),
        (b"x" * (MOST_BYTES + 1), "larger than 65,536 bytes"),
    ],
)
async def test_what_is_no_message_ends_the_link(ends: Ends, sent: bytes, why: str) -> None:
    ends.session.send(sent)
    ends.session.send(encoded(Follows(True)))
    assert why in await ends.why_closed()
    assert ends.heard.empty()
    assert not ends.link.is_open


async def test_a_session_that_talks_without_end_is_heard_a_little_at_a_time() -> None:
    server, session = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    session.setblocking(False)
    heard = 0

    def hear(message: ToServer) -> None:
        nonlocal heard
        heard += 1

    link = Link(server)
    loop = asyncio.get_running_loop()
    time, loop.time = loop.time, lambda: 100.0  # no second goes by
    try:
        link.open(hear, lambda _: None)
        for _ in range(1000):
            with suppress(BlockingIOError):
                session.send(encoded(Follows(True)))
            await asyncio.sleep(0)
    finally:
        loop.time = time
    assert heard == 200
    session.close()
    link.close()


async def test_descriptors_that_a_session_sends_are_not_kept(ends: Ends) -> None:
    before = _descriptors()
    socket.send_fds(ends.session, [encoded(Follows(False))], [0, 1, 2])
    assert await ends.next_heard() == Follows(False)
    assert _descriptors() == before


def test_what_is_too_large_is_refused_where_it_is_made() -> None:
    with pytest.raises(MessageError, match="too large"):
        packed(Show(Shown(text="x" * MOST_BYTES)))


def _descriptors() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())
