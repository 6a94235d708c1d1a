"""`LibraryDialogue`: which scenario to walk, in questions and answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ...engine.errors import GradwalkError, did_you_mean, quoted
from ...engine.library import library
from ..done import Done
from ..words.lines import Line, line, paragraphs
from .commands import Command, Commands
from .dialogue import Dialogue, OuterDialogue

if TYPE_CHECKING:
    from ...engine.card import Card
    from ...engine.scenario import Scenario
    from ...engine.shelf import Shelf
    from ..session import Session

COMMANDS = (
    Command("list", "the scenarios again", ("l",)),
    Command("help", "this list", ("h", "?")),
    Command("quit", "the end of the program", ("q", "exit")),
)
"""What can be typed beside the number or the name of a scenario."""


def dialogue_of(
    scenario: Scenario,
    session: Session,
    *,
    step: str = "",
    digits: int = 0,
    spoken: bool = False,
    outside: str = "",
    predict: str = "",
) -> Dialogue:
    """Return the dialogue that a scenario is walked or trained in; GradwalkError where it has no such step or epoch.

    A walk asks for its steps, as much of them as `predict` says, one of `level.CHOICES`; empty shows them.
    """
    from ...engine.training.scenario import TrainingScenario

    if isinstance(scenario, TrainingScenario):
        from .training import TrainingDialogue

        return TrainingDialogue(
            scenario, epoch=step, digits=digits, spoken=spoken, outside=outside, progress=lambda: session.progress
        )
    from .walk import WalkDialogue

    walk = WalkDialogue(
        scenario, step=step, digits=digits, spoken=spoken, outside=outside, progress=lambda: session.progress
    )
    if predict:
        walk.predict(predict)
    return walk


class LibraryDialogue(OuterDialogue):
    """A list of scenarios: those of `shelf`, or those built in."""

    def __init__(self, session: Session, shelf: Shelf | None = None, *, digits: int = 0, spoken: bool = False) -> None:
        self._session = session
        self._shelf = shelf
        self._digits = digits
        self._spoken = spoken
        self._commands = Commands(COMMANDS)
        self._cards: Sequence[Card] = ()

    def opening(self) -> Sequence[Line]:
        """List the scenarios, a line each."""
        self._cards = library() if self._shelf is None else self._shelf.listing().cards
        said: list[Line] = []
        section = ""
        for number, card in enumerate(self._cards, 1):
            if card.section != section:
                section = card.section
                said.append(line((f"{section}:", "heading")))
            problem = ", which cannot be read" if card.problem else ""
            said.append(line(f"{number}. {card.name}: {card.title}{problem}"))
        said.append(line("Type the number or the name of a scenario to walk it, or quit."))
        return [*said, line("The command gradwalk learn is a course in lessons.")]

    def take(self, text: str) -> Sequence[Line]:
        """Open a scenario, or do what a command says."""
        text = text.strip()
        if not text:
            return [line("Type the number or the name of a scenario, or help.")]
        card = self._card(text)
        if card is not None:
            return self._opened(card)
        match self._commands.read(text).command:
            case "list":
                return self.opening()
            case "help":
                return [line("The number or the name of a scenario: walks it."), *self._commands.help()]
            case "quit":
                self.over = self.quits = True
                return ()
            case _:
                if text.isdecimal():
                    return [
                        line(f"The list has {len(self._cards)} scenarios; type a number from 1 to {len(self._cards)}.")
                    ]
                hint = did_you_mean(text, [card.name for card in self._cards], "list says which there are")
                return [line(f"There is no scenario {quoted(text)}; {hint if hint.endswith('?') else hint + '.'}")]

    def resumed(self, ended: Dialogue) -> Sequence[Line]:
        """Say where one is again."""
        return [line("This is the list of scenarios: type a number or a name, list to hear it, or quit.")]

    def _card(self, text: str) -> Card | None:
        if text.isdecimal() and len(text) < 9 and 0 < int(text) <= len(self._cards):
            return self._cards[int(text) - 1]
        return next((card for card in self._cards if text in (card.name, card.place)), None)

    def _opened(self, card: Card) -> Sequence[Line]:
        from ..study.course_run import CourseRun
        from .course import CourseDialogue

        try:
            if self._session.is_course(card.place):
                run = CourseRun(self._session.load_course(card.place), self._session.progress)
                return self.begin(CourseDialogue(run, spoken=self._spoken))
            scenario = self._session.load(card.place)
            inner = dialogue_of(
                scenario, self._session, digits=self._digits, spoken=self._spoken, outside="the list of scenarios"
            )
        except GradwalkError as error:
            return paragraphs(str(error))
        problem = self._session.record.note(card.place, Done.OPENED)
        return [*([line(f"{problem}.")] if problem else []), *self.begin(inner)]
