"""The journal: a line an event, which nobody else can write into."""

from __future__ import annotations

import io
import json
import os
import re
import threading

import pytest
from gradwalk.tui.serve.events import (
    Cause,
    Connected,
    Ended,
    Event,
    LoggedIn,
    Notice,
    Noticed,
    Painted,
    Refusal,
    Refused,
)
from gradwalk.tui.serve.journal import MAX_TEXT, Journal

EVENTS: list[Event] = [
    Connected(7, "192.0.2.1"),
    LoggedIn(7, "192.0.2.1", "presenter", "SHA256:abc"),
    Painted(7, 0.09),
    Refused(7, "192.0.2.1", Refusal.SUBSYSTEM, "sftp"),
    Ended(7, "192.0.2.1", Cause.LEFT, 61.23456, 0, 1.5, 24_000_000, 210, 48_000),
    Noticed(Notice.STOPPING),
]

HOSTILE = '\n2026-11-26 login\r\x1b]0;mine\x07 \x9b31m "x" a=b \u202e \udc80 π'
"""A line of one's own, commands to a terminal in both spellings, a name and a value, an override of direction."""


def written(*events: Event, as_json: bool = False) -> list[str]:
    out = io.StringIO()
    journal = Journal(out, as_json=as_json, now=lambda: 1_795_676_400.25)
    for event in events:
        journal.tell(event)
    journal.close()
    return out.getvalue().split("\n")[:-1]


def test_plain_lines() -> None:
    assert written(*EVENTS) == [
        "2026-11-26T07:00:00.250Z connection connection=7 address=192.0.2.1",
        "2026-11-26T07:00:00.250Z login connection=7 address=192.0.2.1 role=presenter learner=SHA256:abc",
        "2026-11-26T07:00:00.250Z refusal connection=7 address=192.0.2.1 why=subsystem detail=sftp",
        "2026-11-26T07:00:00.250Z end connection=7 address=192.0.2.1 why=left seconds=61.235 status=0 cpu_seconds=1.5"
        " peak_bytes=24000000 received_bytes=210 sent_bytes=48000",
        "2026-11-26T07:00:00.250Z notice what=stopping",
    ]


def test_lines_of_json() -> None:
    records = [json.loads(line) for line in written(*EVENTS, as_json=True)]
    assert [record["event"] for record in records] == ["connection", "login", "refusal", "end", "notice"]
    assert {record["time"] for record in records} == {"2026-11-26T07:00:00.250Z"}
    assert records[2] == {
        "time": "2026-11-26T07:00:00.250Z", "event": "refusal", "connection": 7, "address": "192.0.2.1",
        "why": "subsystem", "detail": "sftp",
    }  # fmt: skip


@pytest.mark.parametrize("as_json", [False, True], ids=["plain", "json"])
def test_nobody_writes_lines_or_commands_of_their_own(as_json: bool) -> None:
    (line,) = written(Refused(1, HOSTILE, Refusal.COMMAND, HOSTILE), as_json=as_json)
    assert line.isprintable()
    assert line.encode()
    if as_json:
        assert json.loads(line)["detail"].startswith("\\n2026-11-26 login\\r\\x1b]0;mine\\x07 \\x9b31m")
    else:
        pair = r'\w+=(?:"(?:[^"\\]|\\.)*"|[^ "]+)'
        assert re.fullmatch(rf"\S+ refusal {pair}(?: {pair}){{3}}", line)


def test_a_long_text_is_cut() -> None:
    (line,) = written(Refused(1, "192.0.2.1", Refusal.COMMAND, "x" * 100_000))
    assert line.endswith(f"detail={'x' * MAX_TEXT}...")


def test_a_fault_of_several_lines_is_one_line_and_whole() -> None:
    fault = "".join(f'File "part_{number}.py", line {number}\n' for number in range(50))
    (line,) = written(Noticed(Notice.FAULT, fault), as_json=True)
    assert json.loads(line)["detail"] == fault.replace("\n", "\\n")


def test_a_reader_that_reads_nothing_holds_up_nobody_and_hears_how_much_it_missed() -> None:
    release = threading.Event()

    class Stuck(io.StringIO):
        def write(self, text: str) -> int:
            assert release.wait(30)
            return super().write(text)

    out = Stuck()
    journal = Journal(out, max_waiting=3)
    for number in range(100):
        journal.tell(Connected(number, "192.0.2.1"))
    release.set()
    while journal._lines.qsize():
        pass
    journal.tell(Connected(100, "192.0.2.1"))
    journal.close()
    lines = out.getvalue().splitlines()
    assert len(lines) < 10
    lost = 101 - (len(lines) - 1)
    assert f'what="lines lost" detail={lost}' in lines[-2]
    assert "connection=100 " in lines[-1]


def test_a_reader_that_is_gone_ends_nothing() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    out = os.fdopen(writing, "w")
    journal = Journal(out)
    journal.tell(Connected(1, "192.0.2.1"))
    journal.close()
    assert not journal._thread.is_alive()
    with pytest.raises(BrokenPipeError):
        out.close()
