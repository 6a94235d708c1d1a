"""The tables that progress is kept in, for every database, and how what is kept is written as their rows.

A statement has marks where databases differ: `{id}` is what makes a column count its rows, `{learner}` the column of
whose row it is and `{of}` its place in keys, both empty where a database is one person's.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import msgspec

from ...engine.study.attempt import Outcome
from ...engine.study.noted import Noted, WrongAnswer
from ...engine.study.task import TaskKind
from .store import Finished, Kept, Stood

Row = tuple[Any, ...]
"""A row of a table."""

TABLES = ("attempt", "lesson", "place")

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        """CREATE TABLE attempt (
            id {id},
            {learner}sitting TEXT NOT NULL,
            number INTEGER NOT NULL,
            at TEXT NOT NULL,
            day TEXT NOT NULL,
            part TEXT NOT NULL,
            ask TEXT NOT NULL,
            kind TEXT,
            skills TEXT NOT NULL,
            outcome TEXT,
            hints INTEGER NOT NULL,
            wrong TEXT NOT NULL,
            UNIQUE ({of}sitting, number)
        )""",
        """CREATE TABLE lesson (
            {learner}course TEXT NOT NULL,
            lesson TEXT NOT NULL,
            day TEXT NOT NULL,
            PRIMARY KEY ({of}course, lesson)
        )""",
        """CREATE TABLE place (
            {learner}course TEXT,
            lesson TEXT NOT NULL,
            step INTEGER NOT NULL,
            exercise INTEGER NOT NULL,
            at TEXT NOT NULL,
            PRIMARY KEY ({of}course)
        )""",
    ),
)
"""What leads from each version of the schema to the next; `skills` and `wrong` are JSON, as in `Noted`."""

ATTEMPT = "sitting, number, at, day, part, ask, kind, skills, outcome, hints, wrong"
LESSON = "course, lesson, day"
PLACE = "course, lesson, step, exercise, at"
"""The columns of each table, in the order of the rows that follow."""


def attempt_row(noted: Noted) -> Row:
    """Return an attempt as it is kept."""
    return (
        noted.sitting, noted.number, noted.at.isoformat(), noted.day.isoformat(), noted.where, noted.ask,
        noted.kind, _json(noted.skills), noted.outcome, noted.hints, _json(noted.wrong),
    )  # fmt: skip


def lesson_row(finished: Finished) -> Row:
    """Return a lesson that was done, as it is kept."""
    return finished.course, finished.lesson, finished.day.isoformat()


def place_row(stood: Stood) -> Row:
    """Return where somebody stood, as it is kept."""
    return stood.course, stood.lesson, stood.step, stood.exercise, stood.at.isoformat()


def kept_of(
    rows: Sequence[Any], lessons: Sequence[Any], places: Sequence[Any], after: int, *, more: bool = False
) -> Kept:
    """Return what rows keep that were read after a mark, those of attempts with their ids before them.

    Errors as those of `noted_of`. `more` says that there are attempts that were not read yet.
    """
    return Kept(
        mark=max((row[0] for row in rows), default=after),
        noted=[noted_of(row[1:]) for row in rows],
        finished=[finished_of(row) for row in lessons],
        stood=[stood_of(row) for row in places],
        more=more,
    )


def noted_of(row: Sequence[Any]) -> Noted:
    """Return the attempt that a row keeps; MsgspecError, ValueError or TypeError where it is none of ours."""
    sitting, number, at, day, where, ask, kind, skills, outcome, hints, wrong = row
    return Noted(
        sitting=sitting,
        number=number,
        at=datetime.fromisoformat(at),
        day=date.fromisoformat(day),
        where=where,
        ask=ask,
        kind=None if kind is None else TaskKind(kind),
        skills=msgspec.json.decode(skills, type=tuple[str, ...]),
        outcome=None if outcome is None else Outcome(outcome),
        hints=hints,
        wrong=msgspec.json.decode(wrong, type=tuple[WrongAnswer, ...]),
    )


def finished_of(row: Sequence[Any]) -> Finished:
    """Return the lesson that a row keeps; errors as those of `noted_of`."""
    course, lesson, day = row
    return Finished(course, lesson, date.fromisoformat(day))


def stood_of(row: Sequence[Any]) -> Stood:
    """Return the place that a row keeps; errors as those of `noted_of`."""
    course, lesson, step, exercise, at = row
    return Stood(course, lesson, step, exercise, datetime.fromisoformat(at))


def _json(content: object) -> str:
    return msgspec.json.encode(content).decode()
