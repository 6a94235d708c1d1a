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
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from gradwalk.engine.study.attempt import Attempt, Outcome
from gradwalk.engine.study.level import Level
from gradwalk.engine.study.mastery import State
from gradwalk.engine.study.noted import WrongAnswer
from gradwalk.tui.progress import database
from gradwalk.tui.progress.database import ProgressFile
from gradwalk.tui.progress.progress import Progress
from gradwalk.tui.session import Role, Session
from gradwalk.tui.settings import MemoryStore

from .progress_tasks import One, attempt

LN, PRODUCT = "local derivative:ln", "contribution:*"
PARIS = timezone(timedelta(hours=1))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "gradwalk" / "progress.db"


def opened(path: Path) -> Progress:
    return Progress(ProgressFile(path))


class TestWhatIsKept:
    def test_another_run_finds_what_was_noted(self, path: Path) -> None:
        assert opened(path).note(attempt("-1", "7", "?", "1"), "lesson ln") == ""
        (noted,) = opened(path).noted
        assert (noted.where, noted.ask, noted.kind, noted.skills) == ("lesson ln", "∂s/∂l", One().kind, (LN,))
        assert (noted.outcome, noted.hints) == (Outcome.HELPED, 1)
        assert noted.wrong == (WrongAnswer("-1", (("sign",), ("reciprocal", "other-operand"))), WrongAnswer("7"))
        assert opened(path).mistakes() == {"sign": 1}
        assert opened(path).outcomes("lesson ln") == {"∂s/∂l": Outcome.HELPED}
        assert opened(path).outcomes("drill") == {}

    def test_looking_makes_no_file_and_an_open_attempt_is_none_yet(self, path: Path) -> None:
        progress = opened(path)
        assert progress.skills() == {}
        assert progress.level(LN) is Level.WORKED_EXAMPLE
        assert progress.note(Attempt(One()).hinted(), "drill") == ""
        assert not path.parent.exists()

    def test_three_days_of_mixed_practice_are_mastery(self, path: Path) -> None:
        for day in (1, 2, 3):
            progress = Progress(ProgressFile(path), lambda day=day: datetime(2026, 3, day, 18, tzinfo=PARIS))
            for skill in (PRODUCT, LN):
                progress.note(attempt("1", skill=skill), "drill")
        last = Progress(ProgressFile(path), lambda: datetime(2026, 3, 9, tzinfo=PARIS))
        assert last.standing(LN).state is State.MASTERED
        assert last.standing(PRODUCT).state is State.LEARNING
        assert last.level(LN) is Level.RESULT

    def test_days_are_those_of_the_learner_s_calendar(self, path: Path) -> None:
        progress = Progress(ProgressFile(path), lambda: datetime(2026, 3, 2, 0, 30, tzinfo=PARIS))
        progress.note(attempt("1"), "drill")
        (noted,) = opened(path).noted
        assert noted.day == date(2026, 3, 2)
        assert noted.at.isoformat() == "2026-03-01T23:30:00+00:00"

    def test_a_worked_example_is_noted_once_and_then_something_is_asked(self, path: Path) -> None:
        progress = opened(path)
        for _ in range(3):
            assert progress.show([LN], "fabc") == ""
        assert len(progress.noted) == 1
        assert opened(path).level(LN) is Level.LAST_FACTOR

    def test_lessons_and_places(self, path: Path) -> None:
        progress = opened(path)
        assert not progress.done("ln")
        assert progress.place() is None
        progress.finish("ln")
        progress.stand("chain", step=4, exercise=1)
        progress.stand("mine", course="/home/me/course.toml")
        again = opened(path)
        assert again.done("ln")
        assert not again.done("ln", course="/home/me/course.toml")
        assert list(again.finished()) == ["ln"]
        assert [(p.lesson, p.step, p.exercise) for p in again.places.values()] == [("chain", 4, 1), ("mine", 0, 0)]

    def test_text_that_is_not_unicode_and_answers_without_end(self, path: Path) -> None:
        odd = os.fsdecode(b"/home/\xff.toml")
        progress = opened(path)
        assert progress.note(attempt("\udcff" + "9" * 10**5), f"lesson {odd}") == ""
        assert progress.finish("a", course=odd) == ""
        assert opened(path).done("a", course=odd)
        assert len(opened(path).noted[0].wrong[0].answer) <= 500

    def test_terminals_side_by_side_see_one_another(self, path: Path) -> None:
        one, other = opened(path), opened(path)
        one.note(attempt("1"), "drill")
        other.note(attempt("-1"), "drill")
        assert one.skills() == other.skills()
        assert one.standing(LN).answered == 2

    def test_reset_forgets_everything(self, path: Path) -> None:
        progress, other = opened(path), opened(path)
        progress.note(attempt("1"), "a secret lesson")
        progress.finish("ln")
        progress.reset()
        assert (opened(path).skills(), opened(path).done("ln")) == ({}, False)
        assert b"a secret lesson" not in path.read_bytes()
        other.note(attempt("1"), "drill")
        assert len(opened(path).noted) == 1


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
        assert progress.note(attempt("1"), "drill") == ""
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
        assert found["said_later"] == found["problem"] == ""

    def test_what_may_only_be_read_is_read(self, faults: dict[str, Any]) -> None:
        found = faults["read_only"]
        if found is None:
            pytest.skip("nobody here may only read")
        assert (found["before"], found["after"]) == (1, 3)
        assert "it cannot be written" in found["said"][0]
        assert found["said"][1] == ""
        assert "Permission denied" in found["said_missing"]
