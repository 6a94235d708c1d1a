"""What somebody has practised as JSON: their skills, lessons and places, and, where asked for, every attempt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import msgspec

from ..study.level import Level
from ..study.mastery import DAYS, Standing, State
from ..study.noted import Noted
from ..study.skills import skill_words
from .json_schema import printed

VERSION = 1
"""Raised when a key changes its meaning or goes away."""


class MistakeCount(msgspec.Struct, frozen=True):
    """How often a mistake was the best explanation of a wrong answer."""

    mistake: str
    times: int


class SkillRecord(msgspec.Struct, frozen=True):
    """How somebody stands with a skill; `words` says in words what the id `skill` means.

    `days` is on how many different days it was right, without help, mixed with others; `right` counts all answers that
    were right at once, `helped` those after a hint or a wrong answer, `wrong` those where the answer had to be shown.
    `weak` says that the last answer was not right at once, `last` is its day, null where nothing was answered. `level`
    is how much of such a step is asked next.
    """

    skill: str
    words: str
    state: State
    weak: bool
    days: int
    right: int
    helped: int
    wrong: int
    skipped: int
    level: Level
    last: date | None
    mistakes: Sequence[MistakeCount]


class LessonRecord(msgspec.Struct, frozen=True):
    """A lesson that was done, first on `day`. `course` is the name of its course, or the path of its file."""

    course: str
    lesson: str
    day: date


class PlaceRecord(msgspec.Struct, frozen=True):
    """Where somebody stands in a course: lesson, step of its walk and exercise (both from 0), and since when (UTC)."""

    course: str
    lesson: str
    step: int
    exercise: int
    at: datetime


class ProgressDocument(msgspec.Struct, frozen=True):
    """What `gradwalk progress --json` prints, and `--export` writes.

    `today` is the calendar day for which it holds; a skill is mastered after `days_needed` different days. `skills`
    stand in the order in which they were first asked, `to_practise` names those to practise now, the most needful
    first, and `command` does so. `mistakes` are counted over all skills, the most frequent first. `attempts` is null
    where they were not asked for.
    """

    version: int
    today: date
    days_needed: int
    skills: Sequence[SkillRecord]
    to_practise: Sequence[str]
    command: str
    mistakes: Sequence[MistakeCount]
    lessons: Sequence[LessonRecord]
    places: Sequence[PlaceRecord]
    attempts: Sequence[Noted] | None = None


def progress_document(
    standings: Sequence[Standing],
    to_practise: Sequence[Standing],
    mistakes: Mapping[str, int],
    lessons: Sequence[LessonRecord],
    places: Sequence[PlaceRecord],
    *,
    today: date,
    command: str,
    attempts: Sequence[Noted] | None = None,
) -> ProgressDocument:
    """Put the document together."""
    return ProgressDocument(
        version=VERSION,
        today=today,
        days_needed=DAYS,
        skills=[_skill_record(standing) for standing in standings],
        to_practise=[standing.skill for standing in to_practise],
        command=command,
        mistakes=_counts(mistakes.items()),
        lessons=lessons,
        places=places,
        attempts=attempts,
    )


def _skill_record(standing: Standing) -> SkillRecord:
    return SkillRecord(
        skill=standing.skill,
        words=skill_words(standing.skill),
        state=standing.state,
        weak=standing.is_weak,
        days=standing.days,
        right=standing.right,
        helped=standing.helped,
        wrong=standing.wrong,
        skipped=standing.skipped,
        level=standing.level,
        last=standing.last,
        mistakes=_counts(standing.mistakes),
    )


def _counts(pairs: Any) -> list[MistakeCount]:
    return [MistakeCount(mistake, times) for mistake, times in sorted(pairs, key=lambda pair: -pair[1])]


def as_json(document: ProgressDocument) -> bytes:
    """Return a document as JSON text in UTF-8."""
    return msgspec.json.format(msgspec.json.encode(document))


def schema() -> dict[str, Any]:
    """Return the JSON Schema of the document."""
    return printed(ProgressDocument)
