"""A round of exercises on the screen, from its first question to what came of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from click.testing import CliRunner
from gradwalk.engine.study.attempt import Attempt, Outcome
from gradwalk.engine.study.drill import Drill, Exercise
from gradwalk.engine.study.drill_aims import DrillKind
from gradwalk.tui.app import GradwalkApp
from gradwalk.tui.cli import main
from gradwalk.tui.progress.progress import Progress
from gradwalk.tui.screens.drill import DrillScreen
from gradwalk.tui.screens.hunt import HuntScreen
from gradwalk.tui.screens.library import LibraryScreen
from gradwalk.tui.screens.walk import WalkScreen
from gradwalk.tui.study.drill_start import drills
from textual.pilot import Pilot

from .pilots import lines, opened, text
from .pseudo_terminal import GRADWALK, PseudoTerminal


@asynccontextmanager
async def drilling(progress: Progress, seed: int = 3, count: int = 3) -> AsyncIterator[Pilot[None]]:
    app = GradwalkApp(first=lambda classes: DrillScreen(drills(progress, seed, count), progress, classes))
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await pilot.pause()
        yield pilot


def screen(pilot: Pilot[None]) -> DrillScreen:
    assert isinstance(pilot.app.screen, DrillScreen)
    return pilot.app.screen


async def answer(pilot: Pilot[None], typed: str) -> None:
    screen(pilot).box.field.value = typed
    await pilot.press("enter")
    await pilot.pause()


def solution(pilot: Pilot[None]) -> str:
    return answer_of(screen(pilot).round.exercise)


def answer_of(exercise: Exercise) -> str:
    solution = exercise.task.solution
    return solution if exercise.aim.kind is DrillKind.EQUATION else solution.split(" = ")[-1].split(",")[0]


async def test_a_window_that_was_too_small_gives_the_answer_its_keys_back() -> None:
    async with drilling(Progress()) as pilot:
        for width, height in ((30, 8), (2, 24), (80, 24)):
            await pilot.resize_terminal(width, height)
            await pilot.pause()
        await pilot.pause()
        assert screen(pilot).box.has_keys


async def test_a_round_is_asked_answered_noted_and_summed_up() -> None:
    progress = Progress()
    async with drilling(progress) as pilot:
        assert "exercise 1 of 3" in text(pilot)
        assert screen(pilot).round.exercise.task.prompt in text(pilot)
        await answer(pilot, solution(pilot))
        assert "✓ Right" in text(pilot)
        assert [noted.outcome for noted in progress.noted] == [Outcome.RIGHT]
        await pilot.press("enter")
        await pilot.pause()
        assert "exercise 2 of 3" in text(pilot)
        assert "Right" not in text(pilot)
        await answer(pilot, "12345")
        assert "✗" in text(pilot)
        for _ in range(4):
            await pilot.press("question_mark")
        await pilot.pause()
        assert "the answer" in text(pilot)
        await pilot.press("enter", "ctrl+n", "enter")
        await pilot.pause()
        assert "This round: 3 exercises" in text(pilot)
        assert "1 right, 1 shown, 1 skipped." in text(pilot)
        assert "To practise: " in text(pilot)
        assert [noted.outcome for noted in progress.noted] == [Outcome.RIGHT, Outcome.WRONG, Outcome.SKIPPED]
        await pilot.press("r")
        await pilot.pause()
        assert "exercise 1 of 3" in text(pilot)
        assert screen(pilot).round.drill == Drill(4, 3)


async def test_the_walk_of_an_exercise_opens_where_the_answer_stands_and_leads_back() -> None:
    async with drilling(Progress()) as pilot:
        exercise = screen(pilot).round.exercise
        await pilot.press("w")  # goes into the answer: before that is given, the walk would tell it
        assert isinstance(pilot.app.screen, DrillScreen)
        await answer(pilot, solution(pilot))
        await pilot.press("w")
        await pilot.pause()
        walk = pilot.app.screen
        assert isinstance(walk, WalkScreen)
        assert walk.moment.cursor == exercise.step
        await pilot.press("escape")
        await pilot.pause()
        await pilot.press("enter")
        await pilot.pause()
        assert screen(pilot).round.number == 2


async def test_leaving_sums_up_first_and_then_leads_to_the_library() -> None:
    async with drilling(Progress()) as pilot:
        await answer(pilot, solution(pilot))
        await pilot.press("escape")
        await pilot.pause()
        assert "This round: 1 exercise" in text(pilot)
        await pilot.press("escape")
        await pilot.pause()
        assert isinstance(pilot.app.screen, LibraryScreen)


async def test_an_exercise_that_was_begun_and_is_left_is_given_up() -> None:
    progress = Progress()
    async with drilling(progress) as pilot:
        await answer(pilot, "12345")
        await pilot.press("escape", "escape")
        await pilot.pause()
        assert [noted.outcome for noted in progress.noted] == [Outcome.WRONG]
        assert "All of them right" not in text(pilot)


async def test_the_palette_begins_a_drill_and_a_hunt() -> None:
    async with opened("fabc") as pilot:
        assert isinstance(pilot.app, GradwalkApp)
        titles = {command.title: command for command in pilot.app.get_system_commands(pilot.app.screen)}
        titles["Drill"].callback()
        await pilot.pause()
        assert isinstance(pilot.app.screen, DrillScreen)
        titles["Bug hunt"].callback()
        await pilot.pause()
        assert isinstance(pilot.app.screen, HuntScreen)
        await pilot.press("escape")
        await pilot.pause()
        assert isinstance(pilot.app.screen, LibraryScreen)


async def test_what_cannot_be_read_is_no_answer_and_a_click_on_a_key_is_a_press() -> None:
    progress = Progress()
    async with drilling(progress) as pilot:
        await answer(pilot, "1 +")
        assert screen(pilot).box.has_keys
        assert not screen(pilot).round.attempt.verdicts
        assert not progress.noted
        await answer(pilot, solution(pilot))
        row = lines(pilot)[-1]
        assert "Next" in row and "Walk" in row
        await pilot.click(offset=(row.index("Next"), 23))
        await pilot.pause()
        assert screen(pilot).round.number == 2


def test_a_kind_that_there_is_not_is_refused() -> None:
    found = CliRunner().invoke(main, ["drill", "--kinds", "locale"])
    assert found.exit_code == 2
    assert 'did you mean "local"' in found.output


def test_a_drill_in_a_real_terminal_remembers_what_was_answered() -> None:
    exercise = Drill(8, 2).exercise(0)
    with PseudoTerminal(GRADWALK, "drill", "--seed", "8", "--count", "2") as terminal:
        terminal.wait_for(exercise.task.prompt)
        terminal.wait_for("⏎ Answer")
        terminal.press(*answer_of(exercise), "enter")
        terminal.wait_for("✓ Right")
        terminal.press("q")
        assert terminal.wait_for_exit() == 0
    told = CliRunner().invoke(main, ["progress", "--json"])
    assert f'"{exercise.aim.skill}"' in told.output


def test_without_a_seed_the_exercises_are_aimed_at_what_went_wrong() -> None:
    progress = Progress()
    exercise = next(one for one in Drill(1, 30) if one.aim.kind is DrillKind.LOCAL)
    progress.note(Attempt(exercise.task).answered("12345").skipped(), "drill")
    aimed = [one.aim.skill for one in drills(progress, count=12)()]
    assert aimed.count(exercise.aim.skill) >= 2
    assert drills(progress)() != drills(progress)()
    assert drills(progress, seed=5)() == drills(Progress(), seed=5)()
