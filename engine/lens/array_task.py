"""`ArrayTask`: a step of a walk at the level of arrays as a task: its rule, a shape, or one entry."""

from __future__ import annotations

import functools
import math
from enum import StrEnum

import numpy as np

from ..array_formulas.evaluate import evaluate
from ..array_formulas.printers.unicode import NOTATION as UNICODE
from ..array_formulas.shapes import ShapesDoNotFit
from ..arrays import Floats
from ..errors import ExpressionError, GradwalkError
from ..rules.formula import Formula
from ..rules.number_text import format_number
from ..study.answer import constant_of, is_right, read_answer
from ..study.question import MOST_EXPLANATIONS
from ..study.task import TaskKind
from ..study.verdict import Finding, Verdict
from ..walk.phase import Phase
from .answer_scope import SAME, AnswerScope
from .array_diagnosis import Written, diagnose_array
from .reading import read_formula, read_rows
from .rules import forward_formula
from .step import ArrayStep
from .walk import ArrayWalk

MOST_SHOWN = 6
"""A solution shows the rows and the columns of an array up to so many."""

NOT_KNOWN = "That is not it, and none of the mistakes known here gives it."
"""What is said where nothing explains a wrong answer."""


class Asks(StrEnum):
    """What is asked for at a step."""

    RULE = "rule"
    """The contribution of a backward step, as a formula of arrays or as all its numbers."""
    SHAPE = "shape"
    """The shape of what the step computes."""
    ENTRY = "entry"
    """One number of what the step computes."""


class ArrayTask:
    """A question about step `number` of `walk`: a `Task`.

    `entry` is the index that is asked for where `asks` is ENTRY. An answer to RULE is a formula of the arrays' names,
    G the upstream gradient, or the numbers in rows: `1 2; 3 4`. Raises GradwalkError where the step has no rule in
    matrix form, or the entry no number.
    """

    def __init__(self, walk: ArrayWalk, number: int, asks: Asks, entry: tuple[int, ...] | None = None) -> None:
        self.walk = walk
        self.number = number
        self.asks = asks
        self.entry = entry
        self.step: ArrayStep = walk.step(number)
        self._scope = AnswerScope(walk, self.step)
        if asks is Asks.RULE and (self.step.consumer is None or self.step.formula is None):
            raise GradwalkError(f"step {number} has no rule in matrix form to ask for")
        if asks is Asks.ENTRY and (entry is None or not math.isfinite(self.numbers[entry])):
            raise GradwalkError(f"step {number} computes no such entry")

    @classmethod
    def at(cls, walk: ArrayWalk, number: int) -> ArrayTask | None:
        """Return what is asked before a step is shown: forward the shape, backward the rule, else its first entry.

        None where there is nothing to ask: at the seed, and where no entry has a number.
        """
        step = walk.step(number)
        if step.phase is Phase.SEED:
            return None
        if step.phase is Phase.FORWARD:
            return cls(walk, number, Asks.SHAPE)
        if step.formula is not None and np.isfinite(_contribution(step)).any():
            task = cls(walk, number, Asks.RULE)
            if task.is_readable:
                return task
        entries = np.argwhere(np.isfinite(_contribution(step)))
        return cls(walk, number, Asks.ENTRY, tuple(entries[0].tolist())) if len(entries) else None

    @property
    def is_readable(self) -> bool:
        """Whether the right rule can be written as an answer: some have parts that only the screen writes."""
        try:
            return self.judge(self.solution).right
        except ExpressionError:
            return False

    # ---- the question

    @property
    def kind(self) -> TaskKind:
        """What is asked for, as a kind."""
        if self.step.phase is Phase.FORWARD:
            return TaskKind.VALUE
        return TaskKind.CONTRIBUTION if self.step.contribution_count > 1 else TaskKind.GRADIENT

    @property
    def numbers(self) -> Floats:
        """The right numbers: float64 in the array's shape, nan where there is none."""
        if self.step.values is not None:
            return self.step.values
        return _contribution(self.step)

    @property
    def ask(self) -> str:
        """What is asked for, as it is written: `∂L/∂W`, or `∂L/∂W[0,1]`."""
        name = self.step.name
        if self.asks is Asks.SHAPE:
            return f"shape of {name}"
        return name if not self.entry else f"{name}[{','.join(map(str, self.entry))}]"

    @property
    def prompt(self) -> str:
        """The question, as a sentence."""
        step = self.step
        if self.asks is Asks.SHAPE:
            made = step.right(UNICODE)
            return f"What is the shape of {step.name}{f' = {made}' if made else ''}?"
        if step.consumer is None:
            return f"What is {self.ask}?"
        if step.contribution_count > 1:
            place = "" if step.consumer.operands.count(step.array.place) < 2 else f", as operand {step.position + 1}"
            return f"What does {step.consumer.label} contribute to {self.ask}{place}?"
        return f"What is {self.ask}?"

    @property
    def skills(self) -> tuple[str, ...]:
        """None: what is kept of a learner's progress are the rules of single numbers."""
        return ()

    @property
    def hints(self) -> tuple[str, ...]:
        """What made the array, the shapes, and why the rule is what it is."""
        return self._hints

    @functools.cached_property
    def _hints(self) -> tuple[str, ...]:
        step = self.step
        shapes = ", ".join(f"{named.label}, {_shape_words(named.shape)}" for named in step.shapes[1:])
        if step.consumer is None:
            return (f"Made of {shapes}.",) if shapes else ()
        made = forward_formula(self.walk.graph, step.consumer.place)
        how = f"{step.consumer.label} = {UNICODE.formula(made)}" if made is not None else step.consumer.label
        hints = [
            f"{how}; the upstream gradient is {self._scope.upstream}, {_shape_words(step.consumer.shape)}.",
            f"{step.name} has the shape of {step.array.label}: {_shape_words(step.array.shape)}.",
        ]
        if self.asks is Asks.ENTRY and step.formula is not None:
            hints.append(f"{step.name} = {UNICODE.formula(step.formula)}")
        if step.of_entry:
            hints.append(step.of_entry)
        elif step.why:
            hints.append(step.why[0])
        return tuple(hints)

    @property
    def solution(self) -> str:
        """The right answer: the rule, the shape, or the number."""
        if self.asks is Asks.SHAPE:
            return str(self.step.array.shape)
        if self.asks is Asks.ENTRY:
            return format_number(float(self.numbers[self.entry or ()]))
        return UNICODE.formula(self._right)

    # ---- the answer

    def judge(self, answer: str) -> Verdict:
        """Judge an answer; ExpressionError, which says where, for one that cannot be read."""
        match self.asks:
            case Asks.SHAPE:
                return self._judge_shape(answer)
            case Asks.ENTRY:
                return self._judge_entry(answer)
            case Asks.RULE:
                rows = read_rows(answer)
                return self._judge_formula(answer) if rows is None else self._judge_rows(answer, Written.of_rows(rows))

    def _judge_shape(self, answer: str) -> Verdict:
        parts = answer.replace("×", " ").replace("x", " ").strip(" ()[]").replace(",", " ").split()
        if not all(part.isdecimal() for part in parts) or (not parts and answer.strip() not in ("()", "( )")):
            hint = "write the lengths of its axes: (4, 3), or () for a single number"
            raise ExpressionError("this is no shape", answer, 0, max(len(answer), 1), hint)
        shape = tuple(map(int, parts))
        if shape == self.step.array.shape:
            return Verdict(answer, None, True, f"Right: {self.solution}.")
        return Verdict(answer, None, False, self._about_shape(shape))

    def _about_shape(self, shape: tuple[int, ...]) -> str:
        """Say what a wrong shape of a forward step may come from, in so far as it is known."""
        right, sorted_alike = self.step.array.shape, sorted(shape) == sorted(self.step.array.shape)
        shapes = [named.shape for named in self.step.shapes[1:]]
        if self.step.array.operation == "matmul" and len(shapes) == 2 and len(shapes[0]) == len(shapes[1]) == 2:
            rows, columns = shapes[0][0], shapes[1][1]
            return (
                f"That is not it. {self.step.right(UNICODE)} has a row for each of the {rows} of the left and a column "
                f"for each of the {columns} of the right."
            )
        if len(right) > 1 and sorted_alike:
            return "That is not it: these are its lengths in another order."
        return "That is not it."

    def _judge_entry(self, answer: str) -> Verdict:
        read = read_answer(answer, (), lambda used, expression: constant_of(used, expression, []))
        right = float(self.numbers[self.entry or ()])
        noise = SAME * 1e-3 * float(np.nanmax(np.abs(self.numbers), initial=0.0))
        if is_right(read, right, noise):
            return Verdict(read.text, read.value, True, f"Right: {self.solution}.")
        if read.value is None:
            return Verdict(read.text, None, False, "That is not it: there is such a number here.")
        written = Written(np.asarray(read.value), np.asarray(read.unit))
        return _wrong(read.text, read.value, self._findings(written))

    def _judge_rows(self, answer: str, written: Written) -> Verdict:
        shape = self.step.array.shape
        numbers = written.in_shape(shape)
        has = f"This has the shape {written.numbers.shape}, and {self.step.name} has that of {self.step.array.label}, "
        if numbers is None:
            findings = self._findings(written)
            if findings:
                return _wrong(answer, None, findings)
            return Verdict(answer, None, False, f"{has}{shape}.")
        noise = SAME * 1e-3 * float(np.nanmax(np.abs(self.numbers), initial=0.0))
        near = np.abs(numbers.numbers - self.numbers) <= noise
        right = np.isnan(self.numbers) | near | numbers.fits(self.numbers)
        if right.all():
            return Verdict(answer, None, True, f"Right: {self.solution}.")
        findings = self._findings(numbers)
        if findings:
            return _wrong(answer, None, findings)
        first = ",".join(map(str, np.argwhere(~right)[0].tolist()))
        count = int((~right).sum())
        place = f" {self.step.name}[{first}] is not right." if right.ndim else ""
        more = f" {count} of {right.size} entries are not." if count > 1 else ""
        return Verdict(
            answer, None, False, f"That is not it, and none of the mistakes known here gives it.{place}{more}"
        )

    def _judge_formula(self, answer: str) -> Verdict:
        try:
            formula = read_formula(answer, self._scope.names)
        except ShapesDoNotFit as error:
            findings = (Finding(("wrong-transpose",), math.nan, self._about_misfit(error)),)
            return Verdict(
                answer, None, False, self._about_misfit(error), findings if self._is_of_product(error) else ()
            )
        numbers = evaluate(formula, self._scope.values)
        shape, name = numbers.shape, self.step.name
        if shape == self.step.array.shape and self._is_same(numbers):
            elsewhere = self._scope.holds_elsewhere(self._right, formula)
            remark = "" if elsewhere else "At other numbers it gives something else: it is right here by chance."
            return Verdict(answer, None, True, f"Right: {name} = {self.solution}.", remark=remark)
        findings = self._findings(Written(numbers, np.zeros(shape)))
        if findings:
            return _wrong(answer, None, findings)
        if shape != self.step.array.shape:
            has = "a single number" if shape == () else f"of the shape {shape}"
            return Verdict(
                answer, None, False, f"This is {has}; {name} has the shape of {self.step.array.label}, "
                f"{self.step.array.shape}.",
            )  # fmt: skip
        return Verdict(answer, None, False, NOT_KNOWN)

    def _about_misfit(self, error: ShapesDoNotFit) -> str:
        shapes = error.shapes
        if error.function == "matmul" and len(shapes) == 2 and len(shapes[0]) == len(shapes[1]) == 2:
            return (
                f"There is no such product: the left has {shapes[0][1]} columns and the right {shapes[1][0]} rows "
                f"({shapes[0]} · {shapes[1]}). A transpose exchanges the two lengths."
            )
        return f"Arrays of the shapes {' and '.join(map(str, shapes))} do not go together so."

    def _is_of_product(self, error: ShapesDoNotFit) -> bool:
        """Say whether what does not fit are the two matrices that the right product is made of, transposed or not."""
        consumer = self.step.consumer
        if consumer is None or consumer.operation != "matmul" or error.function != "matmul":
            return False
        other = self.walk.arrays[consumer.operands[1 - self.step.position]]
        return sorted(map(sorted, error.shapes)) == sorted(map(sorted, (consumer.shape, other.shape)))

    def _is_same(self, numbers: Floats) -> bool:
        right = self.numbers
        present = np.isfinite(right)
        size = float(np.abs(right[present]).max(initial=0.0))
        return bool((np.abs(numbers[present] - right[present]) <= SAME * size).all())

    def _findings(self, written: Written) -> tuple[Finding, ...]:
        return diagnose_array(self.walk, self.step, written, None if self.asks is Asks.RULE else self.entry)

    @property
    def _right(self) -> Formula:
        assert self.step.formula is not None, "a rule is asked for where there is one"
        return self.step.formula


def _shape_words(shape: tuple[int, ...]) -> str:
    return str(shape) if shape else "a single number"


def _contribution(step: ArrayStep) -> Floats:
    assert step.contribution is not None, "a backward step has a contribution"
    return step.contribution


def _wrong(answer: str, value: float | None, findings: tuple[Finding, ...]) -> Verdict:
    """Make the verdict of a wrong answer, explained where it can be."""
    sentences = [finding.sentence for finding in findings[:MOST_EXPLANATIONS]]
    if not sentences:
        return Verdict(answer, value, False, NOT_KNOWN)
    several = "More than one mistake gives this. " if len(sentences) > 1 else ""
    return Verdict(answer, value, False, several + " Or: ".join(sentences), findings)
