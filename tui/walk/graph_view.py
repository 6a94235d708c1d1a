"""`GraphView`: what draws the graph of a walk, and `View`: how a screen makes one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from textual.widget import Widget

from ...engine.arrays import Indices
from ...engine.walk.trace import Trace
from .moment import Moment

Progress = Callable[[float], None]
"""Told which part of a layout is done (0 to 1); may raise to stop."""


@dataclass(frozen=True, slots=True)
class NodeChosen:
    """A node was chosen in a view; `again` says that it was the selected one before, and was clicked once more."""

    node: int
    again: bool = False


class GraphView(Protocol):
    """A widget that draws a graph at a moment of its walk.

    `chosen` is a Textual reactive that is set to what a user has chosen, with `always_update`. The screen watches it
    and shows a moment with that node selected. It is no message, since the next key must find the choice made: keys
    come faster than messages climb from a widget to its screen. Keys that only this view has are its own `BINDINGS`,
    what it means is its own `HELP`.
    """

    chosen: NodeChosen | None

    def show(self, moment: Moment) -> None:
        """Draw a moment; where the selected node is another one than before, bring it into view."""
        ...


@dataclass(frozen=True)
class View:
    """A kind of view: its name, and how to make it in two parts.

    `lay_out` does what can take long, once for each walk, when the view is first shown (in a thread, for the first
    view of a large walk); `make` returns the widget, a `GraphView`, for the layout. `reading_order` gives the nodes of
    a layout in the order in which they are read; without it they are searched in the order of the walk.
    `wanted_width` tells in how many columns a layout cuts no label; without it, any width will do. A view that
    `lies_wide` goes from left to right: where the window is wide and tall the panel stands below it.
    """

    name: str
    make: Callable[[Trace, Any], Widget]
    lay_out: Callable[[Trace, Progress], Any] = lambda trace, progress: None
    reading_order: Callable[[Any], Indices] | None = None
    wanted_width: Callable[[Any], int] | None = None
    lies_wide: bool = False
