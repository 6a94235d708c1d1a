"""The picture of a step, as SVG."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING

from .staged import Look, staged

if TYPE_CHECKING:
    from ...engine.scenario import Scenario

_FETCHED_FONTS = re.compile(r"\s*@font-face \{.*?\}", re.DOTALL)


def picture(scenario: Scenario, look: Look, title: str = "") -> str:
    """Return what the app shows of a scenario, as an SVG file that fetches nothing from anywhere.

    `title` stands above it, that of the scenario where it is empty. Raises GradwalkError where the scenario has no
    such start.
    """

    async def drawn() -> str:
        async with staged(scenario, look) as pilot:
            return pilot.app.export_screenshot(title=title or scenario.title)

    return _FETCHED_FONTS.sub("", asyncio.run(drawn()))
