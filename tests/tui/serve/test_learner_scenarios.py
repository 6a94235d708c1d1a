"""Scenarios and courses that a server offers, through `gradwalk serve --scenarios` and `ssh`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("gradwalk serve needs a Unix system", allow_module_level=True)
pytest.importorskip("asyncssh", reason="the extra serve is not installed")

from .rooms import KEYGEN, SSH, Room, serving

pytestmark = [
    pytest.mark.serve,
    pytest.mark.skipif(not (SSH and KEYGEN), reason="OpenSSH's ssh and ssh-keygen are needed"),
]


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    folder = tmp_path_factory.mktemp("room")
    offered = folder / "offered"
    offered.mkdir()
    cube = 'title = "Cubes"\nsummary = "A cube."\n[inputs]\nx = 3\n[graph]\nf = "x^3"\n'
    (offered / "cube.toml").write_text(cube)
    (offered / "broken.toml").write_text(cube.replace('f = "x^3"', 'f = "x^"'))
    (offered / "two.toml").write_text(
        'title = "Two"\n[[lesson]]\nscenario = "cube.toml"\n[[lesson]]\nscenario = "fabc"\n'
    )
    (folder / "secret.toml").write_text(cube)
    with serving(folder, "--open", "--scenarios", str(offered), authorized=False) as room:
        yield room


def test_the_server_says_what_it_offers(room: Room) -> None:
    assert "these are offered too: two, broken, cube." in room.log


def test_a_scenario_and_a_course_open_by_their_names(room: Room) -> None:
    with room.session("cube") as terminal:
        terminal.wait_for("f = x³")
        terminal.press("escape")
        terminal.wait_for("Offered here")
        terminal.press("q")
        assert terminal.wait_for_exit() == 0
    with room.session("two") as terminal:
        terminal.wait_for("begins lesson 1, Cubes")
        terminal.press("enter")
        terminal.wait_for("lesson 1 of 2 · Cubes")
        terminal.press("q")
        assert terminal.wait_for_exit() == 0


def test_the_library_lists_them_first_and_says_what_is_wrong_with_one(room: Room) -> None:
    with room.session() as terminal:
        terminal.wait_for("A course of 2 lessons")
        terminal.wait_for("broken.toml")
        assert str(room.folder).encode() not in terminal.output
        terminal.press("enter")
        terminal.wait_for("0 of 2 lessons done")
        terminal.press("escape")
        terminal.wait_for("choose a scenario")
        terminal.press("down", "down", "enter")
        terminal.wait_for("f = x³")


def test_without_a_terminal_they_are_printed(room: Room) -> None:
    assert room.run("cube").stdout.startswith("Cubes.\n")
    assert room.run("two").stdout.startswith("Two.\n")


@pytest.mark.parametrize(
    "name", ["../secret", "secret", "secret.toml", "offered/cube", "cube.toml", "/etc/passwd", "."]
)
def test_nothing_is_opened_by_a_path(room: Room, name: str) -> None:
    refused = room.run(name)
    assert refused.returncode == 2
    assert "There is no scenario by that name" in refused.stderr
    assert "cube" in refused.stderr
    assert str(Path(room.folder)) not in refused.stderr
