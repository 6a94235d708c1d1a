"""A lecture over two servers in which the presenter predicts: learners at both are asked, and all are counted."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("needs a Unix system", allow_module_level=True)
pytest.importorskip("asyncssh", reason="asyncssh is needed: pip install 'gradwalk[serve]'")

from ..pseudo_terminal import PseudoTerminal, wait_until
from .replicas import HAPROXY, REDIS, Course
from .rooms import KEYGEN, SSH

pytestmark = [
    pytest.mark.serve,
    pytest.mark.skipif(not (SSH and KEYGEN), reason="OpenSSH's ssh and ssh-keygen are needed"),
    pytest.mark.skipif(not (HAPROXY and REDIS), reason="haproxy and redis-server are needed"),
]


@pytest.fixture
def course(tmp_path: Path) -> Iterator[Course]:
    with ExitStack() as held:
        yield Course(tmp_path, held, lecture=True)


def test_the_answers_at_both_servers_are_counted_as_they_come(course: Course) -> None:
    presenter = course.comes("presenter")
    presenter.wait_for("presents to nobody yet")
    learners = [course.comes() for _ in range(4)]
    for learner in learners:
        learner.wait_for("follows the lecture")
    presenter.wait_for("presents to 4")
    wait_until(lambda: min(course.counts()) >= 1)

    presenter.press("enter")
    presenter.wait_for("start · 13 steps")
    presenter.press("g")
    presenter.wait_for("or the name of a step")
    presenter.press("9")
    presenter.wait_for(lambda: "or the name of a step" not in presenter.text)
    presenter.press("enter")
    presenter.wait_for("step 9 of 13")
    presenter.press("P", "right")
    for learner in learners:
        learner.wait_for("What is ∂r/∂s, the local derivative of r by s?")
    presenter.wait_for("0 of 4 answered · 0 right")

    answer(learners[0], "-1/s^2")
    learners[0].wait_for("What does r contribute")
    presenter.wait_for("1 of 4 answered · 1 right")
    answer(learners[1], "-1/9")
    presenter.wait_for("2 of 4 answered · 2 right")
    for learner in learners[2:]:
        answer(learner, "1/9")
        learner.wait_for("the minus sign is missing")
    presenter.wait_for("4 of 4 answered · 2 right · 2 wrong")
    presenter.wait_for("wrong answers for ∂r/∂s fit: a sign is lost (2)")
    answer(learners[2], "-1/9")
    presenter.wait_for("4 of 4 answered · 2 right · 1 helped · 1 wrong")

    presenter.press("right")
    for learner in learners:
        learner.wait_for("step 10 of 13")
        learner.wait_for("∂r/∂s = -1/s² = -1/9 = -0.1111")
    presenter.wait_for("4 of 4 answered · 2 right · 1 helped · 1 wrong")


def answer(learner: PseudoTerminal, typed: str) -> None:
    """Type an answer, as it is asked for."""
    learner.press(*typed)
    learner.wait_for(f"= {typed}")
    learner.press("enter")
