"""What every session needs is loaded, and done once, before the first of them is forked."""

from __future__ import annotations

import asyncio
import ctypes
import importlib
import pkgutil
import threading

from ...engine.library import load
from ..app import GradwalkApp
from ..session import Role, Session
from ..terminal import Terminal

_TERMINAL = Terminal.of({"TERM": "xterm-256color", "SSH_CONNECTION": "", "SSH_TTY": ""}, interactive=True)

_SIZE = (120, 40)

_ROOMS = (
    "attending", "editing", "lecture", "marks", "plain", "screens", "study", "training", "walk", "widgets", "words",
)  # fmt: skip
"""The packages that a learner's keys, and a lecture, come to need."""

_MODULES = ("..opening", "textual.drivers.linux_driver")

_OPENED = ("", "fabc", "xor")
"""What is painted once: the library, and a few scenarios of different kinds."""


def warm() -> None:
    """Load what sessions need, and paint what they begin with, so that a fork finds it done.

    No thread is left. RuntimeError where one is: a process with threads cannot be forked.
    """
    ctypes.CDLL(None)
    for name in _MODULES:
        importlib.import_module(name, __package__)
    for room in _ROOMS:
        package = importlib.import_module(f"...{room}", __name__)
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)
    for name in _OPENED:
        asyncio.run(_painted(name))
    if threading.active_count() > 1:
        raise RuntimeError(f"threads are left: {threading.enumerate()}")


async def _painted(name: str) -> None:
    app = GradwalkApp(load(name) if name else None, Session(Role.GUEST, _TERMINAL))
    app.places.prepare()
    async with app.run_test(size=_SIZE) as pilot:
        await pilot.pause()
        await pilot.press("right", "right", "left")
        await pilot.pause()
