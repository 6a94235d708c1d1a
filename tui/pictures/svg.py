"""The picture of a step, as SVG."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING

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
    return _FETCHED_FONTS.sub("", pilot.app.export_screenshot(title=title))
