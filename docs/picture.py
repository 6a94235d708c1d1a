"""Make the README's pictures anew, from the real app: `python docs/picture.py`."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

from gradwalk.engine.library import load
from gradwalk.tui.app import GradwalkApp
from gradwalk.tui.screens.train import TrainScreen
from gradwalk.tui.session import Session
from gradwalk.tui.settings import MemoryStore
from gradwalk.tui.start import Start

os.environ.update(TERM="xterm-256color", COLORTERM="truecolor")  # the pictures depend on no terminal

STEPS = 10
"""How far the walk in the picture has come: the backward pass, where 1/s meets the upstream gradient."""

EPOCHS = 80
"""How far the training in the picture has come."""


async def walk() -> str:
    """Return the walk of `fabc`, drawn by the app, as SVG."""
    app = GradwalkApp(load("fabc"), Session(store=MemoryStore()))
    async with app.run_test(size=(112, 26)) as pilot:
        await pilot.press(*["right"] * STEPS)
        await pilot.pause()
        return app.export_screenshot(title="gradwalk fabc")


async def circuit() -> str:
    """Return the same step in the circuit."""
    app = GradwalkApp(load("fabc"), Session(store=MemoryStore()))
    async with app.run_test(size=(120, 34)) as pilot:
        await pilot.press(*["right"] * STEPS, "v")
        while not app.screen.query("CircuitGraph"):
            await pilot.pause(0.05)
        await pilot.pause()
        return app.export_screenshot(title="gradwalk fabc")


async def study() -> str:
    """Return a question of predict mode with a wrong answer and a hint, as SVG."""
    start = Start(step="∂f/∂q", predict="step")
    app = GradwalkApp(load("fabc"), Session(store=MemoryStore()), start=start)
    async with app.run_test(size=(112, 26)) as pilot:
        await pilot.press("right")
        await pilot.pause()
        await pilot.press("question_mark", *"1/c^2", "enter")
        await pilot.pause()
        return app.export_screenshot(title="gradwalk fabc --predict")


async def training() -> str:
    """Return the training of `moons`, drawn by the app, as SVG."""
    app = GradwalkApp(load("moons"), Session(store=MemoryStore()))
    async with app.run_test(size=(120, 32)) as pilot:
        await pilot.pause()
        while not isinstance(app.screen, TrainScreen):
            await pilot.pause(0.05)
        await pilot.press(*["n"] * (EPOCHS // 10), "y")
        await pilot.pause()
        return app.export_screenshot(title="gradwalk moons")


if __name__ == "__main__":
    for name, picture in (("walk", walk), ("circuit", circuit), ("study", study), ("training", training)):
        Path(__file__).with_name(f"{name}.svg").write_text(asyncio.run(picture()), encoding="utf-8")
