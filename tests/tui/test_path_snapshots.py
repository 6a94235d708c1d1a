"""What the panels about the selected node look like. After a change that is meant: `--snapshot-update`, and look."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from gradwalk.tui.app import GradwalkApp
from gradwalk.tui.settings import Settings, SettingsFile

from .pilots import scenario_of

SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
PANELS = pytest.mark.parametrize("key", ["2", "3", "4"], ids=["contributions", "paths", "why"])
NEURON = "tanh(w1*x + w2*y + b) * v"

Compare = Callable[..., bool]


def app_on(what: str, **values: str) -> GradwalkApp:
    SettingsFile().save(Settings("dark"))
    return GradwalkApp(scenario_of(what, **values))


@SIZES
@PANELS
def test_the_input_behind_a_shared_factor(snap_compare: Compare, key: str, size: tuple[int, int]) -> None:
    keys = [key, "end", "down", "down", "down"]  # a
    assert snap_compare(app_on("fabc"), press=keys, terminal_size=size)


@SIZES
@PANELS
def test_a_saturated_neuron(snap_compare: Compare, key: str, size: tuple[int, int]) -> None:
    values: dict[str, Any] = {"w1": "2", "x": "3", "w2": "-1", "y": "0.5", "b": "1", "v": "0.8"}
    keys = [key, "end", *["down"] * 5]
    assert snap_compare(app_on(NEURON, **values), press=keys, terminal_size=size)


@pytest.mark.parametrize("key", ["2", "3"], ids=["contributions", "paths"])
def test_in_the_middle_of_the_backward_pass(snap_compare: Compare, key: str) -> None:
    keys = [key, "end", *["down"] * 4, "left"]
    assert snap_compare(app_on("square"), press=keys, terminal_size=(80, 24))
