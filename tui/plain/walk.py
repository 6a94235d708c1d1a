"""`WalkDialogue`: a walk in questions and answers."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from ...engine.errors import GradwalkError, did_you_mean, quoted
from ...engine.language.step_key import StepName
from ...engine.rules import printers
from ...engine.run.loop import Run
from ...engine.study.attempt import Attempt
from ...engine.study.predicting import AskedStep
from ...engine.walk.named_step import find_step
from ...engine.walk.trace import Trace
from ..words.lines import Line, line
from ..words.plain import intro_sentences, note_sentences, position_sentence, start_sentences, step_sentences
from ..words.plain_numbers import gradient_sentences, result_sentences, value_sentences
from ..words.plain_parts import sentence
from ..words.plain_study import CHOICE_SENTENCES, asked_sentence, problem_sentences, tally_sentences
from .asking import AskDialogue
from .commands import Command, Commands
from .dialogue import Dialogue, OuterDialogue
from .predicting import Predicting, choice_named

if TYPE_CHECKING:
    from ...engine.scenario import Scenario
    from ..progress.progress import Progress

COMMANDS = (
    Command("next", "the next step, as enter alone", ("n",)),
    Command("back", "one step back", ("b",)),
    Command("go", "to a step, by its number or its name, such as go 7 or go ∂f/∂s", ("g",), "STEP"),
    Command("start", "back to the start", ("s",)),
    Command("end", "to the end, with what the walk has found", ("e",)),
    Command("where", "where the walk stands, and its step again", ("w",)),
    Command("values", "the values that are known by now, or that of one node", ("v",), "[NAME]"),
    Command("gradients", "the gradients as accumulated so far, or that of one node", ("d",), "[NAME]"),
    Command("notes", "the note of this step again; notes off leaves the notes out, notes on says them", (), "[on|off]"),
    Command("intro", "what the walk is about", ("i",)),
    Command("questions", "what the author of the scenario asks", ("a",)),
    Command(
        "predict",
        "asks for steps before they are shown; predict off ends that, predict step asks for all of each",
        ("p",),
        "[on|off|LEVEL]",
    ),
    Command(
        "digits", "so many significant digits of all numbers, or 0 for as many as are read with ease", (), "NUMBER"
    ),
    Command("help", "this list", ("h", "?")),
    Command("quit", "the end of the program", ("q", "exit")),
)
"""What can be typed in a walk."""


def _leave(outside: str) -> Command:
    return Command("leave", f"back to {outside}", ("l",))


class WalkDialogue(OuterDialogue):
    """A walk, with the step where it stands; with predicting on, questions come before the steps.

    `step` is where it begins, by number or name, and `digits` how many significant digits numbers have; GradwalkError
    where there is no such step. `spoken` has formulas in words. `trace` is the walk and `title` its title, where they
    are not simply those of the scenario; `outside` says what is around it, such as "the list", and can be left for.
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
        outside: str = "",
        progress: Progress | None = None,
        last: int | None = None,
        where: str = "",
    ) -> None:
        self.scenario = scenario
        self.title = title or scenario.title
        notation = printers.notation("spoken" if spoken else "unicode")
        if trace is None:
            self.trace = Trace(scenario.graph, scenario.notes, notation=notation)
        else:
            run = Run(trace.values, trace.backward)
            self.trace = Trace(trace.graph, trace.notes, run, trace.updates, notation)
        self.cursor = self.seen = 0
        self.last = self.trace.total if last is None else last
        self.predicting: Predicting | None = None
        self.completed = False
        """Whether it is over because its last step was taken."""
        self._progress = progress
        self._noted_as = where or f"walk {scenario.name}"
        self._spoken = spoken
        self._asked: AskedStep | None = None
        self._question = 0
        self.digits = digits
        self.notes = True
        self._finished = False
        """Whether the result was said at the end; another `next` says that there is no more."""
        self.commands = Commands([*COMMANDS, *([_leave(outside)] if outside else [])])
        self._answers: dict[str, Callable[[str], Sequence[Line]]] = {
            "next": self._next,
            "back": self._back,
            "go": self._go,
            "start": self._start,
            "end": self._end,
            "where": self._where,
            "values": self._values,
            "gradients": self._gradients,
            "notes": self._notes,
            "intro": self._intro,
            "questions": self._questions,
            "digits": self._digits,
            "help": self._help,
            "predict": self._predict,
            "quit": self._quit,
            "leave": self._leave,
        }
        if step:
            found = find_step(self.trace, step)
            if isinstance(found, str):
                raise GradwalkError(f"--step {quoted(step)}: {found}")
            self.cursor = self.seen = found

    def opening(self) -> Sequence[Line]:
        """Say what the walk is, or the step that it begins at."""
        if self.cursor:
            return [line((self.title, "heading")), *self._said()]
        return self._said()

    def take(self, text: str) -> Sequence[Line]:
        """Do what a command says; enter alone is `next`, a number or ∂f/∂s alone is `go`."""
        text = text.strip()
        if not text:
            return self._next("")
        typed = self.commands.read(text)
        if typed.command is not None:
            return self._answers[typed.command](typed.rest)
        if text.replace(",", "").isdecimal() or StepName.read(text).of:
            return self._go(text)
        if isinstance(find_step(self.trace, text), int):
            return [line(f"There is no command {quoted(text)}; to go to the step of that name, type go {text}.")]
        return self.commands.unknown(text, "enter takes the next step, and help says what else can be typed")

    def resumed(self, ended: Dialogue) -> Sequence[Line]:
        """Ask the next question of a step, or show the step when all of them are behind."""
        asked = self._asked
        assert asked is not None, "a question belongs to a step"
        self._question += 1
        if self._question < len(asked.questions):
            return self._ask(asked)
        self._asked = None
        return self._moved(asked.step)

    def closing(self) -> Sequence[Line]:
        """Say where the walk was left."""
        return [line(f"The walk ends here, {_at(self.trace, self.cursor)}.")]

    # ---- moving

    def _next(self, rest: str) -> Sequence[Line]:
        if self.cursor < self.last:
            return self._forward()
        if self._finished:
            return [line("The walk is complete; back, start or go lead back into it, quit ends the program.")]
        return self._end("")

    def _forward(self) -> Sequence[Line]:
        """Take the next step, or ask for it where it was not seen yet."""
        predicting = self.predicting
        if predicting is None or self.cursor < self.seen:
            return self._moved(self.cursor + 1)
        asked = predicting.asked_after(self.cursor)
        if asked.questions and asked.step <= self.last:
            self._asked, self._question = asked, 0
            return self._ask(asked)
        problem = predicting.show(asked)
        return [*problem_sentences(problem), *self._moved(min(asked.step, self.last))]

    def _ask(self, asked: AskedStep) -> Sequence[Line]:
        assert self.predicting is not None, "questions are asked where somebody predicts"
        first = self._question == 0
        above = [asked_sentence(self._trace_to_ask, asked, self.cursor, self.digits)] if first else []
        attempt = Attempt(asked.questions[self._question])
        return self.begin(
            AskDialogue(attempt, above=above, closed=self.predicting.close, otherwise=self._instead_of_an_answer)
        )

    def _instead_of_an_answer(self, text: str) -> Sequence[Line] | None:
        """Do what a command says where an answer is asked for; one that leads elsewhere gives the question up."""
        typed = self.commands.read(text)
        word = text.split(" ", 1)[0].casefold()
        if typed.command is None or typed.command != word or word == "next":
            return None
        if word == "where" and self.inner is not None:
            return self.inner.opening()
        if word in _LOOKING or (word == "notes" and typed.rest):
            return self._answers[word](typed.rest)
        inner, self.inner, self._asked = self.inner, None, None
        given_up: Sequence[Line] = ()
        if isinstance(inner, AskDialogue) and inner.begun and self.predicting is not None:
            given_up = problem_sentences(self.predicting.close(inner.attempt.skipped()))
        return [*given_up, *self._answers[word](typed.rest)]

    def _back(self, rest: str) -> Sequence[Line]:
        if not self.cursor:
            return [line(f"{position_sentence(self.trace, 0)} There is nothing before it.")]
        return self._moved(self.cursor - 1)

    def _go(self, rest: str) -> Sequence[Line]:
        if not rest:
            return [line("Go where? A number or a name stands behind it, such as go 7 or go ∂f/∂s.")]
        found = find_step(self.trace, rest, "the command values says what nodes there are")
        return [line(f"{found[:1].upper()}{found[1:]}.")] if isinstance(found, str) else self._moved(found)

    def _start(self, rest: str) -> Sequence[Line]:
        return self._moved(0)

    def _end(self, rest: str) -> Sequence[Line]:
        self.cursor = self.seen = self.trace.total
        self._finished = True
        came = tally_sentences(self.predicting.tally) if self.predicting is not None else []
        return [*result_sentences(self.trace, self.digits), *came]

    def _moved(self, cursor: int) -> Sequence[Line]:
        self.cursor, self._finished = cursor, False
        self.seen = max(self.seen, cursor)
        return self._said()

    def _said(self, *, note: bool | None = None) -> Sequence[Line]:
        if not self.cursor:
            return start_sentences(self.trace, self.title, self.scenario.summary)
        return step_sentences(self.trace, self.cursor, self.digits, note=self.notes if note is None else note)

    # ---- asking

    def _where(self, rest: str) -> Sequence[Line]:
        if not self.cursor:
            return [line(f"{self.title}. {position_sentence(self.trace, 0)}")]
        return self._said()

    def _values(self, rest: str) -> Sequence[Line]:
        return self._of_nodes(value_sentences, rest)

    def _gradients(self, rest: str) -> Sequence[Line]:
        return self._of_nodes(gradient_sentences, rest)

    def _of_nodes(self, sentences: Callable[..., Sequence[Line]], name: str) -> Sequence[Line]:
        state, graph = self.trace.state(self.cursor), self.trace.graph
        if not name:
            return sentences(state, self.digits)
        try:
            return sentences(state, self.digits, [graph.find(name)])
        except KeyError:
            names = (graph.label(node) for node in range(min(len(graph), 1_000)))
            hint = did_you_mean(name, names, "the command values says what nodes there are.")
            return [line(f"No node is called {quoted(name)}; {hint}")]

    def _notes(self, rest: str) -> Sequence[Line]:
        if rest.casefold() in ("on", "off"):
            self.notes = rest.casefold() == "on"
            return [line("Notes are said with every step." if self.notes else "Notes are left out from now on.")]
        if rest:
            return [line(f"{quoted(rest)} is neither on nor off; notes alone says the note of this step.")]
        return note_sentences(self.trace, self.cursor)

    def _intro(self, rest: str) -> Sequence[Line]:
        return intro_sentences(self.scenario.title, self.scenario.intro or self.scenario.summary)

    def _questions(self, rest: str) -> Sequence[Line]:
        if not self.scenario.exercises:
            return [line("The author of this scenario asks nothing.")]
        return [
            line(f"Question {number}: what is {exercise.ask}?")
            for number, exercise in enumerate(self.scenario.exercises, 1)
        ]

    def _predict(self, rest: str) -> Sequence[Line]:
        if rest.casefold() == "off":
            came = tally_sentences(self.predicting.tally) if self.predicting is not None else []
            self.predicting = None
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
        if self._progress is None:
            from ..progress.progress import Progress

            self._progress = Progress()
        self.predicting = Predicting(self._trace_to_ask, choice, self._progress, self._noted_as)
        self.seen = self.cursor

    @functools.cached_property
    def _trace_to_ask(self) -> Trace:
        """The walk with its formulas written as they are typed: what is asked and answered is written so."""
        if not self._spoken:
            return self.trace
        trace = self.trace
        return Trace(trace.graph, trace.notes, Run(trace.values, trace.backward), trace.updates)

    def _digits(self, rest: str) -> Sequence[Line]:
        if not rest.isdecimal() or len(rest) > 2 or int(rest) > 17:
            return [
                line("How many digits? A number from 1 to 17 stands behind it, or 0 for as many as are read with ease.")
            ]
        self.digits = int(rest)
        from ..words.walk import digits_words

        return [line(f"From now on {digits_words(self.digits)}.")]

    def _help(self, rest: str) -> Sequence[Line]:
        return self.commands.help()

    def _quit(self, rest: str) -> Sequence[Line]:
        self.over = self.quits = True
        return self.closing()

    def _leave(self, rest: str) -> Sequence[Line]:
        self.over = True
        return ()


_LOOKING = ("values", "gradients", "intro", "questions", "digits", "help")
"""Commands that can be typed where an answer is asked for, and leave the question as it is."""


def _at(trace: Trace, cursor: int) -> str:
    return f"at step {cursor} of {trace.total}" if cursor else "at its start"
