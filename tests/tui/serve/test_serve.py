"""`gradwalk serve` as those who come see it: the program, at their terminal, through the real `ssh`."""

from __future__ import annotations

import re
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("asyncssh", reason="asyncssh is not installed")

from ..pilots import command, opened, text
from ..pseudo_terminal import wait_until
from .rooms import KEYGEN, SSH, Room, make_key, serving

pytestmark = [
    pytest.mark.serve,
    pytest.mark.skipif(not (SSH and KEYGEN), reason="OpenSSH's ssh and ssh-keygen are needed"),
]

SIXTEEN = rb"\x1b\[(?:1;)?[39][1-6]m"
"""What sets one of a terminal's own sixteen colours."""


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    with serving(tmp_path_factory.mktemp("room"), "--open", authorized=False) as room:
        yield room


async def test_the_whole_walk_works_and_q_ends_the_session(room: Room) -> None:
    async with opened("fabc", (120, 40)) as pilot:
        screens = [text(pilot)]
        for _ in range(13):
            command(pilot, "forward")
            await pilot.pause()
            screens.append(text(pilot))
    with room.session("fabc", width=120, height=40) as terminal:
        terminal.wait_for(lambda: terminal.text == screens[0])
        for expected in screens[1:]:
            terminal.press("right")
            terminal.wait_for(lambda: terminal.text == expected)  # noqa: B023
        terminal.press("q")
        assert terminal.wait_for_exit() == 0
        assert terminal.modes == {25, 7}


def test_without_a_scenario_there_is_the_library(room: Room) -> None:
    with room.session() as terminal:
        terminal.wait_for("choose a scenario to walk")
        terminal.press("q")
        assert terminal.wait_for_exit() == 0


def test_a_resize_passes(room: Room) -> None:
    with room.session("fabc") as terminal:
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
    ],
)
def test_the_kind_of_terminal_decides_the_colours(room: Room, term: str, options: list[str], colours: bytes) -> None:
    with room.session("fabc", options=options, term=term) as terminal:
        terminal.wait_for("q Quit")
        terminal.press("q")
        assert terminal.wait_for_exit() == 0
        for palette in (SIXTEEN, rb";38;5;", rb";38;2;"):
            assert bool(re.search(palette, terminal.output)) == (palette == colours)


def test_a_dumb_terminal_gets_questions_and_answers(room: Room) -> None:
    with room.session("fabc", term="dumb") as terminal:
        terminal.wait_for("Command:")
        assert "Pen and paper: f(a, b, c)." in terminal.text
        terminal.press("quit", "enter")
        assert terminal.wait_for_exit() == 0


def test_keys_that_are_exchanged_anew_lose_nothing(room: Room) -> None:
    with room.session("fabc", options=["-o", "RekeyLimit=16K"]) as terminal:
        terminal.wait_for("start · 13 steps")
        for _ in range(3):
            for step in range(1, 14):
                terminal.press("right")
                terminal.wait_for(f"step {step} of 13")
            terminal.press("home")
            terminal.wait_for("start · 13 steps")
        terminal.press("q")
        assert terminal.wait_for_exit() == 0


@pytest.mark.parametrize("cipher", ["chacha20-poly1305@openssh.com", "aes256-gcm@openssh.com", "aes128-ctr"])
def test_the_ciphers_of_clients_old_and_new_do(room: Room, cipher: str) -> None:
    assert room.run("fabc", options=["-c", cipher], given="quit\n").returncode == 0


def test_without_a_terminal_the_walk_is_printed(room: Room) -> None:
    result = room.run("fabc", given="next\nquit\n")
    assert result.returncode == 0
    assert result.stdout.startswith("Pen and paper: f(a, b, c).\n")
    assert "`ssh -t` gives one" in result.stderr


def test_the_host_key_is_made_once_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    told: list[str] = []
    for _ in range(2):
        with serving(tmp_path, "--open", authorized=False) as room:
            wait_until(lambda: "Its host key is:" in room.log)
            told.append(next(line for line in room.log.splitlines() if "host key" in line).split()[-1])
    (made,) = (tmp_path / "state" / "gradwalk").iterdir()
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    assert told == [fingerprint(made)] * 2


def test_a_host_key_of_ones_own_is_what_clients_see(tmp_path: Path) -> None:
    make_key(tmp_path / "host")
    with serving(tmp_path, "--host-key", str(tmp_path / "host")) as room:
        assert room.run("fabc").returncode == 0
    known = (tmp_path / "known_hosts").read_text().split()
    assert known[1:3] == (tmp_path / "host.pub").read_text().split()[:2]


def fingerprint(path: Path) -> str:
    """Return how OpenSSH names a key."""
    assert KEYGEN is not None
    told = subprocess.run([KEYGEN, "-l", "-f", str(path)], capture_output=True, text=True, check=True)
    return told.stdout.split()[1]
