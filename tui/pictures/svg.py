"""The picture of a step, as SVG."""

from __future__ import annotations

import asyncio
import io
import re
from typing import TYPE_CHECKING, Any

from rich.console import Console

from .staged import Look, staged

if TYPE_CHECKING:
    from textual.pilot import Pilot

    from ...engine.scenario import Scenario

_FETCHED_FONTS = re.compile(r"\s*@font-face \{.*?\}", re.DOTALL)


def picture(scenario: Scenario, look: Look) -> str:
    """Return what the app shows of a scenario, as an SVG file that fetches nothing from anywhere.

    Raises GradwalkError where the scenario has no such start.
    """

    async def drawn() -> str:
        async with staged(scenario, look) as pilot:
            return picture_of(pilot, scenario.title)

    return asyncio.run(drawn())


def picture_of(pilot: Pilot[None], title: str) -> str:
    """Return what an app shows now, as `picture` does, with a title above it."""
    app: Any = pilot.app
    width, height = app.size
    console = Console(
        width=width,
        height=height,
        file=io.StringIO(),
        force_terminal=True,
        force_jupyter=False,  # in a notebook Textual's own picture is shown below the cell as well
        color_system="truecolor",
        record=True,
        legacy_windows=False,
        safe_box=False,
    )
    console.print(app.screen._compositor.render_update(full=True, screen_stack=app._background_screens))
    return _FETCHED_FONTS.sub("", console.export_svg(title=title))
