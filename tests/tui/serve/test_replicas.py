"""Two servers behind HAProxy, as the documentation has it: one of them drains, or dies."""

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

from ..pseudo_terminal import wait_until
from .replicas import HAPROXY, Course, ended
from .rooms import KEYGEN, SSH, is_zombie

pytestmark = [
    pytest.mark.serve,
    pytest.mark.skipif(not (SSH and KEYGEN), reason="OpenSSH's ssh and ssh-keygen are needed"),
    pytest.mark.skipif(not HAPROXY, reason="haproxy is needed"),
]


@pytest.fixture
def machines(tmp_path: Path) -> Iterator[Course]:
    with ExitStack() as held:
        yield Course(tmp_path, held, lecture=False)


def test_a_server_that_drains_keeps_its_learners_and_newcomers_go_to_the_other(machines: Course) -> None:
    first = machines.comes()
    first.wait_for("choose a scenario")
    drains = machines.place_of([0, 0])
    address = machines.addresses[drains]
    machines.servers[drains].process.send_signal(signal.SIGUSR1)
    wait_until(lambda: address.status() == (503, "draining\n"))
    assert address.status("/livez") == (200, "ok\n")
    newcomers = [machines.comes() for _ in range(4)]  # at once: HAProxy need not have asked for the health meanwhile
    for newcomer in newcomers:
        newcomer.wait_for("choose a scenario")
    wait_until(lambda: machines.sessions(1 - drains) == 4)
    first.press("enter")
    first.wait_for("start · 13 steps")
    first.press("q")
    assert first.wait_for_exit() == 0
    assert machines.servers[drains].process.wait(30) == 0


def test_who_is_on_a_server_that_dies_comes_to_the_other(machines: Course) -> None:
    learners = [machines.comes() for _ in range(4)]
    for learner in learners:
        learner.wait_for("choose a scenario")
    wait_until(lambda: machines.counts() == [2, 2])
    made = machines.servers[0].processes
    machines.servers[0].process.kill()
    for learner in ended(learners, 2):
        assert learner.wait_for_exit() == 255
        again = machines.comes()
        again.wait_for("choose a scenario")
    wait_until(lambda: machines.sessions(1) == 4)
    wait_until(lambda: all(is_zombie(process) for process in made))
