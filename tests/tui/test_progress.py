"""Progress is kept between runs, and outlives whatever happens to its file."""

from __future__ import annotations

import errno
import json
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from gradwalk.engine.study.attempt import Attempt
from gradwalk.engine.study.level import Level
from gradwalk.tui.progress import database
from gradwalk.tui.progress.database import ProgressFile
from gradwalk.tui.progress.progress import Progress
from gradwalk.tui.progress.store import ProgressStore
from gradwalk.tui.session import Role, Session
from gradwalk.tui.settings import MemoryStore

from .progress_contract import LN, StoreContract
from .progress_tasks import One, attempt


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "gradwalk" / "progress.db"


def opened(path: Path) -> Progress:
    return Progress(ProgressFile(path))


class TestWhatIsKept(StoreContract):
    """What every store must do, in a file."""

    @pytest.fixture
    def store(self, path: Path) -> Callable[[], ProgressStore]:
        return lambda: ProgressFile(path)

    def test_looking_makes_no_file_and_an_open_attempt_is_none_yet(self, path: Path) -> None:
        progress = opened(path)
        assert progress.skills() == {}
        assert progress.level(LN) is Level.WORKED_EXAMPLE
        assert progress.note(Attempt(One()).hinted(), "drill") == ""
        assert not path.parent.exists()

    def test_what_is_forgotten_is_not_in_the_file(self, path: Path) -> None:
        progress = opened(path)
        progress.note(attempt("1"), "a secret lesson")
        progress.reset()
        assert b"a secret lesson" not in path.read_bytes()


class TestWhoIsRemembered:
    @pytest.mark.skipif(sys.platform == "win32", reason="files have no such modes there")
    def test_nobody_else_reads_it(self, path: Path) -> None:
        opened(path).note(attempt("1"), "drill")
        assert path.stat().st_mode & 0o777 == 0o600

    def test_a_guest_and_a_session_of_its_own_leave_no_trace(self) -> None:
        for session in (Session(Role.GUEST), Session(store=MemoryStore())):
            session.progress.note(attempt("1"), "drill")
            assert session.progress.standing(LN).right == 1
        assert not ProgressFile().path.exists()

    def test_who_is_alone_finds_it_again(self) -> None:
        Session().progress.note(attempt("1"), "drill")
        assert Session().progress.standing(LN).right == 1
        assert ProgressFile().path.is_relative_to(os.environ["XDG_STATE_HOME"])


class TestAFileThatIsNotRight:
    def test_wherever_it_is_broken_the_session_goes_on(self, path: Path) -> None:
        progress = opened(path)
        for _ in range(8):
            progress.note(attempt("-1", "?", "1"), "drill")
        good, places = path.read_bytes(), random.Random(10)
        for _ in range(25):
            content = bytearray(good)
            start = places.choice([places.randrange(200), places.randrange(len(content))])
            for place in range(start, min(start + places.choice([1, 20, 3000]), len(content))):
                content[place] = places.randrange(256)
            path.write_bytes(content)
            progress = opened(path)
            progress.skills()
            said = progress.note(attempt("1", skill="value:+"), "drill")
            assert progress.standing("value:+").right == 1
            assert opened(path).standing("value:+").right == 1 or "progress is not remembered" in said

    @pytest.mark.parametrize("content", [b"x" * 5000, b"SQLite format 3\0" + b"\xff" * 9000], ids=["text", "broken"])
    def test_it_is_set_aside_and_a_new_one_begins(self, path: Path, content: bytes) -> None:
        path.parent.mkdir(parents=True)
        path.write_bytes(content)
        progress = opened(path)
        assert progress.skills() == {}
        assert "is damaged; it is kept as progress.db.damaged, and a new one begins" in progress.problem()
        assert progress.problem() == ""
        assert progress.note(attempt("1"), "drill") == ""
        assert path.with_name("progress.db.damaged").read_bytes() == content
        assert len(opened(path).noted) == 1

    def test_a_page_that_is_broken_is_found(self, path: Path) -> None:
        progress = opened(path)
        for _ in range(16):
            progress.note(attempt("-" * 500), "drill")
        content = bytearray(path.read_bytes())
        content[8192:-4096] = os.urandom(len(content) - 12288)
        path.write_bytes(content)
        assert "is damaged" in progress.note(attempt("1"), "drill") or "is damaged" in opened(path).problem()

    def test_what_the_session_knows_is_written_into_the_new_one(self, path: Path) -> None:
        progress = opened(path)
        progress.note(attempt("1"), "drill")
        progress.finish("ln")
        path.write_bytes(b"x" * 5000)
        path.with_name("progress.db.damaged").write_bytes(b"an older one")
        assert "progress.db.damaged-2" in progress.note(attempt("-1"), "drill")
        again = opened(path)
        assert len(again.noted) == 2
        assert again.done("ln")

    def test_other_terminals_read_the_new_one_from_its_beginning(self, path: Path) -> None:
        one, other = opened(path), opened(path)
        for _ in range(3):
            one.note(attempt("1"), "drill")
        assert len(other.noted) == 3
        path.rename(path.with_name("moved.db"))
        opened(path).note(attempt("-1"), "drill")
        assert len(other.noted) == 4

    def test_a_row_that_is_none_of_ours_is_damage(self, path: Path) -> None:
        opened(path).note(attempt("1"), "drill")
        with sqlite3.connect(path) as connection:
            connection.execute("UPDATE attempt SET day = 'yesterday'")
        connection.close()
        progress = opened(path)
        assert progress.skills() == {}
        assert "is damaged" in progress.problem()

    def test_one_of_a_newer_version_is_not_touched(self, path: Path) -> None:
        opened(path).note(attempt("1"), "drill")
        with sqlite3.connect(path) as connection:
            connection.execute("PRAGMA user_version = 99")
        connection.close()
        before = path.read_bytes()
        progress = opened(path)
        said = progress.note(attempt("1"), "drill")
        assert "was written by a newer gradwalk" in said
        assert progress.note(attempt("1"), "drill") == ""
        assert progress.standing(LN).right == 2
        assert path.read_bytes() == before

    def test_one_of_an_older_version_is_brought_to_ours(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        opened(path).note(attempt("1"), "drill")
        later = ("CREATE TABLE goal (skill TEXT)",)
        monkeypatch.setattr(database, "MIGRATIONS", (*database.MIGRATIONS, later))
        assert len(opened(path).noted) == 1
        connection = sqlite3.connect(path)
        assert connection.execute("PRAGMA user_version").fetchone() == (2,)
        assert connection.execute("SELECT * FROM goal").fetchall() == []
        connection.close()

    @pytest.mark.parametrize("obstacle", ["a file where the folder would be", "a folder where the file would be"])
    def test_a_place_that_cannot_be_used_is_said_once(self, path: Path, obstacle: str) -> None:
        if obstacle.startswith("a folder"):
            path.mkdir(parents=True)
        else:
            path.parent.parent.mkdir(parents=True)
            path.parent.write_text(obstacle)
        progress = opened(path)
        said = [progress.note(attempt("1"), "drill"), progress.note(attempt("1"), "drill"), progress.finish("ln")]
        assert "progress is not remembered: " in said[0]
        assert said[1:] == ["", ""]
        assert progress.standing(LN).right == 2
        assert progress.done("ln")

    def test_one_that_is_locked_is_written_later(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(database, "WAIT", 0.0)
        monkeypatch.setattr(database, "SHORT_WAIT", 0.0)
        opened(path).note(attempt("1"), "drill")
        connection = sqlite3.connect(path, isolation_level=None)
        connection.execute("BEGIN EXCLUSIVE")
        progress = opened(path)
        assert "another program keeps it locked" in progress.note(attempt("1"), "drill")
        assert progress.note(attempt("1"), "drill") == ""
        connection.execute("ROLLBACK")
        connection.close()
        assert progress.note(attempt("1"), "drill") == "progress is remembered again"
        assert len(opened(path).noted) == 4

    def test_a_file_system_without_locks(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """SQLite calls a lock that the system refuses busy, as it does one that somebody else holds."""
        monkeypatch.setattr(database, "WAIT", 0.0)
        opened(path).note(attempt("1"), "drill")
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")

        def refuse(*_: object) -> None:
            raise OSError(errno.ENOLCK, "No locks available")

        monkeypatch.setattr("fcntl.lockf", refuse)
        progress = opened(path)
        assert "has no locks: use one gradwalk at a time" in progress.note(attempt("1"), "drill")
        assert progress.note(attempt("1"), "drill") == ""
        other.execute("ROLLBACK")
        other.close()
        assert len(opened(path).noted) == 3


class TestFaultsOfTheSystem:
    @pytest.fixture(scope="class")
    def faults(self) -> dict[str, Any]:
        if sys.platform == "win32":
            pytest.skip("processes are not forked there")
        with tempfile.TemporaryDirectory() as folder:
            Path(folder).chmod(0o755)  # another user reads in it
            command = [sys.executable, "-m", "tests.tui.progress_faults", folder]
            found = subprocess.run(command, capture_output=True, text=True, timeout=120, cwd=Path(__file__).parents[2])
        assert found.returncode == 0, found.stderr
        return json.loads(found.stdout)

    @pytest.mark.thorough
    def test_nothing_that_was_confirmed_is_lost_when_the_process_is_killed(self, faults: dict[str, Any]) -> None:
        rounds = faults["killed"]
        assert rounds[-1]["confirmed"] >= sum(one["waited"] for one in rounds) > len(rounds) / 2
        assert [one["lost"] for one in rounds] == [0] * len(rounds)
        assert all(one["unconfirmed"] <= 1 and one["problem"] == "" for one in rounds)

    def test_processes_side_by_side_lose_nothing_of_one_another(self, faults: dict[str, Any]) -> None:
        assert faults["side_by_side"] == {"problems": "", "noted": 45, "sittings": 3}

    @pytest.mark.parametrize("disk", ["limited", "tiny_disk"])
    def test_a_full_disk_is_said_once_and_what_did_not_fit_is_kept_when_there_is_room(
        self, faults: dict[str, Any], disk: str
    ) -> None:
        found = faults[disk]
        if found is None:
            pytest.skip("nothing may be mounted here")
        (said,) = found["said"]
        assert "progress is not remembered: " in said
        assert ("the disk is full" in said) == (disk == "tiny_disk")
        assert 0 < found["fitted"] == found["in_memory"] - 5
        assert found["kept_later"] == found["in_memory"]
        assert found["said_later"] == "progress is remembered again"
        assert found["problem"] == ""

    def test_what_may_only_be_read_is_read(self, faults: dict[str, Any]) -> None:
        found = faults["read_only"]
        if found is None:
            pytest.skip("nobody here may only read")
        assert (found["before"], found["after"]) == (1, 3)
        assert "it cannot be written" in found["said"][0]
        assert found["said"][1] == ""
        assert "Permission denied" in found["said_missing"]
