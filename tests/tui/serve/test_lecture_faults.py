"""A lecture goes on whatever becomes of one who follows it, or of the one who presents."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

if sys.platform != "linux":
    pytest.skip("looks at processes in /proc", allow_module_level=True)

pytest.importorskip("asyncssh", reason="asyncssh is not installed")

from ..pseudo_terminal import PseudoTerminal, wait_until
from .rooms import KEYGEN, SSH, Room, serving

pytestmark = [
    pytest.mark.serve,
    pytest.mark.skipif(not (SSH and KEYGEN), reason="OpenSSH's ssh and ssh-keygen are needed"),
]

MEGABYTE = 2**20


@pytest.fixture
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    folder = tmp_path_factory.mktemp("room")
    with serving(folder, "--lecture", "--presenter-keys", str(folder / "presenter.pub")) as room:
        yield room
        print(room.log)


def presenter(room: Room) -> PseudoTerminal:
    return room.session("fabc", user="presenter", key="presenter", width=120, height=40)


def test_followers_that_hang_stop_reading_or_vanish_slow_nobody(room: Room) -> None:
    with presenter(room) as leader, room.session(width=120, height=40) as follower:
        leader.wait_for("start · 13 steps")
        follower.wait_for("start · 13 steps")
        before = room.processes
        with ExitStack() as held:
            hangs = held.enter_context(room.session())
            hangs.wait_for("start · 13 steps")
            (hanging,) = room.processes - before
            reads_nothing, vanishes = (held.enter_context(room.session()) for _ in range(2))
            for terminal in (reads_nothing, vanishes):
                terminal.wait_for("start · 13 steps")
            memory = room.memory()
            os.kill(hanging, signal.SIGSTOP)
            reads_nothing.signal(signal.SIGSTOP)
            vanishes.signal(signal.SIGKILL)
            for _ in range(8):
                for step in (1, 2, 3, 4, 5):
                    leader.press("right")
                    follower.wait_for(f"step {step} of 13")
                leader.press("home")
                follower.wait_for("start · 13 steps")
            leader.press("right", "right")
            follower.wait_for("step 2 of 13")
            assert room.memory() < memory + 8 * MEGABYTE
            reads_nothing.signal(signal.SIGCONT)
            os.kill(hanging, signal.SIGCONT)
            for terminal in (hangs, reads_nothing):  # of all that they missed they see what is shown now
                terminal.wait_for("step 2 of 13")
        wait_until(lambda: room.processes == before)


def test_a_presenter_who_vanishes_is_missed_and_comes_back(room: Room) -> None:
    with room.session(width=120, height=40) as follower:
        follower.wait_for("no presenter")
        with presenter(room) as leader:
            leader.wait_for("start · 13 steps")
            leader.press("right")
            follower.wait_for("step 1 of 13")
            leader.signal(signal.SIGKILL)
            follower.wait_for("no presenter")
        follower.wait_for("step 1 of 13")
        with presenter(room) as leader:
            leader.wait_for("start · 13 steps")
            follower.wait_for("start · 13 steps")
            leader.press("right", "right", "right")
            follower.wait_for("step 3 of 13")
            with room.session(width=120, height=40) as late:
                late.wait_for("step 3 of 13")
