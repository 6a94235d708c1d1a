"""What whoever runs a room sees of it: its log, its health, its metrics."""

from __future__ import annotations

import http.client
import json
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

if sys.platform == "win32":
    pytest.skip("gradwalk serve needs a Unix system", allow_module_level=True)
pytest.importorskip("asyncssh", reason="asyncssh is not installed")
pytest.importorskip("prometheus_client", reason="prometheus-client is not installed")

from prometheus_client.parser import text_string_to_metric_families

from ..pseudo_terminal import wait_until
from .rooms import KEYGEN, SSH, Room, descendants, free_port, serving

pytestmark = [
    pytest.mark.serve,
    pytest.mark.skipif(not (SSH and KEYGEN), reason="OpenSSH's ssh and ssh-keygen are needed"),
]

FORGED = '{"event":"login","role":"presenter"}'


class Watched:
    """A room that is watched, from now on."""

    def __init__(self, room: Room, health: int) -> None:
        self.room = room
        self.health = health
        self._begun = len(room.log)

    def get(self, path: str) -> tuple[int, str]:
        """Ask it over HTTP."""
        connection = http.client.HTTPConnection("127.0.0.1", self.health, timeout=30)
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            return response.status, response.read().decode()
        finally:
            connection.close()

    def metric(self, name: str, **labels: str) -> float:
        """Return a metric; 0 where it has not been counted yet."""
        for family in text_string_to_metric_families(self.get("/metrics")[1]):
            for sample in family.samples:
                if sample.name == f"gradwalk_{name}" and sample.labels == labels:
                    return sample.value
        return 0

    def records(self, event: str = "") -> list[dict[str, Any]]:
        """Return the new lines of the log that are whole, or those of an event."""
        lines = self.room.log[self._begun :].splitlines(keepends=True)
        found = [json.loads(line) for line in lines if line.startswith("{") and line.endswith("\n")]
        return [each for each in found if event in ("", each["event"])]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    health = free_port()
    with serving(tmp_path_factory.mktemp("room"), "--log-json", "--health", str(health)) as room:
        yield Watched(room, health)


@pytest.fixture
def watched(server: Watched) -> Watched:
    """The server, when all who came before have gone."""
    wait_until(lambda: server.metric("open_connections") == 0)
    return Watched(server.room, server.health)


def test_the_log_has_a_line_for_each_thing_that_happens_and_no_keys(watched: Watched) -> None:
    with watched.room.session("fabc") as terminal:
        terminal.wait_for("q Quit")
        terminal.press("/")
        terminal.wait_for("find a name")
        terminal.press(*"hunter2")
        terminal.wait_for("hunter2")
        terminal.press("escape")
        terminal.wait_for(lambda: "hunter2" not in terminal.text)
        terminal.press("q")
        assert terminal.wait_for_exit() == 0
    wait_until(lambda: bool(watched.records("end")))
    assert "hunter2" not in watched.room.log
    (login,), (end,) = watched.records("login"), watched.records("end")
    assert login["address"] == "127.0.0.1"
    assert login["role"] == "guest"
    assert login["learner"].startswith("SHA256:")
    assert (end["why"], end["status"], end["connection"]) == ("left", 0, login["connection"])
    assert end["received_bytes"] >= len("/hunter2\x1bq")
    assert end["sent_bytes"] > 1_000
    assert end["cpu_seconds"] > 0
    number = login["connection"]
    assert [each["event"] for each in watched.records() if each.get("connection") == number] == [
        "connection", "login", "end",
    ]  # fmt: skip


def test_nobody_can_write_a_line_of_their_own_into_the_log(watched: Watched) -> None:
    refused = watched.room.run(f"x\n{FORGED}\r\x1b[2J")
    assert refused.returncode == 2
    wait_until(lambda: bool(watched.records("end")))
    (refusal,) = [each for each in watched.records("refusal") if each["why"] == "command"]
    assert refusal["detail"].startswith("x\\n")
    assert [each["role"] for each in watched.records("login")] == ["guest"]
    assert "\x1b" not in watched.room.log


def test_the_metrics_follow_who_comes_and_goes(watched: Watched) -> None:
    assert watched.get("/healthz") == (200, "ok\n")
    names = ("first_paint_seconds_count", "session_cpu_seconds_total")
    painted, computed = map(watched.metric, names)
    came = watched.metric("logins_total", role="guest")
    left, refused = watched.metric("ends_total", why="left"), watched.metric("refusals_total", why="command")
    with watched.room.session("fabc") as terminal:
        terminal.wait_for("q Quit")
        wait_until(lambda: watched.metric("sessions") == 1)
        assert watched.metric("logins_total", role="guest") == came + 1
        assert watched.metric(names[0]) == watched.metric("first_paint_seconds_bucket", le="10.0") == painted + 1
        terminal.press("q")
        assert terminal.wait_for_exit() == 0
    wait_until(lambda: watched.metric("ends_total", why="left") == left + 1)
    wait_until(lambda: watched.metric("sessions") == 0)
    assert watched.metric(names[1]) > computed
    assert watched.room.run("scp -t /tmp").returncode == 2
    assert watched.metric("refusals_total", why="command") == refused + 1


def test_where_the_process_that_sessions_are_made_of_dies_it_is_told_and_another_takes_its_place(
    watched: Watched,
) -> None:
    with watched.room.session("fabc") as terminal:
        terminal.wait_for("q Quit")
        source = next(process for process in descendants(watched.room.process.pid) if "forking" in named(process))
        os.kill(source, signal.SIGKILL)
        assert terminal.wait_for_exit() != 0
        assert "the session was ended by a fault" in terminal.text
        assert terminal.modes == {25, 7}
    wait_until(lambda: [each["what"] for each in watched.records("notice")] == ["fork server gone"])
    wait_until(lambda: watched.get("/healthz") == (200, "ok\n"))
    with watched.room.session("fabc") as terminal:
        terminal.wait_for("q Quit")
        terminal.press("q")
        assert terminal.wait_for_exit() == 0


def named(process: int) -> str:
    try:
        return Path(f"/proc/{process}/cmdline").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
