"""Start-up: what a command loads, and what it leaves for later."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

HEAVY = (
    "plotext",
    "numpy.typing",
    "asyncssh",
    "sqlite3",
    "textual_serve",
    "jsonschema",
    "matplotlib",
    "scipy",
    "torch",
    "autograd",
)
"""What nobody should wait for before the first screen."""

LATER = {
    f"gradwalk.{name}"
    for name in (
        "engine.export.walk_document",
        "engine.reading.schema",
        "engine.reading.training",
        "engine.rules.array_rules",
        "engine.rules.optimizers",
        "engine.rules.precise",
        "engine.run.compiler",
        "engine.run.schedule",
        "engine.walk.closed_forms",
        "engine.walk.equation",
        "engine.walk.exact",
        "engine.walk.exact_value",
        "engine.walk.local",
        "engine.walk.reason",
        "engine.walk.step",
        "engine.walk.tangent",
        "engine.walk.update",
        "engine.walk.updating",
        "tui.keymap",
        "tui.screens.goto",
        "tui.screens.help",
        "tui.screens.prompt",
        "tui.training.plotting",
        "tui.walk.circuit.view",
        "tui.walk.large.view",
        "tui.walk.search",
        "tui.words.reasons",
    )
}
"""What comes with the first step, the first question or the first other view, and not before."""

SCREEN = """
import asyncio, json, sys
from gradwalk.engine.library import load
from gradwalk.tui.app import GradwalkApp

async def first_screen():
    app = GradwalkApp(load("fabc") if {scenario} else None)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()

asyncio.run(first_screen())
print(json.dumps(sorted(sys.modules)))
"""

COMMAND = """
import json, sys
from gradwalk.tui.cli import main
try:
    main({arguments})
except SystemExit as exit:
    assert not exit.code, exit.code
print("\\n" + json.dumps(sorted(sys.modules)))
"""


def modules_after(script: str) -> set[str]:
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
    assert result.returncode == 0, result.stderr
    return set(json.loads(result.stdout.splitlines()[-1]))


@pytest.mark.parametrize("scenario", [True, False], ids=["walk", "library"])
def test_the_first_screen_comes_without_what_it_does_not_need(scenario: bool) -> None:
    modules = modules_after(SCREEN.format(scenario=scenario))
    assert "textual" in modules
    assert not modules & set(HEAVY)
    assert not modules & LATER


OPENED = """
import json, sys
from gradwalk.tui.app import GradwalkApp
from gradwalk.tui.cli import main
from gradwalk.tui.terminal import Terminal

GradwalkApp.run = lambda self: self.places.first_screen()
Terminal.here = classmethod(lambda kind: Terminal.of({{"TERM": "xterm-256color"}}, interactive=True))
try:
    main({arguments})
except SystemExit as exit:
    assert not exit.code, exit.code
print("\\n" + json.dumps(sorted(sys.modules)))
"""


def test_the_command_loads_no_more_than_the_screen_that_it_opens() -> None:
    modules = modules_after(OPENED.format(arguments=[]))
    assert "gradwalk.tui.screens.library" in modules
    assert not modules & {"numpy", "gradwalk.engine.graph.graph", *LATER, *HEAVY}
    modules = modules_after(OPENED.format(arguments=["fabc"]))
    assert "gradwalk.tui.screens.walk" in modules
    assert not modules & {*LATER, *HEAVY}


def test_the_library_comes_without_numpy_and_the_graphs() -> None:
    modules = modules_after(SCREEN.format(scenario=False))
    assert "gradwalk.tui.screens.library" in modules
    assert not modules & {"numpy", "gradwalk.engine.graph.graph", "gradwalk.engine.reading.scenario"}


FIRST_PAINT = """
import asyncio, json, sys
from gradwalk.tui.app import GradwalkApp
from gradwalk.tui.settings import MemoryStore, Settings
from gradwalk.tui.session import Session

store = MemoryStore()
store.save(Settings(keys={"library.down": "f6"}))

loaded = []
display = GradwalkApp._display

def watched(app, screen, renderable):
    display(app, screen, renderable)
    if not loaded and any("fabc" in strip.text for strip in screen._compositor.render_strips()):
        loaded.extend(sys.modules)

GradwalkApp._display = watched

async def first_paint():
    app = GradwalkApp(session=Session(store=store))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("f6")
        assert app.screen.list.selected == 1
    print(json.dumps(loaded))

asyncio.run(first_paint())
"""


def test_keys_of_the_user_s_own_cost_the_first_paint_nothing() -> None:
    modules = modules_after(FIRST_PAINT)
    assert "gradwalk.tui.screens.library" in modules
    assert not modules & {"numpy", "gradwalk.tui.keymap", "gradwalk.tui.screens.walk"}


@pytest.mark.parametrize(
    "arguments",
    [["--version"], ["--help"], ["list"], ["trace", "fabc"], ["trace", "fabc", "--json"], ["schema", "trace"],
     ["try", "x*y", "x=1", "y=2", "--trace"]],
    ids=" ".join,
)  # fmt: skip
def test_a_headless_command_loads_no_textual(arguments: list[str]) -> None:
    modules = modules_after(COMMAND.format(arguments=arguments))
    assert "click" in modules
    assert not modules & {"textual", *HEAVY}


@pytest.mark.parametrize("arguments", [["--version"], ["--help"]], ids=" ".join)
def test_version_and_help_load_no_numpy_either(arguments: list[str]) -> None:
    assert "numpy" not in modules_after(COMMAND.format(arguments=arguments))
