"""`Dialogue`: a conversation in lines. It prints nothing and reads nothing: a line goes in, lines come out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence

from ..words.lines import Line

COMMAND, ANSWER = "Command", "Answer"
"""What is asked for: a word that says what to do, or the answer to a question."""


class Dialogue(ABC):
    """One side of a conversation; `over` says that it has ended, and nothing more is to be answered.

    `opening` is said first, then `respond` is given one line after another. `closing` is said where the input ends, or
    somebody interrupts, before the dialogue is over by itself.
    """

    over: bool = False

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
