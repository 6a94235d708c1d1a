"""`DrillDialogue`: rounds of random exercises in questions and answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from ...engine.study.attempt import Attempt
from ...engine.study.drill_round import DrillRound
from ..words.lines import Line, line
from ..words.plain_drill import ABOUT_DRILL, exercise_sentences, round_sentences
from ..words.plain_parts import many
from ..words.plain_study import problem_sentences
from .asking import AskDialogue
from .commands import Command, Commands
from .dialogue import Dialogue, OuterDialogue
from .walk import WalkDialogue

if TYPE_CHECKING:
    from ...engine.study.drill import Drill
    from ..progress.progress import Progress

AT_A_QUESTION = Commands(
    (
        Command("exercise", "says the exercise again"),
        Command("walk", "opens the walk of the exercise before this one, to see why"),
        Command("end", "ends the round, and says what came of it"),
        Command("help", "this list"),
    )
)
"""What can be typed at an exercise, where its function has nothing that is called so."""

AFTER_A_ROUND = Commands(
    (
        Command("next", "begins another round, as enter alone", ("n", "again")),
        Command("walk", "opens the walk of the last exercise", ("w",)),
        Command("help", "this list", ("h", "?")),
        Command("quit", "the end of the program", ("q", "exit")),
    )
)


class DrillDialogue(OuterDialogue):
    """One round after another; `next_drill` makes the drill of each, as for the screen."""

    def __init__(self, next_drill: Callable[[], Drill], progress: Progress, *, spoken: bool = False) -> None:
        self._next_drill = next_drill
        self._progress = progress
        self._spoken = spoken
        self.round = DrillRound.of(next_drill())

    def opening(self) -> Sequence[Line]:
        """Begin the first round."""
        return [line(ABOUT_DRILL.format(exercises=many(self.round.drill.count, "exercise"))), *self._ask()]

    def take(self, text: str) -> Sequence[Line]:
        """Begin another round, or do what a command says."""
        typed = AFTER_A_ROUND.read(text) if text.strip() else None
        if typed is None or typed.command == "next":
            self.round = DrillRound.of(self._next_drill())
            return self._ask()
        match typed.command:
            case "walk":
                return self._walk(self.round.number - 1)
            case "help":
                return AFTER_A_ROUND.help()
            case "quit":
                self.over = self.quits = True
                return ()
            case _:
                return AFTER_A_ROUND.unknown(text, "enter begins another round, and quit ends the program")

    def resumed(self, ended: Dialogue) -> Sequence[Line]:
        """Go on with the next exercise; after a walk, with the one that was asked."""
        if isinstance(ended, AskDialogue):
            self.round = self.round.next()
        return round_sentences(self.round) if self.round.is_over else self._ask()

    def _ask(self) -> Sequence[Line]:
        round_ = self.round
        return self.begin(
            AskDialogue(
                round_.attempt,
                above=exercise_sentences(round_.exercise),
                lead=f"Exercise {round_.number} of {round_.drill.count}: ",
                changed=self._follow,
                closed=lambda attempt: self._progress.note(attempt, "drill"),
                otherwise=self._instead_of_an_answer,
            )
        )

    def _follow(self, attempt: Attempt) -> None:
        self.round = self.round.with_attempt(attempt)

    def _instead_of_an_answer(self, text: str) -> Sequence[Line] | None:
        word = AT_A_QUESTION.read(text).command
        if word is None or word != text.casefold():
            return None
        match word:
            case "exercise":
                return exercise_sentences(self.round.exercise)
            case "walk":
                if self.round.number == 1:
                    return [line("There is no exercise before this one; when it is answered, walk opens its walk.")]
                return self._walk(self.round.number - 2)
            case "end":
                self.inner = None
                given_up = self.round.given_up()
                problem = ""
                if given_up is not None:
                    self.round = self.round.with_attempt(given_up)
                    problem = self._progress.note(given_up, "drill")
                self.round = self.round.ended()
                return [*problem_sentences(problem), *round_sentences(self.round)]
            case _:
                return AT_A_QUESTION.help()

    def _walk(self, place: int) -> Sequence[Line]:
        """Open the walk of an exercise that is closed at the step that shows the answer."""
        exercise, drill = self.round.exercises[place], self.round.drill
        scenario = exercise.scenario(f"drill {drill.seed}.{place + 1}")
        walk = WalkDialogue(
            scenario, step=str(exercise.step), spoken=self._spoken, outside="the drill", progress=lambda: self._progress
        )
        return self.begin(walk)
