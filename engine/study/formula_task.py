"""`FormulaTask`: a derivative as a formula, which has to be right for all values and not for this walk's alone."""

from __future__ import annotations

from dataclasses import dataclass

from ..checking.equivalence import Agreement
from .elsewhere import compared, point_text
from .question import Question
from .task import TaskKind
from .verdict import Verdict


@dataclass(frozen=True)
class FormulaTask:
    """A question whose answer is a formula in the names of the walk."""

    question: Question

    @property
    def ask(self) -> str:
        """What is asked for, as it is written."""
        return self.question.ask

    @property
    def prompt(self) -> str:
        """The question, as a sentence."""
        return f"{self.question.prompt.removesuffix('?')}, as a formula?"

    @property
    def kind(self) -> TaskKind:
        """What is asked for, as a kind."""
        return self.question.kind

    @property
    def skills(self) -> tuple[str, ...]:
        """The skills that a right answer shows."""
        return self.question.skills

    @property
    def hints(self) -> tuple[str, ...]:
        """The name of the rule, the formula with its symbols, the formula with its numbers."""
        return self.question.hints

    @property
    def solution(self) -> str:
        """The right answer: as a formula where one operation has it, and at this walk."""
        return self.question.solution

    def judge(self, answer: str) -> Verdict:
        """Judge a formula; ExpressionError, which says where, for one that cannot be read."""
        read = self.question.read_answer(answer)
        verdict = self.question.judged(read)
        if not verdict.right or read.value is None:
            return verdict
        comparison = compared(self.question, read)
        if comparison.agreement is not Agreement.DIFFERENT or comparison.differs_at is None:
            return Verdict(answer, read.value, True, verdict.sentence)
        sentence = f"As a number that is right here, but as a formula not at {point_text(comparison.differs_at)}."
        return Verdict(answer, read.value, False, sentence)
