"""A lecture over a real Redis: it spans servers, and goes on alone where Redis is gone, until it is back."""

from __future__ import annotations

import asyncio
import random
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest
from gradwalk.tui.lecture.messages import (
    Answered,
    Asked,
    Audience,
    Counted,
    Leads,
    PartCount,
    Replaced,
    Show,
    Showing,
    Shown,
    Tally,
)
from gradwalk.tui.serve.bus import BusError, Joined, Led, on_the_bus
from gradwalk.tui.serve.events import Event, Notice, Noticed
from gradwalk.tui.serve.lecture_hall import LectureHall
from gradwalk.tui.serve.presenter_code import PresenterCode, Try
from gradwalk.tui.session import Role

from ..pseudo_terminal import DEADLINE
from .test_lecture import Learner, asked, shows

REDIS = shutil.which("redis-server")

pytest.importorskip("redis", reason="the extra serve is not installed")

from gradwalk.tui.serve import redis_bus  # noqa: E402
from gradwalk.tui.serve.redis_bus import RedisBus  # noqa: E402
from gradwalk.tui.serve.redis_client import PATIENCE, place  # noqa: E402

pytestmark = [
    pytest.mark.serve,
    pytest.mark.skipif(REDIS is None, reason="redis-server is needed"),
    pytest.mark.skipif(sys.platform == "win32", reason="rooms are served by Unix"),
]

CHANNEL = "gradwalk:1:lecture:tuesday"
KEY = f"{CHANNEL}:led"


def free_port() -> int:
    """Return a port that nobody uses, and that no client is given: who tries it while it is free must be refused."""
    while True:
        port = random.randrange(10_000, 32_000)
        with socket.socket() as free, suppress(OSError):
            free.bind(("127.0.0.1", port))
            return port


class RedisServer:
    """A redis-server on a free port of loopback, which can be stopped and started again."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.folder = folder
        self.options = options
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        assert REDIS is not None
        command = [REDIS, "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir", str(self.folder)]
        self.process = subprocess.Popen([*command, *self.options], stdout=subprocess.DEVNULL)
        deadline = monotonic() + DEADLINE
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
                return
            except OSError:
                assert self.process.poll() is None, "redis-server has ended"
                assert monotonic() < deadline, "redis-server does not start"
                sleep(0.01)

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def client(self, **options: str) -> Any:
        import redis

        return redis.Redis(port=self.port, **options)


@pytest.fixture(autouse=True)
def impatience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a connection tried again soon, however often it has failed."""
    monkeypatch.setattr(redis_bus, "LONGEST_DELAY", 0.5)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RedisServer]:
    server = RedisServer(tmp_path)
    server.start()
    yield server
    server.kill()


class Hall:
    """A server at which the lecture is held, and what it told its journal."""

    def __init__(self, url: str) -> None:
        self.events: list[Event] = []
        self.codes: list[str] = []
        self.hall = LectureHall(self.events.append, RedisBus(url, "tuesday"))
        self.hall.open()

    def come(self, role: Role = Role.FOLLOWER) -> Learner:
        learner = Learner()
        learner.seat = self.hall.join(learner, role)
        return learner

    def shares_a_code(self) -> PresenterCode:
        code = PresenterCode(self.codes.append)
        self.hall.share(code)
        return code

    @property
    def notices(self) -> list[Notice]:
        return [event.what for event in self.events if isinstance(event, Noticed)]


Open = Callable[[], Hall]


@pytest.fixture
async def opened(server: RedisServer) -> AsyncIterator[Open]:
    halls: list[Hall] = []

    def open_another() -> Hall:
        halls.append(Hall(server.url))
        return halls[-1]

    yield open_another
    for hall in halls:
        await hall.hall.close()


async def becomes(holds: Callable[[], object]) -> None:
    """Wait until a condition holds."""
    async with asyncio.timeout(DEADLINE):
        while not holds():
            await asyncio.sleep(0.01)


async def test_followers_at_another_server_see_it_and_one_at_a_server_that_starts_late_sees_it_at_once(
    opened: Open,
) -> None:
    here, there = opened(), opened()
    presenter, learner = here.come(Role.PRESENTER), there.come()
    presenter.says(shows("fabc"))
    await becomes(lambda: learner.sees == "fabc" and learner.last(Leads) == Leads(True))
    late = opened().come()
    await becomes(lambda: late.sees == "fabc" and late.last(Leads) == Leads(True))
    presenter.leaves()
    await becomes(lambda: learner.last(Leads) == late.last(Leads) == Leads(False))


async def test_answers_at_all_servers_are_counted_together_and_a_server_that_ends_drops_out(opened: Open) -> None:
    here, there = opened(), opened()
    presenter, learners = here.come(Role.PRESENTER), [here.come(), there.come(), there.come()]
    presenter.says(shows("fabc", asked=Asked(3, 5)))
    await becomes(lambda: all(learner.last(Show) for learner in learners))
    for learner in learners[:2]:
        learner.says(Answered(asked(learner), 0, "right"))
    await becomes(lambda: presenter.last(Counted) == Counted(Tally(3, 3, (PartCount(right=2),))))
    await becomes(lambda: presenter.last(Audience) == Audience(3, 3))
    await there.hall.close()
    await becomes(lambda: presenter.last(Audience) == Audience(1, 1))
    await becomes(lambda: presenter.last(Counted) == Counted(Tally(3, 1, (PartCount(right=1),))))


async def test_the_presenter_moves_to_another_server_and_the_lecture_goes_on_there(opened: Open) -> None:
    here, there = opened(), opened()
    first, learner = here.come(Role.PRESENTER), here.come()
    first.says(shows("fabc"))
    await becomes(lambda: there.hall.lecture.has_presenter)
    second = there.come(Role.PRESENTER)
    await becomes(lambda: Replaced() in first.told)
    assert second.sees == "fabc"
    second.says(shows("xor"))
    await becomes(lambda: learner.sees == first.sees == "xor")


async def test_a_thousand_steps_all_come_as_the_last_one(opened: Open) -> None:
    here, there = opened(), opened()
    presenter, learner = here.come(Role.PRESENTER), there.come()
    await becomes(lambda: learner.last(Leads) == Leads(True))
    for number in range(1000):
        presenter.says(shows(f"{number}"))
        if number % 10 == 0:
            await asyncio.sleep(0)
    await becomes(lambda: learner.sees == "999")
    numbers = [each.shown.number for each in learner.told if isinstance(each, Show)]
    assert numbers == sorted(set(numbers))


@pytest.mark.parametrize("is_lost", [True, False], ids=["data lost", "data kept"])
async def test_redis_is_killed_and_comes_back(server: RedisServer, opened: Open, is_lost: bool) -> None:
    if not is_lost:
        server.client().config_set("appendonly", "yes")
        server.client().config_set("appendfsync", "always")
        server.options = ("--appendonly", "yes")
    here, there = opened(), opened()
    presenter, near, far = here.come(Role.PRESENTER), here.come(), there.come()
    presenter.says(shows("fabc"))
    await becomes(lambda: far.sees == "fabc")
    server.kill()
    await becomes(lambda: Notice.BUS_GONE in here.notices and Notice.BUS_GONE in there.notices)
    presenter.says(shows("xor"))
    assert (near.sees, far.sees) == ("xor", "fabc")
    assert presenter.last(Leads) == near.last(Leads) == Leads(True, reaches=False)
    assert far.last(Leads) == Leads(False, reaches=False)
    server.start()
    await becomes(lambda: far.sees == "xor" and far.last(Leads) == near.last(Leads) == Leads(True))
    presenter.says(shows("moons"))
    await becomes(lambda: far.sees == "moons")
    assert here.notices == [Notice.PRESENTER_CAME, Notice.BUS_GONE, Notice.BUS_BACK]
    assert there.notices == [Notice.BUS_GONE, Notice.BUS_BACK]
    assert server.client().get(KEY)[64:].count(b"moons")


async def test_a_redis_that_is_back_soon_is_not_spoken_of(server: RedisServer, opened: Open) -> None:
    here, there = opened(), opened()
    presenter, learner = here.come(Role.PRESENTER), there.come()
    presenter.says(shows("fabc"))
    await becomes(lambda: learner.sees == "fabc")
    for client in server.client().client_list():
        if client["name"] == "gradwalk":
            server.client().client_kill_filter(_id=client["id"])
    presenter.says(shows("xor"))
    await becomes(lambda: learner.sees == "xor")
    assert here.notices == [Notice.PRESENTER_CAME]
    assert there.notices == []
    assert [each for each in learner.told if isinstance(each, Leads)] == [Leads(False), Leads(True)]


async def test_a_redis_that_hangs_holds_up_nobody(server: RedisServer, opened: Open) -> None:
    here, there = opened(), opened()
    presenter, near, far = here.come(Role.PRESENTER), here.come(), there.come()
    presenter.says(shows("fabc"))
    await becomes(lambda: far.sees == "fabc")
    assert server.process is not None
    server.process.send_signal(signal.SIGSTOP)
    presenter.says(shows("xor"))
    assert near.sees == "xor"
    await becomes(lambda: Notice.BUS_GONE in here.notices)
    (gone,) = [event for event in here.events if isinstance(event, Noticed) and event.what is Notice.BUS_GONE]
    assert gone.detail.endswith("it does not answer")
    server.process.send_signal(signal.SIGCONT)
    await becomes(lambda: far.sees == "xor" and far.last(Leads) == Leads(True))


async def test_a_server_that_starts_without_redis_says_so_at_once_and_finds_it_later(
    server: RedisServer, opened: Open
) -> None:
    server.kill()
    here = opened()
    presenter, learner = here.come(Role.PRESENTER), here.come()
    presenter.says(shows("fabc"))
    assert learner.sees == "fabc"
    await becomes(lambda: here.notices == [Notice.PRESENTER_CAME, Notice.BUS_GONE])
    assert here.events[-1] == Noticed(Notice.BUS_GONE, f"{server.url}: it cannot be reached")
    server.start()
    await becomes(lambda: here.notices[-1] is Notice.BUS_BACK)
    late = opened().come()
    await becomes(lambda: late.sees == "fabc")


async def test_a_presenter_who_came_while_redis_was_gone_holds(server: RedisServer, opened: Open) -> None:
    here, there = opened(), opened()
    here.come(Role.PRESENTER).says(shows("fabc"))
    learner = there.come()
    await becomes(lambda: learner.sees == "fabc")
    server.kill()
    there.come(Role.PRESENTER).says(shows("xor"))
    server.start()
    near = here.come()
    await becomes(lambda: near.sees == "xor")
    assert not here.hall.lecture.presents_here


async def test_what_others_write_to_redis_harms_nothing(server: RedisServer, opened: Open) -> None:
    client = server.client()
    client.set(KEY, "z" * 100)
    here, there = opened(), opened()
    presenter, learner = here.come(Role.PRESENTER), there.come()
    presenter.says(shows("fabc"))
    await becomes(lambda: learner.sees == "fabc")
    forged = Led("f" * 32, 2**53, 2**53, True, Shown(scenario="moons"))
    for sent in (b"", b"\xff\x00", b"x" * 1_000_000, b"[" * 60_000, on_the_bus(forged)):
        client.publish(CHANNEL, sent)
    client.set(KEY, forged.order.encode() + on_the_bus(forged))
    presenter.says(shows("xor"))
    await becomes(lambda: learner.sees == "xor")
    assert there.notices == [Notice.FAULT, Notice.FAULT]
    assert [event.detail.partition(":")[0] for event in there.events if isinstance(event, Noticed)] == [
        "what comes over the bus cannot be read",
        "another server's clock is more than a day ahead",
    ]
    late = opened().come()
    await becomes(lambda: late.sees == "xor")


async def test_a_flood_of_newcomers_is_answered_now_and_then(server: RedisServer, opened: Open) -> None:
    here = opened()
    await becomes(lambda: server.client().pubsub_numsub(CHANNEL) == [(CHANNEL.encode(), 1)])
    with server.client().pubsub() as channel:
        channel.subscribe(CHANNEL)
        with server.client().pipeline() as pipeline:
            for number in range(2000):
                pipeline.publish(CHANNEL, on_the_bus(Joined(f"{number:032x}")))
            pipeline.execute()
        await becomes(lambda: len(here.hall.lecture._elsewhere._heard) == 100)
        said: list[bytes] = []

        def hears(kind: bytes) -> bool:
            while message := channel.get_message():
                if message["type"] == "message":
                    said.append(message["data"])
                    if kind in said[-1]:
                        return True
            return False

        await becomes(lambda: hears(b'"attended"'))
        await here.hall.close()
        assert not any(task.get_name() == "bus" for task in asyncio.all_tasks())
        await becomes(lambda: hears(b'"parted"'))
    answers = sum(b'"attended"' in each for each in said)
    assert len(said) > 2000 > 20 * answers > 0


async def test_another_lecture_on_the_same_redis_is_another(server: RedisServer, opened: Open) -> None:
    here = opened()
    here.come(Role.PRESENTER).says(shows("fabc"))
    other = LectureHall(lambda _: None, RedisBus(server.url, "wednesday"))
    other.open()
    learner = Learner()
    learner.seat = other.join(learner, Role.FOLLOWER)
    await becomes(lambda: server.client().pubsub_numsub("gradwalk:1:lecture:wednesday")[0][1] == 1)
    witness = opened().come()
    await becomes(lambda: witness.sees == "fabc")
    assert learner.told == [Leads(False)]
    await other.close()


async def test_what_is_kept_expires_and_nothing_stays_connected(server: RedisServer, opened: Open) -> None:
    here = opened()
    here.come(Role.PRESENTER).says(shows("fabc"))
    client = server.client()
    await becomes(lambda: client.get(KEY))
    assert 3500 < client.ttl(KEY) <= 3600
    await here.hall.close()
    await becomes(lambda: not any(each["name"] == "gradwalk" for each in client.client_list()))


async def test_a_password_is_used_and_never_said(tmp_path: Path) -> None:
    server = RedisServer(tmp_path, "--requirepass", "a-secret")
    server.start()
    try:
        wrong, right = (Hall(f"redis://:{word}@127.0.0.1:{server.port}/0") for word in ("wr-ng", "a-secret"))
        await becomes(lambda: Notice.BUS_GONE in wrong.notices)
        (gone,) = wrong.events
        assert "does not let this server in" in gone.detail  # type: ignore[union-attr]
        assert "wr-ng" not in gone.detail  # type: ignore[union-attr]
        right.come(Role.PRESENTER).says(Showing(Shown(scenario="fabc")))
        client = server.client(password="a-secret")
        await becomes(lambda: client.get(KEY))
        assert right.notices == [Notice.PRESENTER_CAME]
        await wrong.hall.close()
        await right.hall.close()
    finally:
        server.kill()


async def test_a_code_of_any_server_is_good_at_each_of_them_once(server: RedisServer, opened: Open) -> None:
    here, there = opened(), opened()
    here_code, there_code = here.shares_a_code(), there.shares_a_code()
    await becomes(lambda: len(server.client().keys(f"{CHANNEL}:code:*")) == 2)
    (first,) = here.codes
    assert await there_code.admits(first, "192.0.2.1") is Try.ADMITTED
    assert await there_code.admits(first, "192.0.2.1") is Try.WRONG
    await becomes(lambda: len(here.codes) == 2)  # it has learnt that, and has another
    assert await here_code.admits(first, "192.0.2.1") is Try.WRONG
    second = here.codes[1]
    assert await here_code.admits(second, "192.0.2.1") is Try.ADMITTED
    await becomes(lambda: len(server.client().keys(f"{CHANNEL}:code:*")) == 2)
    assert await there_code.admits(second, "192.0.2.1") is Try.WRONG
    assert len(there.codes) == 1
    assert not any(code.replace("-", "").encode() in key for code in here.codes for key in server.client().keys("*"))
    await here.hall.close()
    assert len(server.client().keys(f"{CHANNEL}:code:*")) == 1


async def test_without_redis_a_code_is_good_at_its_own_server(server: RedisServer, opened: Open) -> None:
    here, there = opened(), opened()
    here_code, there_code = here.shares_a_code(), there.shares_a_code()
    await becomes(lambda: len(server.client().keys(f"{CHANNEL}:code:*")) == 2)
    server.kill()
    assert await there_code.admits(here.codes[0], "192.0.2.1") is Try.WRONG
    assert await here_code.admits(here.codes[0], "192.0.2.1") is Try.ADMITTED
    server.start()
    await becomes(lambda: len(server.client().keys(f"{CHANNEL}:code:*")) == 2)
    assert await there_code.admits(here.codes[0], "192.0.2.1") is Try.WRONG
    assert await there_code.admits(here.codes[-1], "192.0.2.1") is Try.ADMITTED


async def test_ending_takes_no_longer_than_redis_is_waited_for(server: RedisServer, opened: Open) -> None:
    here = opened()
    here.come(Role.PRESENTER).says(shows("fabc"))
    await becomes(lambda: server.client().get(KEY))
    assert server.process is not None
    server.process.send_signal(signal.SIGSTOP)
    async with asyncio.timeout(3 * PATIENCE):
        await here.hall.close()
    server.process.send_signal(signal.SIGCONT)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "localhost:6379",
        "http://h",
        "redis://",
        "redis://u:pass@h:port/0",
        "redis://h?decode_responses=1",
        "unix://",
    ],
)
def test_an_address_that_is_none_is_refused_without_repeating_its_password(url: str) -> None:
    with pytest.raises(BusError) as refused:
        RedisBus(url, "lecture")
    assert "pass" not in str(refused.value)


@pytest.mark.parametrize("name", ["", "A", "a b", "a:b", "*", "-a", "x" * 41, "é", "a\n"])
def test_a_name_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(BusError, match="small letters"):
        RedisBus("redis://localhost", name)


def test_a_place_is_told_without_user_and_password() -> None:
    assert place("redis://user:secret@example.org:7000/2?db=3") == "redis://example.org:7000/2"
    assert place("rediss://:secret@example.org") == "rediss://example.org:6379"
    assert place("unix:///run/redis.sock?db=1") == "unix:///run/redis.sock"
