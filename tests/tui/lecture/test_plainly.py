"""A session without a screen in a room: it is told what it cannot show, and what the server says."""

from __future__ import annotations

import os
import signal
import socket
import threading

import pytest
from gradwalk.tui.attending.plainly import attend_plainly
from gradwalk.tui.lecture.messages import (
    Ending,
    Follows,
    Said,
    Show,
    Shown,
    encoded,
    to_server,
)
from gradwalk.tui.session import Role, Session

from ..pseudo_terminal import DEADLINE


@pytest.mark.parametrize(
    ("role", "says"), [(Role.FOLLOWER, "followed"), (Role.PRESENTER, "presented"), (Role.GUEST, "")]
)
def test_it_is_said_what_can_be_had(
    role: Role, says: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = threading.Event()
    signals: list[int] = []

    def kill(process: int, number: int) -> None:
        assert process == os.getpid()
        signals.append(number)
        ended.set()

    monkeypatch.setattr(os, "kill", kill)
    server, link = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    session = Session(role, link=link)
    attend_plainly(session, link)
    assert to_server(server.recv(1000)) == Follows(False)
    server.send(b"no message")
    for number in range(3):
        server.send(encoded(Show(Shown(number, "fabc", ways=("derivative a",), stand={"cursor": number}))))
    server.send(encoded(Said("Ten minutes\x1b[2J are left.")))
    server.send(encoded(Ending("The server ends.")))
    assert ended.wait(DEADLINE)
    server.close()
    said = capsys.readouterr().out
    assert ("which this terminal has not" in said) is bool(says)
    assert says in said
    assert said.count("The lecture is at: fabc, derivative a.") == 1
    assert "Ten minutes" in said
    assert "\x1b" not in said
    assert (signals, session.farewell) == ([signal.SIGTERM], "The server ends.")
