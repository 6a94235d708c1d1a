"""The recording of a walk, as asciinema plays it: the app's own frames, one after the other.

The format is asciicast v2, https://docs.asciinema.org/manual/asciicast/v2/: a line of JSON about the terminal, then one
for each thing that is written on it, with the second at which that happens.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from typing import TYPE_CHECKING

from rich.color import ColorSystem

from ...engine.errors import GradwalkError
from ..lean_output import TerminalCopy
from ..screens.train import TrainScreen
from ..screens.walk import WalkScreen
from .staged import Look, settled, staged

if TYPE_CHECKING:
    from textual.pilot import Pilot

    from ...engine.scenario import Scenario

MOST_STEPS = 1000
"""A recording of more steps would be watched by nobody, and takes a minute to make."""

FRAMES_OF_A_TRAINING = 100
"""About so many epochs of a training are shown."""

_BEGIN, _END = "\x1b[?25l\x1b[H\x1b[2J", "\x1b[0m\x1b[?25h"


def recording(scenario: Scenario, look: Look, seconds: float = 1.0) -> str:
    """Return a recording of a walk from its start, or that of `look`, to its end; a step is shown so many `seconds`.

    A training is recorded to its last epoch, ten times as fast. Raises GradwalkError where the scenario has no such
    start, or the walk more steps than `MOST_STEPS` from there.
    """
    return asyncio.run(_recorded(scenario, look, seconds))


async def _recorded(scenario: Scenario, look: Look, seconds: float) -> str:
    columns, rows = look.size
    about = {"title": scenario.title, "env": {"TERM": "xterm-256color"}}
    header = {"version": 2, "width": columns, "height": rows, **about}
    copy, at, written = TerminalCopy(), 0.0, _BEGIN
    lines: list[object] = [header]
    async with staged(scenario, look) as pilot:
        pause = seconds / 10 if isinstance(pilot.app.screen, TrainScreen) else seconds
        async for _ in _frames(pilot):
            strips = pilot.app.screen._compositor.render_strips()  # pyright: ignore[reportPrivateUsage]
            patches = [(row, 0, strip) for row, strip in enumerate(strips)]
            lines.append((round(at, 3), "o", written + copy.sequence(patches, ColorSystem.TRUECOLOR)))
            at, written = at + pause, ""
    lines.append((round(at, 3), "o", _END))
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)


async def _frames(pilot: Pilot[None]) -> AsyncGenerator[None]:
    """Go through a walk or a training; each frame that is to be recorded is on the screen when this yields."""
    yield
    screen = pilot.app.screen
    if isinstance(screen, TrainScreen):
        player = screen.course.player
        stride = max(1, player.epochs // FRAMES_OF_A_TRAINING)
        while player.ended is None:
            screen.action_forward(stride)
            await settled(pilot)
            yield
    elif isinstance(screen, WalkScreen):
        left = screen.moment.trace.total - screen.moment.cursor
        if left > MOST_STEPS:
            raise GradwalkError(
                f"the walk has {left:,} steps from there, and a recording at most {MOST_STEPS:,}: "
                "begin later with --step"
            )
        for _ in range(left):
            screen.action_command("walk.forward")
            await pilot.pause()
            yield
