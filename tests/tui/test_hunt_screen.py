"""A hunt on the screen: finding the step with the cursor, by its name and by the mouse, and naming the mistake."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from click.testing import CliRunner
from gradwalk.engine.library import load
from gradwalk.engine.study.attempt import Outcome
from gradwalk.engine.study.hunt_planting import planted
from gradwalk.tui.app import GradwalkApp
from gradwalk.tui.cli import main
from gradwalk.tui.progress.progress import Progress
from gradwalk.tui.screens.hunt import HuntScreen
from gradwalk.tui.screens.library import LibraryScreen
from gradwalk.tui.screens.walk import WalkScreen
from gradwalk.tui.study.hunt_start import hunts
from textual.pilot import Pilot
from textual.widgets import Input

from .pilots import lines, text
from .pseudo_terminal import GRADWALK, PseudoTerminal


@asynccontextmanager
async def hunting(progress: Progress | None = None, name: str = "fabc", seed: int = 1) -> AsyncIterator[Pilot[None]]:
    noted = progress or Progress()
    next_hunt = hunts(load(name) if name else None, seed)
    app = GradwalkApp(first=lambda classes: HuntScreen(next_hunt(), next_hunt, noted, classes))
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await pilot.pause()
        yield pilot


def screen(pilot: Pilot[None]) -> HuntScreen:
    assert isinstance(pilot.app.screen, HuntScreen)
    return pilot.app.screen


def planted_choice(pilot: Pilot[None]) -> int:
    """Return the place, counted from 1, of the mistake that was made."""
    of = screen(pilot).hunt.of
    return [choice.mistake for choice in of.choices].index(of.planted) + 1


async def find(pilot: Pilot[None]) -> None:
    """Choose the wrong step with the arrows."""
    of = screen(pilot).hunt.of
    await pilot.press("home", *["down"] * of.rows.index(of.wrong), "enter")
    await pilot.pause()


async def test_a_hunt_is_found_named_noted_and_explained() -> None:
    progress = Progress()
    async with hunting(progress) as pilot:
        of = screen(pilot).hunt.of
        assert "holds one mistake" in text(pilot)
        assert of.alteration.sentence not in text(pilot)
        await find(pilot)
        assert "is where it first goes wrong" in text(pilot)
        assert "What is wrong in step" in text(pilot)
        wrong = next(place for place in range(1, 6) if place != planted_choice(pilot))
        await pilot.press(str(wrong))
        await pilot.pause()
        assert "Not that" in text(pilot) and "would be" in text(pilot)
        await pilot.press(str(planted_choice(pilot)))
        await pilot.pause()
        assert "✓ Right" in text(pilot)
        assert "right:" in text(pilot)
        assert [(noted.where, noted.outcome) for noted in progress.noted] == [
            ("hunt", Outcome.RIGHT),
            ("hunt", Outcome.HELPED),
        ]
        await pilot.press("r")
        await pilot.pause()
        assert screen(pilot).hunt.of.rows == planted(load("fabc"), 2).rows
        assert "holds one mistake" in text(pilot)


async def test_a_step_that_only_follows_from_the_mistake_is_told_from_a_right_one() -> None:
    hunted = ((seed, planted(load("fabc"), seed)) for seed in range(30))
    seed = next(seed for seed, of in hunted if any(map(of.is_consequence, of.rows)))
    async with hunting(seed=seed) as pilot:
        of = screen(pilot).hunt.of
        following = next(place for place, row in enumerate(of.rows) if of.is_consequence(row))
        await pilot.press("home", *["down"] * following, "enter")
        await pilot.pause()
        assert "is right for what it was given: the mistake was made before" in text(pilot)
        await pilot.press("home", "enter")
        await pilot.pause()
        assert f"Step {of.rows[0].step}, along {of.rows[0].name}, is right." in text(pilot)


async def test_a_step_can_be_named_and_a_name_that_there_is_not_is_explained() -> None:
    async with hunting() as pilot:
        of = screen(pilot).hunt.of
        for typed in ("nothing", of.wrong.name.replace("∂", "d")):
            await pilot.press("slash") if typed == "nothing" else None
            pilot.app.screen.query_one(Input).value = typed
            await pilot.press("enter")
            await pilot.pause()
            if typed == "nothing":
                assert "no step of the walk back" in text(pilot)
        assert screen(pilot).hunt.finding.outcome is Outcome.RIGHT


async def test_the_mouse_selects_a_step_and_a_second_click_says_that_it_is_it() -> None:
    async with hunting() as pilot:
        of = screen(pilot).hunt.of
        row = next(
            place for place, shown in enumerate(lines(pilot)) if f"{of.wrong.upstream_name} · {of.wrong.name}" in shown
        )
        await pilot.click(offset=(10, row))
        await pilot.pause()
        assert screen(pilot).hunt.finding.is_open
        await pilot.click(offset=(10, row))
        await pilot.pause()
        assert screen(pilot).hunt.finding.outcome is Outcome.RIGHT
        title = of.choices[planted_choice(pilot) - 1].title
        row = next(place for place, shown in enumerate(lines(pilot)) if title in shown)
        await pilot.click(offset=(10, row))
        await pilot.pause()
        assert screen(pilot).hunt.is_over


async def test_hints_lead_to_the_answer_and_the_right_walk_opens_at_the_step() -> None:
    async with hunting() as pilot:
        await pilot.press("h")
        await pilot.pause()
        assert "hint 1 of 3" in text(pilot)
        await pilot.press("w")  # before all is said there is no right walk to look at
        assert isinstance(pilot.app.screen, HuntScreen)
        await pilot.press("h", "h", "h", "s", "w")
        await pilot.pause()
        walk = pilot.app.screen
        assert isinstance(walk, WalkScreen)
        await pilot.press("escape")
        await pilot.pause()
        of = screen(pilot).hunt.of
        assert walk.moment.cursor == of.wrong.step
        assert [attempt.outcome for attempt in screen(pilot).hunt.tally.attempts] == [Outcome.WRONG, Outcome.SKIPPED]
        await pilot.press("escape")
        await pilot.pause()
        assert isinstance(pilot.app.screen, LibraryScreen)


async def test_nothing_on_the_screen_is_wider_than_it() -> None:
    async with hunting(name="regression") as pilot:
        assert "∂cost/∂" in text(pilot)
        await pilot.press("end")
        await pilot.pause()
        of = screen(pilot).hunt.of
        assert any(line.startswith(" >") and str(of.rows[-1].step) in line for line in lines(pilot))
        assert any(f"{of.rows[-1].gradient_name} = " in line for line in lines(pilot))


def test_a_scenario_that_does_not_serve_is_refused_before_anything_is_drawn() -> None:
    found = CliRunner().invoke(main, ["hunt", "xor"])
    assert found.exit_code == 2
    assert "216 steps back" in found.output


def test_a_hunt_in_a_real_terminal() -> None:
    of = planted(load("fabc"), 1)
    with PseudoTerminal(GRADWALK, "hunt", "fabc", "--seed", "1") as terminal:
        terminal.wait_for("holds one mistake")
        terminal.wait_for("This one")
        terminal.press(*["down"] * of.rows.index(of.wrong), "enter")
        terminal.wait_for("What is wrong in step")
        terminal.press("q")
        assert terminal.wait_for_exit() == 0


async def test_a_window_that_is_too_small_says_so() -> None:
    async with hunting() as pilot:
        await pilot.resize_terminal(50, 15)
        await pilot.pause()
        assert "gradwalk needs a window of 60x20" in text(pilot)
        await pilot.resize_terminal(60, 20)
        await pilot.pause()
        assert "holds one mistake" in text(pilot)
        assert f"{screen(pilot).hunt.of.rows[-1].gradient_name} = " in text(pilot)
