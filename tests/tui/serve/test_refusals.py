"""What must not be possible with `gradwalk serve`: one test each, with the real `ssh` and its companions."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

asyncssh = pytest.importorskip("asyncssh", reason="asyncssh is not installed")

from ..pseudo_terminal import DEADLINE, PseudoTerminal, wait_until  # noqa: E402
from .rooms import KEYGEN, SSH, Room, free_port, make_key, serving  # noqa: E402

SCP, SFTP, AGENT = shutil.which("scp"), shutil.which("sftp"), shutil.which("ssh-agent")

pytestmark = [
    pytest.mark.serve,
    pytest.mark.skipif(not (SSH and KEYGEN and SCP and SFTP and AGENT), reason="OpenSSH's client is needed"),
]


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """A lecture to which those come whose keys are in a file; its presenter has a key or types a code."""
    folder = tmp_path_factory.mktemp("room")
    make_key(folder / "presenter")
    options = ("--lecture", "--presenter-keys", str(folder / "presenter.pub"))
    with serving(folder, *options) as room:
        wait_until(lambda: "one-time code" in room.log)
        yield room


def is_alive(room: Room) -> bool:
    """Whether the server still serves."""
    return room.run("fabc", given="quit\n").returncode == 0


# ---- commands and files


@pytest.mark.parametrize(
    "asked",
    [
        "sh",
        "/bin/sh -c id",
        "fabc; id",
        "$(id)",
        "../fabc",
        "/etc/passwd",
        "fabc --plain",
        "a" * 5000,
    ],
    ids=lambda asked: asked[:12],
)
def test_no_command_is_run_and_nothing_but_a_scenario_is_opened(room: Room, asked: str) -> None:
    result = room.run(asked)
    assert result.returncode == 2
    assert result.stdout == ""
    assert result.stderr.startswith("gradwalk: this server opens scenarios, and runs no commands.")
    assert "fabc" in result.stderr


def test_a_command_at_a_terminal_is_refused_too(room: Room) -> None:
    with room.session("id") as terminal:
        terminal.wait_for("runs no commands")
        assert terminal.wait_for_exit() == 2


def test_no_file_is_fetched_by_sftp(room: Room, tmp_path: Path) -> None:
    result = copied(room, str(SFTP), "-P", "learner@127.0.0.1:/etc/passwd", str(tmp_path / "got"))
    assert result.returncode != 0
    assert "there are no files to fetch or to leave here" in result.stderr
    assert not (tmp_path / "got").exists()


@pytest.mark.parametrize("protocol", [[], ["-O"]], ids=["sftp", "legacy"])
def test_no_file_is_left_by_scp(room: Room, tmp_path: Path, protocol: list[str]) -> None:
    (tmp_path / "given").write_text("x")
    target = tmp_path / "left"
    result = copied(room, str(SCP), "-P", *protocol, str(tmp_path / "given"), f"learner@127.0.0.1:{target}")
    assert result.returncode != 0
    assert "there are no files" in result.stderr or "runs no commands" in result.stderr
    assert not target.exists()


def test_no_other_subsystem_is_served(room: Room) -> None:
    result = room.run("netconf", options=["-s"])
    assert result.returncode == 2
    assert result.stdout == ""
    assert "there are no files" in result.stderr


# ---- forwarding


def test_no_port_is_reached_through_it(room: Room) -> None:
    with socket.create_server(("127.0.0.1", 0)) as inside:
        result = room.run(options=["-W", f"127.0.0.1:{inside.getsockname()[1]}"])
    assert result.returncode == 255
    assert "stdio forwarding failed" in result.stderr


def test_it_listens_at_no_port_for_a_client(room: Room) -> None:
    port = free_port()
    result = room.run(options=["-o", "ExitOnForwardFailure=yes", "-N", "-R", f"{port}:127.0.0.1:{room.port}"])
    assert result.returncode == 255
    assert "remote port forwarding failed" in result.stderr


def test_no_socket_of_the_machine_is_reached_through_it(room: Room, tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as inside:
        inside.bind(str(tmp_path / "inside"))
        inside.listen()
        local = tmp_path / "local"
        command = room.command("-N", "-L", f"{local}:{tmp_path / 'inside'}")
        with subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as client:
            wait_until(local.exists)
            with socket.socket(socket.AF_UNIX) as outside:
                outside.connect(str(local))
                outside.settimeout(DEADLINE)
                assert outside.recv(1) == b""  # closed, and nobody was reached
            client.kill()
        inside.setblocking(False)
        with pytest.raises(BlockingIOError):
            inside.accept()


def test_it_listens_at_no_socket_for_a_client(room: Room, tmp_path: Path) -> None:
    path = tmp_path / "socket"
    result = room.run(options=["-o", "ExitOnForwardFailure=yes", "-N", "-R", f"{path}:127.0.0.1:{room.port}"])
    assert result.returncode == 255
    assert "remote port forwarding failed" in result.stderr
    assert not path.exists()


def test_no_agent_is_forwarded(room: Room, tmp_path: Path) -> None:
    assert AGENT is not None
    agent = tmp_path / "agent"
    with subprocess.Popen([AGENT, "-D", "-a", str(agent)], stdout=subprocess.DEVNULL) as process:
        wait_until(agent.exists)
        environment = {**os.environ, "SSH_AUTH_SOCK": str(agent)}
        command = [*room.command("-A"), "fabc"]
        subprocess.run(command, input="quit\n", env=environment, capture_output=True, text=True, timeout=DEADLINE)
        process.terminate()
    assert "why=forwarding detail=auth-agent-req@openssh.com" in room.log


def test_no_display_is_forwarded(room: Room, tmp_path: Path) -> None:
    xauth = tmp_path / "xauth"
    xauth.write_text(f"#!/bin/sh\necho '127.0.0.1:7 MIT-MAGIC-COOKIE-1 {'0' * 32}'\n")
    xauth.chmod(0o755)
    command = [*room.command("-Y", "-o", f"XAuthLocation={xauth}", "-o", "LogLevel=INFO"), "fabc"]
    environment = {**os.environ, "DISPLAY": "127.0.0.1:7"}
    subprocess.run(command, input="quit\n", env=environment, capture_output=True, text=True, timeout=DEADLINE)
    assert "why=forwarding detail=x11-req" in room.log


async def test_there_is_no_tunnel(room: Room) -> None:
    async with connected(room) as client:
        with pytest.raises(asyncssh.ChannelOpenError, match="forwards nothing"):
            await client.create_tun(lambda: asyncssh.SSHTunTapSession(), 7)
        with pytest.raises(asyncssh.ChannelOpenError, match="forwards nothing"):
            await client.create_tap(lambda: asyncssh.SSHTunTapSession(), 7)


async def test_there_is_no_second_session_on_a_connection(room: Room) -> None:
    async with connected(room) as client:
        first = await client.create_process("fabc", encoding=None)
        with pytest.raises(asyncssh.ChannelOpenError, match="one session for each connection"):
            await client.create_process("fabc", encoding=None)
        first.stdin.write(b"quit\n")
        assert (await first.wait()).exit_status == 0


async def test_no_screen_is_sent_byte_by_byte(room: Room) -> None:
    async with connected(room) as client:
        with pytest.raises(asyncssh.ChannelOpenError, match="packets of less than 1024 bytes are not served"):
            await client.create_session(asyncssh.SSHClientSession, "fabc", max_pktsize=1)
    assert is_alive(room)


@pytest.mark.parametrize("slow", ["rsa2048-sha256", "diffie-hellman-group18-sha512", "diffie-hellman-group14-sha1"])
async def test_no_keys_are_exchanged_in_a_way_that_takes_long(room: Room, slow: str) -> None:
    with pytest.raises(asyncssh.KeyExchangeFailed):
        await connected(room, kex_algs=[slow])
    async with connected(room, kex_algs=["ecdh-sha2-nistp256"]) as client:
        assert (await client.run("fabc", input="quit\n")).exit_status == 0


async def test_a_session_that_has_begun_without_a_terminal_gets_none(room: Room) -> None:
    async with connected(room) as client:
        process = await client.create_process("fabc", encoding=None)
        sizes = b"".join(each.to_bytes(4, "big") for each in (80, 24, 0, 0))
        terminal = (asyncssh.packet.String("xterm"), sizes, asyncssh.packet.String(b"\0"))
        assert not await process.channel._make_request(b"pty-req", *terminal)
        process.stdin.write(b"quit\n")
        assert (await process.wait()).exit_status == 0


async def test_who_keeps_asking_for_what_is_refused_is_disconnected(room: Room) -> None:
    async with connected(room) as client:
        with pytest.raises((asyncssh.ConnectionLost, asyncssh.ChannelOpenError), match=r"lost|closed"):
            for _ in range(100):
                try:
                    await client.open_connection("127.0.0.1", 1)
                except asyncssh.ChannelOpenError as error:
                    if "forwards nothing" not in str(error):
                        raise
    assert is_alive(room)


# ---- coming in


def test_nobody_comes_in_without_a_key(room: Room) -> None:
    result = room.run("fabc", options=["-o", "IdentityFile=none", "-o", "PubkeyAuthentication=no"])
    assert result.returncode == 255
    assert "Permission denied (publickey)" in result.stderr


def test_nobody_comes_in_with_another_key(room: Room) -> None:
    if not (room.folder / "stranger").exists():
        make_key(room.folder / "stranger")
    result = room.run("fabc", key="stranger")
    assert result.returncode == 255
    assert "Permission denied" in result.stderr


def test_a_key_that_is_added_comes_in_and_one_that_is_removed_does_not(room: Room) -> None:
    make_key(room.folder / "late")
    keys = room.folder / "authorized_keys"
    before = keys.read_text()
    assert room.run("fabc", key="late").returncode == 255
    keys.write_text(before + (room.folder / "late.pub").read_text())
    assert room.run("fabc", key="late", given="quit\n").returncode == 0
    keys.write_text(before)
    assert room.run("fabc", key="late").returncode == 255
    assert "keys read" in room.log


def test_nobody_presents_without_the_code_or_a_key_for_it(room: Room) -> None:
    result = room.run("fabc", user="presenter")
    assert result.returncode == 255
    assert "Permission denied" in result.stderr


def test_a_wrong_code_does_not_present_and_tries_are_bounded(room: Room) -> None:
    with presenting(room) as terminal:
        for tried in range(3):
            terminal.wait_for(lambda: terminal.text.count("One-time code:") == tried + 1)  # noqa: B023
            terminal.press("abc-def-ghj", "enter")
        assert terminal.wait_for_exit() == 255
        assert "that is not the code" in terminal.text.replace("\n", " ")


def test_a_code_presents_once(room: Room) -> None:
    def code() -> str:
        return [line for line in room.log.splitlines() if "one-time code: " in line][-1].rpartition(" ")[2]

    used = code()
    with presenting(room, "fabc") as terminal:
        terminal.wait_for("One-time code:")
        terminal.press(used, "enter")
        terminal.wait_for("presents to")
        terminal.press("q")
        assert terminal.wait_for_exit() == 0
    wait_until(lambda: code() != used)
    with presenting(room) as terminal:
        terminal.wait_for("One-time code:")
        terminal.press(used, "enter")
        terminal.wait_for(lambda: terminal.text.count("One-time code:") == 2)
        assert "not the code, or not any more" in " ".join(terminal.text.split())
    with presenting(room, "fabc") as terminal:
        terminal.wait_for("One-time code:")
        terminal.press(code().upper().replace("-", ""), "enter")
        terminal.wait_for("presents to")
        terminal.press("q")
        assert terminal.wait_for_exit() == 0


def test_a_key_of_the_presenter_is_for_presenting_only(room: Room) -> None:
    assert room.run("fabc", key="presenter").returncode == 255
    with room.session("fabc", user="presenter", key="presenter") as terminal:
        terminal.wait_for("presents to")
        terminal.press("q")
        assert terminal.wait_for_exit() == 0


@pytest.mark.parametrize("user", ["x\x1b[2J", "a\nb", "root", "../..", "x" * 900])
def test_a_user_name_means_nothing_and_writes_nothing_into_the_log(room: Room, user: str) -> None:
    result = room.run("fabc", user=user, given="quit\n")
    assert "\x1b" not in room.log
    assert result.returncode in (0, 255)


# ---- how


def presenting(room: Room, *command: str) -> PseudoTerminal:
    """Log in as the presenter, without a key."""
    options = ["-o", "BatchMode=no", "-o", "PubkeyAuthentication=no", "-o", "LogLevel=INFO"]
    return room.session(*command, user="presenter", options=options)


def connected(room: Room, **options: Any) -> asyncssh.SSHClientConnection:
    """Connect with a client of which every request can be chosen."""
    return asyncssh.connect(
        "127.0.0.1",
        room.port,
        username="learner",
        client_keys=[str(room.folder / "key")],
        known_hosts=None,
        config=None,
        **options,
    )


def copied(room: Room, program: str, port: str, *words: str) -> subprocess.CompletedProcess[str]:
    """Run `scp` or `sftp` with nothing of the user's own settings."""
    assert SSH is not None
    command = room.command()
    options = command[command.index("-i") : -1]
    del options[options.index("-e") : options.index("-e") + 2]
    arguments = [program, "-F", "none", port, str(room.port), *options, *words]
    return subprocess.run(arguments, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=DEADLINE)
