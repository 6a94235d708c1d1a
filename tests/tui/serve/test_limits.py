"""The limits of `gradwalk serve`, each said in words to whom it concerns, and how a server ends."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import pytest

asyncssh = pytest.importorskip("asyncssh", reason="asyncssh is not installed")

from ..pseudo_terminal import DEADLINE, wait_until  # noqa: E402
from .rooms import KEYGEN, SSH, USER, Room, is_zombie, make_key, serving  # noqa: E402

pytestmark = [
    pytest.mark.serve,
    pytest.mark.skipif(not (SSH and KEYGEN), reason="OpenSSH's ssh and ssh-keygen are needed"),
]

HELLO = b"SSH-2.0-gradwalk\r\n"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """A room for four, where time is short."""
    options = ("--open", "--max-sessions", "4", "--max-logins", "4", "--login-grace", "2s")
    times = ("--idle-time", "4s", "--session-time", "7s")
    with serving(tmp_path_factory.mktemp("small"), *options, *times, authorized=False) as room:
        wait_until(lambda: room.run("fabc", given="quit\n").returncode == 0)
        yield room


def is_empty(room: Room) -> bool:
    """Whether each connection that was begun is over."""
    begun = set(re.findall(r" connection connection=(\d+)", room.log))
    return begun <= set(re.findall(r" (?:end|refusal) connection=(\d+)", room.log))


def test_a_full_room_says_so_before_any_key_is_exchanged(small: Room) -> None:
    wait_until(lambda: is_empty(small))
    with ExitStack() as inside:
        for _ in range(4):
            inside.enter_context(small.session("fabc")).wait_for("q Quit")
        result = small.run("fabc")
        assert result.returncode == 255
        assert "this server is full: 4 people are in it; try again when somebody has left" in result.stderr
        with small.connect() as raw:
            said = raw.recv(4096)
            assert said.startswith(HELLO)
            assert b"this server is full" in said
            assert said[len(HELLO) + 5] == 1  # the packet of a disconnection, and no offer of keys
    wait_until(lambda: small.run("fabc", given="quit\n").returncode == 0)


def test_who_says_nothing_is_sent_away_and_others_come_in_again(small: Room) -> None:
    wait_until(lambda: is_empty(small))
    with ExitStack() as silent:
        raw = [silent.enter_context(small.connect()) for _ in range(4)]
        for each in raw:
            assert each.recv(len(HELLO)) == HELLO
        result = small.run("fabc")
        assert result.returncode == 255
        assert "too many are logging in at this moment" in result.stderr
        for each in raw:
            while each.recv(4096):
                pass
    assert small.run("fabc", given="quit\n").returncode == 0
    assert 'why="log-in time"' in small.log


def test_who_logs_in_and_asks_for_nothing_is_sent_away(small: Room) -> None:
    wait_until(lambda: is_empty(small))
    result = small.run(options=["-N"])
    assert result.returncode == 255
    assert "no session was asked for within 2 seconds" in result.stderr


def test_time_that_runs_out_is_told_before_and_ends_a_session(small: Room) -> None:
    wait_until(lambda: is_empty(small))
    pipe, nowhere = subprocess.PIPE, subprocess.DEVNULL
    with (
        small.session("fabc") as idle,
        small.session("fabc", term="dumb") as plain,
        subprocess.Popen([*small.command(), "fabc"], stdin=pipe, stdout=nowhere, stderr=pipe) as piped,
        small.session("fabc") as busy,
    ):
        pressed = 0.0

        def keeps_pressing() -> bool:
            nonlocal pressed
            if time.monotonic() - pressed > 1 and busy.process.isalive():
                pressed = time.monotonic()
                busy.press("right")
            return "A session lasts 7 seconds here" in busy.text.replace("\n", " ")

        busy.wait_for(keeps_pressing)
        assert busy.wait_for_exit() == 1
        assert busy.modes == {25, 7}

        for terminal in (idle, plain):
            terminal.wait_for_exit()
            assert "No key was pressed for 4 seconds, so the session has ended." in terminal.text.replace("\n", " ")
            assert terminal.modes == {25, 7}
        assert b"No key was pressed for long" in plain.output
        assert re.sub(rb"\x1b\[[0-9;]*[A-Za-z]", b"", bytes(idle.output)).count(b"No key was pressed for long") >= 1
        assert piped.stderr is not None
        assert "No key was pressed for 4 seconds" in piped.stderr.read().decode()
    wait_until(lambda: small.log.count("why=idle") == 3)
    assert 'why="session time"' in small.log


async def test_those_who_log_in_at_once_are_no_more_than_may_come(tmp_path: Path) -> None:
    proving, go = 0, asyncio.Event()
    told: list[str] = []

    class Client(asyncssh.SSHClient):
        async def public_key_auth_requested(self) -> str:
            nonlocal proving
            proving += 1  # the room has place for each of them, so far
            if proving == 4:
                go.set()
            await go.wait()
            return str(tmp_path / "key")

        def connection_lost(self, exc: Exception | None) -> None:
            told.append(str(exc))

    async def comes() -> bool:
        connection = await asyncssh.connect("127.0.0.1", room.port, client_factory=Client, **options)
        with suppress(asyncssh.Error):
            await connection.create_session(asyncssh.SSHClientSession, "fabc", term_type="xterm")
            return True
        return False

    options: dict[str, Any] = {"known_hosts": None, "config": None, "agent_path": None, "username": USER}
    with serving(tmp_path, "--max-sessions", "2") as room:
        assert sorted(await asyncio.gather(*(comes() for _ in range(4)))) == [False, False, True, True]
        assert len(told) == 2
        assert all(each.startswith("this server is full: 2 people are in it") for each in told)
        assert room.log.count("why=full") == 2


def test_one_address_cannot_take_every_place(tmp_path: Path) -> None:
    with serving(tmp_path, "--open", "--max-per-address", "1", authorized=False) as room:
        wait_until(lambda: is_empty(room))
        with room.session("fabc") as terminal:
            terminal.wait_for("q Quit")
            result = room.run("fabc")
            assert result.returncode == 255
            assert "as many have come from your address as may, 1" in result.stderr


def test_a_full_lecture_has_a_place_for_its_presenter(tmp_path: Path) -> None:
    make_key(tmp_path / "presenter")
    options = ("--lecture", "--max-sessions", "1", "--presenter-keys", str(tmp_path / "presenter.pub"))
    with serving(tmp_path, *options) as room, room.session("fabc") as learner:
        learner.wait_for("no presenter")
        result = room.run("fabc")
        assert result.returncode == 255
        assert "this server is full: 1 person is in it" in result.stderr
        with room.session("fabc", user="presenter", key="presenter") as presenter:
            presenter.wait_for("presents to 1")
            learner.wait_for("follows the lecture")


def test_behind_a_balancer_the_address_is_what_it_says_and_it_alone_is_believed(tmp_path: Path) -> None:
    options = ("--open", "--proxy-protocol", "--max-per-address", "1")
    with serving(tmp_path, *options, authorized=False) as room:
        first = (b"PROXY TCP4 203.0.113.9 198.51.100.1 56324 22\r\n", "203.0.113.9")
        addresses = b"".join(socket.inet_pton(socket.AF_INET6, each) for each in ("2001:db8::7", "2001:db8::1"))
        header = b"\r\n\r\n\x00\r\nQUIT\n" + b"\x21\x21" + (40).to_bytes(2, "big") + addresses + b"\x04\x00\x00\x16"
        second = (header + b"\x04\x00\x01\x00", "2001:db8::7")
        for sent, address in (first, second):
            with room.connect() as one, room.connect() as other:
                one.sendall(sent[:20])
                one.sendall(sent[20:] + b"SSH-2.0-test\r\n")
                assert one.recv(len(HELLO)) == HELLO
                assert one.recv(4) != b""  # what followed the header was read as SSH
                wait_until(lambda: f"address={address}\n" in room.log)  # noqa: B023
                other.sendall(sent)
                assert b"as many have come from your address as may" in other.recv(4096)
        for forged in (b"SSH-2.0-OpenSSH_9.2\r\n", b"PROXY TCP4 1.2.3.4\r\n", b"PROXY TCP4 x y 1 2\r\n"):
            with room.connect() as raw, suppress(ConnectionResetError):
                raw.sendall(forged)
                assert raw.recv(100) == b""


def test_only_the_balancer_may_say_whose_a_connection_is(tmp_path: Path) -> None:
    options = ("--open", "--proxy-protocol", "--proxy-from", "192.0.2.0/24")
    with serving(tmp_path, *options, authorized=False) as room, room.connect() as raw:
        assert b"reached by way of its balancer" in raw.recv(4096)


def test_a_server_that_drains_lets_nobody_in_and_ends_with_its_last_session(tmp_path: Path) -> None:
    with serving(tmp_path, "--open", authorized=False) as room:
        with room.session("fabc") as terminal:
            terminal.wait_for("q Quit")
            room.process.send_signal(signal.SIGUSR1)
            wait_until(lambda: "what=draining" in room.log)
            with pytest.raises(ConnectionRefusedError):
                room.connect()
            terminal.press("right")
            terminal.wait_for("step 1 of 13")
            terminal.press("q")
            assert terminal.wait_for_exit() == 0
        assert room.process.wait(timeout=DEADLINE) == 0


def test_at_its_end_everybody_is_told_in_time_with_their_terminals_restored(tmp_path: Path) -> None:
    with serving(tmp_path, "--open", authorized=False) as room, ExitStack() as inside:
        terminals = [inside.enter_context(room.session("fabc")) for _ in range(4)]
        for terminal in terminals:
            terminal.wait_for("q Quit")
        hanging = next(each for each in room.processes if each not in (room.process.pid, *fork_servers(room)))
        before = time.monotonic()
        subprocess.run(["kill", "-STOP", str(hanging)], check=True)
        assert room.stop() == 0
        assert time.monotonic() - before < 6  # five seconds, and some for a busy machine
        for terminal in terminals:
            terminal.wait_for_exit()
            assert "The server ends" in terminal.text
            assert terminal.modes == {25, 7}


def test_it_ends_in_time_though_the_process_of_which_sessions_are_made_hangs(tmp_path: Path) -> None:
    with serving(tmp_path, "--open", authorized=False) as room, room.session("fabc") as terminal:
        terminal.wait_for("q Quit")
        terminal.signal(signal.SIGSTOP)
        below = room.processes - {room.process.pid}
        (fork_server,) = fork_servers(room)
        for each in below:
            os.kill(each, signal.SIGSTOP)
        assert room.stop() == 0
        wait_until(lambda: all(is_zombie(each) for each in (fork_server, *below)))


def fork_servers(room: Room) -> list[int]:
    """Return the process that sessions are made of: the child of the server."""
    return [each for each in room.processes if parent(each) == room.process.pid]


def parent(process: int) -> int:
    return int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])
