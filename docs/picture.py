"""Make the README's picture anew, from the real app: `python docs/picture.py`."""

from __future__ import annotations

import asyncio
from pathlib import Path

from gradwalk.engine.scenario import load
from gradwalk.tui.app import GradwalkApp

STEPS = 10
"""How far the walk in the picture has come: the backward pass, where 1/s meets the upstream gradient."""


async def picture() -> str:
    """Return the walk of `fabc`, drawn by the app, as SVG."""
    app = GradwalkApp(load("fabc"))
    async with app.run_test(size=(100, 26)) as pilot:
        await pilot.press(*["right"] * STEPS)
        await pilot.pause()
        return app.export_screenshot(title="gradwalk fabc")


if __name__ == "__main__":
    Path(__file__).with_name("walk.svg").write_text(asyncio.run(picture()), encoding="utf-8")
