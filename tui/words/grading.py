"""What is said of graded answers: of each person's, and of how all did."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from rich.cells import cell_len

from ...engine.errors import shortened
from ...engine.study.grading import Exercise, Grade, GradedSheet, Mark, overviews
from .lines import Line, line, padded

_MARKS = {Mark.RIGHT: "✓", Mark.WRONG: "✗", Mark.UNREADABLE: "?", Mark.MISSING: "–"}
_PLAIN_MARKS = {Mark.RIGHT: "+", Mark.WRONG: "x", Mark.UNREADABLE: "?", Mark.MISSING: "-"}
_STYLES = {Mark.RIGHT: "value", Mark.WRONG: "undefined", Mark.UNREADABLE: "undefined", Mark.MISSING: "label"}

_ASK, _ANSWER = 30, 26
"""Cells of the columns of what is asked and what was answered, at most."""

_WIDTH = 80


def can_hold_marks(encoding: str) -> bool:
    """Say whether an output of this encoding can hold ✓ and ✗."""
    try:
        "".join(_MARKS.values()).encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def points_text(points: float) -> str:
    """Write points without decimals that say nothing."""
    return f"{points:.10g}"


def of_points(points: float, possible: float) -> str:
    """Say how many points of how many."""
    return f"{points_text(points)} of {points_text(possible)}"


def sheet_lines(sheet: GradedSheet, *, with_marks: bool = True) -> list[Line]:
    """Say what one person gets for each answer, and why."""
    who = f"{sheet.student}: " if sheet.student else ""
    unit = "point" if sheet.possible == 1 else "points"
    lines = [line((f"{who}{of_points(sheet.points, sheet.possible)} {unit}", "heading"))]
    width = min(_ASK, max((cell_len(_asked(grade.exercise)) for grade in sheet.grades), default=0))
    marks = _MARKS if with_marks else _PLAIN_MARKS
    for grade in sheet.grades:
        lines += _grade_lines(grade, width, marks[grade.mark])
    for one in sheet.not_asked:
        lines.append(line("  ? ", (str(one.place), "name"), " is not asked"))
        lines += _sentence(one.hint)
    return lines


def overview_lines(exercises: Sequence[Exercise], sheets: Sequence[GradedSheet]) -> list[Line]:
    """Say how all did in each exercise, and with which mistakes."""
    lines = [line((f"{len(sheets):,} students", "heading"))]
    width = min(_ASK, max((cell_len(_asked(exercise)) for exercise in exercises), default=0))
    for one in overviews(exercises, sheets):
        right = one.marks[Mark.RIGHT]
        mistakes = ", ".join(f"{mistake} ({times})" for mistake, times in one.mistakes.most_common(3))
        said = f"{right:,} of {len(sheets):,} right"
        lines.append(
            line("  ", (padded(shortened(_asked(one.exercise), width), width), "name"), f"  {said}",
                 f"; wrong by {mistakes}" if mistakes else "")
        )  # fmt: skip
    return lines


def _grade_lines(grade: Grade, width: int, mark: str) -> list[Line]:
    answer = shortened(" ".join(grade.answer.split()), _ANSWER) or "no answer"
    said = grade.problem if grade.verdict is None else "" if grade.verdict.right else grade.verdict.sentence
    remark = grade.verdict.remark if grade.verdict is not None else ""
    head = line(
        f"  {mark} ",
        (padded(shortened(_asked(grade.exercise), width), width), "name"),
        f"  {padded(answer, _ANSWER)}  ",
        (of_points(grade.points, grade.exercise.points), _STYLES[grade.mark]),
    )
    return [head, *_sentence(said), *_sentence(remark)]


def _sentence(text: str) -> list[Line]:
    return [line("      ", row) for row in textwrap.wrap(" ".join(text.split()), _WIDTH - 6)]


def _asked(exercise: Exercise) -> str:
    return str(exercise.place)
