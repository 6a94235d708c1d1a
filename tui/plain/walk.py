"""`WalkDialogue`: a walk in questions and answers."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, cast

from ...engine.errors import GradwalkError, quoted
from ...engine.rules import printers
from ...engine.study.attempt import Attempt
from ...engine.study.predicting import AskedStep
from ...engine.walk.trace import Trace
from ..words.lines import Line, line
from ..words.plain_course import task_sentences
from ..words.plain_parts import sentence
from ..words.plain_study import CHOICE_SENTENCES, asked_sentence, problem_sentences, tally_sentences
from .asking import AskDialogue
from .commands import Command
from .dialogue import Dialogue
from .predicting import Predicting, choice_named
from .shown_walk import ShownWalk

if TYPE_CHECKING:
    from ...engine.scenario import Scenario
    from ...engine.study.task import Task
    from ..progress.progress import Progress
    from ..study.course_questions import WalkQuestions

ASKING = (
    Command("questions", "what the author of the scenario asks"),
    Command("ask", "asks these questions one after another, or one of them, such as ask 2", ("a",), "[NUMBER]"),
    Command(
        "predict",
        "asks for steps before they are shown; predict off ends that, predict step asks for all of each",
        ("p",),
        "[on|off|LEVEL]",
    ),
)
_AT_A_QUESTION = ("values", "gradients", "intro", "questions", "digits", "help")
"""Commands that can be typed where a step is asked for, and leave the question as it is."""


class WalkDialogue(ShownWalk):
    """A walk in which questions may come before the steps, and those of its author can be asked.

    `progress` gives what attempts are noted in, under the name `where`; all else is as in `ShownWalk`.
    """

    def __init__(
        self,
        scenario: Scenario,
        *,
        step: str = "",
        digits: int = 0,
        spoken: bool = False,
        trace: Trace | None = None,
        title: str = "",
        last: int | None = None,
        outside: str = "",
        progress: Callable[[], Progress] | None = None,
        where: str = "",
    ) -> None:
        super().__init__(
            scenario, step=step, digits=digits, spoken=spoken, trace=trace, title=title, last=last, outside=outside
        )
        self.predicting: Predicting | None = None
        self._progress = progress
        self._noted_as = where or f"walk {scenario.name}"
        self._asked: AskedStep | None = None
        self._question = 0
        """Which question of the step is asked."""
        self._places: list[int] = []
        """The questions of the author that are still to be asked, where no step is asked for."""
        self.answers |= {"questions": self._questions, "ask": self._ask_questions, "predict": self._predict}

    def asking(self) -> Sequence[Command]:
        """Return the commands that ask something."""
        return ASKING

    def resumed(self, ended: Dialogue) -> Sequence[Line]:
        """Ask the next question of a step, or show the step when all of them are behind."""
        asked = self._asked
        if asked is None:
            return self._ask_next()
        self._question += 1
        if self._question < len(asked.questions):
            return self._ask(asked)
        self._asked = None
        return self.moved(asked.step)

    # ---- before the steps

    def forward(self) -> Sequence[Line]:
        """Take the next step, or ask for it where it was not seen yet."""
        predicting = self.predicting
        if predicting is None or self.cursor < self.seen:
            return super().forward()
        asked = predicting.asked_after(self.cursor)
        if asked.questions:
            self._asked, self._question = asked, 0
            return self._ask(asked)
        problem = predicting.show(asked)
        return [*problem_sentences(problem), *self.moved(asked.step)]

    def _end(self, rest: str) -> Sequence[Line]:
        return [*super()._end(rest), *self.tally()]

    def close(self, attempt: Attempt) -> str:
        """Remember an attempt at a step that is closed; return what is to be said of that, mostly nothing."""
        assert self.predicting is not None, "questions are asked where somebody predicts"
        return self.predicting.close(attempt)

    def tally(self) -> Sequence[Line]:
        """Say what came of the questions before the steps."""
        return tally_sentences(self.predicting.tally) if self.predicting is not None else ()

    def _ask(self, asked: AskedStep) -> Sequence[Line]:
        assert self.predicting is not None, "questions are asked where somebody predicts"
        first = self._question == 0
        above = [asked_sentence(self._trace_to_ask, asked, self.cursor, self.digits)] if first else []
        attempt = Attempt(cast("Task", asked.questions[self._question]))
        return self.begin(AskDialogue(attempt, above=above, closed=self.close, otherwise=self._instead_of_an_answer))

    def _instead_of_an_answer(self, text: str) -> Sequence[Line] | None:
        """Do what a command says where an answer is asked for; one that leads elsewhere gives the question up."""
        typed = self.commands.read(text)
        word = text.split(" ", 1)[0].casefold()
        if typed.command is None or typed.command != word or word == "next":
            return None
        if word == "where" and self.inner is not None:
            return self.inner.opening()
        if word in _AT_A_QUESTION or (word == "notes" and typed.rest):
            return self.answers[word](typed.rest)
        inner, self.inner, self._asked = self.inner, None, None
        given_up: Sequence[Line] = ()
        if isinstance(inner, AskDialogue) and inner.begun and self.predicting is not None:
            given_up = problem_sentences(self.close(inner.attempt.skipped()))
        return [*given_up, *self.answers[word](typed.rest)]

    def _predict(self, rest: str) -> Sequence[Line]:
        if rest.casefold() == "off":
            came, self.predicting = self.tally(), None
            return [line("Steps are shown from now on."), *came]
        try:
            choice = choice_named(rest)
        except GradwalkError as error:
            return [line(sentence(str(error)))]
        at_end = self.cursor == self.trace.total
        said = self._start("") if at_end else ()
        self.predict(choice)
        return [line(CHOICE_SENTENCES[choice]), *said]

    def predict(self, choice: str) -> None:
        """Ask for the steps from here on, as much of them as one of `CHOICES` says."""
        self.predicting = Predicting(self._trace_to_ask, choice, self._store, self._noted_as, self.last)
        self.seen = self.cursor

    @functools.cached_property
    def _trace_to_ask(self) -> Trace:
        """The walk with its formulas written as they are typed: what is asked and answered is written so."""
        if not self._spoken:
            return self.trace
        return self.trace.written_in(printers.notation("unicode"))

    # ---- what the author asks

    def _questions(self, rest: str) -> Sequence[Line]:
        author = self._author
        if not author.tasks:
            return [line("The author of this scenario asks nothing.")]
        return task_sentences(author.tasks, author.attempts, author.before)

    def _ask_questions(self, rest: str) -> Sequence[Line]:
        count = len(self._author.tasks)
        if not count:
            return [line("The author of this scenario asks nothing.")]
        if rest and not (rest.isdecimal() and len(rest) < 6 and 1 <= int(rest) <= count):
            return [line(f"There is no question {quoted(rest)}; they are 1 to {count}.")]
        self._places = [int(rest) - 1] if rest else list(range(count))
        return self._ask_next()

    def _ask_next(self) -> Sequence[Line]:
        """Ask the next question of the author; after the last one the walk goes on."""
        author = self._author
        if not self._places:
            return [line("The walk goes on where it stood.")]
        place = self._places.pop(0)
        return self.begin(
            AskDialogue(
                Attempt(author.tasks[place]),
                lead=f"Question {place + 1} of {len(author.tasks)}: ",
                closed=lambda attempt: author.closed(place, attempt),
                otherwise=self._instead_of_a_result,
            )
        )

    def _instead_of_a_result(self, text: str) -> Sequence[Line] | None:
        """Do what a word says where the author asks; what the walk has found is not said then."""
        match text.casefold():
            case "intro" | "questions":
                return self.answers[text.casefold()]("")
            case "leave" | "walk":
                self.inner = None
                self._places.clear()
                return [line("The walk goes on where it stood.")]
            case "help":
                return [line("intro and questions can be heard again, walk goes back to the walk.")]
            case _:
                return None

    @functools.cached_property
    def _author(self) -> WalkQuestions:
        from ...engine.study.exercise_task import exercise_tasks
        from ..study.course_questions import WalkQuestions

        trace = self._trace_to_ask
        return WalkQuestions(self.scenario, trace, exercise_tasks(self.scenario, trace), self._store)

    @functools.cached_property
    def _store(self) -> Progress:
        if self._progress is not None:
            return self._progress()
        from ..progress.progress import Progress

        return Progress()
