"""What a course and its lessons say without a screen: a sentence or two each time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from ...engine.study.attempt import Attempt, Outcome
from .course import OUTCOMES, STATES, count, given_lines, intro_lines
from .lines import Line, line
from .plain import without_keys
from .plain_parts import sentence

if TYPE_CHECKING:
    from ...engine.scenario import Scenario
    from ...engine.study.course import Course, Lesson
    from ...engine.study.level import Level
    from ...engine.study.task import Task
    from ...engine.walk.trace import Trace


def course_sentences(course: Course, done: int, following: Lesson) -> list[Line]:
    """Say what a course is, how much of it was done, and which lesson enter goes on with."""
    about = course.summary if done or not course.intro else " ".join(course.intro.split())
    return [
        line((sentence(course.title), "heading")),
        *([line(without_keys(about))] if about else []),
        line(f"{done} of {count(len(course.lessons), 'lesson')} done. {go_on_words(course, following)}"),
    ]


def go_on_words(course: Course, following: Lesson) -> str:
    """Say what can be done between two lessons."""
    number = course.number(following)
    return f"Enter goes on with lesson {number}, {following.title}; list says all lessons, help what else."


def lesson_row(course: Course, lesson: Lesson, state: str) -> Line:
    """Say which lesson it is, and how far somebody has come with it."""
    said = STATES[state].removeprefix("✓ ")
    return line(f"{course.number(lesson)}. {lesson.title}{f': {said}' if said else ''}.")


def lesson_title_sentence(number: int, lessons: int, title: str) -> Line:
    """Say which lesson it is."""
    return line((sentence(f"Lesson {number} of {lessons}: {title}"), "heading"))


def resumed_sentence(number: int) -> Line:
    """Say where a lesson that is left goes on."""
    return line(f"Lesson {number} goes on here next time.")


def kept_sentence(*, kept: bool) -> Line:
    """Say at the end of the program whether what was answered is there the next time."""
    return line("What was answered is kept." if kept else "What was answered is not kept for the next time.")


def lesson_sentences(intro: str, steps: int, questions: int, level: Level | None) -> list[Line]:
    """Say what a lesson is about and what comes in it, a paragraph on a line."""
    paragraphs = "\n".join(" ".join(part.split()) for part in without_keys(intro).split("\n\n") if part.strip())
    return [said for said in intro_lines(paragraphs, steps, questions, level) if said.plain]


def given_sentences(scenario: Scenario, trace: Trace) -> list[Line]:
    """Say the inputs and the operations, without results."""
    given = [said.plain.strip().replace(" · ", ", ") for said in given_lines(scenario, trace)]
    return [line(f"Given: {'; '.join(given)}.")] if given else [line("Nothing is given but the walk.")]


def task_sentences(tasks: Sequence[Task], attempts: Mapping[int, Attempt], before: Mapping[str, Outcome]) -> list[Line]:
    """Say the questions of a lesson, and what came of each this time, or else before."""
    if not tasks:
        return [line("This lesson asks no questions after its walk.")]
    lines: list[Line] = []
    for place, task in enumerate(tasks):
        attempt = attempts.get(place)
        outcome = attempt.outcome if attempt is not None else before.get(task.ask)
        earlier = ", earlier" if attempt is None else ""
        came = f" It was {OUTCOMES[outcome][1]}{earlier}." if outcome not in (None, Outcome.OPEN) else ""
        lines.append(line(f"Question {place + 1}: {task.prompt}{came}".replace("It was the answer", "The answer")))
    return lines


def questions_next_sentence(questions: int) -> Line:
    """Say that the walk of a lesson is behind, and what comes."""
    if not questions:
        return line("This is the end of the walk.")
    return line(f"This is the end of the walk; now {count(questions, 'question')}. The word help says what else.")


def lesson_done_sentences(course: Course, lesson: Lesson, following: Lesson | None) -> list[Line]:
    """Say that a lesson is done, and what comes next."""
    done = line((f"Lesson {course.number(lesson)}, {lesson.title}, is done.", "heading"))
    if following is None:
        return [done, line("It was the last one. Any lesson can be gone through again: go and its number.")]
    return [done, line(go_on_words(course, following))]
