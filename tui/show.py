"""`show`: walk, on the screen, what was written in Python."""

from __future__ import annotations

from typing import Any

from ..engine.errors import GradwalkError
from ..engine.scenario import Scenario
from .walkable import instead_of, kind_of, recorded_in
from .walked import Walk, walk


def show(output: Any, title: str = "") -> None:
    """Open the walk of a number's graph in this terminal; returns when the user leaves it.

    `output` is a `Scalar`, a `Value`, an array with one entry, or what `walk` returns. In a notebook the page to walk
    on is shown; where there is no terminal, as in a pipe, every step is printed as text.

    >>> x, y = Scalar(2.0, "x"), Scalar(5.0, "y")
    >>> show(x * y + x.sin())  # doctest: +SKIP

    Raises GradwalkError for what has no graph, and where a screen cannot take the terminal: in a thread, or in code
    that runs in an event loop, where `await walk(...).show_async()` does.
    """
    if not isinstance(output, Walk | Scenario) and recorded_in(output) is None:
        kind = kind_of(output)
        if callable(output):
            raise GradwalkError(
                f"show walks the graph of a Scalar, and this is a {kind}: write walk(f, x).show() with the function f "
                'and what it is called with, or begin with Scalar(2.0, "x") and calculate with it'
            )
        raise GradwalkError(f"show walks the graph of a Scalar, and this is a {kind}{instead_of(output)}")
    walk(output, title=title).show()
