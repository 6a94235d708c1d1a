"""What the Pilot tests share: open the app headless, read its screen, hold its clock."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

import pytest
from gradwalk.engine.library import load
from gradwalk.engine.reading.arguments import from_expression
from gradwalk.engine.scenario import Scenario
from gradwalk.tui.app import GradwalkApp
from gradwalk.tui.screens.walk import WalkScreen
from gradwalk.tui.walk.tree.graph_tree import GraphTree
from textual.events import Key
from textual.pilot import Pilot
from textual.timer import Timer

WALKS = ("fabc", "ehg", "chain", "square", "ab1", "xyz", "sum")
"""The built-in scenarios that are graphs to be walked."""


def scenario_of(what: str, **values: str) -> Scenario:
    """Return a built-in scenario by its name, or one of an expression when it has values."""
    return from_expression(what, values) if values else load(what)


@asynccontextmanager
async def opened(
    what: str | None = "fabc", size: tuple[int, int] = (80, 24), values: Mapping[str, str] | None = None
) -> AsyncIterator[Pilot[None]]:
    """Run the app on a scenario, or on the library for None."""
    app = GradwalkApp(scenario_of(what, **(values or {})) if what is not None else None)
    async with app.run_test(size=size, notifications=True) as pilot:
        await pilot.pause()
        yield pilot


def lines(pilot: Pilot[None]) -> list[str]:
    """Return the rows of the screen, as the terminal would show them."""
    return [strip.text.rstrip() for strip in pilot.app.screen._compositor.render_strips()]


def text(pilot: Pilot[None]) -> str:
    """Return the screen as one text."""
    return "\n".join(lines(pilot))


def walk(pilot: Pilot[None]) -> WalkScreen:
    """Return the walk's screen."""
    assert isinstance(pilot.app.screen, WalkScreen)
    return pilot.app.screen


def command(pilot: Pilot[None], name: str) -> None:
    """Run a command of the walk at once, as its key would."""
    walk(pilot).action_command(f"walk.{name}")


def cursor(pilot: Pilot[None]) -> int:
    """Return how many steps have been taken."""
    return walk(pilot).moment.cursor


def tree(pilot: Pilot[None]) -> GraphTree:
    """Return the tree of the walk."""
    return walk(pilot).query_one(GraphTree)


def selected(pilot: Pilot[None]) -> str:
    """Return the label of the selected node, having seen that the tree marks a row of it."""
    moment = walk(pilot).moment
    assert int(tree(pilot).rows.node[tree(pilot).selected]) == moment.node
    return moment.trace.graph.label(moment.node)


def notices(pilot: Pilot[None]) -> list[str]:
    """Return the notifications that are shown."""
    return [notification.message for notification in pilot.app._notifications]


async def at_once(pilot: Pilot[None], *keys: str) -> None:
    """Press keys without waiting for what each does, as a terminal sends what was typed fast."""
    for key in keys:
        pilot.app.post_message(Key(key, key))
    await pilot.pause()
    await pilot.pause()


class HeldClock:
    """Stands for the timers of a walk: time passes when the test says so."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.timers: list[HeldTimer] = []

        textuals_own = WalkScreen.set_interval

        def set_interval(
            screen: WalkScreen, interval: float, callback: Callable[[], None] | None = None, **options: Any
        ) -> Timer | HeldTimer:
            if callback != screen._tick:
                return textuals_own(screen, interval, callback, **options)
            self.timers.append(HeldTimer(interval, callback))
            return self.timers[-1]

        monkeypatch.setattr(WalkScreen, "set_interval", set_interval)

    @property
    def interval(self) -> float | None:
        """The seconds between ticks, or None while nothing runs."""
        running = [timer for timer in self.timers if timer.running and not timer.paused]
        assert len(running) <= 1, "two timers would play at twice the speed"
        return running[0].interval if running else None

    def tick(self) -> None:
        """Let one interval pass."""
        for timer in list(self.timers):
            if timer.running and not timer.paused:
                timer.callback()


class HeldTimer:
    """One timer of a `HeldClock`."""

    def __init__(self, interval: float, callback: Callable[[], None]) -> None:
        self.interval = interval
        self.callback = callback
        self.running = True
        self.paused = False

    def stop(self) -> None:
        self.running = False

    def pause(self) -> None:
        self.paused = True

    def resume(self) -> None:
        self.paused = False
