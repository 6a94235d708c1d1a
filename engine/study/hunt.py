"""`Hunt`: a backward pass with one mistake in it: the learner finds the step, and then says what is wrong there.

Both are tasks, so they are asked, helped with and judged as any other; a screen and a plain dialogue are views of it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..errors import ExpressionError, listing, quoted
from ..language.step_key import StepName
from ..rules.number_text import format_number
from .attempt import Attempt
from .hunt_planting import Choice, WrongPass
from .hunt_rows import Fault, HuntRow
from .skills import NAMING, STEP, skills_of
from .tally import Tally
from .task import TaskKind
from .verdict import Verdict

_FAULTS = {
    Fault.UPSTREAM: "One upstream gradient is not the gradient that the steps before it have left.",
    Fault.LOCAL: "One local derivative is not that of its operation.",
    Fault.PRODUCT: "One contribution is not the product of its two factors.",
    Fault.SUM: "One accumulated gradient is not the sum of what was there and what was added.",
}


@dataclass(frozen=True)
class StepTask:
    """In which step does a backward pass first go wrong? An answer is the step's number or its name, such as ∂r/∂s."""

    of: WrongPass

    ask = "the first wrong step"
    prompt = "In which step does this backward pass first go wrong?"
    kind = TaskKind.MISTAKE

    @property
    def skills(self) -> tuple[str, ...]:
        """The skill of finding it."""
        return skills_of(self.kind, STEP)

    @property
    def hints(self) -> tuple[str, ...]:
        """What does not fit; into which node's gradient it goes; how that step should be."""
        wrong, right = self.of.wrong, self.of.right_row(self.of.wrong)
        fault = wrong.faults[0]
        parts = {
            Fault.UPSTREAM: f"{wrong.upstream_name} is {format_number(wrong.gradient)} before that step",
            Fault.LOCAL: f"{wrong.local_name} is {format_number(right.local)}",
            Fault.PRODUCT: f"The product of its factors is {format_number(wrong.upstream * wrong.local)}",
            Fault.SUM: f"The sum is {format_number(wrong.before + wrong.contribution)}",
        }
        return (
            _FAULTS[fault],
            f"It is in one of the steps that come from {self.of.label(wrong.consumer)}.",
            f"{parts[fault]}.",
        )

    @property
    def solution(self) -> str:
        """The step."""
        return f"step {self.of.wrong.step}, along {self.of.wrong.name}"

    def judge(self, answer: str) -> Verdict:
        """Judge a step; ExpressionError where it is none of this walk back."""
        return self.judged(self.read(answer), answer)

    def read(self, answer: str) -> HuntRow:
        """Read the number or the name of a step back; ExpressionError where it is neither."""
        text = answer.strip().removeprefix("step").strip()
        first, last = self.of.rows[0].step, self.of.rows[-1].step
        if text.isdecimal():
            row = self.of.row(int(text))
            if row is not None:
                return row
            raise ExpressionError(f"the steps back are {first} to {last}", answer, 0, len(answer), "the seed is right")
        found = self._named(text)
        if len(found) == 1:
            return found[0]
        if found:
            numbers = listing(str(row.step) for row in found)
            raise ExpressionError(
                f"several steps are meant by {quoted(text)}",
                answer,
                0,
                len(answer),
                f"name one by its number: {numbers}",
            )
        hint = f"its number, {first} to {last}, or its local derivative, such as {self.of.rows[0].name}"
        raise ExpressionError("this is no step of the walk back", answer, 0, max(1, len(answer)), hint)

    def judged(self, row: HuntRow, answer: str = "") -> Verdict:
        """Judge a step that was pointed at."""
        answer = answer or str(row.step)
        if row.step == self.of.wrong.step:
            return Verdict(
                answer, None, True, f"Right: step {row.step}, along {row.name}, is where it first goes wrong."
            )
        if self.of.is_consequence(row):
            sentence = f"Step {row.step} is right for what it was given: the mistake was made before."
        else:
            sentence = f"Step {row.step}, along {row.name}, is right."
        return Verdict(answer, None, False, sentence)

    def _named(self, text: str) -> list[HuntRow]:
        names = {text, str(StepName.read(text))}
        rows = [row for row in self.of.rows if row.name in names]
        return rows or [row for row in self.of.rows if row.gradient_name in names]


@dataclass(frozen=True)
class NamingTask:
    """What is wrong in a step? An answer is the place of a choice, counted from 1, its id or its title."""

    of: WrongPass

    ask = "the mistake"
    kind = TaskKind.MISTAKE

    @property
    def prompt(self) -> str:
        """The question, as a sentence."""
        return f"What is wrong in step {self.of.wrong.step}?"

    @property
    def skills(self) -> tuple[str, ...]:
        """The skill of naming it."""
        return skills_of(self.kind, NAMING)

    @property
    def choices(self) -> tuple[Choice, ...]:
        """The mistakes to choose from."""
        return self.of.choices

    @property
    def hints(self) -> tuple[str, ...]:
        """How the step is computed, its right numbers, and how they differ."""
        wrong, right = self.of.wrong, self.of.right_row(self.of.wrong)
        local = f"{right.local_name} = {self.of.local_formula}"
        shown = f"{format_number(wrong.contribution)}, accumulated {format_number(wrong.after)}"
        return (
            f"The step is {wrong.gradient_name} += {wrong.upstream_name} · {wrong.local_name}, and {local}.",
            f"The factors are {format_number(wrong.gradient)} and {format_number(right.local)}.",
            f"Their product is {format_number(wrong.gradient * right.local)}; here it is {shown}.",
        )

    @property
    def solution(self) -> str:
        """The mistake, with what is said of it."""
        return f"{self._made.title}. {self.of.alteration.sentence}"

    def judge(self, answer: str) -> Verdict:
        """Judge a choice; ExpressionError where it is none of them."""
        return self.judged(self.read(answer), answer)

    def read(self, answer: str) -> Choice:
        """Read a choice; ExpressionError where it is none of them."""
        text = answer.strip().casefold()
        for place, choice in enumerate(self.choices, 1):
            if text in (str(place), choice.mistake, choice.title.casefold()):
                return choice
        hint = f"a number from 1 to {len(self.choices)}"
        raise ExpressionError("this is none of the mistakes to choose from", answer, 0, max(1, len(answer)), hint)

    def judged(self, choice: Choice, answer: str = "") -> Verdict:
        """Judge a choice that was made; a wrong one is told by the numbers that it would have left."""
        answer = answer or choice.title
        if choice.mistake == self.of.planted:
            return Verdict(answer, None, True, f"Right: {self.solution}")
        row, wrong = choice.row, self.of.wrong
        names = ("the upstream gradient", row.local_name, "the contribution", row.gradient_name)
        differing = zip(names, row.shown, wrong.shown, strict=True)
        name, would, here = next(each for each in differing if each[1] != each[2])
        return Verdict(answer, None, False, f"Not that: then {name} would be {would}, and here it is {here}.")

    @property
    def _made(self) -> Choice:
        return next(choice for choice in self.choices if choice.mistake == self.of.planted)


@dataclass(frozen=True, slots=True)
class Hunt:
    """A hunt and how far it has come; every change makes a new one.

    `finding` is the attempt at the step, `naming` that at the mistake, which follows when the step is known.
    """

    of: WrongPass
    finding: Attempt
    naming: Attempt | None = None

    @classmethod
    def begin(cls, of: WrongPass) -> Hunt:
        """Begin a hunt in a backward pass."""
        return cls(of, Attempt(StepTask(of)))

    @property
    def attempt(self) -> Attempt:
        """The attempt that is on, or was the last."""
        return self.naming or self.finding

    @property
    def is_over(self) -> bool:
        """Whether nothing is left to be found."""
        return self.naming is not None and not self.naming.is_open

    @property
    def tally(self) -> Tally:
        """What came of both."""
        return Tally(tuple(each for each in (self.finding, self.naming) if each is not None and not each.is_open))

    def with_attempt(self, attempt: Attempt) -> Hunt:
        """Return the hunt after something was done; when the step is known, the mistake is asked for next."""
        if self.naming is not None:
            return replace(self, naming=attempt)
        return replace(self, finding=attempt, naming=None if attempt.is_open else Attempt(NamingTask(self.of)))
