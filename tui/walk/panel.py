"""`Panel`: what can stand beside the graph of a walk, and how it is made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from textual.widget import Widget

from .moment import Moment
from .opened import OpenedWalk


class MomentPanel(Protocol):
    """A widget that says something about a moment of a walk."""

    def follow(self, moment: Moment) -> None:
        """Draw a moment; before the widget is mounted too."""
        ...


@runtime_checkable
class LastingPanel(MomentPanel, Protocol):
    """A panel that stays when another walk is shown in its place, as while an input is slid."""

    def reopen(self, opened: OpenedWalk) -> None:
        """Be about another walk from now on; `follow` is called with a moment of it next."""
        ...


@dataclass(frozen=True, slots=True)
class Panel:
    """A kind of panel: its name, its key, what it shows as a phrase, and what makes the widget, a `MomentPanel`.

    `make` imports what it needs, so that a panel costs nothing before it is first shown. `again`, where there is one,
    is what the key makes of a moment that shows the panel already. One that `tells_ahead` says numbers of steps that
    were not taken yet, so it stays shut while they are asked for.
    """

    name: str
    key: str
    tooltip: str
    make: Callable[[OpenedWalk], Widget]
    again: Callable[[Moment], Moment] | None = None
    tells_ahead: bool = True
