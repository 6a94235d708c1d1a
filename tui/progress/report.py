"""Somebody's progress put together to be read: as lines, and as a document."""

from __future__ import annotations

from ...engine.export.progress_document import LessonRecord, PlaceRecord, ProgressDocument, progress_document
from ..words.lines import Line, line
from ..words.progress import (
    BLOCKS,
    COMMANDS,
    RULE,
    Marks,
    Ways,
    mistake_lines,
    next_lines,
    skill_rows,
    skill_sentences,
    summary_line,
)
from .progress import Progress


def report_lines(
    progress: Progress, marks: Marks = BLOCKS, *, plain: bool = False, ways: Ways = COMMANDS
) -> list[Line]:
    """Say how somebody stands with each skill and what to do next, by which `ways`.

    `plain` is in sentences, without bars.
    """
    standings = list(progress.skills().values())
    has_begun = bool(standings or progress.lessons or progress.places)
    next_steps = next_lines(progress.to_practise(), has_begun=has_begun, ways=ways)
    lessons = lesson_lines(progress)
    if not standings:
        return [*lessons, *next_steps]
    gap = () if plain else (Line(),)
    rows = skill_sentences(standings) if plain else skill_rows(standings, marks)
    mistakes = mistake_lines(progress.mistakes())
    return [
        summary_line(standings),
        *gap,
        *rows,
        *gap,
        *(line((sentence, "label")) for sentence in RULE),
        *mistakes,
        *lessons,
        *gap,
        *next_steps,
    ]


def lesson_lines(progress: Progress) -> list[Line]:
    """Say how many lessons of each course were done, and where somebody stands in it."""
    said: list[Line] = []
    for course in dict.fromkeys([*progress.places, *(course for course, _ in progress.lessons)]):
        done = len(progress.finished(course))
        place = progress.place(course)
        parts = [f"{done} {'lesson' if done == 1 else 'lessons'} done"]
        parts += [f"now at {place.lesson}"] if place is not None and place.lesson else []
        said.append(line(f"Course{f' {course}' if course else ''}: {', '.join(parts)}."))
    return said


def document(progress: Progress, *, with_attempts: bool = False) -> ProgressDocument:
    """Put everything together as it is printed as JSON."""
    standings = list(progress.skills().values())
    to_practise = progress.to_practise()
    return progress_document(
        standings,
        to_practise,
        progress.mistakes(),
        [LessonRecord(one.course, one.lesson, one.day) for one in progress.lessons.values()],
        [PlaceRecord(one.course, one.lesson, one.step, one.exercise, one.at) for one in progress.places.values()],
        today=progress.today,
        command="gradwalk drill" if to_practise else "gradwalk learn",
        attempts=progress.noted if with_attempts else None,
    )
