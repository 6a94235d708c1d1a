"""The messages between a session and its server: what is sent is what is read, and nothing else is."""

from __future__ import annotations

import pytest
from gradwalk.tui.lecture.messages import (
    MOST_BYTES,
    Answered,
    Asked,
    Audience,
    Counted,
    Ending,
    Follows,
    Leads,
    MessageError,
    Mistakes,
    PartCount,
    Replaced,
    Said,
    Show,
    Showing,
    Shown,
    Tally,
    encoded,
    to_server,
    to_session,
)

SHOWN = Shown(3, "fabc", ways=("forward a",), stand={"cursor": 4, "selected": None}, asked=Asked(7, 5, "step"))


@pytest.mark.parametrize(
    "message",
    [
        Show(SHOWN),
        Leads(True, reaches=False),
        Replaced(),
        Audience(20, 17),
        Counted(Tally(7, 20, (PartCount(9, 1, 2, 0, (Mistakes(("sign",), 2),)), PartCount(right=1)))),
        Said("the lecture reaches this machine again"),
        Ending("the server is being stopped"),
    ],
)
def test_what_a_server_sends_a_session_reads(message: object) -> None:
    assert to_session(encoded(message)) == message  # type: ignore[arg-type]


@pytest.mark.parametrize("message", [Showing(SHOWN), Follows(False), Answered(7, 1, "wrong", ("sign",))])
def test_what_a_session_sends_a_server_reads(message: object) -> None:
    assert to_server(encoded(message)) == message  # type: ignore[arg-type]


def test_a_step_takes_a_few_hundred_bytes() -> None:
    assert len(encoded(Showing(SHOWN))) < 300


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"{}",
        b"\xff",
        b'{"type":"showing","shown":{"scenario":"\xff"}}',
        b'{"type":"showing","shown":{"stand":{"a":' + b"[" * 20_000 + b"]" * 20_000 + b"}}}",
        b'{"type":"ending","words":"x"}',
        b'{"type":"follows"}',
        b'{"type":"follows","follows":1}',
    ],
)
def test_what_is_no_message_of_a_session_is_refused(sent: bytes) -> None:
    with pytest.raises(MessageError):
        to_server(sent)


def test_a_message_that_is_too_large_is_neither_sent_nor_read() -> None:
    large = Showing(Shown(text="x" * MOST_BYTES))
    with pytest.raises(MessageError, match="too large"):
        encoded(large)
    with pytest.raises(MessageError, match="too large"):
        to_server(b"x" * (MOST_BYTES + 1))
