"""Progress in a real PostgreSQL: what every store must do, and what is done when the database is gone."""

from __future__ import annotations

import asyncio
import gc
import re
import secrets
import signal
import socket
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

if not sys.platform.startswith("linux"):
    pytest.skip("the server's processes are looked up as Linux has them", allow_module_level=True)
pytest.importorskip("psycopg", reason="the extra serve is not installed")

from gradwalk.engine.errors import GradwalkError
from gradwalk.engine.study.noted import Noted, WrongAnswer
from gradwalk.tui.progress import postgres, postgres_database, schema, served
from gradwalk.tui.progress.postgres import PostgresStore
from gradwalk.tui.progress.postgres_database import PostgresDatabase, has_password, without_password
from gradwalk.tui.progress.progress import Progress
from gradwalk.tui.progress.served import ServedStore
from gradwalk.tui.progress.store import Finished, ProgressStore, Stood, StoreError
from gradwalk.tui.serve.progress_keeper import ProgressKeeper
from gradwalk.tui.session import Role, Session

from ..progress_contract import LN, MakesStore, StoreContract
from ..progress_tasks import attempt
from ..pseudo_terminal import wait_until
from .postgres_server import INITDB, PostgresServer

pytestmark = [pytest.mark.serve, pytest.mark.skipif(not INITDB, reason="PostgreSQL's server is needed")]

GONE = "progress is not remembered: the course's database cannot be reached; this session goes on in memory"
AGAIN = "progress is remembered again"
ANNA, BEN = "SHA256:anna", "SHA256:ben"


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    with tempfile.TemporaryDirectory() as folder:  # a server that is not root's cannot go where pytest has its files
        server = PostgresServer(Path(folder))
        yield server
        server.thaw()
        server.stop()


@dataclass
class Told:
    """A database, and what was told of it."""

    database: PostgresDatabase
    heard: list[str] = field(default_factory=list[str])

    def store(self, learner: str = ANNA) -> PostgresStore:
        return PostgresStore(self.database, learner)

    def progress(self, learner: str = ANNA) -> Progress:
        return Progress(self.store(learner))

    def wait_until_there(self) -> None:
        wait_until(lambda: self.database.is_there)


@pytest.fixture
def opened(server: PostgresServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Told]]:
    """Open databases by their URLs, which are tried again soon."""
    monkeypatch.setattr(postgres_database, "FIRST_PAUSE", 0.05)
    monkeypatch.setattr(postgres_database, "LONGEST_PAUSE", 0.2)
    all_of_them: list[PostgresDatabase] = []

    def opened(url: str) -> Told:
        heard: list[str] = []
        database = PostgresDatabase(url, heard.append)
        all_of_them.append(database)
        return Told(database, heard)

    yield opened
    server.thaw()
    for database in all_of_them:
        database.close()


@pytest.fixture
def told(server: PostgresServer, opened: Callable[[str], Told]) -> Told:
    """A database that is new and empty."""
    return opened(server.url(server.new_database()))


@contextmanager
def keeping(url: str) -> Iterator[Callable[[str], socket.socket]]:
    """Run a keeper in an event loop of its own, and give what opens a door to it."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    async def begun() -> ProgressKeeper:
        keeper = ProgressKeeper(url)
        assert await keeper.start() == ""
        return keeper

    async def door(keeper: ProgressKeeper, learner: str) -> socket.socket:
        return keeper.door(learner)

    keeper = asyncio.run_coroutine_threadsafe(begun(), loop).result(30)
    try:
        yield lambda learner: asyncio.run_coroutine_threadsafe(door(keeper, learner), loop).result(30)
    finally:
        asyncio.run_coroutine_threadsafe(keeper.close(), loop).result(30)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


class TestWhatIsKept(StoreContract):
    @pytest.fixture
    def store(self, told: Told) -> MakesStore:
        return told.store


class TestWhatASessionHasKeptByItsServer(StoreContract):
    @pytest.fixture
    def door(self, server: PostgresServer) -> Iterator[Callable[[str], socket.socket]]:
        with keeping(server.url(server.new_database())) as door:
            yield door

    @pytest.fixture
    def store(self, door: Callable[[str], socket.socket]) -> Iterator[MakesStore]:
        ends: list[socket.socket] = []

        def made() -> ProgressStore:
            ends.append(door(ANNA))
            return ServedStore(ends[-1])

        yield made
        for end in ends:
            end.close()

    def test_more_than_a_message_holds(self, store: MakesStore, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(served, "MOST_BYTES", 20_000)
        monkeypatch.setattr(postgres, "PAGE", 7)
        written = [noted(number, "9" * 400) for number in range(100)]
        store().write(written)
        assert Progress(store()).noted == written

    @pytest.mark.parametrize(
        "nonsense", [b"\xff\xff\xff\xff", b"\0\0\0\2{}", b"\0\0\0\1x"], ids=["endless", "empty", "text"]
    )
    def test_a_session_that_talks_nonsense_is_not_heard_and_others_are(
        self, door: Callable[[str], socket.socket], nonsense: bytes
    ) -> None:
        with door(BEN) as end, door(ANNA) as other:
            end.settimeout(30)
            end.sendall(nonsense)
            end.shutdown(socket.SHUT_WR)
            assert end.recv(1) == b""
            assert Progress(ServedStore(other)).note(attempt("1"), "drill") == ""

    def test_whose_progress_it_is_the_session_cannot_say(self, door: Callable[[str], socket.socket]) -> None:
        with door(BEN) as end, door(ANNA) as other:
            asked = served.packed(served.Write(1, (noted(1, "x"),)))[4:]
            asked = asked.replace(b'"noted"', b'"learner":"SHA256:anna","noted"')
            end.sendall(len(asked).to_bytes(4, "big") + asked)
            assert end.recv(4)
            with door(BEN) as again:
                assert len(Progress(ServedStore(again)).noted) == 1
            assert Progress(ServedStore(other)).noted == []

    def test_a_server_that_is_gone_is_said_once(self, door: Callable[[str], socket.socket]) -> None:
        end = door(ANNA)
        end.shutdown(socket.SHUT_RDWR)
        progress = Progress(ServedStore(end))
        assert "the server of the course does not keep it any more" in progress.note(attempt("1"), "drill")
        assert progress.note(attempt("1"), "drill") == ""
        assert progress.standing(LN).right == 2
        end.close()


@pytest.mark.parametrize(
    "nonsense",
    [b'{"type":"re\xffad","number":1}', b'{"type":"read","number":1,"x":' + b"[" * 100_000],
    ids=["no text", "deep"],
)
async def test_what_can_be_no_message_is_no_fault_of_the_server_s(nonsense: bytes) -> None:
    loop, faults = asyncio.get_running_loop(), list[Any]()
    loop.set_exception_handler(lambda _, context: faults.append(context))
    keeper = ProgressKeeper("postgresql://127.0.0.1:1/nowhere")
    with keeper.door(BEN) as end:
        end.setblocking(False)
        await loop.sock_sendall(end, len(nonsense).to_bytes(4, "big") + nonsense)
        assert await loop.sock_recv(end, 1) == b""
    await keeper.close()
    gc.collect()  # an error that nobody took is told when its task goes
    assert not faults


def test_an_answer_that_comes_too_late_is_not_taken_for_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(served, "PATIENCE", 0.01)
    monkeypatch.setattr(served, "PAUSE", 0.0)
    ours, theirs = socket.socketpair()
    with ours, theirs:
        store = ServedStore(theirs)
        with pytest.raises(StoreError, match="does not answer"):
            store.read()
        monkeypatch.setattr(served, "PATIENCE", 30.0)
        late, right = served.Done(1, mark=1), served.Done(2, mark=2)
        ours.sendall(served.packed(late) + served.packed(right))
        assert store.read().mark == 2


class TestLearners:
    def test_none_sees_or_forgets_what_is_another_s(self, told: Told) -> None:
        anna, ben = told.progress(ANNA), told.progress(BEN)
        anna.note(attempt("1"), "drill")
        anna.finish("ln")
        ben.stand("chain", 3)
        assert (ben.noted, ben.done("ln"), anna.place()) == ([], False, None)
        ben.reset()
        assert len(told.progress(ANNA).noted) == 1
        assert told.progress(BEN).place() is None

    def test_the_same_attempt_of_two_learners_is_two(self, told: Told) -> None:
        for learner in (ANNA, BEN):
            told.store(learner).write([noted(1, learner)])
        assert [told.progress(learner).noted[0].wrong[0].answer for learner in (ANNA, BEN)] == [ANNA, BEN]

    def test_many_at_once_lose_nothing_and_read_in_order(self, told: Told) -> None:
        def practises(n: int) -> int:
            progress, reader = told.progress(f"{n % 2}"), told.store(f"{n % 2}")
            mark, seen = 0, 0
            for _ in range(15):
                assert progress.note(attempt("1"), "drill") == ""
                kept = reader.read(mark)
                mark, seen = kept.mark, seen + len(kept.noted)
            return seen

        with ThreadPoolExecutor(6) as threads:
            seen = [*threads.map(practises, range(6))]
        for learner in ("0", "1"):
            assert len(told.progress(learner).noted) == 45
        assert told.heard == []
        assert max(seen) == 45  # whoever was last has read what all wrote

    def test_what_nobody_does_by_hand_is_bounded(self, told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(postgres, "MOST_ATTEMPTS", 5)
        huge = "9" * 100_000
        one = noted(1, huge, *[huge] * 50)
        changes = [one, Finished(huge, huge, one.day), Stood(huge, huge, 2**40, -(2**40), one.at)]
        told.store().write(changes)
        told.store().write(changes)
        (kept,) = told.progress().noted
        assert len(kept.wrong) == 16
        assert max(len(one.answer) for one in kept.wrong) == 2000
        assert told.progress().places[huge[:200]].step == 2**31 - 1
        store = told.store()
        store.write([noted(number, "") for number in range(2, 6)])
        with pytest.raises(StoreError, match="more than 5 attempts") as error:
            store.write([noted(6, "")])
        assert error.value.is_final
        assert told.heard == []


class TestTheSchema:
    def test_many_that_begin_at_once_make_it_once(self, server: PostgresServer, opened: Callable[[str], Told]) -> None:
        url = server.url(server.new_database())
        databases = [opened(url) for _ in range(8)]
        with ThreadPoolExecutor(8) as threads:
            assert {*threads.map(lambda told: told.database.try_now(), databases)} == {""}
        assert [told.heard for told in databases] == [[]] * 8

    def test_one_of_an_older_version_is_brought_to_ours(
        self, server: PostgresServer, opened: Callable[[str], Told], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        name = server.new_database()
        opened(server.url(name)).progress().note(attempt("1"), "drill")
        later = (*schema.MIGRATIONS, ("CREATE TABLE goal ({learner}skill TEXT)",))
        monkeypatch.setattr(postgres_database, "MIGRATIONS", later)
        assert len(opened(server.url(name)).progress().noted) == 1
        assert server.do("SELECT number FROM gradwalk.version", name) == [(2,)]
        assert server.do("SELECT learner, skill FROM gradwalk.goal", name) == []

    def test_one_of_a_newer_version_is_not_touched(self, server: PostgresServer, opened: Callable[[str], Told]) -> None:
        name = server.new_database()
        opened(server.url(name)).progress().note(attempt("1"), "drill")
        server.do("UPDATE gradwalk.version SET number = 99", name)
        told = opened(server.url(name))
        progress = told.progress()
        assert "was written by a newer gradwalk" in told.database.try_now()
        assert "was written by a newer gradwalk" in progress.note(attempt("1"), "drill")
        assert progress.note(attempt("1"), "drill") == ""
        assert server.do("SELECT count(*) FROM gradwalk.attempt", name) == [(1,)]

    def test_a_database_in_place_of_the_one_that_was_there_is_read_from_its_beginning(
        self, server: PostgresServer, told: Told
    ) -> None:
        name = told.database.name.rpartition("/")[2]
        one, other = told.progress(), told.progress()
        for _ in range(3):
            one.note(attempt("1"), "drill")
        assert len(other.noted) == 3
        server.do("DROP SCHEMA gradwalk CASCADE", name)
        assert told.progress().note(attempt("-1"), "drill") == ""
        assert len(other.noted) == 4

    @pytest.mark.parametrize(
        ("options", "why"), [("TEMPLATE template0 ENCODING LATIN1 LC_COLLATE 'C' LC_CTYPE 'C'", "must be UTF8")]
    )
    def test_one_that_cannot_hold_it(
        self, server: PostgresServer, opened: Callable[[str], Told], options: str, why: str
    ) -> None:
        told = opened(server.url(server.new_database(options)))
        assert why in told.database.try_now()
        assert why in told.heard[0]

    def test_a_user_who_may_not_make_it_uses_what_was_made_for_them(
        self, server: PostgresServer, opened: Callable[[str], Told]
    ) -> None:
        name, user = server.new_database(), f"user_{secrets.token_hex(4)}"
        server.do(f"CREATE ROLE {user} LOGIN PASSWORD 'ordinary'")
        url = f"postgresql://{user}:ordinary@127.0.0.1:{server.port}/{name}"
        told = opened(url)
        assert told.progress().note(attempt("1"), "drill") == GONE
        assert "permission denied" in told.heard[0]
        server.do(f"CREATE SCHEMA gradwalk AUTHORIZATION {user}", name)
        told.database.close()
        assert opened(url).progress().note(attempt("1"), "drill") == ""


class TestWhenItIsGone:
    def test_it_is_said_once_and_kept_when_it_is_there_again(self, server: PostgresServer, told: Told) -> None:
        progress, other = told.progress(), told.progress(BEN)
        assert progress.note(attempt("1"), "drill") == ""
        server.stop()
        try:
            said = [progress.note(attempt("1"), "drill"), progress.finish("ln"), progress.note(attempt("-1"), "drill")]
            assert said == [GONE, "", ""]
            assert other.note(attempt("1"), "drill") == GONE
            assert progress.standing(LN).answered == 3
            assert progress.done("ln")
        finally:
            server.start()
        told.wait_until_there()
        assert progress.skills()  # looking is enough
        assert progress.problem() == AGAIN
        assert other.note(attempt("1"), "drill") == AGAIN
        again = told.progress()
        assert (len(again.noted), again.done("ln"), len(told.progress(BEN).noted)) == (3, True, 2)
        assert len(told.heard) == 2
        assert told.heard[1] == ""

    def test_whoever_leaves_when_it_is_there_again_has_everything_kept(
        self, server: PostgresServer, told: Told
    ) -> None:
        session = Session(Role.GUEST, progress=told.store())
        assert session.progress.note(attempt("1"), "drill") == ""
        server.freeze()
        try:
            assert session.progress.note(attempt("1"), "drill") == GONE
        finally:
            server.thaw()
        told.wait_until_there()
        session.leave()
        assert len(told.progress().noted) == 2

    def test_one_that_was_begun_anew_between_two_answers(self, server: PostgresServer, told: Told) -> None:
        progress = told.progress()
        progress.note(attempt("1"), "drill")
        server.stop()
        server.start()
        assert progress.note(attempt("1"), "drill") == ""
        assert told.heard == []

    def test_one_that_hangs_keeps_nobody_and_gets_everything_later(self, server: PostgresServer, told: Told) -> None:
        progress = told.progress()
        progress.note(attempt("1"), "drill")
        server.freeze()
        try:
            assert progress.note(attempt("1"), "drill") == GONE  # it comes back, while nothing answers
            assert [progress.note(attempt("1"), "drill") for _ in range(50)] == [""] * 50
        finally:
            server.thaw()
        told.wait_until_there()
        assert progress.note(attempt("1"), "drill") == AGAIN
        assert len(told.progress().noted) == 53

    def test_one_that_somebody_keeps_locked(self, server: PostgresServer, told: Told) -> None:
        import psycopg

        progress = told.progress()
        progress.note(attempt("1"), "drill")
        with psycopg.connect(server.url(told.database.name.rpartition("/")[2])) as connection:
            connection.execute("LOCK TABLE gradwalk.attempt IN ACCESS EXCLUSIVE MODE")
            assert progress.note(attempt("1"), "drill") == GONE
        told.wait_until_there()
        assert progress.note(attempt("1"), "drill") == AGAIN
        assert len(told.progress().noted) == 3

    def test_one_that_may_only_be_read(self, server: PostgresServer, told: Told) -> None:
        name = told.database.name.rpartition("/")[2]
        told.progress().note(attempt("1"), "drill")
        server.do(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
        told.database.close()
        reading = PostgresDatabase(server.url(name))
        try:
            progress = Progress(PostgresStore(reading, ANNA))
            assert len(progress.noted) == 1
            assert progress.note(attempt("1"), "drill") == GONE
        finally:
            reading.close()

    def test_nothing_that_was_confirmed_is_lost_when_it_is_killed(self, server: PostgresServer, told: Told) -> None:
        confirmed: set[int] = set()
        tried, stop = 0, threading.Event()

        def practises() -> None:
            nonlocal tried
            while not stop.is_set():
                tried += 1
                try:
                    told.store().write([noted(tried, "")])
                except StoreError:
                    stop.wait(0.01)
                else:
                    confirmed.add(tried)

        thread = threading.Thread(target=practises)
        thread.start()
        try:
            for _ in range(3):
                before = len(confirmed)
                wait_until(lambda: len(confirmed) > before + 20)  # noqa: B023
                server.stop(signal.SIGKILL)
                server.start()
                told.wait_until_there()
        finally:
            stop.set()
            thread.join()
        kept = [one.number for one in told.progress().noted]
        assert len(kept) == len({*kept})
        assert confirmed <= {*kept}

    def test_where_nobody_listens_a_session_begins_all_the_same(self, opened: Callable[[str], Told]) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            told = opened(f"postgresql://gradwalk@127.0.0.1:{probe.getsockname()[1]}/gradwalk")
            assert told.progress().note(attempt("1"), "drill") == GONE
        assert "refused" in told.heard[0]


def test_what_teachers_are_told_to_ask_is_answered(server: PostgresServer, opened: Callable[[str], Told]) -> None:
    name = server.new_database()
    told = opened(server.url(name))
    told.progress(ANNA).note(attempt("-1", "1"), "drill")
    told.progress(BEN).note(attempt("1"), "drill")
    text = (Path(__file__).parents[3] / "docs" / "learners.md").read_text(encoding="utf-8")
    _, asked, forgotten = re.findall(r"```sql\n(.*?)```", text, re.DOTALL)
    hard, mistakes = asked.strip().split("\n\n")
    assert [(row[0], row[1], int(str(row[2]))) for row in server.do(hard, name)] == [(LN, 2, 50)]
    assert server.do(mistakes, name) == [("sign", 1)]
    server.do(forgotten.replace("SHA256:...", ANNA), name)
    assert server.do("SELECT DISTINCT learner FROM gradwalk.attempt", name) == [(BEN,)]


class TestSecrets:
    def test_a_password_is_in_nothing_that_is_said(self, server: PostgresServer, opened: Callable[[str], Told]) -> None:
        wrong = "not-the-password"
        told = opened(server.url(password=wrong))
        said = told.progress().note(attempt("1"), "drill")
        assert "password authentication failed" in told.heard[0]
        assert wrong not in told.heard[0] + said + told.database.name
        assert "gradwalk" not in said.replace("gradwalk is", "")

    @pytest.mark.parametrize(
        "url", ["mysql://h/secret", "postgresql://u:secret@h/d?nonsense=secret", "postgresql://[secret", "secret"]
    )
    def test_what_is_no_url_is_not_repeated(self, url: str) -> None:
        with pytest.raises(GradwalkError, match="postgresql://user@host/database") as error:
            PostgresDatabase(url)
        assert "secret" not in str(error.value)

    def test_urls_with_and_without_a_password(self) -> None:
        with_it = [
            "postgresql://u:p@h/d",
            "redis://:p@h",
            "postgresql://h/d?password=p",
            "postgresql://h/d?sslPassword=",
        ]
        without = [
            "postgresql://u@h:5432/d",
            "redis://h:6379/0",
            "postgresql:///d?host=/run/postgresql",
            "postgresql://[",
        ]
        assert [has_password(url) for url in with_it + without] == [True] * 4 + [False] * 4
        assert without_password("postgresql://u:p@h:1/d?password=p") == "postgresql://u@h:1/d"


def noted(number: int, *answers: str) -> Noted:
    at = datetime(2026, 3, 1, tzinfo=UTC)
    wrong = tuple(WrongAnswer(answer) for answer in answers)
    return Noted("sitting", number, at, at.date(), "drill", "∂s/∂l", None, (LN,), None, wrong=wrong)
