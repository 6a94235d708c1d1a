"""What a learner has practised is there when they come again, through `gradwalk serve`, `ssh` and PostgreSQL."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("gradwalk serve needs a Unix system", allow_module_level=True)
pytest.importorskip("asyncssh", reason="the extra serve is not installed")
pytest.importorskip("psycopg", reason="the extra serve is not installed")

from ..pseudo_terminal import GRADWALK, PseudoTerminal, wait_until
from .postgres_server import INITDB, PostgresServer
from .rooms import KEYGEN, SSH, Room, make_key, serving

pytestmark = [
    pytest.mark.serve,
    pytest.mark.skipif(not (SSH and KEYGEN), reason="OpenSSH's ssh and ssh-keygen are needed"),
    pytest.mark.skipif(not INITDB, reason="PostgreSQL's server is needed"),
]


@pytest.fixture(scope="module")
def database() -> Iterator[PostgresServer]:
    with tempfile.TemporaryDirectory() as folder:
        server = PostgresServer(Path(folder))
        yield server
        server.thaw()
        server.stop()


@pytest.fixture(scope="module")
def room(database: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    folder = tmp_path_factory.mktemp("room")
    for name in ("other", "second", "third"):
        make_key(folder / name)
    environment = {"GRADWALK_PROGRESS": database.url(database.new_database())}
    with serving(folder, "--open", authorized=False, environment=environment) as room:
        yield room


def practises(terminal: PseudoTerminal) -> None:
    """Take two steps that are shown as worked examples, which is noted."""
    terminal.wait_for("q Quit")
    terminal.press("P", "right", "right")
    terminal.wait_for("step 2 of 13")
    terminal.wait_for("Shown as an example")


def progress_of(terminal: PseudoTerminal) -> str:
    terminal.wait_for("q Quit")
    terminal.press("ctrl+p", "Progress")
    terminal.wait_for("What you have practised")
    terminal.press("enter")
    terminal.wait_for(lambda: "To practise now" in terminal.text or "Nothing was practised" in terminal.text)
    return terminal.text


def test_who_comes_again_goes_on_where_they_were(room: Room, database: PostgresServer) -> None:
    with room.session("fabc") as terminal:
        practises(terminal)
    with room.session("fabc") as terminal:
        assert "2 skills: 2 new." in progress_of(terminal)
        assert "Drill, by ctrl+p, asks for them" in terminal.text
    with room.session("fabc", key="other") as terminal:
        assert "Nothing was practised" in progress_of(terminal)
    assert "remembered in postgresql://gradwalk@127.0.0.1" in room.log
    assert database.password not in room.log


def test_a_session_has_neither_the_password_nor_a_way_to_the_database(room: Room, database: PostgresServer) -> None:
    before = room.processes
    with room.session("fabc", key="second") as terminal:
        practises(terminal)
        (session,) = room.processes - before
        for process in room.processes:
            assert database.password not in Path(f"/proc/{process}/cmdline").read_text()
        assert database.password not in Path(f"/proc/{session}/environ").read_text()
        opened = [str(each.readlink()) for each in Path(f"/proc/{session}/fd").iterdir()]
        sockets = {each.partition("[")[2].rstrip("]") for each in opened if each.startswith("socket:")}
        networks = Path(f"/proc/{session}/net/tcp").read_text() + Path(f"/proc/{session}/net/tcp6").read_text()
        assert sockets
        assert not sockets & {line.split()[9] for line in networks.splitlines() if len(line.split()) > 9}


def test_a_database_that_hangs_is_said_once_and_the_walk_goes_on(room: Room, database: PostgresServer) -> None:
    with room.session("fabc", key="third") as terminal, room.session("fabc", key="other") as bystander:
        terminal.wait_for("q Quit")
        bystander.wait_for("q Quit")
        database.freeze()
        terminal.press("P", "right")
        terminal.wait_for("progress is not remembered")
        terminal.press("right")
        terminal.wait_for("step 2 of 13")
        bystander.press("right")
        bystander.wait_for("step 1 of 13")
        database.thaw()
        wait_until(lambda: "progress back" in room.log)
        terminal.press("right", "right", "right")
        terminal.wait_for("progress is remembered again")
        assert b"gradwalk@" not in terminal.output
        assert b"127.0.0.1" not in terminal.output
    assert room.log.count("progress gone") == room.log.count("progress back") == 1
    with room.session("fabc", key="third") as terminal:
        assert "Nothing was practised" not in progress_of(terminal)


def test_a_server_without_its_database_serves_and_says_so(tmp_path: Path) -> None:
    with serving(tmp_path, "--open", "--progress", "postgresql://nobody@127.0.0.1:1/none", authorized=False) as room:
        wait_until(lambda: "is not remembered now" in room.log)
        with room.session("fabc") as terminal:
            terminal.wait_for("q Quit")
            terminal.press("P", "right")
            terminal.wait_for("progress is not remembered")
            terminal.press("q")
            assert terminal.wait_for_exit() == 0


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--progress", "postgresql://u:geheim@h/d"], "GRADWALK_PROGRESS"),
        (["--lecture", "--bus", "redis://:geheim@h"], "GRADWALK_BUS"),
        (["--progress", "mysql://geheim@h/d"], "postgresql://user@host/database"),
    ],
)
def test_passwords_on_the_command_line_are_refused_and_not_repeated(options: list[str], said: str) -> None:
    command = [GRADWALK, "serve", "127.0.0.1:0", "--open", *options]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert ended.returncode == 2
    assert said in ended.stderr
    assert "geheim" not in ended.stderr + ended.stdout
