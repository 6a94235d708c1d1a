"""Walks of arrays for the tests of the screen."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import numpy as np
from gradwalk.engine.scalar_array.array import scalars
from gradwalk.engine.scenario import Scenario
from gradwalk.tui.app import GradwalkApp
from gradwalk.tui.screens.arrays import ArraysScreen
from gradwalk.tui.start import Start
from textual.pilot import Pilot


def numbers(samples: int = 4, inputs: int = 2, hidden: int = 3) -> dict[str, np.ndarray]:
    """Return the data and the parameters of a network of two layers."""
    random = np.random.default_rng(5)
    shapes = {"X": (samples, inputs), "Y": (samples, 1), "W1": (inputs, hidden), "b1": (hidden,), "W2": (hidden, 1)}
    return {name: random.normal(size=shape).round(2) for name, shape in shapes.items()}


def network(samples: int = 4, inputs: int = 2, hidden: int = 3) -> Scenario:
    """Return the loss of two layers, written as a NumPy student writes it."""
    given = numbers(samples, inputs, hidden)
    W1, b1, W2 = (scalars(name, given[name]) for name in ("W1", "b1", "W2"))
    hidden_layer = np.tanh(given["X"] @ W1 + b1)
    distance = hidden_layer @ W2 - given["Y"]
    loss = np.mean(distance**2)
    return Scenario("python", "Two layers", "", "", loss.graph(), {})


def by_hand(given: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return the gradients of the parameters as the chain rule gives them, written out."""
    hidden = np.tanh(given["X"] @ given["W1"] + given["b1"])
    upstream = 2 * (hidden @ given["W2"] - given["Y"]) / len(given["Y"])
    inner = upstream @ given["W2"].T * (1 - hidden**2)
    return {"W2": hidden.T @ upstream, "b1": inner.sum(axis=0), "W1": given["X"].T @ inner}


@asynccontextmanager
async def arrays_opened(
    scenario: Scenario | None = None, size: tuple[int, int] = (80, 24), start: Start | None = None
) -> AsyncIterator[Pilot[None]]:
    """Run the app on the arrays of a walk."""
    app = GradwalkApp(scenario or network(), start=start or Start(arrays=True))
    app.places.prepare()
    async with app.run_test(size=size, notifications=True) as pilot:
        await pilot.pause()
        await pilot.pause()
        yield pilot


def arrays(pilot: Pilot[None]) -> ArraysScreen:
    """Return the screen of the arrays."""
    assert isinstance(pilot.app.screen, ArraysScreen)
    return pilot.app.screen
