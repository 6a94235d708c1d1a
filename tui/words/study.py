"""What is said to a learner who answers: the same words on the screen and in plain text."""

from __future__ import annotations

from ...engine.study.attempt import Attempt, Outcome
from ...engine.study.verdict import Verdict
from .lines import Line, labelled, line

RIGHT_SIGN, WRONG_SIGN, HINT_SIGN = "✓", "✗", "?"

NO_ANSWER = "An answer is a number, such as -0.25, or an expression, such as -1/s^2."
NO_MORE_HINTS = "There are no more hints, and only a fingerprint of the answer is known here. Try again, or skip it."

_SIGN = 2
"""Cells of the sign before a line, and of the space after it."""


def verdict_lines(verdict: Verdict) -> list[Line]:
    """Say what is said of an answer."""
    sign, style = (RIGHT_SIGN, "value") if verdict.right else (WRONG_SIGN, "undefined")
    lines = [labelled((sign, style), _SIGN, (verdict.sentence, style if verdict.right else ""))]
    return [*lines, labelled("", _SIGN, verdict.remark)] if verdict.remark else lines


def hint_lines(attempt: Attempt) -> list[Line]:
    """Say the hints shown so far, the newest first, each with its number."""
    count = len(attempt.task.hints)
    return [
        labelled((HINT_SIGN, "local"), _SIGN, (f"hint {number} of {count}: ", "label"), hint)
        for number, hint in reversed([*enumerate(attempt.hints, 1)])
    ]


def solution_line(attempt: Attempt) -> Line:
    """Say the right answer."""
    task = attempt.task
    return line((f"{task.ask} = {task.solution}" if task.solution else "its answer is not known here", "contribution"))


def closed_lines(attempt: Attempt) -> list[Line]:
    """Say what has come of an attempt that is closed: the verdict, or the answer where it was not found."""
    if attempt.outcome in (Outcome.RIGHT, Outcome.HELPED):
        return verdict_lines(attempt.verdicts[-1])
    words = "skipped" if attempt.is_skipped else "the answer"
    pieces = solution_line(attempt).pieces
    return [labelled(("–", "label"), _SIGN, (f"{words}: ", "label"), *pieces)]


def attempt_lines(attempt: Attempt, *, hint_is_latest: bool = False) -> list[Line]:
    """Say what was said of an attempt so far, the latest first: the last verdict and the hints, or how it ended."""
    if not attempt.is_open:
        return closed_lines(attempt)
    verdicts = verdict_lines(attempt.verdicts[-1]) if attempt.verdicts else []
    hints = hint_lines(attempt)
    return [*hints, *verdicts] if hint_is_latest else [*verdicts, *hints]
