"""What a course says: its lessons, where somebody stands in it, and what came of a lesson."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size

from ...engine.rules.number_text import format_number
from ...engine.study.attempt import Attempt, Outcome
from ...engine.study.level import FADING, Level
from ...engine.study.skills import skill_words
from .lines import Line, line, paragraphs
from .study import CHOICE_WORDS

if TYPE_CHECKING:
    from ...engine.scenario import Scenario
    from ...engine.study.course import Course, Lesson
    from ...engine.study.tally import Tally
    from ...engine.study.task import Task
    from ...engine.walk.trace import Trace

STATES = {"done": "✓ done", "begun": "begun", "next": "next", "open": ""}
"""How far somebody has come with a lesson, by `LessonState`."""

OUTCOMES = {
    Outcome.RIGHT: ("✓", "right", "value"),
    Outcome.HELPED: ("✓", "right, with help", "value"),
    Outcome.WRONG: ("✗", "the answer was shown", "undefined"),
    Outcome.SKIPPED: ("–", "skipped", "label"),
    Outcome.OPEN: ("", "begun", "label"),
}
"""The sign of an outcome, what it is called, and its style."""

_MOST_SKILLS = 4
"""So many skills are named that there is to practise."""

_MOST_SAMPLES = 10
"""So many samples of a training are written out where its numbers are given."""

_BAR = 24
"""Cells of the bar of progress."""


def course_lines(course: Course, done: int, chosen: Lesson, state: str, key: str) -> list[Line]:
    """Say what a course is, how much of it was done, and what `key` does with the lesson that is chosen.

    `state` says how far somebody has come with that lesson (see `STATES`).
    """
    lessons = len(course.lessons)
    full = _BAR * done // lessons
    bar = line(("█" * full, "value"), ("░" * (_BAR - full), "guide"), f" {done} of {count(lessons, 'lesson')} done")
    does = {"done": "goes through it again:", "begun": "goes on with"}.get(state, "begins")
    go_on = line((key, "name"), f" {does} lesson {course.number(chosen)}, {chosen.title}")
    words = course.intro if course.intro and not done and state in ("next", "open") else course.summary
    return [*(paragraphs(words) if words else ()), bar, *((go_on,) if key else ())]


def lesson_title(number: int, lessons: int, title: str) -> str:
    """Name a lesson by its place in the course."""
    return f"lesson {number} of {lessons} · {title}"


def intro_lines(intro: str, steps: int, questions: int, level: Level | None) -> list[Line]:
    """Say what a lesson is about, and what comes in it."""
    lines = [*paragraphs(intro), Line()] if intro else []
    after = f", then {count(questions, 'question')}" if questions else ""
    asked = f"You are asked for {CHOICE_WORDS[level or FADING]}."
    return [*lines, line((f"A walk of {count(steps, 'step')}{after}. {asked}", "label"))]


def lesson_line(keys: Mapping[str, str], questions: int, *, is_walked: bool) -> Line:
    """Say, in a row, what comes next in a lesson; `keys` are those of walk.forward and walk.questions."""
    forward, read = keys.get("walk.forward", ""), keys.get("walk.questions", "")
    what = f"goes on to {count(questions, 'question')}" if questions else "ends the lesson"
    if is_walked:
        return line(("This is the end of the walk. ", "heading"), (forward, "name"), f" {what}")
    asked = f"{count(questions, 'question')} after the walk" if questions else "no questions after the walk"
    again = f" · {read} reads intro and questions" if read else ""
    return line((f"{asked}{again}", "label"))


def end_lines(lesson: Lesson, number: int, following: Lesson | None) -> list[Line]:
    """Say that a lesson is done, and what comes next."""
    done = line((f"Lesson {number}, {lesson.title}, is done.", "heading"))
    if following is None:
        return [done, Line(), line("It was the last one. Any lesson can be gone through again.")]
    teaches = [line((following.summary, "label"))] if following.summary else []
    return [done, Line(), line(f"Next is lesson {number + 1}: {following.title}"), *teaches]


def onward_words(following: Lesson | None) -> str:
    """Say which keys lead on from the end of a lesson."""
    first = "begins the next lesson" if following is not None else "shows all lessons"
    parts = [f"{{questions.go-on}} {first}", "{questions.again} goes through this one again"]
    return " · ".join([*parts, "{questions.leave} shows all lessons"] if following is not None else parts)


def given_lines(scenario: Scenario, trace: Trace) -> list[Line]:
    """Say what is given in a walk: its inputs with their values, and its nodes as they are written; no results."""
    from ...engine.training.scenario import TrainingScenario

    samples: dict[str, list[float]] = {}
    if isinstance(scenario, TrainingScenario):
        model = scenario.training.model
        named = scenario.named(trace.updates.before) if trace.updates is not None else {}
        start = [f"{name} = {format_number(value)}" for name, value in named.items()]
        written = {**model.prediction, **model.loss}
        samples = {name: column.tolist() for name, column in scenario.data.items() if len(column) <= _MOST_SAMPLES}
    elif scenario.definition is not None:
        start = [f"{name} = {_written(value)}" for name, value in scenario.definition.inputs.items()]
        written = dict(scenario.definition.nodes)
    else:
        return []
    lines = [line("  ", (" · ".join(start), ""))] if start else []
    for name, column in samples.items():
        numbers = ", ".join(map(format_number, column))
        lines.append(line("  ", (f"{name}[1] to {name}[{len(column)}]", "name"), f" = {numbers}"))
    return [*lines, *(line("  ", (name, "name"), f" = {_written(value)}") for name, value in written.items())]


def _written(value: float | str) -> str:
    return value if isinstance(value, str) else format_number(value, 17)


def question_lines(
    tasks: Sequence[Task], attempts: Mapping[int, Attempt], before: Mapping[str, Outcome], selected: int, width: int
) -> list[Line]:
    """List questions, a row each, with what came of each this time, or else before; one is selected."""
    lines: list[Line] = []
    for place, task in enumerate(tasks):
        attempt = attempts.get(place)
        outcome = attempt.outcome if attempt is not None else before.get(task.ask)
        sign, words, style = OUTCOMES[outcome] if outcome is not None else ("", "", "")
        earlier = ", earlier" if attempt is None and outcome is not None else ""
        marker = ">" if place == selected else " "
        came = f"  {words}{earlier}" if words else ""
        prompt = shortened_to(task.prompt, width - 7 - cell_len(came))
        lines.append(
            line(
                f"{marker} {place + 1:>2} ",
                (f"{sign or '·'} ", style or "guide"),
                (prompt, "name" if place == selected else ""),
                (came, "label"),
            )
        )
    return lines


def shortened_to(text: str, cells: int) -> str:
    """Cut a text to so many cells; one that is cut ends in an ellipsis."""
    return text if cell_len(text) <= cells else set_cell_size(text, max(0, cells - 1)).rstrip() + "…"


def summary_lines(tally: Tally) -> list[Line]:
    """Say what came of the questions that were asked, and what there is to practise."""
    parts: list[str] = []
    for outcome, words in (
        (Outcome.RIGHT, "right at once"),
        (Outcome.HELPED, "right with help"),
        (Outcome.WRONG, "shown"),
        (Outcome.SKIPPED, "skipped"),
    ):
        found = tally.count(outcome)
        if found:
            parts.append(f"{found} {words}")
    lines = [line((", ".join(parts) + ".", "heading"))] if parts else []
    if tally.to_practise:
        lines.append(line(("To practise: ", "label"), ", ".join(map(skill_words, tally.to_practise[:_MOST_SKILLS]))))
    return [*lines, Line()] if lines else []


def count(number: int, noun: str) -> str:
    """Write how many of something there are."""
    return f"{number:,} {noun}{'s' * (number != 1)}"
