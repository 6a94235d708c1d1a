"""`HuntDialogue`: a backward pass with one mistake in it, in questions and answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from ...engine.study.attempt import Attempt
from ...engine.study.hunt import Hunt
from ..words.lines import Line, line
from ..words.plain_drill import (
    choice_sentences,
    hunt_over_sentences,
    hunt_sentences,
    hunt_step_sentence,
    hunt_values_sentence,
)
from .asking import AskDialogue
from .commands import Command, Commands
from .dialogue import Dialogue, OuterDialogue
from .walk import WalkDialogue

if TYPE_CHECKING:
    from ...engine.study.hunt_planting import WrongPass
    from ..progress.progress import Progress

AT_A_QUESTION = Commands(
    (
        Command("steps", "all steps again"),
        Command("values", "the operations and the values again"),
        Command("choices", "the mistakes to choose from again"),
        Command("help", "this list"),
    )
)
"""What can be typed where an answer is asked for."""

AFTER_A_HUNT = Commands(
    (
        Command("next", "begins another hunt, as enter alone", ("n", "again")),
        Command("walk", "opens the right walk where the mistake was", ("w",)),
        Command("help", "this list", ("h", "?")),
        Command("quit", "the end of the program", ("q", "exit")),
    )
)

FIND = "Type the number of a step, or its local derivative; hint helps, skip leaves it out, steps says them again."
NAME = "Type the number of a mistake; hint helps, skip leaves it out, choices says them again."


class HuntDialogue(OuterDialogue):
    """One hunt after another: `begun` is the first, `next_hunt` makes another one."""

    def __init__(
        self, begun: WrongPass, next_hunt: Callable[[], WrongPass], progress: Progress, *, spoken: bool = False
    ) -> None:
        self.hunt = Hunt.begin(begun)
        self._next_hunt = next_hunt
        self._progress = progress
        self._spoken = spoken

    def opening(self) -> Sequence[Line]:
        """Show the backward pass, and ask for the step."""
        return [*hunt_sentences(self.hunt.of), *self._ask()]

    def take(self, text: str) -> Sequence[Line]:
        """Begin another hunt, or do what a command says."""
        typed = AFTER_A_HUNT.read(text) if text.strip() else None
        if typed is None or typed.command == "next":
            self.hunt = Hunt.begin(self._next_hunt())
            return self.opening()
        match typed.command:
            case "walk":
                return self._walk()
            case "help":
                return AFTER_A_HUNT.help()
            case "quit":
                self.over = self.quits = True
                return ()
            case _:
                return AFTER_A_HUNT.unknown(text, "enter begins another hunt, and quit ends the program")

    def resumed(self, ended: Dialogue) -> Sequence[Line]:
        """Ask for the mistake when the step is known, and say how it should be when both are."""
        return hunt_over_sentences(self.hunt) if self.hunt.is_over else self._ask()

    def _ask(self) -> Sequence[Line]:
        naming = self.hunt.naming is not None
        return self.begin(
            AskDialogue(
                self.hunt.attempt,
                above=choice_sentences(self.hunt.of) if naming else (),
                how=NAME if naming else FIND,
                changed=self._follow,
                closed=lambda attempt: self._progress.note(attempt, "hunt"),
                otherwise=self._instead_of_an_answer,
            )
        )

    def _follow(self, attempt: Attempt) -> None:
        self.hunt = self.hunt.with_attempt(attempt)

    def _instead_of_an_answer(self, text: str) -> Sequence[Line] | None:
        word = AT_A_QUESTION.read(text).command
        if word is None or word != text.casefold():
            return None
        match word:
            case "steps":
                return [hunt_step_sentence(row) for row in self.hunt.of.rows]
            case "values":
                return [hunt_values_sentence(self.hunt.of)]
            case "choices" if self.hunt.naming is not None:
                return choice_sentences(self.hunt.of)
            case "choices":
                return [line("First the step is asked for, and then what is wrong in it.")]
            case _:
                return AT_A_QUESTION.help()

    def _walk(self) -> Sequence[Line]:
        of = self.hunt.of
        walk = WalkDialogue(
            of.scenario,
            step=str(of.wrong.step),
            spoken=self._spoken,
            outside="the hunt",
            progress=lambda: self._progress,
        )
        return self.begin(walk)
