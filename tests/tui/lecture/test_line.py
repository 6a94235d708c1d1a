"""A session's end of the link: what comes is taken, what is sent arrives, and nothing is ever waited for."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator

import pytest
from gradwalk.tui.attending.line import MOST_WAITING, Line
from gradwalk.tui.lecture.messages import (
    Audience,
    Follows,
    Leads,
    Said,
    Show,
    Showing,
    Shown,
    encoded,
    to_server,
)


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    server, session = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    server.setblocking(False)
    yield server, session
    server.close()
    session.close()


class Heard:
    """Whether something has arrived, or the server has gone."""

    def __init__(self, session: socket.socket) -> None:
        self.arrived = 0
        self.lost = 0
        self.line = Line(session, self._on_arrived, self._on_lost)

    def _on_arrived(self) -> None:
        self.arrived += 1

    def _on_lost(self) -> None:
        self.lost += 1


async def turns() -> None:
    """Let the loop look at its sockets."""
    for _ in range(5):
        await asyncio.sleep(0)


async def test_what_comes_is_told_once_and_taken_in_its_order(ends: tuple[socket.socket, socket.socket]) -> None:
    heard = Heard(ends[1])
    messages = [Leads(True), Said("one"), Said("two"), Audience(20, 17)]
    for message in messages:
        ends[0].send(encoded(message))  # type: ignore[arg-type]
    await turns()
    assert heard.arrived == 1
    assert heard.line.take() == messages
    assert heard.line.take() == []
    heard.line.close()


async def test_of_moments_that_come_faster_than_they_are_looked_at_the_newest_counts(
    ends: tuple[socket.socket, socket.socket],
) -> None:
    heard = Heard(ends[1])
    for number in range(30):
        ends[0].send(encoded(Show(Shown(number, "fabc"))))
    await turns()
    assert heard.line.take() == [Show(Shown(29, "fabc"))]
    heard.line.close()


async def test_notices_are_kept_and_bounded(ends: tuple[socket.socket, socket.socket]) -> None:
    heard = Heard(ends[1])
    for number in range(MOST_WAITING + 5):
        ends[0].send(encoded(Said(str(number))))
        await turns()
    assert [message.words for message in heard.line.take() if isinstance(message, Said)] == [
        str(number) for number in range(5, MOST_WAITING + 5)
    ]
    heard.line.close()


async def test_a_packet_that_is_no_message_is_passed_over(ends: tuple[socket.socket, socket.socket]) -> None:
    heard = Heard(ends[1])
    for packet in (b"{}", b'{"type":"unheard of"}', b"\xff" * 70_000, encoded(Leads(False))):
        ends[0].send(packet)
    await turns()
    assert heard.line.take() == [Leads(False)]
    heard.line.close()


async def test_a_server_that_does_not_read_is_sent_the_newest_moment_when_it_reads_again(
    ends: tuple[socket.socket, socket.socket],
) -> None:
    line = Heard(ends[1]).line
    line.tell(Follows(True))
    for number in range(5000):
        line.tell(Showing(Shown(number, "fabc", text="x" * 1000)))
    came = []
    for _ in range(5000):
        try:
            came.append(to_server(ends[0].recv(70_000)))
        except BlockingIOError:
            break
        await turns()
    numbers = [message.shown.number for message in came if isinstance(message, Showing)]
    assert came[0] == Follows(True)
    assert numbers == sorted(numbers)
    assert numbers[-1] == 4999
    assert len(numbers) < 4000
    line.close()


async def test_a_server_that_has_gone_is_told_of_once(ends: tuple[socket.socket, socket.socket]) -> None:
    heard = Heard(ends[1])
    ends[0].close()
    heard.line.tell(Follows(True))
    await turns()
    heard.line.tell(Follows(False))
    assert (heard.lost, heard.line.is_open) == (1, False)
