"""What predicting looks like: a question with its verdict and hints, and the end of a walk."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from gradwalk.tui.app import GradwalkApp
from gradwalk.tui.lecture.messages import Mistakes, PartCount, Tally
from gradwalk.tui.session import Role, Session
from gradwalk.tui.settings import Settings, SettingsFile
from gradwalk.tui.start import Start
from textual.pilot import Pilot

from .pilots import scenario_of, walk

Compare = Callable[..., bool]
SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])


def app_at(step: str, level: str) -> GradwalkApp:
    SettingsFile().save(Settings("dark"))
    return GradwalkApp(scenario_of("fabc"), start=Start(step, predict=level))


@SIZES
def test_a_wrong_answer_and_a_hint(snap_compare: Compare, size: tuple[int, int]) -> None:
    keys = ["right", *"1/9", "enter", "question_mark"]
    assert snap_compare(app_at("8", "step"), press=keys, terminal_size=size)


@SIZES
def test_the_end_of_a_walk(snap_compare: Compare, size: tuple[int, int]) -> None:
    keys = ["right", *"1/9", "enter", *"-1/9", "enter", "right", "ctrl+n", "right", *"-1/(9*e)", "enter"]
    assert snap_compare(app_at("6", "result"), press=keys, terminal_size=size)


@SIZES
def test_what_came_of_a_step_that_a_room_was_asked(snap_compare: Compare, size: tuple[int, int]) -> None:
    async def answered(pilot: Pilot[None]) -> None:
        await pilot.press("right")
        asked = walk(pilot).asked_of_all
        assert asked is not None
        first = PartCount(right=12, helped=2, wrong=3, mistakes=(Mistakes(("sign",), 4), Mistakes(("reciprocal",), 1)))
        walk(pilot).show_counted(Tally(asked.question, 20, (first, PartCount(right=6, skipped=1))))
        await pilot.pause()

    app = GradwalkApp(scenario_of("fabc"), Session(Role.PRESENTER), start=Start("9", predict="step"))
    assert snap_compare(app, run_before=answered, terminal_size=size)
