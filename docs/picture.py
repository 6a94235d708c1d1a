"""Make the pictures of the README and of the guide anew, from the real app: `python docs/picture.py`.

It needs what is shown: JAX, PyTorch, and playwright with Chromium.
"""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

from gradwalk.engine.importing.files import function_in_file
from gradwalk.engine.importing.imported import imported
from gradwalk.engine.library import load
from gradwalk.engine.scenario import Scenario
from gradwalk.tui.pictures.staged import Look, settled, staged
from gradwalk.tui.pictures.svg import picture_of
from gradwalk.tui.pocket.page import page
from gradwalk.tui.start import Start
from gradwalk.tui.words.imported import presented

DOCS = Path(__file__).parent


def example(name: str, data: tuple[str, ...] = ()) -> Scenario:
    """Return the loss of one of the examples."""
    found = function_in_file(f"{DOCS}/examples/{name}.py:loss")
    return presented(imported(found.function, *found.arguments({}), data=data), f"{name}.py:loss")


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
    return await pressed(example("network"), Look((120, 26)), "gradwalk open network.py:loss", *keys)


async def gathered() -> str:
    """The same network as a circuit, its arrays gathered."""
    return await pressed(example("network"), Look((120, 34), Start(view="circuit")), "gradwalk open network.py:loss")


async def jax() -> str:
    """A step of a function written for JAX, with the line that it comes from."""
    scenario = example("classifier_jax", ("x", "y"))
    look = Look((112, 24), Start("∂loss/∂scores[0,0]"))
    return await pressed(scenario, look, "gradwalk open classifier_jax.py:loss --data x --data y")


async def torch() -> str:
    """What is said first of a function written for PyTorch: whether the gradients are PyTorch's own."""
    return await pressed(example("module_torch"), Look((112, 20)), "gradwalk open module_torch.py:loss")


def in_a_browser(file: Path) -> None:
    """Make the picture of a page that walks; Chromium draws it."""
    from playwright.sync_api import sync_playwright

    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as browsers:
        browser = browsers.chromium.launch(executable_path=shutil.which("chromium"), args=flags)
        shown = browser.new_page(viewport={"width": 1000, "height": 460})
        shown.set_content(page(load("fabc")))
        for _ in range(10):
            shown.keyboard.press("ArrowRight")
        shown.keyboard.press("v")
        shown.screenshot(path=file)
        browser.close()


PICTURES = {picture.__name__: picture for picture in (walk, circuit, study, training, arrays, gathered, jax, torch)}

if __name__ == "__main__":
    for name, picture in PICTURES.items():
        (DOCS / f"{name}.svg").write_text(asyncio.run(picture()), encoding="utf-8")
    in_a_browser(DOCS / "page.png")
