"""Make the pictures of the README and of the guide anew, from the real app: `python docs/picture.py`."""

from __future__ import annotations

import asyncio
from pathlib import Path

from gradwalk.engine.importing.files import function_in_file
from gradwalk.engine.importing.imported import imported
from gradwalk.engine.library import load
from gradwalk.engine.scenario import Scenario
from gradwalk.tui.pictures.staged import Look, settled, staged
from gradwalk.tui.pictures.svg import picture_of
from gradwalk.tui.start import Start
from gradwalk.tui.words.imported import presented

DOCS = Path(__file__).parent


def network() -> Scenario:
    """Return the loss of the network in the examples."""
    found = function_in_file(f"{DOCS}/examples/network.py:loss")
    return presented(imported(found.function, *found.arguments({})), "network.py:loss")


async def pressed(scenario: Scenario, look: Look, title: str, *keys: str) -> str:
    """Return what the app shows after some keys, as SVG."""
    async with staged(scenario, look) as pilot:
        for key in keys:
            await pilot.press(key)
            await settled(pilot)
        return picture_of(pilot, title)


async def walk() -> str:
    """A walk on the way back, where 1/s meets the upstream gradient."""
    return await pressed(load("fabc"), Look((112, 26), Start("10")), "gradwalk fabc")


async def circuit() -> str:
    """The same step in the circuit."""
    return await pressed(load("fabc"), Look((120, 34), Start("10", view="circuit")), "gradwalk fabc")


async def study() -> str:
    """A question of predict mode with a wrong answer and a hint."""
    look = Look((112, 26), Start(step="∂f/∂q", predict="step"))
    keys = ("right", "question_mark", *"1/c^2", "enter")
    return await pressed(load("fabc"), look, "gradwalk fabc --predict", *keys)


async def training() -> str:
    """A network that learns to tell two moons apart."""
    return await pressed(load("moons"), Look((120, 32)), "gradwalk moons", *["n"] * 8, "y")


async def arrays() -> str:
    """A network at the level of arrays, where the gradient of a weight is a product with a transpose."""
    keys = ("V", *["right"] * 15)
    return await pressed(network(), Look((120, 26)), "gradwalk open network.py:loss", *keys)


async def gathered() -> str:
    """The same network as a circuit, its arrays gathered."""
    return await pressed(network(), Look((120, 34), Start(view="circuit")), "gradwalk open network.py:loss")


PICTURES = {picture.__name__: picture for picture in (walk, circuit, study, training, arrays, gathered)}

if __name__ == "__main__":
    for name, picture in PICTURES.items():
        (DOCS / f"{name}.svg").write_text(asyncio.run(picture()), encoding="utf-8")
