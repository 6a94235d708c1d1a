"""What training looks like. After a change that is meant: `pytest tests/tui/test_training_snapshots.py
--snapshot-update`, and look at every picture before it is committed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
from gradwalk.engine.library import load
from gradwalk.tui.app import GradwalkApp
from gradwalk.tui.settings import Settings, SettingsFile
from textual.pilot import Pilot

from .training import stands, training_ready

Compare = Callable[..., bool]


@pytest.fixture(autouse=True)
def a_terminal_of_all_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    """The shades of a field are drawn otherwise where there are sixteen colours."""
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLORTERM", "truecolor")


def app_on(name: str, theme: str = "dark") -> GradwalkApp:
    SettingsFile().save(Settings(theme))
    return GradwalkApp(load(name))


def after(*keys: str) -> Callable[[Pilot[None]], Awaitable[None]]:
    """Return what presses keys, each when training stands."""

    async def act(pilot: Pilot[None]) -> None:
        await training_ready(pilot)
        for key in keys:
            await pilot.press(key)
            await stands(pilot)

    return act


class TestTraining:
    def test_the_start_of_a_regression(self, snap_compare: Compare) -> None:
        assert snap_compare(app_on("regression"), run_before=after(), terminal_size=(120, 40))

    def test_a_regression_and_its_fit(self, snap_compare: Compare) -> None:
        assert snap_compare(app_on("regression"), run_before=after("a", "y"), terminal_size=(120, 40))

    def test_the_surface_of_the_loss_and_the_way_down(self, snap_compare: Compare) -> None:
        assert snap_compare(app_on("regression"), run_before=after("a", "v"), terminal_size=(120, 40))

    def test_the_regions_of_the_moons(self, snap_compare: Compare) -> None:
        assert snap_compare(app_on("moons"), run_before=after("a"), terminal_size=(120, 40))

    def test_a_curve_half_way_back(self, snap_compare: Compare) -> None:
        assert snap_compare(app_on("polynomial"), run_before=after("n", "n", "p"), terminal_size=(200, 60))

    def test_a_rate_that_is_too_large(self, snap_compare: Compare) -> None:
        keys = ["n", *["plus"] * 5, "a", "y"]
        assert snap_compare(app_on("regression"), run_before=after(*keys), terminal_size=(120, 40))


class TestOtherSizesAndColours:
    @pytest.mark.parametrize("size", [(80, 24), (60, 20)], ids=["80x24", "60x20"])
    def test_narrow(self, snap_compare: Compare, size: tuple[int, int]) -> None:
        assert snap_compare(app_on("regression"), run_before=after("a"), terminal_size=size)

    def test_narrow_with_a_surface(self, snap_compare: Compare) -> None:
        assert snap_compare(app_on("regression"), run_before=after("a", "v", "v"), terminal_size=(80, 24))

    @pytest.mark.parametrize("theme", ["light", "terminal"])
    def test_another_theme(self, snap_compare: Compare, theme: str) -> None:
        assert snap_compare(app_on("moons", theme), run_before=after("a"), terminal_size=(120, 40))

    def test_the_surface_in_light(self, snap_compare: Compare) -> None:
        assert snap_compare(app_on("regression", "light"), run_before=after("a", "v"), terminal_size=(120, 40))
