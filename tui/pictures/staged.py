"""`staged`: the app on a scenario, as it would be in a terminal of some size; nobody sits there."""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ...engine.errors import GradwalkError, quoted
from ..app import GradwalkApp
from ..screens.train import TrainScreen
from ..screens.walk import WalkScreen
from ..session import Session
from ..settings import MemoryStore
from ..start import Start
from ..terminal import Terminal
from ..walk.view_pane import Waiting

if TYPE_CHECKING:
    from textual.pilot import Pilot

    from ...engine.scenario import Scenario

LEAST_SIZE, LARGEST_SIZE = (20, 6), (400, 200)
"""Columns and rows of the smallest window in which the app draws more than a plea for room, and of the largest here."""


@dataclass(frozen=True)
class Look:
    """What is looked at: `size` is in columns and rows, `theme` one of `themes.THEMES`."""

    size: tuple[int, int] = (100, 30)
    start: Start = field(default_factory=Start)
    theme: str = "dark"


def size_of(text: str) -> tuple[int, int]:
    """Read a size such as 100x30, columns first; GradwalkError where it is none, or not drawn."""
    columns, _, rows = text.lower().partition("x")
    if not (columns.strip().isdecimal() and rows.strip().isdecimal()):
        raise GradwalkError(f"--size {quoted(text)} is no size; write columns and rows, as in 100x30")
    size = int(columns), int(rows)
    if not all(least <= side <= most for least, side, most in zip(LEAST_SIZE, size, LARGEST_SIZE, strict=True)):
        small, large = (f"{width}x{height}" for width, height in (LEAST_SIZE, LARGEST_SIZE))
        raise GradwalkError(f"--size {text}: a window has {small} to {large} columns and rows")
    return size


_COLOURFUL = {"TERM": "xterm-256color", "COLORTERM": "truecolor"}


@contextmanager
def _in_colour() -> Generator[None]:
    """Let an app that is made now have all colours, whatever terminal this process has: Rich reads the environment."""
    before = dict(os.environ)
    os.environ.update(_COLOURFUL)
    os.environ.pop("NO_COLOR", None)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


@asynccontextmanager
async def staged(scenario: Scenario, look: Look) -> AsyncGenerator[Pilot[None]]:
    """Run the app on a scenario, opened as `look` says; what is pressed there is remembered nowhere.

    Raises GradwalkError where the scenario has no such start.
    """
    session = Session(terminal=Terminal.of(_COLOURFUL, interactive=True), store=MemoryStore())
    with _in_colour():
        app = GradwalkApp(scenario, session, start=look.start, theme=look.theme)
    app.places.prepare()
    async with app.run_test(size=look.size) as pilot:
        await pilot.pause()
        while not app.places.problem and not isinstance(app.screen, WalkScreen | TrainScreen):
            await pilot.pause(0.02)
        if app.places.problem:
            raise GradwalkError(app.places.problem)
        await settled(pilot)
        yield pilot


async def settled(pilot: Pilot[None]) -> None:
    """Wait until all is drawn: the graph is laid out, the training has come as far as it was told to."""
    screen = pilot.app.screen
    while (isinstance(screen, TrainScreen) and screen.course.running) or screen.query(Waiting):
        await pilot.pause(0.02)
    await pilot.pause()
