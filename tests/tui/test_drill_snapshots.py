"""What a drill and a hunt look like."""

from __future__ import annotations

from collections.abc import Callable

from gradwalk.engine.library import load
from gradwalk.engine.study.hunt_planting import planted
from gradwalk.tui.app import GradwalkApp
from gradwalk.tui.progress.progress import Progress
from gradwalk.tui.screens.drill import DrillScreen
from gradwalk.tui.screens.hunt import HuntScreen
from gradwalk.tui.settings import Settings, SettingsFile
from gradwalk.tui.study.drill_start import drills
from gradwalk.tui.study.hunt_start import hunts

Compare = Callable[..., bool]


def drill(seed: int, count: int = 10) -> GradwalkApp:
    SettingsFile().save(Settings("dark"))
    progress = Progress()
    return GradwalkApp(first=lambda classes: DrillScreen(drills(progress, seed, count), progress, classes))


def hunt() -> GradwalkApp:
    """Return a hunt for a sign that was lost at ∂r/∂s of fabc, whatever number it is drawn with."""
    SettingsFile().save(Settings("dark"))
    scenario = load("fabc")
    drawn = ((seed, planted(scenario, seed)) for seed in range(1_000))
    seed = next(seed for seed, of in drawn if of.planted == "sign" and of.wrong.name == "∂r/∂s")
    next_hunt = hunts(scenario, seed)
    return GradwalkApp(first=lambda classes: HuntScreen(next_hunt(), next_hunt, Progress(), classes))


def test_an_exercise_with_a_hint(snap_compare: Compare) -> None:
    assert snap_compare(drill(7), press=["question_mark", "question_mark"], terminal_size=(80, 24))


def test_what_came_of_a_round(snap_compare: Compare) -> None:
    press = ["ctrl+n", "enter", *["question_mark"] * 4, "enter"]
    assert snap_compare(drill(7, 2), press=press, terminal_size=(120, 40))


def test_a_hunt_where_a_consequence_was_taken_for_the_mistake(snap_compare: Compare) -> None:
    assert snap_compare(hunt(), press=["end", "enter"], terminal_size=(80, 24))


def test_a_hunt_with_hints(snap_compare: Compare) -> None:
    assert snap_compare(hunt(), press=["down", "h", "h"], terminal_size=(120, 40))
