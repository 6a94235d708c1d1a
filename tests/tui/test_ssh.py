"""The walk through a real OpenSSH server on loopback: what a guest at `ssh demo@host` gets."""

from __future__ import annotations

import getpass
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("needs a Unix sshd", allow_module_level=True)

from .pilots import command, opened, text
from .pseudo_terminal import GRADWALK, PseudoTerminal, wait_until

SSH = shutil.which("ssh")
KEYGEN = shutil.which("ssh-keygen")
SSHD = shutil.which("sshd", path=os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin", "/sbin"]))

pytestmark = [
    pytest.mark.thorough,
    pytest.mark.skipif(not (SSH and KEYGEN and SSHD), reason="OpenSSH's ssh, ssh-keygen and sshd are needed"),
]


PAGE = (Path(__file__).parents[2] / "docs" / "openssh.md").read_text(encoding="utf-8")
"""The page that says how a server is set up; the one here is set up so."""

SIXTEEN = rb"\x1b\[(?:1;)?[39][1-6]m"
"""What sets one of a terminal's own sixteen colours."""


@dataclass
class Server:
    """A running sshd, and how to reach it."""

    port: int
    folder: Path

    def command(self, *options: str, asked: str = "") -> list[str]:
        """Return a client command that uses nothing of the user's own settings; `asked` stands behind the host."""
        assert SSH is not None
        return [
            SSH, "-F", "none", "-p", str(self.port), "-i", str(self.folder / "key"), "-o", "IdentitiesOnly=yes",
            "-o", "BatchMode=yes", "-o", f"UserKnownHostsFile={self.folder / 'known_hosts'}",
            "-o", "StrictHostKeyChecking=accept-new", "-o", "LogLevel=ERROR", *options,
            f"{getpass.getuser()}@127.0.0.1", *([asked] if asked else []),
        ]  # fmt: skip

    def session(
        self, width: int = 120, height: int = 40, term: str = "xterm-256color", *options: str, asked: str = "fabc"
    ) -> PseudoTerminal:
        """Log in from a pseudo-terminal of its own."""
        environment = {"TERM": term, "COLORTERM": None, "SSH_AUTH_SOCK": None}
        return PseudoTerminal(
            *self.command("-tt", *options, asked=asked), width=width, height=height, environment=environment
        )


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Start sshd on a free port of loopback, set up as the page says, and stop it at the end."""
    assert KEYGEN is not None
    assert SSHD is not None
    folder = tmp_path_factory.mktemp("sshd")
    for name in ("host", "key"):
        subprocess.run([KEYGEN, "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name)], check=True)
    shutil.copy(folder / "key.pub", folder / "authorized_keys")
    port = free_port()
    guest = folder / "gradwalk-guest"
    guest.write_text(script(folder), encoding="utf-8")
    guest.chmod(0o755)
    (folder / "sshd_config").write_text(
        f"""
Port {port}
ListenAddress 127.0.0.1
HostKey {folder / "host"}
PidFile {folder / "pid"}
StrictModes no
PermitRootLogin prohibit-password
PasswordAuthentication no
KbdInteractiveAuthentication no
{restrictions(folder)}
""",
        encoding="utf-8",
    )
    made = os.geteuid() == 0 and not Path("/run/sshd").exists()
    if made:
        Path("/run/sshd").mkdir(mode=0o755)  # sshd's privilege separation wants it; a container has no one to make it
    process = subprocess.Popen([SSHD, "-D", "-e", "-f", str(folder / "sshd_config")], stderr=subprocess.PIPE, text=True)
    try:
        assert process.stderr is not None
        heard: list[str] = []
        for line in process.stderr:  # it ends when sshd does
            heard.append(line)
            if "Server listening" in line:
                break
        else:
            pytest.skip(f"sshd does not start here: {''.join(heard)}")
        yield Server(port, folder)
    finally:
        process.terminate()
        process.wait(timeout=30)
        if made:
            with suppress(OSError):
                Path("/run/sshd").rmdir()


def restrictions(folder: Path) -> str:
    """Return what the page puts into the configuration of sshd, for whoever runs the tests and their folder."""
    found = re.search(r"```text\n(Match User demo\n.*?)```", PAGE, re.DOTALL)
    assert found is not None
    names = {
        "Match User demo": f"Match User {getpass.getuser()}",
        "/etc/ssh/gradwalk_keys": str(folder / "authorized_keys"),
        "/usr/local/bin/gradwalk-guest": str(folder / "gradwalk-guest"),
    }
    return replaced(found[1], names)


def script(folder: Path) -> str:
    """Return the script that guests get by the page; it notes its process, and what else would be the user's own."""
    found = re.search(r"printf '(#!.*?)' > /usr/local/bin/gradwalk-guest", PAGE)
    assert found is not None
    lines = found[1].replace("\\n", "\n")
    noted = f"#!/bin/sh\necho $$ > {folder / 'guest'}\nexport XDG_CONFIG_HOME={folder / 'config'}\n"
    return replaced(lines, {"#!/bin/sh\n": noted, "/opt/gradwalk/bin/gradwalk": GRADWALK})


def replaced(text: str, names: dict[str, str]) -> str:
    """Replace names in a text that all have to be there."""
    for name, by in names.items():
        assert name in text, name
        text = text.replace(name, by)
    return text


async def test_the_whole_walk_works_and_q_ends_the_session(server: Server) -> None:
    async with opened("fabc", (120, 40)) as pilot:
        screens = [text(pilot)]
        for _ in range(13):
            command(pilot, "forward")
            await pilot.pause()
            screens.append(text(pilot))
    with server.session() as terminal:
        terminal.wait_for(lambda: terminal.text == screens[0])
        for expected in screens[1:]:
            terminal.press("right")
            terminal.wait_for(lambda: terminal.text == expected)  # noqa: B023
        for expected in screens[-2::-1]:
            terminal.press("left")
            terminal.wait_for(lambda: terminal.text == expected)  # noqa: B023
        terminal.press("q")
        assert terminal.wait_for_exit() == 0
        assert terminal.modes == {25, 7}


def test_a_resize_passes(server: Server) -> None:
    with server.session(80, 24) as terminal:
        terminal.wait_for("q Quit")
        terminal.resize(40, 10)
        terminal.wait_for("gradwalk needs a window")
        terminal.resize(120, 40)
        terminal.wait_for(lambda: terminal.lines[-1].endswith("q Quit"))
        terminal.press("q")
        assert terminal.wait_for_exit() == 0


@pytest.mark.parametrize(
    ("term", "options", "colours"),
    [
        ("xterm", [], SIXTEEN),
        ("xterm-256color", [], rb";38;5;"),
        ("xterm-256color", ["-o", "SetEnv=COLORTERM=truecolor"], rb";38;2;"),
        ("alacritty", [], rb";38;2;"),
        ("xterm-direct", [], rb";38;2;"),
    ],
)
def test_the_kind_of_terminal_passes_and_decides_the_colours(
    server: Server, term: str, options: list[str], colours: bytes
) -> None:
    with server.session(80, 24, term, *options) as terminal:
        terminal.wait_for("q Quit")
        terminal.press("q")
        assert terminal.wait_for_exit() == 0
        for palette in (SIXTEEN, rb";38;5;", rb";38;2;"):
            assert bool(re.search(palette, terminal.output)) == (palette == colours)


def test_a_dumb_terminal_gets_questions_and_answers(server: Server) -> None:
    with server.session(term="dumb") as terminal:
        terminal.wait_for("Command:")
        assert "Pen and paper: f(a, b, c)." in terminal.text
        terminal.press("quit", "enter")
        assert terminal.wait_for_exit() == 0


@pytest.mark.parametrize("options", [[], ["-tt"]], ids=["no terminal", "a terminal"])
@pytest.mark.parametrize("asked", ["sh", "echo in", "fabc; id", "../fabc", "walk --plain fabc", "$(id)", "fbac"])
def test_a_guest_who_asks_for_a_command_is_told_what_to_ask_for(server: Server, asked: str, options: list[str]) -> None:
    result = run(server.command(*options, asked=asked))
    said = result.stdout + result.stderr
    assert result.returncode == 2
    assert "no command is run here: `ssh -t USER@HOST` opens gradwalk" in said
    assert ('did you mean "fabc"?' if asked == "fbac" else "fabc") in said
    assert "uid=" not in said


def test_without_a_terminal_a_walk_is_printed_and_a_terminal_is_named(server: Server) -> None:
    result = run(server.command(asked="fabc"))
    assert result.returncode == 0
    assert result.stdout.startswith("Pen and paper: f(a, b, c).\n")
    assert "`ssh -t` gives one" in result.stderr


def test_files_are_not_copied(server: Server, tmp_path: Path) -> None:
    for copy in (["scp", "-O"], ["scp"], ["sftp"]):
        program = shutil.which(copy[0])
        assert program is not None
        options = server.command()[1:-1]
        options[options.index("-p")] = "-P"
        result = run(
            [program, *copy[1:], *options, f"{getpass.getuser()}@127.0.0.1:/etc/passwd", str(tmp_path / "copy")]
        )
        assert result.returncode != 0
        assert not (tmp_path / "copy").exists()


def test_each_guest_has_a_theme_of_their_own(server: Server) -> None:
    with server.session(80, 24) as first, server.session(80, 24) as second:
        for guest in (first, second):
            guest.wait_for("q Quit")
        begun = grounds(first)
        assert grounds(second) == begun
        first.press("t")
        first.wait_for(lambda: grounds(first) != begun)
        second.press("right")
        second.wait_for("step 1 of 13")
        assert grounds(second) == begun
        with server.session(80, 24) as third:
            third.wait_for("q Quit")
            assert grounds(third) == begun, "nothing is remembered for whoever comes next"
        with server.session(80, 24, "xterm-256color", "-o", "SetEnv=GRADWALK_THEME=light") as fourth:
            fourth.wait_for("q Quit")
            first.wait_for(lambda: grounds(first) == grounds(fourth))  # it is brought along
    assert not (server.folder / "config").exists()


def grounds(terminal: PseudoTerminal) -> set[str]:
    """Return the colours behind the first two rows of a screen."""
    return {terminal.screen.buffer[row][column].bg for row in (0, 1) for column in range(80)}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["-o", "ExitOnForwardFailure=yes", "-N", "-R", "{free}:127.0.0.1:{port}"], "remote port forwarding failed"),
        (["-W", "127.0.0.1:{port}"], "stdio forwarding failed"),
    ],
    ids=["remote", "stdio"],
)
def test_forwarding_is_refused(server: Server, options: list[str], said: str) -> None:
    free = free_port()
    result = run(server.command(*(option.format(free=free, port=server.port) for option in options)))
    assert result.returncode == 255
    assert said in result.stderr


def test_hanging_up_ends_the_program(server: Server) -> None:
    with server.session(80, 24) as terminal:
        terminal.wait_for("q Quit")
        guest = int((server.folder / "guest").read_text())
        assert is_running(guest)
    wait_until(lambda: not is_running(guest))


def is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def run(command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=60)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
