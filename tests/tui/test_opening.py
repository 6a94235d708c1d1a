"""Opening what is large: it says how far it is, shows what comes of it, and stops at a key."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from gradwalk.engine.library import load
from gradwalk.engine.scenario import Scenario
from gradwalk.engine.walk.trace import Trace
from gradwalk.tui.app import GradwalkApp
from gradwalk.tui.background import Cancelled, WorkDone, WorkFailed
from gradwalk.tui.screens.help import HelpScreen
from gradwalk.tui.screens.library import LibraryScreen
from gradwalk.tui.screens.opening import OpeningScreen
from gradwalk.tui.screens.train import TrainScreen
from gradwalk.tui.screens.walk import WalkScreen
from gradwalk.tui.walk import opened as opening
from gradwalk.tui.walk.graph_view import View
from gradwalk.tui.walk.opened import OpenedWalk, Report, open_walk, silent
from gradwalk.tui.walk.tree.view import TREE

from .pilots import lines, notices, text, walk
from .pseudo_terminal import wait_until
from .training import training, until


class Work:
    """Stands for opening a walk: it goes on when the test says so, and remembers how it ended."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.go_on, self.reporting = threading.Event(), threading.Event()
        self.ended = ""
        self.problem: Exception | None = None
        monkeypatch.setattr("gradwalk.tui.walk.opened.LARGE", 0)
        monkeypatch.setattr("gradwalk.tui.walk.opened.open_walk", self.open)

    def open(
        self,
        scenario: Scenario,
        make_trace: Callable[[], Trace] | None = None,
        title: str = "",
        report: Report = silent,
        view: View = TREE,
    ) -> OpenedWalk:
        self.go_on.clear()
        self.ended = ""
        try:
            report("laying out the tree", 0.42)
            self.reporting.set()
            while not self.go_on.wait(0.02):
                report("laying out the tree", 0.42)
            if self.problem is not None:
                raise self.problem
            self.ended = "done"
            return open_walk(scenario, make_trace, title)
        except Cancelled:
            self.ended = "cancelled"
            raise


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Work:
    return Work(monkeypatch)


def test_a_walk_is_opened_with_every_part_reported_in_order() -> None:
    told: list[tuple[str, float]] = []
    opened = open_walk(load("moons"), report=lambda doing, done: told.append((doing, done)))
    assert len(opened.layout(TREE)) > opening.LARGE
    assert [doing for doing, _ in told][:2] == ["running forward and backward", "laying out the tree"]
    assert [done for doing, done in told if doing == told[1][0]] == sorted(
        d for doing, d in told if doing == told[1][0]
    )


@pytest.mark.parametrize("after", range(2))
def test_a_report_that_raises_stops_the_opening(after: int) -> None:
    told: list[str] = []

    def report(doing: str, done: float) -> None:
        told.append(doing)
        if len(told) > after:
            raise Cancelled

    with pytest.raises(Cancelled):
        open_walk(load("moons"), report=report)
    assert len(told) == after + 1


async def test_what_is_large_shows_its_progress_and_then_the_walk(work: Work) -> None:
    app = GradwalkApp(load("fabc"))
    async with app.run_test() as pilot:
        await until(pilot, lambda: "laying out the tree" in text(pilot) and "42%" in text(pilot))
        assert isinstance(app.screen, OpeningScreen)
        assert lines(pilot)[-1].strip().startswith("esc Cancel")
        work.go_on.set()
        await until(pilot, lambda: isinstance(app.screen, WalkScreen))
        await pilot.press("right")
        assert "step 1 of 13" in text(pilot)


async def test_escape_stops_the_work_and_leads_to_the_library(work: Work) -> None:
    app = GradwalkApp(load("fabc"))
    async with app.run_test() as pilot:
        await until(pilot, work.reporting.is_set)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, LibraryScreen))
        wait_until(lambda: work.ended == "cancelled")


async def test_quitting_stops_the_work(work: Work) -> None:
    async with GradwalkApp(load("fabc")).run_test() as pilot:
        await until(pilot, work.reporting.is_set)
        await pilot.press("q")
    wait_until(lambda: work.ended == "cancelled")


async def test_what_comes_too_late_is_not_shown(work: Work) -> None:
    """The work may end between the key and the thread's next look at it."""
    app = GradwalkApp(load("fabc"))
    async with app.run_test() as pilot:
        await until(pilot, work.reporting.is_set)
        opening_screen = app.screen
        assert isinstance(opening_screen, OpeningScreen)
        opening_screen.action_cancel()
        opening_screen.post_message(WorkDone(opening_screen._work, None))
        await until(pilot, lambda: isinstance(app.screen, LibraryScreen))
        await pilot.pause()
        assert isinstance(app.screen, LibraryScreen)


async def test_an_epoch_is_opened_so_and_escape_comes_back_to_its_training(work: Work) -> None:
    async with training("regression") as pilot:
        await pilot.press("right")
        await until(pilot, lambda: "epoch 1 of 200" in text(pilot))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, OpeningScreen) and work.reporting.is_set())
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, TrainScreen))
        wait_until(lambda: work.ended == "cancelled")
        work.reporting.clear()
        await pilot.press("enter")
        await until(pilot, work.reporting.is_set)
        work.go_on.set()
        await until(pilot, lambda: isinstance(pilot.app.screen, WalkScreen))
        assert walk(pilot).opened.trace.updates is not None
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, TrainScreen))
        assert "epoch 1 of 200" in text(pilot)


@pytest.mark.parametrize(
    ("problem", "reason"), [(MemoryError(), "MemoryError"), (MemoryError("no 8 GiB are free"), "no 8 GiB are free")]
)
async def test_what_cannot_be_opened_is_a_sentence_and_leads_to_the_library(
    work: Work, problem: Exception, reason: str
) -> None:
    work.problem = problem
    async with GradwalkApp(load("fabc")).run_test(notifications=True) as pilot:
        await until(pilot, work.reporting.is_set)
        work.go_on.set()
        await until(pilot, lambda: isinstance(pilot.app.screen, LibraryScreen) and bool(notices(pilot)))
        assert notices(pilot) == [f"It cannot be opened: {reason}"]


async def test_an_epoch_that_cannot_be_opened_loses_nothing_of_its_training(work: Work) -> None:
    work.problem = MemoryError()
    async with training("regression") as pilot:
        await pilot.press("right", "right")
        await until(pilot, lambda: "epoch 2 of 200" in text(pilot))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, OpeningScreen) and work.reporting.is_set())
        await pilot.press("question_mark")
        await until(pilot, lambda: isinstance(pilot.app.screen, HelpScreen))
        work.go_on.set()
        await until(pilot, lambda: isinstance(pilot.app.screen, TrainScreen))
        await pilot.pause()
        assert "It cannot be opened: MemoryError" in notices(pilot)
        assert "epoch 2 of 200" in text(pilot)


async def test_a_failure_that_comes_too_late_is_not_told(work: Work) -> None:
    app = GradwalkApp(load("fabc"))
    async with app.run_test(notifications=True) as pilot:
        await until(pilot, work.reporting.is_set)
        opening_screen = app.screen
        assert isinstance(opening_screen, OpeningScreen)
        opening_screen.action_cancel()
        opening_screen.post_message(WorkFailed(opening_screen._work, MemoryError()))
        await until(pilot, lambda: isinstance(app.screen, LibraryScreen))
        await pilot.pause()
        assert notices(pilot) == []


@pytest.mark.parametrize(("name", "screen"), [("fabc", WalkScreen), ("regression", TrainScreen)])
async def test_what_is_small_is_there_with_the_first_paint(name: str, screen: type) -> None:
    app = GradwalkApp(load(name))
    async with app.run_test():
        assert isinstance(app.screen, screen)
