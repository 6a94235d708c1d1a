"""What the tests of training screens share: small training scenarios, and waiting for the thread that trains."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from gradwalk.engine.library import load
from gradwalk.engine.scenario import Scenario
from gradwalk.engine.training.scenario import TrainingScenario
from gradwalk.tui.app import GradwalkApp
from gradwalk.tui.screens.train import TrainScreen
from textual.pilot import Pilot

from .pseudo_terminal import DEADLINE

REGRESSION = {
    "data": 'samples = 6\nseed = 3\nx = "uniform(-2, 2)"\ny = "1 + 3*x"',
    "parameters": "w = 0",
    "prediction": 'h = "w*x"',
    "loss": 'cost = "mean((h - y)^2)"',
    "training": "learning_rate = 0.1\nepochs = 50",
}


def scenario(**tables: str) -> TrainingScenario:
    """Return a small regression in which some tables are written otherwise."""
    return _read({**REGRESSION, **tables})


def without_data(loss: str, parameters: str, training: str) -> TrainingScenario:
    """Return a training that makes `f`, a function of parameters alone, small."""
    return _read({"parameters": parameters, "loss": f'f = "{loss}"', "training": training})


def _read(tables: Mapping[str, str]) -> TrainingScenario:
    text = 'title = "A test"\n' + "".join(f"[{name}]\n{table}\n" for name, table in tables.items())
    with TemporaryDirectory() as folder:
        path = Path(folder) / "test.toml"
        path.write_text(text, encoding="utf-8")
        made = load(str(path))
    assert isinstance(made, TrainingScenario)
    return made


@asynccontextmanager
async def training(what: str | Scenario, size: tuple[int, int] = (120, 36)) -> AsyncIterator[Pilot[None]]:
    """Run the app on a training scenario."""
    app = GradwalkApp(load(what) if isinstance(what, str) else what)
    async with app.run_test(size=size, notifications=True) as pilot:
        await training_ready(pilot)
        yield pilot


async def training_ready(pilot: Pilot[None]) -> None:
    """Wait until the training screen is there; what is large is compiled first."""
    await until(pilot, lambda: isinstance(pilot.app.screen, TrainScreen))
    await pilot.pause()


def screen(pilot: Pilot[None]) -> TrainScreen:
    """Return the training screen."""
    assert isinstance(pilot.app.screen, TrainScreen)
    return pilot.app.screen


def running(pilot: Pilot[None]) -> bool:
    """Say whether training runs."""
    return screen(pilot).course.running


async def until(pilot: Pilot[None], holds: Callable[[], bool]) -> None:
    """Let the app work until a condition holds."""
    for _ in range(int(DEADLINE / 0.01)):
        if holds():
            return
        await pilot.pause(0.01)
    raise AssertionError("waited in vain")


async def stands(pilot: Pilot[None]) -> None:
    """Wait until training has come to where it was sent, and that is painted."""
    await until(pilot, lambda: not running(pilot))
    await pilot.pause()
