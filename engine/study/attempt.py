"""`Attempt`: one task being worked at. A question box on the screen and a plain dialogue are views of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from .task import Task
from .verdict import Verdict


class Outcome(StrEnum):
    """What has come of an attempt."""

    OPEN = "open"
    """It is being worked at."""
    RIGHT = "right"
    """Right at once, without help."""
    HELPED = "helped"
    """Right in the end, after a hint or a wrong answer."""
    WRONG = "wrong"
    """The answer had to be shown."""
    SKIPPED = "skipped"
    """Nothing was answered."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A task, what was answered so far, and what was shown to help; every change makes a new one.

    `hints_shown` counts the hints; `solution_shown` says that the answer was given away after them.
    """

    task: Task
    verdicts: tuple[Verdict, ...] = ()
    hints_shown: int = 0
    solution_shown: bool = False
    is_skipped: bool = False

    @property
    def outcome(self) -> Outcome:
        """What has come of it."""
        if self.solution_shown:
            return Outcome.WRONG
        if self.verdicts and self.verdicts[-1].right:
            return Outcome.HELPED if self.hints_shown or len(self.verdicts) > 1 else Outcome.RIGHT
        if self.is_skipped:
            return Outcome.WRONG if self.verdicts else Outcome.SKIPPED
        return Outcome.OPEN

    @property
    def is_open(self) -> bool:
        """Whether an answer is waited for."""
        return self.outcome is Outcome.OPEN

    @property
    def hints(self) -> tuple[str, ...]:
        """The hints shown so far."""
        return self.task.hints[: self.hints_shown]

    def answered(self, answer: str) -> Attempt:
        """Return the attempt with an answer judged; ExpressionError for one that cannot be read, which is no try."""
        return self._next(verdicts=(*self.verdicts, self.task.judge(answer)))

    def hinted(self) -> Attempt:
        """Return the attempt with one hint more, or with the solution after the last.

        Where the solution is not known, nothing more can be shown.
        """
        if self.hints_shown < len(self.task.hints):
            return self._next(hints_shown=self.hints_shown + 1)
        return self._next(solution_shown=bool(self.task.solution))

    def skipped(self) -> Attempt:
        """Return the attempt given up."""
        return self._next(is_skipped=True)

    def _next(self, **changes: object) -> Attempt:
        return replace(self, **changes) if self.is_open else self  # pyright: ignore[reportArgumentType]
