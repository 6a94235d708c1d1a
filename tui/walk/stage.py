"""`Stage`: what a command of a walk finds and may do; the walk's screen is one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from textual.message import Message
from textual.screen import Screen

from ..session import Session
from .breakpoints import Breakpoints
from .graph_view import View
from .moment import Moment
from .opened import OpenedWalk
from .playback import Playback

if TYPE_CHECKING:
    from .search import Search

Answer = TypeVar("Answer")


class Stage(Protocol):
    """A walk on show. All that is seen follows `moment`, which may be set."""

    @property
    def moment(self) -> Moment:
        """What is looked at; to set it shows another one."""
        ...

    @moment.setter
    def moment(self, moment: Moment) -> None: ...

    @property
    def screen(self) -> Screen[Any]:
        """The screen that it is, for messages to the app."""
        ...

    @property
    def opened(self) -> OpenedWalk:
        """The walk that is shown."""
        ...

    @property
    def views(self) -> Sequence[View]:
        """What can draw its graph, in order."""
        ...

    @property
    def last_step(self) -> int:
        """The step that it goes to at most, by its number: that of a lesson may end before the walk does."""
        ...

    @property
    def session(self) -> Session:
        """Who sits here, and what they may do."""
        ...

    @property
    def search(self) -> Search:
        """What finds nodes, in the order in which they are shown."""
        ...

    @property
    def breakpoints(self) -> Breakpoints:
        """Where the walk stops."""
        ...

    @property
    def playback(self) -> Playback[Moment]:
        """The clock."""
        ...

    def go(self, moment: Moment) -> None:
        """Move by hand: playing stops, so that the hand has the last word."""
        ...

    def go_on(self, moment: Moment, *, at_once: bool = False) -> None:
        """Go forward by hand; while somebody predicts, a step that was not seen yet is asked for before it is shown.

        With `at_once` that is the last step alone, and those before it are shown.
        """
        ...

    def take_keys(self) -> None:
        """Give the keys to the graph."""
        ...

    def select(self, node: int | None) -> None:
        """Select a node; None changes nothing."""
        ...

    def reopen(self, opened: OpenedWalk, moment: Moment) -> None:
        """Show another walk in place of this one, at a moment of it: after an edit, or when its file has changed."""
        ...

    def move_divider(self, places: int) -> None:
        """Move the divider between the graph and the panel so many places to the right, or down."""
        ...

    def scroll_panel(self, rows: int) -> None:
        """Scroll the panel beside the graph."""
        ...

    def say(self, words: str) -> None:
        """Show a short notice; without words, none."""
        ...

    def ask(self, question: Screen[Answer], answered: Callable[[Answer | None], Any]) -> None:
        """Show a dialog, and call `answered` with what comes of it."""
        ...

    def post_message(self, message: Message) -> bool:
        """Tell the app."""
        ...

    def as_left(self) -> OpenedWalk:
        """Return the walk at its moment, to be found again."""
        ...
