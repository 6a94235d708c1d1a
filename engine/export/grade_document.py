"""Graded answers as JSON: points, the verdict and the diagnosis of each, and how all did in each exercise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import msgspec

from ..study.grading import Exercise, Grade, GradedSheet, Mark, NotAsked, overviews
from ..study.task import TaskKind
from .json_schema import printed

VERSION = 1
"""Raised when a key changes its meaning or goes away."""


class GradeRecord(msgspec.Struct, frozen=True):
    """What an answer gets: `points` of `possible`.

    `mistakes` are the ids of the mistakes that explain a wrong answer, best first, empty where none does; `sentence` is
    what is said of the answer, or why it cannot be read; empty where there is none. `remark` is what else there is to
    say of a right one, such as that a formula is right at this walk's values only.
    """

    ask: str
    kind: TaskKind
    mark: Mark
    points: float
    possible: float
    answer: str
    mistakes: Sequence[str]
    sentence: str
    remark: str = ""
    lesson: str = ""


class NotAskedRecord(msgspec.Struct, frozen=True):
    """An answer to what no exercise asks; `hint` says what may be meant."""

    ask: str
    answer: str
    hint: str


class StudentRecord(msgspec.Struct, frozen=True):
    """What one person gets; `student` is empty where the file names nobody."""

    student: str
    points: float
    possible: float
    grades: Sequence[GradeRecord]
    not_asked: Sequence[NotAskedRecord]


class MistakeCount(msgspec.Struct, frozen=True):
    """How often a mistake was the best explanation of a wrong answer."""

    mistake: str
    times: int


class ExerciseRecord(msgspec.Struct, frozen=True):
    """How all did in an exercise; the four counts add up to the number of students."""

    ask: str
    kind: TaskKind
    points: float
    right: int
    wrong: int
    unreadable: int
    missing: int
    mistakes: Sequence[MistakeCount]
    lesson: str = ""


class GradeDocument(msgspec.Struct, frozen=True):
    """What `gradwalk grade --json` prints: everybody in the order of the file, and the exercises in theirs."""

    version: int
    exercises: Sequence[ExerciseRecord]
    students: Sequence[StudentRecord]


def grade_document(exercises: Sequence[Exercise], sheets: Sequence[GradedSheet]) -> GradeDocument:
    """Put the document together."""
    return GradeDocument(
        version=VERSION,
        exercises=[
            ExerciseRecord(
                ask=one.exercise.place.ask,
                kind=one.exercise.task.kind,
                points=one.exercise.points,
                right=one.marks[Mark.RIGHT],
                wrong=one.marks[Mark.WRONG],
                unreadable=one.marks[Mark.UNREADABLE],
                missing=one.marks[Mark.MISSING],
                mistakes=_counts(one.mistakes),
                lesson=one.exercise.place.lesson,
            )
            for one in overviews(exercises, sheets)
        ],
        students=[
            StudentRecord(
                student=sheet.student,
                points=sheet.points,
                possible=sheet.possible,
                grades=list(map(_grade_record, sheet.grades)),
                not_asked=list(map(_not_asked_record, sheet.not_asked)),
            )
            for sheet in sheets
        ],
    )


def _grade_record(grade: Grade) -> GradeRecord:
    verdict = grade.verdict
    return GradeRecord(
        ask=grade.exercise.place.ask,
        kind=grade.exercise.task.kind,
        mark=grade.mark,
        points=grade.points,
        possible=grade.exercise.points,
        answer=grade.answer,
        mistakes=() if verdict is None else verdict.mistakes,
        sentence=grade.problem if verdict is None else verdict.sentence,
        remark="" if verdict is None else verdict.remark,
        lesson=grade.exercise.place.lesson,
    )


def _not_asked_record(one: NotAsked) -> NotAskedRecord:
    return NotAskedRecord(str(one.place), one.answer, one.hint)


def _counts(mistakes: Counter[str]) -> list[MistakeCount]:
    return [MistakeCount(mistake, times) for mistake, times in mistakes.most_common()]


def as_json(document: GradeDocument) -> bytes:
    """Return a document as JSON text in UTF-8."""
    return msgspec.json.format(msgspec.json.encode(document))


def schema() -> dict[str, Any]:
    """Return the JSON Schema of the document."""
    return printed(GradeDocument)
