"""What of that which a client says reaches its session: asked with the real `ssh`, seen where a session would begin."""

from __future__ import annotations

import asyncio
import fcntl
import os
import struct
import termios
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

asyncssh = pytest.importorskip("asyncssh", reason="asyncssh is not installed")

from gradwalk.tui.serve.accepting import Acceptor, listening  # noqa: E402
from gradwalk.tui.serve.room import Options, Room  # noqa: E402
from gradwalk.tui.serve.session_request import Ended, SessionRequest  # noqa: E402
from gradwalk.tui.session import Role  # noqa: E402

from ..pseudo_terminal import DEADLINE, PseudoTerminal  # noqa: E402
from .rooms import SSH  # noqa: E402

pytestmark = [pytest.mark.serve, pytest.mark.skipif(not SSH, reason="OpenSSH's ssh is needed")]


class Begun:
    """Begins no session, and keeps what would have begun one: the request, and the size of its terminal."""

    sessions = 0

    def __init__(self) -> None:
        self.requests: list[SessionRequest] = []
        self.sizes: list[tuple[int, int]] = []

    async def begin(self, request: SessionRequest, link: int, *streams: int, progress: int | None = None) -> Any:
        self.requests.append(request)
        if len(streams) == 1:
            rows, columns, _, _ = struct.unpack("HHHH", fcntl.ioctl(streams[0], termios.TIOCGWINSZ, bytes(8)))
            self.sizes.append((columns, rows))
        os.write(streams[-1], b"begun\n")
        ended: asyncio.Future[Ended] = asyncio.get_running_loop().create_future()
        ended.set_result(Ended())
        return SimpleNamespace(pid=0, ended=ended, hang_up=do_nothing, terminate=do_nothing, kill=do_nothing)


def do_nothing() -> None:
    pass


@asynccontextmanager
async def room() -> AsyncIterator[tuple[Begun, int]]:
    """Serve a room that anyone may enter, in this process."""
    begun = Begun()
    listeners = listening("127.0.0.1", 0)
    room = Room(Options(is_open=True), lambda: ["fabc"], begun, lambda _: None, print)  # type: ignore[arg-type]
    acceptor = Acceptor(room, listeners, [asyncssh.generate_private_key("ssh-ed25519")])
    try:
        yield begun, listeners[0].getsockname()[1]
    finally:
        acceptor.close()
        room.abort_all()
        async with asyncio.timeout(DEADLINE):
            await room.emptied.wait()


async def asked(tmp_path: Path, *options: str, term: str = "xterm-256color", size: tuple[int, int] = (80, 24)) -> Begun:
    """Come in from a terminal, and return what would have begun."""
    async with room() as (begun, port):
        assert SSH is not None
        command = [
            SSH, "-F", "none", "-p", str(port), "-o", f"UserKnownHostsFile={tmp_path / 'hosts'}",
            "-o", "StrictHostKeyChecking=accept-new", "-tt", *options, "demo@127.0.0.1", "fabc",
        ]  # fmt: skip
        await asyncio.to_thread(come_and_go, command, term, size)
    return begun


def come_and_go(command: list[str], term: str, size: tuple[int, int]) -> None:
    with PseudoTerminal(*command, width=size[0], height=size[1], environment={"TERM": term}) as terminal:
        assert terminal.wait_for_exit() == 0
        assert "begun" in terminal.text


async def test_a_session_is_told_of_the_terminal_and_of_nothing_else(tmp_path: Path) -> None:
    sent = "COLORTERM=truecolor NO_COLOR= LD_PRELOAD=/tmp/x.so PYTHONPATH=/tmp GRADWALK_PROGRESS=sqlite LANG=C"
    begun = await asked(tmp_path, "-o", f"SetEnv={sent}")
    (request,) = begun.requests
    assert request.environment == {
        "TERM": "xterm-256color", "COLORTERM": "truecolor", "NO_COLOR": "", "LANG": "C.UTF-8",
    }  # fmt: skip
    assert (request.role, request.scenario, request.scenarios) == (Role.GUEST, "fabc", "")


@pytest.mark.parametrize("value", ["x\\ty", "$(id)", "x" * 100, "é"])
async def test_a_variable_with_anything_else_in_it_is_left_out(tmp_path: Path, value: str) -> None:
    begun = await asked(tmp_path, "-o", f'SetEnv=COLORTERM="{value}"')
    assert "COLORTERM" not in begun.requests[0].environment


@pytest.mark.parametrize("term", ["../../etc", "x;id", "a b", "x" * 100])
async def test_a_terminal_of_no_known_kind_is_taken_for_a_common_one(tmp_path: Path, term: str) -> None:
    begun = await asked(tmp_path, term=term)
    assert begun.requests[0].environment["TERM"] == "xterm"


@pytest.mark.parametrize(
    ("size", "given"), [((120, 40), (120, 40)), ((9000, 9000), (400, 150)), ((0, 0), (80, 24))], ids=str
)
async def test_a_size_is_bounded(tmp_path: Path, size: tuple[int, int], given: tuple[int, int]) -> None:
    async with (
        room() as (begun, port),
        asyncssh.connect("127.0.0.1", port, username="demo", known_hosts=None, config=None) as client,
    ):
        process = await client.create_process("fabc", term_type="xterm", term_size=size, encoding=None)
        await process.wait()
    assert begun.sizes == [given]
