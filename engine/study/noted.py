"""`Noted`: an attempt as it is remembered, when the task itself is long gone."""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from .attempt import Attempt, Outcome
from .task import TaskKind


class WrongAnswer(msgspec.Struct, frozen=True):
    """A wrong answer, and what was found: each finding is the ids of one mistake, or of two made at once.

    The findings are alternatives, best first; there are none where no mistake fits.
    """

    answer: str
    findings: tuple[tuple[str, ...], ...] = ()


class Noted(msgspec.Struct, frozen=True):
    """An attempt that is closed, or a step that was shown as a worked example.

    `sitting` tells one run of the program from others, and `number` counts what was noted in it, so that the two name
    the attempt. `at` is when it was noted, in UTC; `day` is the calendar day that it then was where the learner is.
    `where` says in which part of the program, such as `drill` or `lesson ln`. `outcome` is None for a worked example:
    nothing was asked then.
    """

    sitting: str
    number: int
    at: datetime
    day: date
    where: str
    ask: str
    kind: TaskKind | None
    skills: tuple[str, ...]
    outcome: Outcome | None
    hints: int = 0
    wrong: tuple[WrongAnswer, ...] = ()

    @property
    def mistakes(self) -> tuple[str, ...]:
        """The mistakes that fit best to its wrong answers, as often as they were made."""
        return tuple(mistake for answer in self.wrong if answer.findings for mistake in answer.findings[0])


def wrong_answers(attempt: Attempt) -> tuple[WrongAnswer, ...]:
    """Return the wrong answers of an attempt, in order."""
    return tuple(
        WrongAnswer(verdict.answer, tuple(finding.mistakes for finding in verdict.findings))
        for verdict in attempt.verdicts
        if not verdict.right
    )
