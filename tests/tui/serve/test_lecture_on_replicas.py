"""A lecture on two servers behind HAProxy and over Redis, with OpenSSH's client."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("needs a Unix system", allow_module_level=True)
pytest.importorskip("asyncssh", reason="asyncssh is needed: pip install 'gradwalk[serve]'")

from ..pseudo_terminal import PseudoTerminal, wait_until
from .replicas import HAPROXY, REDIS, Course, ended
from .rooms import KEYGEN, SSH

pytestmark = [
    pytest.mark.serve,
    pytest.mark.skipif(not (SSH and KEYGEN), reason="OpenSSH's ssh and ssh-keygen are needed"),
    pytest.mark.skipif(not HAPROXY, reason="haproxy is needed"),
    pytest.mark.skipif(not REDIS, reason="redis-server is needed"),
]

FOLLOWERS = 20


@pytest.fixture
def course(tmp_path: Path) -> Iterator[Course]:
    with ExitStack() as held:
        yield Course(tmp_path, held, lecture=True)


def walk_on(terminal: PseudoTerminal) -> list[str]:
    """Return what a screen shows of a walk: all but who leads, and the lower edge, where notices come and go."""
    return terminal.lines[1:16]


def all_show(terminals: list[PseudoTerminal], presenter: PseudoTerminal, words: str) -> None:
    """Wait until the presenter's screen shows something, and every other the same walk as it."""
    presenter.wait_for(words)
    for terminal in terminals:
        terminal.wait_for(lambda: presenter.read(0.0) or walk_on(terminal) == walk_on(presenter))  # noqa: B023


def test_a_lecture_with_twenty_followers_goes_on_when_one_of_two_servers_is_stopped(course: Course) -> None:
    presenter = course.comes("presenter")
    presenter.wait_for("presents to nobody yet")
    leads_at = course.place_of([0, 0])
    other = 1 - leads_at
    followers = [course.comes() for _ in range(FOLLOWERS)]
    for follower in followers:
        follower.wait_for("follows the lecture")
    presenter.wait_for("presents to 20")
    wait_until(lambda: sum(course.counts()) == FOLLOWERS + 1)
    there = course.sessions(other)
    assert there in (FOLLOWERS // 2, FOLLOWERS // 2 + 1)

    presenter.press("enter")
    all_show(followers, presenter, "Pen and paper")
    presenter.press("right", "right", "right")
    all_show(followers, presenter, "step 3")

    # The server that the presenter is not at is stopped: whoever is there is told.
    course.servers[other].process.send_signal(signal.SIGTERM)
    told = ended(followers, there)
    stay = [follower for follower in followers if follower not in told]
    for follower in told:
        assert "The server ends, and this session with it." in follower.text
        assert follower.modes == {25, 7}
    assert course.servers[other].process.wait(30) == 0
    presenter.press("right")
    all_show(stay, presenter, "step 4")

    # They come again, to the one that is left, and see at once where the lecture is.
    again = [course.comes() for _ in told]
    all_show(again, presenter, "step 4")
    wait_until(lambda: course.sessions(leads_at) == FOLLOWERS + 1)

    # The presenter's own server is stopped, when the other is there again: the lecture goes on from there.
    course.start(other)
    wait_until(lambda: course.is_up(other))
    early = course.comes()
    early.wait_for("follows the lecture")
    wait_until(lambda: course.sessions(other) == 1)
    course.servers[leads_at].process.send_signal(signal.SIGTERM)
    assert ended([presenter], 1)
    early.wait_for("no presenter")
    presenter = course.comes("presenter")
    all_show([early], presenter, "step 4")
    presenter.press("right")
    all_show([early], presenter, "step 5")


def test_a_redis_that_is_gone_is_said_once_and_the_lecture_is_one_again_when_it_is_back(course: Course) -> None:
    presenter = course.comes("presenter")
    presenter.wait_for("presents to nobody yet")
    followers = [course.comes() for _ in range(3)]
    presenter.wait_for("presents to 3")
    wait_until(lambda: course.counts() == [2, 2])
    presenter.press("enter")
    all_show(followers, presenter, "Pen and paper")
    presenter.press("right")
    all_show(followers, presenter, "step 1")
    course.stop_redis()
    presenter.wait_for("here only")
    for number in range(2):  # each finds out by itself, and says nothing of a Redis that is back within two seconds
        wait_until(lambda: course.says(number, 'notice what="bus gone"') == 1)  # noqa: B023
    presenter.press("right")
    course.start_redis()
    presenter.wait_for(lambda: "here only" not in presenter.text)
    all_show(followers, presenter, "step 2")
    for number in range(2):
        wait_until(lambda: course.says(number, 'notice what="bus back"') == 1)  # noqa: B023
        assert course.says(number, 'notice what="bus gone"') == 1
