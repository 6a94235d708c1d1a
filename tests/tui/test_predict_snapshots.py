"""What predicting looks like: a question with its verdict and hints, and the end of a walk."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from gradwalk.tui.app import GradwalkApp
from gradwalk.tui.settings import Settings, SettingsFile
from gradwalk.tui.start import Start

from .pilots import scenario_of

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
