"""A file is read anew: when it has been saved, and when somebody asks."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path

import pytest
from gradwalk.engine.library import load
from gradwalk.tui.app import GradwalkApp
from gradwalk.tui.reloading import FileWatch
from gradwalk.tui.screens.help import HelpScreen
from gradwalk.tui.screens.library import LibraryScreen
from gradwalk.tui.screens.walk import WalkScreen
from gradwalk.tui.session import Session
from textual.pilot import Pilot

from .courses import LINE, SQUARE
from .pilots import command, cursor, lines, notices, text, walk
from .training import screen, stands, training_ready, until

TIMES = count(1)


def save(path: Path, content: str) -> None:
    """Write a file, at another time than ever before."""
    path.write_text(content, encoding="utf-8")
    moment = 10**18 + next(TIMES) * 10**9
    os.utime(path, ns=(moment, moment))


@pytest.fixture
def square(tmp_path: Path) -> Path:
    path = tmp_path / "square.toml"
    save(path, SQUARE)
    return path


@asynccontextmanager
async def on(path: Path, guest: bool = False) -> AsyncIterator[Pilot[None]]:
    """Run the app on a file; no clock looks at it, the test does."""
    app = GradwalkApp(load(str(path)), Session.here(guest=guest))
    app.set_interval = lambda *arguments, **options: None  # type: ignore[method-assign, assignment, return-value]
    async with app.run_test(notifications=True) as pilot:
        await pilot.pause()
        yield pilot


def look(pilot: Pilot[None], times: int = 2) -> None:
    assert isinstance(pilot.app, GradwalkApp)
    for _ in range(times):
        pilot.app.places.reloading.look()


async def told(pilot: Pilot[None], words: str) -> None:
    await until(pilot, lambda: any(words in notice for notice in notices(pilot)))


class TestTheWatch:
    def test_a_file_counts_when_it_has_stood_still_between_two_looks(self, square: Path) -> None:
        watch = FileWatch(square)
        assert not watch.saved()
        save(square, "half of")
        assert not watch.saved()
        save(square, SQUARE)
        assert not watch.saved()
        assert watch.saved()
        watch.reading()
        assert not watch.saved()

    def test_a_file_that_is_away_for_a_moment_is_not_read(self, square: Path) -> None:
        watch = FileWatch(square)
        square.rename(square.with_suffix(".old"))
        assert not (watch.saved() or watch.saved())
        save(square, SQUARE)
        assert [watch.saved(), watch.saved()] == [False, True]


class TestAWalk:
    async def test_it_stands_at_the_same_step_of_the_new_walk(self, square: Path) -> None:
        async with on(square) as pilot:
            await pilot.press("right", "right", "right", "x", "m", *"here", "enter")
            save(square, SQUARE.replace("x = 3", "x = 5").replace('y = "x^2"', 'y = "x^2"\nz = "y + 1"'))
            look(pilot)
            await told(pilot, "square.toml was read anew.")
            moment = walk(pilot).moment
            graph = moment.trace.graph
            assert str(moment.trace.key(moment.cursor).name(graph)) == "∂y/∂x"
            assert [graph.label(node) for node in moment.breakpoints] == ["y"]
            assert [str(mark.key.name(graph)) for mark in moment.marks] == ["∂y/∂x"]
            assert "★ here" in text(pilot)
            assert "10" in text(pilot)

    async def test_a_walk_in_forward_mode_stays_in_it(self, square: Path) -> None:
        async with on(square) as pilot:
            await pilot.press("end", "F")
            await pilot.pause()
            save(square, SQUARE.replace("x = 3", "x = 5").replace("A square", "Another"))
            look(pilot)
            await told(pilot, "read anew")
            trace = walk(pilot).moment.trace
            assert (trace.tangent_of, float(trace.values[0]), cursor(pilot)) == (0, 5, trace.total)
            assert lines(pilot)[0].strip().startswith("gradwalk · Another · forward mode for x")
            await pilot.press("F")
            await pilot.pause()
            assert walk(pilot).moment.trace.tangent_of is None

    async def test_a_mistake_is_told_with_its_place_and_the_walk_stays(self, square: Path) -> None:
        async with on(square) as pilot:
            await pilot.press("right")
            before = lines(pilot)[:8]
            save(square, SQUARE.replace("x^2", "x^^2"))
            look(pilot)
            await told(pilot, "square.toml:7:")
            assert lines(pilot)[:8] == before
            await pilot.press("right")
            assert cursor(pilot) == 2
            save(square, SQUARE.replace("x = 3", "x = 7"))
            look(pilot)
            await told(pilot, "read anew")
            assert "49" in text(pilot)

    async def test_edits_that_are_in_no_file_are_not_thrown_away_unasked(self, square: Path) -> None:
        async with on(square) as pilot:
            await pilot.press("down", "greater_than_sign", "right")
            edited = float(walk(pilot).moment.trace.values[0])
            assert edited != 3
            save(square, SQUARE.replace("x = 3", "x = 7"))
            look(pilot, 3)
            await told(pilot, "your edits are in no file")
            assert float(walk(pilot).moment.trace.values[0]) == edited
            await pilot.press("f5")
            await told(pilot, "read anew")
            assert float(walk(pilot).moment.trace.values[0]) == 7

    async def test_an_edit_that_is_made_while_the_file_is_read_is_not_thrown_away(self, square: Path) -> None:
        async with on(square) as pilot:
            save(square, SQUARE.replace("x = 3", "x = 7"))
            look(pilot)
            command(pilot, "slide-up")
            edited = float(walk(pilot).moment.trace.values[0])
            assert isinstance(pilot.app, GradwalkApp)
            reloading = pilot.app.places.reloading
            await until(pilot, lambda: not reloading.is_busy)
            assert float(walk(pilot).moment.trace.values[0]) == edited != 7
            look(pilot)
            await told(pilot, "your edits are in no file")

    async def test_further_edits_are_asked_about_again(self, square: Path) -> None:
        async with on(square) as pilot:
            await pilot.press("down", "greater_than_sign", "f5")
            await told(pilot, "f5 once more reads square.toml")
            pilot.app.clear_notifications()
            await pilot.press("greater_than_sign", "f5")
            await told(pilot, "f5 once more reads square.toml")
            assert float(walk(pilot).moment.trace.values[0]) != 3

    async def test_asked_at_once_it_warns_first_too(self, square: Path) -> None:
        async with on(square) as pilot:
            await pilot.press("down", "greater_than_sign", "f5")
            await told(pilot, "f5 once more reads square.toml")
            await pilot.press("f5")
            await told(pilot, "read anew")
            assert float(walk(pilot).moment.trace.values[0]) == 3

    async def test_what_gives_the_same_walk_changes_nothing(self, square: Path) -> None:
        async with on(square) as pilot:
            trace = walk(pilot).moment.trace
            save(square, "# another comment\n" + SQUARE)
            await pilot.press("f5")
            await told(pilot, "says what is shown here already")
            assert walk(pilot).moment.trace is trace

    async def test_it_waits_for_a_question_to_be_answered_and_for_a_walk_to_be_on_show(self, square: Path) -> None:
        async with on(square) as pilot:
            await pilot.press("question_mark")
            assert isinstance(pilot.app.screen, HelpScreen)
            save(square, SQUARE.replace("x = 3", "x = 7"))
            look(pilot)
            await pilot.press("escape", "escape")
            await until(pilot, lambda: isinstance(pilot.app.screen, LibraryScreen))
            look(pilot)
            await pilot.press("enter")
            await until(pilot, lambda: isinstance(pilot.app.screen, WalkScreen))
            assert float(walk(pilot).moment.trace.values[0]) == 3
            look(pilot)
            await told(pilot, "read anew")
            assert float(walk(pilot).moment.trace.values[0]) == 7

    async def test_what_comes_from_no_file_says_so(self) -> None:
        async with GradwalkApp(load("fabc")).run_test(notifications=True) as pilot:
            await pilot.press("f5")
            await told(pilot, "comes from no file of yours")


async def test_a_training_is_trained_up_to_the_same_epoch(tmp_path: Path) -> None:
    path = tmp_path / "line.toml"
    save(path, LINE)
    async with on(path) as pilot:
        await training_ready(pilot)
        await pilot.press("right", "right", "right")
        before = screen(pilot).player.now.loss
        save(path, LINE.replace("0.1", "0.05"))
        look(pilot)
        await told(pilot, "line.toml was read anew.")
        await training_ready(pilot)
        await stands(pilot)
        assert screen(pilot).player.epoch == 3
        assert screen(pilot).player.now.loss != before


async def test_a_training_whose_words_alone_are_others_keeps_its_epochs(tmp_path: Path) -> None:
    path = tmp_path / "line.toml"
    save(path, LINE)
    async with on(path) as pilot:
        await training_ready(pilot)
        await pilot.press("right", "right", "right", "left")
        losses = screen(pilot).player.losses.tolist()
        save(path, LINE.replace("A line", "Through three points"))
        look(pilot)
        await told(pilot, "line.toml was read anew.")
        await training_ready(pilot)
        assert "Through three points" in lines(pilot)[0]
        assert (screen(pilot).player.epoch, screen(pilot).player.losses.tolist()) == (2, losses)


async def test_notes_of_an_epoch_s_walk_reach_the_file_and_cost_no_epoch(tmp_path: Path) -> None:
    path = tmp_path / "line.toml"
    save(path, LINE)
    async with on(path) as pilot:
        await training_ready(pilot)
        await pilot.press("right", "right", "left", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, WalkScreen))
        await pilot.press("right", "m", *"mine", "enter", "M", "s", "s")
        await told(pilot, "One note saved in line.toml")
        assert load(str(path)).notes["h[1]"] == "mine"
        await pilot.press("escape")
        await training_ready(pilot)
        look(pilot)
        await told(pilot, "read anew")
        await training_ready(pilot)
        assert (screen(pilot).player.epoch, screen(pilot).player.last) == (1, 2)
