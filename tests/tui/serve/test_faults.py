"""What goes wrong with one client or one session stays with it: nothing is left of it, and nobody else notices."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import resource
import signal
import socket
import sys
from collections.abc import AsyncGenerator, Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest

if sys.platform != "linux":
    pytest.skip("looks at processes in /proc", allow_module_level=True)

asyncssh = pytest.importorskip("asyncssh", reason="asyncssh is not installed")

from ..pseudo_terminal import DEADLINE, PseudoTerminal, wait_until  # noqa: E402
from .rooms import KEYGEN, SSH, USER, Room, is_zombie, serving  # noqa: E402

pytestmark = [
    pytest.mark.serve,
    pytest.mark.skipif(not (SSH and KEYGEN), reason="OpenSSH's ssh and ssh-keygen are needed"),
]

MEGABYTE = 2**20


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    with serving(tmp_path_factory.mktemp("room"), "--login-grace", "3") as room:
        with room.session("fabc") as terminal:  # whatever is loaded late has been loaded then
            walk(terminal)
        yield room


@pytest.fixture(autouse=True)
def nothing_is_left(room: Room) -> Iterator[None]:
    """After each test the server has the processes and descriptors that it had before, and a newcomer can walk."""
    wait_until(lambda: len(room.processes) == 2)
    processes, descriptors, told = room.processes, room.descriptors, len(room.log)
    yield
    print(room.log[told:])  # which pytest shows where a test fails
    wait_until(lambda: room.processes == processes)
    wait_until(lambda: room.descriptors <= descriptors)
    with room.session("fabc") as terminal:
        walk(terminal)


def walk(terminal: PseudoTerminal) -> None:
    """See the start of `fabc`, take two steps and leave."""
    terminal.wait_for("start · 13 steps")
    terminal.press("right")
    terminal.wait_for("step 1 of 13")
    terminal.press("right")
    terminal.wait_for("step 2 of 13")
    terminal.press("q")
    assert terminal.wait_for_exit() == 0


@contextlib.contextmanager
def neighbour(room: Room) -> Generator[PseudoTerminal]:
    """Have a learner who walks on whatever happens to others: at the end they still can, and leave."""
    with room.session("fabc") as terminal:
        terminal.wait_for("start · 13 steps")
        yield terminal
        terminal.press("right")
        terminal.wait_for("step 1 of 13")
        terminal.press("q")
        assert terminal.wait_for_exit() == 0


async def steps(other: PseudoTerminal, *numbers: int) -> None:
    """Have the neighbour take steps, while the clients of this process go on: 0 leads back to the start."""
    for number in numbers:
        other.press("right" if number else "home")
        words = f"step {number} of 13" if number else "start · 13 steps"
        await asyncio.to_thread(other.wait_for, words)


def session_process(room: Room, before: set[int]) -> int:
    """Return the process of the session that has begun since."""
    wait_until(lambda: bool(room.processes - before))
    (process,) = room.processes - before
    return process


# ---- clients


def test_a_client_that_vanishes_takes_its_session_with_it(room: Room) -> None:
    with neighbour(room):
        before = room.processes
        with room.session("fabc") as terminal:
            terminal.wait_for("start · 13 steps")
            assert room.processes > before
            terminal.signal(signal.SIGKILL)
            wait_until(lambda: room.processes == before)


def test_a_client_that_stops_reading_costs_no_memory_and_is_let_go(room: Room) -> None:
    with neighbour(room) as other:
        before, memory = room.processes, room.memory()
        with room.session("fabc", width=200, height=60) as terminal:
            terminal.wait_for("start · 13 steps")
            session = session_process(room, before)
            terminal.signal(signal.SIGSTOP)
            for number in range(200):  # each new size paints everything, 30 KB
                terminal.process.setwinsize(60 - number % 2, 200 - number % 3)
                os.kill(session, signal.SIGWINCH)
            other.press("right")
            other.wait_for("step 1 of 13")
            assert room.memory() < memory + 8 * MEGABYTE
            terminal.signal(signal.SIGKILL)
            wait_until(lambda: room.processes == before)
            other.press("left")
            other.wait_for("start · 13 steps")


async def test_a_client_that_announces_a_huge_window_and_reads_nothing_costs_no_memory(room: Room) -> None:
    with neighbour(room) as other:
        memory = room.memory()
        async with connected(room) as connection:
            channel, seen = await opened(connection, size=(200, 60), window=2**31 - 1)
            await seen.shows(b"13 steps")
            transport(connection).pause_reading()
            for number in range(1, 9):
                for place in range(200):  # each new size paints everything, 30 KB
                    channel.change_terminal_size(200 - place % 3, 60 - place % 2)
                    channel.write(b"\x1b[C\x1b[D" * 5)
                await steps(other, number)
            assert room.memory() < memory + 8 * MEGABYTE
            transport(connection).abort()
            await steps(other, 0)


async def test_a_client_that_asks_for_answers_and_reads_none_costs_no_memory(room: Room) -> None:
    with neighbour(room) as other:
        memory = room.memory()
        async with connected(room) as connection:
            _, seen = await opened(connection)
            await seen.shows(b"13 steps")
            transport(connection).pause_reading()
            question = [asyncssh.packet.String(b"keepalive@openssh.com"), asyncssh.packet.Boolean(True)]
            for number in range(1, 11):
                for _ in range(10_000):
                    connection.send_packet(asyncssh.constants.MSG_GLOBAL_REQUEST, *question)
                await steps(other, number)
            assert room.memory() < memory + 8 * MEGABYTE
            transport(connection).abort()
            await steps(other, 0)


@pytest.mark.parametrize("seed", range(4))
def test_random_bytes_instead_of_ssh_are_hung_up_on(room: Room, seed: int) -> None:
    noise = random.Random(seed)
    with neighbour(room):
        for greeting in (b"", b"SSH-2.0-noise\r\n", b"SSH-1.5-old\r\n", b"GET / HTTP/1.1\r\n\r\n"):
            with room.connect() as connection:
                with contextlib.suppress(OSError):
                    connection.sendall(greeting + noise.randbytes(noise.choice((1, 100, 10_000, 200_000))) + b"\r\n")
                    connection.shutdown(socket.SHUT_WR)
                assert reads_to_the_end(connection) < 100_000


async def test_random_bytes_after_the_login_end_that_session_only(room: Room) -> None:
    with neighbour(room):
        before = room.processes
        for seed in range(5):
            async with connected(room) as connection:
                _, seen = await opened(connection)
                await seen.shows(b"13 steps")
                transport(connection).write(random.Random(seed).randbytes(5000))
                await connection.wait_closed()
        await until(lambda: room.processes == before)


@pytest.mark.parametrize("length", [1, 30_000])
async def test_what_somebody_types_is_for_their_own_session_alone(room: Room, length: int) -> None:
    with neighbour(room) as other:
        before = room.processes
        async with connected(room) as connection:
            channel, seen = await opened(connection)
            await seen.shows(b"13 steps")
            channel.write(random.Random(length).randbytes(length))
            await steps(other, 1, 2, 3, 0)
        await until(lambda: room.processes == before)


SIZES = [(1, 1), (0, 0), (2**32 - 1, 2**32 - 1), (0, 2**31), (65_536, 65_536), (30_000, 30_000), (500, 3), (3, 500)]


async def test_wild_sizes_leave_the_session_alive(room: Room) -> None:
    with neighbour(room):
        async with connected(room) as connection:
            channel, seen = await opened(connection)
            await seen.shows(b"13 steps")
            for columns, rows in SIZES * 40:
                channel.change_terminal_size(columns, rows)
            channel.change_terminal_size(80, 24)
            await seen.comes_to_rest()
            seen.clear()
            channel.change_terminal_size(81, 25)
            await seen.shows(b"13 steps")


async def test_a_session_may_begin_with_any_size(room: Room) -> None:
    for size in SIZES:
        async with connected(room) as connection:
            channel, seen = await opened(connection, size=size)
            channel.change_terminal_size(80, 24)
            await seen.shows(b"13 steps")


def test_those_who_connect_and_say_nothing_are_sent_away(room: Room) -> None:
    with neighbour(room), contextlib.ExitStack() as stack:
        silent = [stack.enter_context(room.connect()) for _ in range(5)]
        with room.session("fabc") as terminal:
            walk(terminal)
        for connection in silent:
            reads_to_the_end(connection)


def test_a_thousand_connections_in_a_row_leave_nothing(room: Room) -> None:
    with neighbour(room) as other:
        memory = 0
        for number in range(1_000):
            with room.connect() as connection:
                if number % 2:
                    connection.recv(100)
                    connection.sendall(b"SSH-2.0-passing\r\n")
            if number == 200:  # what one connection after the other needs is there by now
                memory = room.memory()
            if number % 250 == 0:
                other.press("right")
        other.wait_for("step 4 of 13")
        other.press("home")
        other.wait_for("start · 13 steps")
        assert room.memory() < memory + 4 * MEGABYTE


# ---- sessions


def test_a_session_that_is_killed_tells_its_client_and_restores_the_terminal(room: Room) -> None:
    with neighbour(room):
        before = room.processes
        with room.session("fabc") as terminal:
            terminal.wait_for("start · 13 steps")
            os.kill(session_process(room, before), signal.SIGKILL)
            assert terminal.wait_for_exit() != 0
            assert terminal.modes == {25, 7}


def test_a_session_that_hangs_ends_with_its_client(room: Room) -> None:
    with neighbour(room):
        before = room.processes
        with room.session("fabc") as terminal:
            terminal.wait_for("start · 13 steps")
            os.kill(session_process(room, before), signal.SIGSTOP)
            terminal.press("right", "right")
            terminal.signal(signal.SIGKILL)
        wait_until(lambda: room.processes == before)


async def test_a_session_that_hangs_takes_in_no_more_than_a_bounded_number_of_keys(room: Room) -> None:
    with neighbour(room) as other:
        before, memory = room.processes, room.memory()
        async with connected(room) as connection:
            channel, seen = await opened(connection)
            await seen.shows(b"13 steps")
            os.kill(session_process(room, before), signal.SIGSTOP)
            for number in range(1, 6):
                for _ in range(40):
                    channel.write(b"x" * 100_000)
                await steps(other, number)
            assert room.memory() < memory + 8 * MEGABYTE
            transport(connection).abort()
            await until(lambda: room.processes == before)
            await steps(other, 0)


def test_a_session_that_computes_without_end_is_ended_by_its_limit(room: Room) -> None:
    with neighbour(room):
        before = room.processes
        with room.session("fabc") as terminal:
            terminal.wait_for("start · 13 steps")
            session = session_process(room, before)
            used = processor_seconds(session)
            resource.prlimit(session, resource.RLIMIT_CPU, (int(used) + 1, int(used) + 3))
            with contextlib.suppress(OSError):
                while terminal.process.isalive():
                    terminal.press("right", "left")
                    terminal.read(0.01)
            assert terminal.wait_for_exit() != 0
            assert terminal.modes == {25, 7}


def test_a_session_without_memory_hurts_nobody_else(room: Room) -> None:
    with neighbour(room):
        before = room.processes
        with room.session("fabc") as terminal:
            terminal.wait_for("start · 13 steps")
            session = session_process(room, before)
            resource.prlimit(session, resource.RLIMIT_DATA, (MEGABYTE, MEGABYTE))
            with contextlib.suppress(OSError):
                terminal.press("v", "?", "escape", "escape")
                while terminal.read(1.0):
                    pass
        wait_until(lambda: room.processes == before)


# ---- the server


def test_the_server_ends_whatever_sessions_and_clients_do(tmp_path: Path) -> None:
    with serving(tmp_path) as room, contextlib.ExitStack() as stack:
        before = room.processes
        sessions = []
        for _ in range(3):
            terminal = stack.enter_context(room.session("fabc"))
            terminal.wait_for("start · 13 steps")
            sessions.append(session_process(room, before | set(sessions)))
            terminal.signal(signal.SIGSTOP)
        os.kill(sessions[0], signal.SIGSTOP)
        stack.enter_context(room.connect())
        assert room.stop() == 0
        assert not [process for process in sessions if not is_zombie(process)]


def test_nothing_is_left_of_a_server_that_is_killed(tmp_path: Path) -> None:
    with serving(tmp_path) as room, room.session("fabc") as terminal:
        terminal.wait_for("start · 13 steps")
        processes = room.processes
        assert len(processes) == 3
        room.process.kill()
        assert terminal.wait_for_exit() != 0
        room.process.wait()
        wait_until(lambda: all(is_zombie(process) for process in processes))


def processor_seconds(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def reads_to_the_end(connection: socket.socket) -> int:
    """Read until the server hangs up; return how many bytes came. TimeoutError where it never does."""
    count = 0
    with contextlib.suppress(ConnectionError):
        while data := connection.recv(65536):
            count += len(data)
    return count


# ---- clients of asyncssh, which can be made to misbehave


class Seen(asyncssh.SSHClientSession):
    """Collects what a session writes, and waits for parts of it."""

    def __init__(self) -> None:
        self._output = bytearray()
        self._more = asyncio.Event()
        self._is_over = False

    def data_received(self, data: bytes, datatype: object) -> None:
        self._output += data
        self._more.set()

    def connection_lost(self, exc: Exception | None) -> None:
        self._is_over = True
        self._more.set()

    def clear(self) -> None:
        self._output.clear()

    async def shows(self, part: bytes) -> None:
        """Wait until a part has been written since `clear`."""
        async with asyncio.timeout(DEADLINE):
            while part not in self._output:
                assert not self._is_over, f"the session has ended; it wrote {bytes(self._output[-2000:])!r}"
                self._more.clear()
                await self._more.wait()

    async def comes_to_rest(self) -> None:
        """Wait until nothing more is written for a moment."""
        with contextlib.suppress(TimeoutError):
            while True:
                self._more.clear()
                await asyncio.wait_for(self._more.wait(), 0.5)


@contextlib.asynccontextmanager
async def connected(room: Room) -> AsyncGenerator[Any]:
    """Log in with asyncssh's client, and hang up at the end."""
    connection = await asyncssh.connect(
        "127.0.0.1", room.port, config=None, known_hosts=None, username=USER, client_keys=[str(room.folder / "key")],
        agent_path=None,
    )  # fmt: skip
    try:
        yield connection
    finally:
        connection.abort()
        with contextlib.suppress(OSError, asyncssh.Error):
            await connection.wait_closed()


async def opened(connection: Any, size: tuple[int, int] = (80, 24), **options: Any) -> tuple[Any, Seen]:
    """Open `fabc` in a terminal of this size."""
    return await connection.create_session(
        Seen, "fabc", term_type="xterm-256color", term_size=size, encoding=None, **options
    )


def transport(connection: Any) -> Any:
    """Return what carries a connection: its client can be made to read nothing, or to write noise."""
    return connection._transport


async def until(holds: Callable[[], bool]) -> None:
    await asyncio.to_thread(wait_until, holds)
