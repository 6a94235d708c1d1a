"""`show`: walk, on the screen, what was written in Python."""

from __future__ import annotations

from ..engine.scalar import Scalar
from ..engine.scenario import Scenario


def show(output: Scalar, title: str = "") -> None:
    """Open the walk of a scalar's graph in this terminal; returns when the user leaves it.

    >>> x, y = Scalar(2.0, "x"), Scalar(5.0, "y")
    >>> show(x * y + x.sin())  # doctest: +SKIP

    Raises GradwalkError where there is no terminal that can be painted on.
    """
    from .cli import open_app

    name = output.name or "the result"
    open_app(Scenario("python", title or f"{name}, from Python", "", "", output.graph(), {}))
