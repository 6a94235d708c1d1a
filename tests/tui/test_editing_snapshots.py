"""What editing looks like: a field with an error, a change in the step's panel, and the slope."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from .pilots import scenario_of
from .test_snapshots import app_on

Compare = Callable[..., bool]
SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
TO_A = ["down"] * 3
"""Keys that select the input a of `fabc`."""


@SIZES
def test_the_slope(snap_compare: Compare, size: tuple[int, int]) -> None:
    keys = ["right"] * 6 + TO_A + ["5"] + ["greater_than_sign"] * 3
    assert snap_compare(app_on(scenario_of("fabc")), press=keys, terminal_size=size)


def test_a_slope_in_the_terminals_own_colours(snap_compare: Compare) -> None:
    keys = [*TO_A, "5", "greater_than_sign"]
    assert snap_compare(app_on(scenario_of("fabc"), "terminal"), press=keys, terminal_size=(80, 24))


def test_a_curve_with_a_pole_and_a_gap(snap_compare: Compare) -> None:
    app = app_on(scenario_of("1/x + ln(x + 1)", x="0.5"))
    assert snap_compare(app, press=["down", "down", "5"], terminal_size=(80, 24))


@SIZES
def test_an_error_below_the_field(snap_compare: Compare, size: tuple[int, int]) -> None:
    keys = ["e", *" * )", "enter"]
    assert snap_compare(app_on(scenario_of("fabc")), press=keys, terminal_size=size)


@SIZES
def test_what_an_edit_has_changed(snap_compare: Compare, size: tuple[int, int]) -> None:
    keys = ["right"] * 9 + TO_A + ["greater_than_sign"] * 5
    assert snap_compare(app_on(scenario_of("fabc")), press=keys, terminal_size=size)


def test_adding_a_node(snap_compare: Compare) -> None:
    assert snap_compare(app_on(scenario_of("fabc")), press=["a", *"g = f^2"], terminal_size=(80, 24))


def test_the_name_of_a_file(snap_compare: Compare) -> None:
    assert snap_compare(app_on(scenario_of("fabc")), press=["ctrl+s"], terminal_size=(80, 24))
