"""`Dialogue`: a conversation in lines. It prints nothing and reads nothing: a line goes in, lines come out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence

from ..words.lines import Line

COMMAND, ANSWER = "Command", "Answer"
"""What is asked for: a word that says what to do, or the answer to a question."""


class Dialogue(ABC):
    """One side of a conversation; `over` says that it has ended, and nothing more is to be answered.

    `quits` says that the whole program is to end with it, and not only this dialogue inside another one.

    `opening` is said first, then `respond` is given one line after another. `closing` is said where the input ends, or
    somebody interrupts, before the dialogue is over by itself.
    """

    over: bool = False
    quits: bool = False

    @property
    def prompt(self) -> str:
        """What is asked for now: `COMMAND` or `ANSWER`."""
        return COMMAND

    @abstractmethod
    def opening(self) -> Sequence[Line]:
        """Return what is said at the beginning."""

    @abstractmethod
    def respond(self, text: str) -> Sequence[Line]:
        """Take a line that was typed, and return what is said to it."""

    def closing(self) -> Sequence[Line]:
        """Return what is said where the input ends early; what was done until then is kept."""
        return ()


class OuterDialogue(Dialogue):
    """A dialogue in which others are begun, one at a time: what is typed is for the `inner` one until that is over."""

    inner: Dialogue | None = None

    @property
    def prompt(self) -> str:
        """What the inner dialogue asks for, where there is one."""
        return COMMAND if self.inner is None else self.inner.prompt

    def respond(self, text: str) -> Sequence[Line]:
        """Pass a line on, or take it."""
        if self.inner is None:
            return self.take(text)
        inner = self.inner
        said = inner.respond(text)
        if not inner.over or self.inner is not inner:
            return said
        self.inner = None
        if inner.quits:
            self.over = self.quits = True
            return [*said, *self.quitting()]
        return [*said, *self.resumed(inner)]

    def closing(self) -> Sequence[Line]:
        """Say what the inner dialogue says."""
        return () if self.inner is None else self.inner.closing()

    def begin(self, inner: Dialogue) -> Sequence[Line]:
        """Begin a dialogue inside this one, and return what it says."""
        self.inner = inner
        return inner.opening()

    def quitting(self) -> Sequence[Line]:
        """Return what there is to be said when an inner dialogue ends the program; what is to be kept is kept here."""
        return ()

    @abstractmethod
    def take(self, text: str) -> Sequence[Line]:
        """Take a line where no other dialogue is held."""

    @abstractmethod
    def resumed(self, ended: Dialogue) -> Sequence[Line]:
        """Return what is said when an inner dialogue has ended."""
