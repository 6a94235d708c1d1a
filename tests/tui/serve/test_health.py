"""What monitors and load balancers are told, and what is counted."""

from __future__ import annotations

import http.client
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

pytest.importorskip("prometheus_client", reason="prometheus-client is needed: pip install 'gradwalk[serve]'")

from gradwalk.tui.serve.events import Cause, Connected, Ended, LoggedIn, Painted, Refusal, Refused
from gradwalk.tui.serve.health import LASTING, MAX_REQUESTS, PATIENCE, Health, HealthServer
from gradwalk.tui.serve.metrics import CONTENT_TYPE, Metrics, Now
from prometheus_client.parser import text_string_to_metric_families


class Clock:
    """Time that passes when it is told to."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


@contextmanager
def serving(health: Health, metrics: Metrics | None = None) -> Iterator[HealthServer]:
    server = HealthServer("127.0.0.1", 0, health, lambda: (CONTENT_TYPE, metrics.text() if metrics else b""))
    try:
        yield server
    finally:
        server.close()


def ask(server: HealthServer, path: str, method: str = "GET") -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    try:
        connection.request(method, path)
        response = connection.getresponse()
        return response.status, response.read().decode()
    finally:
        connection.close()


def test_newcomers_are_sent_elsewhere_while_the_server_drains_but_it_lives() -> None:
    health = Health(Clock())
    with serving(health) as server:
        assert ask(server, "/healthz") == (200, "ok\n")
        health.draining = True
        assert ask(server, "/healthz") == (503, "draining\n")
        assert ask(server, "/healthz", "HEAD") == (503, "")
        assert ask(server, "/livez") == (200, "ok\n")


def test_a_loop_that_hangs_is_not_well_until_it_goes_on() -> None:
    clock = Clock()
    health = Health(clock)
    with serving(health) as server:
        clock.seconds += PATIENCE + 0.1
        assert ask(server, "/healthz") == ask(server, "/livez") == (503, "hangs\n")
        health.beat()
        assert ask(server, "/healthz") == (200, "ok\n")


def test_where_no_session_can_begin_newcomers_are_sent_elsewhere_and_if_it_lasts_the_server_is_not_well() -> None:
    clock = Clock()
    health = Health(clock)
    with serving(health) as server:
        health.beat("no sessions")
        assert ask(server, "/healthz") == (503, "no sessions\n")
        assert ask(server, "/livez") == (200, "ok\n")
        for _ in range(2):
            clock.seconds += LASTING / 2 + 0.1
            health.beat("no sessions")
        assert ask(server, "/livez") == (503, "no sessions\n")
        health.beat()
        assert ask(server, "/healthz") == ask(server, "/livez") == (200, "ok\n")


def test_other_paths_and_methods_are_refused() -> None:
    with serving(Health(Clock())) as server:
        assert ask(server, "/../etc/passwd")[0] == 404
        assert ask(server, "/healthz", "POST")[0] == 501


def test_clients_that_say_nothing_keep_nobody_out_for_long_and_others_are_closed() -> None:
    with serving(Health(Clock())) as server:
        silent = [socket.create_connection(("127.0.0.1", server.port), timeout=30) for _ in range(MAX_REQUESTS + 1)]
        try:
            assert silent[-1].recv(1) == b""
        finally:
            for client in silent:
                client.close()
        status = 0
        while status != 200:  # the threads of those that went away end one after the other
            try:
                status, _ = ask(server, "/healthz")
            except (http.client.BadStatusLine, ConnectionError):
                continue


def test_events_are_counted_and_states_are_looked_up() -> None:
    now = Now(connections=3, sessions=2, max_sessions=100, followers=1, alone=1, presenters=1, bus=False, progress=True)
    metrics = Metrics(lambda: now)
    for event in (
        Connected(1, "192.0.2.1"), Connected(2, "192.0.2.1"), LoggedIn(1, "192.0.2.1", "follower"),
        Refused(2, "192.0.2.1", Refusal.FULL), Painted(1, 0.12),
        Ended(1, "192.0.2.1", Cause.IDLE, 70.0, 0, 1.25, 1, 210, 48_000),
    ):  # fmt: skip
        metrics.tell(event)
    with serving(Health(Clock()), metrics) as server:
        status, text = ask(server, "/metrics")
    assert status == 200
    found = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }
    assert found["gradwalk_connections_total",] == 2
    assert found["gradwalk_logins_total", "follower"] == 1
    assert found["gradwalk_refusals_total", "full"] == 1
    assert found["gradwalk_ends_total", "idle"] == 1
    assert found["gradwalk_session_cpu_seconds_total",] == 1.25
    assert found["gradwalk_sent_bytes_total",] == 48_000
    assert found["gradwalk_first_paint_seconds_bucket", "0.1"] == 0
    assert found["gradwalk_first_paint_seconds_bucket", "0.15"] == 1
    assert found["gradwalk_sessions",] == 2
    assert found["gradwalk_bus_up",] == 0
    assert found["gradwalk_progress_up",] == 1
    assert "192.0.2.1" not in text


def test_without_a_bus_nothing_is_said_of_one() -> None:
    assert b"gradwalk_bus_up" not in Metrics(Now).text()
    assert b"gradwalk_progress_up" not in Metrics(Now).text()
