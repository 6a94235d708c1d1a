"""`show`: walk, on the screen, what was written in Python."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

from ..engine.errors import GradwalkError
from ..engine.scalar import Scalar
from ..engine.scenario import Scenario


def show(output: Scalar, title: str = "") -> None:
    """Open the walk of a scalar's graph in this terminal; returns when the user leaves it.

    Where there is no terminal, as in a notebook or a pipe, every step of the walk is printed as text.

    >>> x, y = Scalar(2.0, "x"), Scalar(5.0, "y")
    >>> show(x * y + x.sin())  # doctest: +SKIP

    Raises GradwalkError for what is no Scalar, and where a screen cannot take the terminal: in a thread, or in code
    that runs in an event loop.
    """
    from .opening import open_app
    from .session import Session
    from .trace_command import print_trace

    scenario = _scenario(output, title)
    session = Session.here()
    if not session.terminal.interactive or not session.terminal.places_text:
        print_trace(scenario)
        return
    if threading.current_thread() is not threading.main_thread():
        raise GradwalkError("show takes the terminal, which only the main thread can; call it there")
    if _in_event_loop():
        raise GradwalkError("show runs an event loop of its own, so it cannot be called inside another one")
    open_app(scenario, session)


def _scenario(output: Any, title: str) -> Scenario:
    if not isinstance(output, Scalar):
        kind = type(output).__name__
        raise GradwalkError(
            f'show walks the graph of a Scalar, and this is a {kind}: begin with Scalar(2.0, "x") and calculate with it'
        )
    name = output.name or "the result"
    return Scenario("python", title or f"{name}, from Python", "", "", output.graph(), {})


def _in_event_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True
