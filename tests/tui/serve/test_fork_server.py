"""Sessions that are forked: what they show, what they may not do, and that they end."""

from __future__ import annotations

import asyncio
import os
import re
import resource
import signal
import socket
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

if not sys.platform.startswith("linux"):
    pytest.skip("sessions are served from Linux", allow_module_level=True)

from gradwalk.tui.serve.fork_server import ForkServer
from gradwalk.tui.serve.session_request import OUT_OF_MEMORY, Bounds, ForkServerError, SessionRequest

from ..pseudo_terminal import wait_until
from .served import XTERM, session

pytestmark = [pytest.mark.serve, pytest.mark.asyncio(loop_scope="module")]

FABC = SessionRequest(scenario="fabc", environment=XTERM)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def fork_server() -> AsyncIterator[ForkServer]:
    server = ForkServer.start()
    await server.ready()
    yield server
    await server.stop()


def is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


async def test_a_session_walks_and_leaves(fork_server: ForkServer) -> None:
    async with session(fork_server, FABC) as served:
        await served.wait_for("q Quit")
        assert "start · 13 steps" in served.text
        served.press("right")
        await served.wait_for("step 1 of 13")
        served.press("q")
        ended = await served.end()
        assert (ended.status, ended.signal, ended.fault) == (0, 0, "")
        assert 0 < ended.processor_seconds < 30
        assert ended.peak_memory > 1_000_000
        assert b"\x1b[?1049l" in served.output


async def test_sessions_do_not_see_each_other(fork_server: ForkServer) -> None:
    async with session(fork_server, FABC) as one, session(fork_server, SessionRequest(environment=XTERM)) as other:
        await one.wait_for("q Quit")
        await other.wait_for("Pen and paper")
        one.press("right", "right")
        await one.wait_for("step 2 of 13")
        assert one.process.pid != other.process.pid
        assert "step 2 of 13" not in other.text
        one.process.kill()
        assert (await one.end()).signal == signal.SIGKILL
        other.press("q")
        assert (await other.end()).status == 0


async def test_a_session_has_nothing_of_the_server(
    fork_server: ForkServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    request = SessionRequest(environment={**XTERM, "LD_PRELOAD": "x.so", "COLORTERM": "\x1b[31m"})
    with (tmp_path / "secret").open("w"):
        async with session(fork_server, request) as served:
            await served.wait_for("Pen and paper")
            folder = Path(f"/proc/{served.process.pid}")
            opened = [str(each.readlink()) for each in (folder / "fd").iterdir()]
            kinds = {each.partition("[")[0].partition(":")[0] for each in opened}
            assert len(opened) < 16
            assert kinds <= {*(each for each in opened if each.startswith("/dev/pts/")), "socket", "pipe", "anon_inode"}
            assert sum(each.startswith("socket") for each in opened) <= 3  # its link, and its event loop's own pair
            limits = (folder / "limits").read_text()
            assert os.getpgid(served.process.pid) == os.getsid(served.process.pid) == served.process.pid
            assert "NoNewPrivs:\t1" in (folder / "status").read_text()
    assert [line.split()[3:5] for line in limits.splitlines() if line.startswith("Max file size")] == [["0", "0"]]
    assert [line.split()[4:6] for line in limits.splitlines() if line.startswith("Max core file")] == [["0", "0"]]


async def test_passwords_in_the_environment_of_the_server_are_not_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGPASSWORD", "geheim")
    server = ForkServer.start()
    try:
        assert b"geheim" not in Path(f"/proc/{server.pid}/environ").read_bytes()
    finally:
        await server.stop()


async def test_a_hang_up_ends_a_session_whose_terminal_is_not_read(fork_server: ForkServer) -> None:
    async with session(fork_server, FABC) as served:
        await served.wait_for("q Quit")
        asyncio.get_running_loop().remove_reader(served.master)
        served.process.hang_up()
        assert (await served.end()).status == 128 + signal.SIGHUP


async def test_a_terminal_that_is_closed_ends_the_session(fork_server: ForkServer) -> None:
    async with session(fork_server, FABC) as served:
        await served.wait_for("q Quit")
        served.close()
        ended = await served.end()
        assert signal.SIGHUP in (ended.signal, ended.status - 128)


async def test_a_session_without_a_terminal_prints_the_walk(fork_server: ForkServer) -> None:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    (to_read, to_write), (read_error, error) = os.pipe(), os.pipe()
    nothing = os.open(os.devnull, os.O_RDONLY)
    with ours, theirs:
        process = await fork_server.begin(FABC, theirs.fileno(), nothing, to_write, error)
        for descriptor in (nothing, to_write, error):
            os.close(descriptor)
        with open(to_read) as printed, open(read_error) as said:  # noqa: PTH123
            assert (await asyncio.to_thread(printed.read)).startswith("Pen and paper: f(a, b, c).\n")
            assert "`ssh -t` gives one" in await asyncio.to_thread(said.read)
        assert (await process.ended).status == 0


async def test_an_unknown_scenario_is_a_sentence(fork_server: ForkServer) -> None:
    request = SessionRequest(scenario="/etc/passwd", environment=XTERM)
    async with session(fork_server, request) as served:
        ended = await served.end()
        await served.wait_for("a guest walks the scenarios that are built in")
        assert (ended.status, ended.fault) == (2, "")


async def test_processor_time_that_is_used_up_ends_a_session_with_a_sentence(fork_server: ForkServer) -> None:
    request = SessionRequest(scenario="xor", environment=XTERM, bounds=Bounds(processor=1))
    async with session(fork_server, request) as served:
        await served.wait_for("q Quit")
        while not served.process.ended.done():
            written = len(served.output)
            served.press("right", "left")
            await served.wait_for(lambda: len(served.output) > written or served.process.ended.done())  # noqa: B023
        ended = await served.end()
        said = re.sub(rb"\^\[\[[CD]", b"", bytes(served.output))  # without keys that came late
        assert b"has used the 1 seconds of processor time" in said
        assert ended.status == 128 + signal.SIGXCPU
        assert b"\x1b[?1049l" in served.output


async def test_a_session_may_have_more_processor_time_than_anybody_waits_for(fork_server: ForkServer) -> None:
    request = SessionRequest(scenario="fabc", environment=XTERM, bounds=Bounds(processor=999_999_999 * 3600))
    async with session(fork_server, request) as served:
        await served.wait_for("q Quit")


async def test_memory_that_is_used_up_ends_a_session_with_a_sentence(fork_server: ForkServer) -> None:
    async with session(fork_server, SessionRequest(scenario="fabc", environment=XTERM)) as served:
        await served.wait_for("q Quit")
        used = int(Path(f"/proc/{served.process.pid}/statm").read_text().split()[5]) * resource.getpagesize()
        resource.prlimit(served.process.pid, resource.RLIMIT_DATA, (used + 2**22, used + 2**25))
        while not served.process.ended.done():
            served.press("v", "?", "escape", "o", "escape", "m")
            await asyncio.wait([served.process.ended], timeout=0.1)
        ended = await served.end()
        assert b"has used the memory that it may" in served.output
        assert (ended.status, ended.signal, ended.fault) == (OUT_OF_MEMORY, 0, "")
        assert b"\x1b[?1049l" in served.output


async def test_sessions_end_with_the_process_they_were_forked_from_and_others_can_begin() -> None:
    server = ForkServer.start()
    try:
        await server.ready()
        async with session(server, FABC) as served:
            await served.wait_for("q Quit")
            before = server.pid
            os.kill(before, signal.SIGKILL)
            assert (await served.end()).signal == signal.SIGKILL
            wait_until(lambda: not is_running(served.process.pid))
            async with session(server, FABC) as another:
                await another.wait_for("q Quit")
                assert server.pid != before
    finally:
        await server.stop()


async def test_sessions_end_with_the_server_that_began_them() -> None:
    server = ForkServer.start()
    await server.ready()
    async with session(server, FABC) as served:
        await served.wait_for("q Quit")
        await server.stop()
        await served.end()
        wait_until(lambda: not is_running(served.process.pid))
    with pytest.raises(ForkServerError):
        await server.begin(FABC, 0, 0)
