"""`ExerciseTask`: an exercise of a scenario as a task, judged as its author says."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from decimal import Decimal

from ..checking.published_hash import is_hash_of
from ..errors import GradwalkError
from ..exercise import HASH_DECIMALS, Exercise
from ..scenario import Scenario
from ..walk.trace import Trace
from .answer import Answer
from .chain_hints import chain_hints
from .equation_task import EquationTask
from .formula_task import FormulaTask
from .question import Question
from .task import TaskKind
from .tasks import read_task
from .verdict import Verdict

_HALF = Decimal("0.5000000005")
"""Half a unit of the last digit, with what a float is off."""


@dataclass(frozen=True)
class ExerciseTask:
    """An exercise, and the task about a walk that it stands for.

    Where the author publishes a hash, an answer is right that has this hash, and where the walk's own number has it any
    answer is that the walk says is right. With `decimals` an answer may be rounded to so many of them.
    """

    exercise: Exercise
    task: Question | EquationTask | FormulaTask

    @classmethod
    def of(cls, trace: Trace, exercise: Exercise) -> ExerciseTask:
        """Make the task of an exercise; GradwalkError where the walk does not answer it."""
        task = read_task(trace, exercise.ask)
        if exercise.formula and isinstance(task, Question):
            of_a_node = task.kind is TaskKind.VALUE
            task = EquationTask.of(trace, task.node) if of_a_node else FormulaTask(task)
        return cls(exercise, task)

    @property
    def ask(self) -> str:
        """What is asked for, as it is written."""
        return self.task.ask

    @property
    def prompt(self) -> str:
        """The question, as a sentence."""
        return self.task.prompt

    @property
    def kind(self) -> TaskKind:
        """What is asked for, as a kind."""
        return self.task.kind

    @property
    def skills(self) -> tuple[str, ...]:
        """The skills that a right answer shows."""
        return self.task.skills

    @property
    def hints(self) -> tuple[str, ...]:
        """The author's hint, and then what the walk has to help."""
        hints = self.task.hints
        if isinstance(self.task, Question) and (chain := chain_hints(self.task)) is not None:
            hints = (hints[0], *chain)
        return (self.exercise.hint, *hints[1:]) if self.exercise.hint else hints

    @property
    def solution(self) -> str:
        """The right answer as it is shown; empty where only its hash is known."""
        return self.task.solution if self._walk_knows else ""

    def judge(self, answer: str) -> Verdict:
        """Judge an answer; ExpressionError, which says where, for one that cannot be read."""
        if not isinstance(self.task, Question):
            return self.task.judge(answer)
        read = self.task.read_answer(answer)
        if not self._walk_knows:
            is_right = self._has_the_hash(read)
            said = "Right: it has" if is_right else "That is not it: it has not"
            return Verdict(answer, read.value, is_right, f"{said} the hash that is published.")
        verdict = self.task.judged(read)
        if verdict.right or not (self._has_the_hash(read) or self._is_rounded_as_asked(read)):
            return verdict
        return replace(verdict, right=True, sentence=f"Right: {self.solution}.", findings=(), remark="")

    @property
    def _decimals(self) -> int:
        return HASH_DECIMALS if self.exercise.decimals is None else self.exercise.decimals

    @property
    def _walk_knows(self) -> bool:
        """Whether the walk has the right answer: where a hash is published, it has to be that of its number."""
        if self.exercise.hash is None or not isinstance(self.task, Question):
            return True
        return is_hash_of(self.exercise.hash, self.task.right, self._decimals, self.task.noise)

    def _has_the_hash(self, answer: Answer) -> bool:
        published = self.exercise.hash
        return (
            published is not None and answer.value is not None and is_hash_of(published, answer.value, self._decimals)
        )

    def _is_rounded_as_asked(self, answer: Answer) -> bool:
        decimals, task = self.exercise.decimals, self.task
        if decimals is None or answer.value is None or not isinstance(task, Question) or not task.exists:
            return False
        return abs(Decimal(answer.value) - task.exact) <= _HALF.scaleb(-decimals)


def exercise_tasks(scenario: Scenario, trace: Trace) -> tuple[ExerciseTask, ...]:
    """Return the exercises of a scenario as tasks about a walk of it; those that the walk does not answer are left out.

    A scenario's own walk answers all of them: that was checked when it was read. One that was edited may not.
    """

    def made() -> Iterator[ExerciseTask]:
        for exercise in scenario.exercises:
            with suppress(GradwalkError):
                yield ExerciseTask.of(trace, exercise)

    return tuple(made())
