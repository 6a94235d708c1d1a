"""Work in the background: what its owner is told, and when it is told nothing."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from typing import Any

import pytest
from gradwalk.tui.background import (
    BackgroundWork,
    WorkCancelled,
    WorkDone,
    WorkFailed,
    WorkProgressed,
    WorkThread,
)
from textual.app import App
from textual.message import Message
from textual.screen import Screen

from .training import until


class Owner(Screen[None]):
    """A screen that keeps what it is told, and by which thread."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[Message] = []
        self.threads: set[int] = set()

    def keep(self, event: Message) -> None:
        self.told.append(event)
        self.threads.add(threading.get_ident())

    on_work_progressed = on_work_done = on_work_failed = on_work_cancelled = keep

    @property
    def ends(self) -> list[Message]:
        return [event for event in self.told if not isinstance(event, WorkProgressed)]


class Stage:
    """An app with an owner on show, and the work that it is given."""

    def __init__(self) -> None:
        self.go_on, self.started, self.left = threading.Event(), threading.Event(), threading.Event()
        self.app = App[None]()
        self.owner = Owner()

    def begin(self, work: Callable[[WorkThread], Any]) -> BackgroundWork:
        def run(thread: WorkThread) -> Any:
            self.started.set()
            try:
                return work(thread)
            finally:
                self.left.set()

        return BackgroundWork(self.owner, run)

    def until_cancelled(self, thread: WorkThread) -> None:
        while not self.go_on.wait(0.001):
            thread.report("working")


@pytest.fixture
def stage() -> Stage:
    return Stage()


def failing(thread: WorkThread) -> None:
    raise ValueError("it broke")


async def test_a_result_is_told_once_on_the_loop_s_own_thread(stage: Stage) -> None:
    async with stage.app.run_test() as pilot:
        await stage.app.push_screen(stage.owner)
        work = stage.begin(lambda thread: 6 * 7)
        await until(pilot, lambda: bool(stage.owner.ends))
        await pilot.pause()
        [end] = stage.owner.ends
        assert isinstance(end, WorkDone)
        assert (end.work, end.result) == (work, 42)
        assert stage.owner.threads == {threading.get_ident()}


async def test_a_failure_is_told_once_with_its_exception(stage: Stage) -> None:
    async with stage.app.run_test() as pilot:
        await stage.app.push_screen(stage.owner)
        stage.begin(failing)
        await until(pilot, lambda: bool(stage.owner.ends))
        await pilot.pause()
        [end] = stage.owner.ends
        assert isinstance(end, WorkFailed)
        assert str(end.error) == "it broke"


async def test_cancelling_ends_the_work_and_is_told_once(stage: Stage) -> None:
    async with stage.app.run_test() as pilot:
        await stage.app.push_screen(stage.owner)
        work = stage.begin(stage.until_cancelled)
        await until(pilot, stage.started.is_set)
        work.cancel()
        await until(pilot, lambda: bool(stage.owner.ends))
        await pilot.pause()
        [end] = stage.owner.ends
        assert isinstance(end, WorkCancelled)
        assert stage.left.is_set()


async def test_what_is_done_after_cancelling_counts_as_cancelled(stage: Stage) -> None:
    async with stage.app.run_test() as pilot:
        await stage.app.push_screen(stage.owner)
        work = stage.begin(lambda thread: stage.go_on.wait() and 42)
        await until(pilot, stage.started.is_set)
        work.cancel()
        stage.go_on.set()
        await until(pilot, lambda: bool(stage.owner.ends))
        assert [type(end) for end in stage.owner.ends] == [WorkCancelled]


async def test_progress_is_told_in_order_and_far_less_often_than_it_is_reported(stage: Stage) -> None:
    def count(thread: WorkThread) -> int:
        reports = 0
        while not stage.go_on.is_set():
            thread.report(reports)
            reports += 1
        return reports

    async with stage.app.run_test() as pilot:
        await stage.app.push_screen(stage.owner)
        stage.begin(count)
        await until(pilot, lambda: len(stage.owner.told) >= 3)
        stage.go_on.set()
        await until(pilot, lambda: bool(stage.owner.ends))
        told = [event for event in stage.owner.told if isinstance(event, WorkProgressed)]
        [end] = stage.owner.ends
        assert isinstance(end, WorkDone)
        assert end.result > 100 * len(told)
        numbers = [event.progress for event in told]
        assert numbers == sorted(set(numbers))


async def test_the_last_progress_before_a_long_silence_is_told(stage: Stage) -> None:
    def work(thread: WorkThread) -> None:
        thread.report("first")
        thread.report("second")
        stage.go_on.wait()

    async with stage.app.run_test() as pilot:
        await stage.app.push_screen(stage.owner)
        stage.begin(work)
        await until(pilot, lambda: any(getattr(event, "progress", "") == "second" for event in stage.owner.told))
        stage.go_on.set()


async def test_a_screen_that_has_gone_is_told_nothing(stage: Stage) -> None:
    async with stage.app.run_test() as pilot:
        await stage.app.push_screen(stage.owner)
        stage.begin(lambda thread: stage.go_on.wait())
        await until(pilot, stage.started.is_set)
        await stage.app.pop_screen()
        stage.go_on.set()
        await until(pilot, stage.left.is_set)
        await pilot.pause()
        assert stage.owner.told == []


async def test_one_may_wait_for_the_thread_and_no_longer_than_one_wants_to(stage: Stage) -> None:
    async with stage.app.run_test() as pilot:
        await stage.app.push_screen(stage.owner)
        work = stage.begin(lambda thread: thread.sleep(3600))
        await until(pilot, stage.started.is_set)
        assert not work.join(0.01)
        work.cancel()
        assert work.join(), "sleeping ends when the work is cancelled"


def test_a_thread_that_never_listens_does_not_keep_the_program_from_ending() -> None:
    script = """
import threading
from textual.app import App
from gradwalk.tui.background import BackgroundWork

class Stubborn(App):
    def on_ready(self):
        BackgroundWork(self, lambda thread: threading.Event().wait())
        self.exit(return_code=3)

app = Stubborn()
app.run(headless=True)
raise SystemExit(app.return_code)
"""
    assert subprocess.run([sys.executable, "-c", script], timeout=60).returncode == 3


@pytest.mark.parametrize(
    ("error", "reason"), [(ValueError("it broke"), "it broke"), (MemoryError(), "MemoryError"), (OSError(), "OSError")]
)
async def test_a_failure_always_has_a_reason(stage: Stage, error: Exception, reason: str) -> None:
    def fail(thread: WorkThread) -> None:
        raise error

    async with stage.app.run_test() as pilot:
        await stage.app.push_screen(stage.owner)
        stage.begin(fail)
        await until(pilot, lambda: bool(stage.owner.ends))
        (failed,) = stage.owner.ends
        assert isinstance(failed, WorkFailed)
        assert failed.reason == reason
