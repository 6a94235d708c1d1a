"""`ShownWalk`: a walk in plain words, in which nothing is asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from ...engine.errors import GradwalkError, did_you_mean, quoted
from ...engine.language.step_key import StepName
from ...engine.rules import printers
from ...engine.walk.named_step import find_step
from ...engine.walk.trace import Trace
from ..words.lines import Line, line
from ..words.plain import intro_sentences, note_sentences, position_sentence, start_sentences, step_sentences
from ..words.plain_numbers import gradient_sentences, result_sentences, value_sentences
from .commands import Command, Commands
from .dialogue import Dialogue, OuterDialogue

if TYPE_CHECKING:
    from ...engine.scenario import Scenario

MOVING = (
    Command("next", "the next step, as enter alone", ("n",)),
    Command("back", "one step back", ("b",)),
    Command("go", "to a step, by its number or its name, such as go 7 or go ∂f/∂s", ("g",), "STEP"),
    Command("start", "back to the start", ("s",)),
    Command("end", "to the end, with what the walk has found", ("e",)),
)
LOOKING = (
    Command("where", "where the walk stands, and its step again", ("w",)),
    Command("values", "the values that are known by now, or that of one node", ("v",), "[NAME]"),
    Command("gradients", "the gradients as accumulated so far, or that of one node", ("d",), "[NAME]"),
    Command("notes", "the note of this step again; notes off leaves the notes out, notes on says them", (), "[on|off]"),
    Command("intro", "what the walk is about", ("i",)),
    Command("digits", "so many significant digits of all numbers, 0 for as many as are read with ease", (), "NUMBER"),
    Command("help", "this list", ("h", "?")),
)
LEAVING = (Command("quit", "the end of the program", ("q", "exit")),)


class ShownWalk(OuterDialogue):
    """A walk, with the step where it stands.

    `step` is where it begins, by number or name, and `digits` how many significant digits numbers have; GradwalkError
    where there is no such step. `spoken` has formulas in words. `trace` is the walk and `title` its title, where they
    are not simply those of the scenario; `last` is the step that it goes to. `outside` says what is around it, such as
    "the list", and can be left for.
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
    ) -> None:
        self.scenario = scenario
        self.title = title or scenario.title
        notation = printers.notation("spoken" if spoken else "unicode")
        if trace is None:
            self.trace = Trace(scenario.graph, scenario.notes, notation=notation)
        else:
            self.trace = trace.written_in(notation)
        self.last = self.trace.total if last is None else last
        self.cursor = self.seen = 0
        """How many steps were taken, and how many were seen: whoever goes back has seen what follows."""
        self.completed = False
        """Whether it is over because its last step was taken."""
        self.digits = digits
        self.notes = True
        """Whether notes are said with their steps."""
        self._spoken = spoken
        self._finished = False
        """Whether the result was said at the end; another `next` says that there is no more."""
        leave = [Command("leave", f"back to {outside}", ("l",))] if outside else []
        self.commands = Commands([*MOVING, *LOOKING, *self.asking(), *LEAVING, *leave])
        self.answers: dict[str, Callable[[str], Sequence[Line]]] = {
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
            "digits": self._digits,
            "help": self._help,
            "quit": self._quit,
            "leave": self._leave,
        }
        if step:
            found = find_step(self.trace, step)
            if isinstance(found, str):
                raise GradwalkError(f"--step {quoted(step)}: {found}")
            self.cursor = self.seen = found

    def asking(self) -> Sequence[Command]:
        """Return the commands that ask something."""
        return ()

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
            return self.answers[typed.command](typed.rest)
        if text.replace(",", "").isdecimal() or StepName.read(text).of:
            return self._go(text)
        if isinstance(find_step(self.trace, text), int):
            return [line(f"There is no command {quoted(text)}; to go to the step of that name, type go {text}.")]
        return self.commands.unknown(text, f"{self.onward()}, and help says what else can be typed")

    def onward(self) -> str:
        """Say what enter does."""
        return "enter takes the next step"

    def closing(self) -> Sequence[Line]:
        """Say where the walk was left."""
        return [line(f"The walk ends here, {_at(self.trace, self.cursor)}.")]

    def resumed(self, ended: Dialogue) -> Sequence[Line]:
        """Say where the walk stands."""
        return self._where("")

    # ---- moving

    def forward(self) -> Sequence[Line]:
        """Take the next step; there is one."""
        return self.moved(self.cursor + 1)

    def moved(self, cursor: int) -> Sequence[Line]:
        """Go to a step, and say it."""
        self.cursor, self._finished = cursor, False
        self.seen = max(self.seen, cursor)
        return self._said()

    def _next(self, rest: str) -> Sequence[Line]:
        if self.cursor < self.last:
            return self.forward()
        if self._finished:
            return [line("The walk is complete; back, start or go lead back into it, quit ends the program.")]
        return self._end("")

    def _end(self, rest: str) -> Sequence[Line]:
        self.cursor = self.seen = self.trace.total
        self._finished = True
        return result_sentences(self.trace, self.digits)

    def _back(self, rest: str) -> Sequence[Line]:
        if not self.cursor:
            return [line(f"{position_sentence(self.trace, 0)} There is nothing before it.")]
        return self.moved(self.cursor - 1)

    def _go(self, rest: str) -> Sequence[Line]:
        if not rest:
            return [line("Go where? A number or a name stands behind it, such as go 7 or go ∂f/∂s.")]
        found = find_step(self.trace, rest, "the command values says what nodes there are")
        return [line(f"{found[:1].upper()}{found[1:]}.")] if isinstance(found, str) else self.moved(found)

    def _start(self, rest: str) -> Sequence[Line]:
        return self.moved(0)

    def _said(self, *, note: bool | None = None) -> Sequence[Line]:
        if not self.cursor:
            return start_sentences(self.trace, self.title, self.scenario.summary)
        return step_sentences(self.trace, self.cursor, self.digits, note=self.notes if note is None else note)

    # ---- looking

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


def _at(trace: Trace, cursor: int) -> str:
    return f"at step {cursor} of {trace.total}" if cursor else "at its start"
