"""Grading: answers of several people, judged exercise by exercise, with points and what went wrong.

An answer that is right gets all points of its exercise, and any other gets none: what a slip is worth is for the
teacher to say, who is told which slip it was.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from ..errors import ExpressionError, GradwalkError, did_you_mean, listing, quoted
from ..language.names import normal
from ..language.step_key import StepName
from .task import Task
from .verdict import Verdict

FORMULA = "formula"
"""Tells, after what is asked for, the exercise that asks for a formula from the one that asks for the number."""

LONGEST_ANSWER = 10_000
"""An answer of more characters is not read."""


@dataclass(frozen=True)
class Place:
    """Which exercise is meant: what it asks for, and, in a course, the lesson that asks it."""

    ask: str
    lesson: str = ""

    @classmethod
    def read(cls, text: str) -> Place:
        """Read `∂f/∂a`, or `chain: ∂f/∂a` in a course; a derivative may be spelt with d."""
        lesson, colon, ask = text.rpartition(":")
        return cls(spelt(ask), lesson.strip()) if colon else cls(spelt(text))

    def __str__(self) -> str:
        return f"{self.lesson}: {self.ask}" if self.lesson else self.ask


def spelt(ask: str) -> str:
    """Return what is asked for as gradwalk spells it: `∂f/∂a` for df/da, and `f(a, b)` for f( a,b )."""
    text = normal(" ".join(ask.split()))
    asked, _, last = text.rpartition(" ")
    if last == FORMULA and asked:
        return f"{spelt(asked)} {FORMULA}"
    name = StepName.read(text)
    return str(name) if name.of else "".join(text.split()).replace(",", ", ")


@dataclass(frozen=True)
class Exercise:
    """An exercise that is graded: where it stands, what is asked, and what a right answer is worth."""

    place: Place
    task: Task
    points: float = 1.0


@dataclass(frozen=True)
class Sheet:
    """What one person has answered; `student` is empty where there is one only."""

    student: str
    answers: Mapping[Place, str]


class Mark(StrEnum):
    """What an answer is."""

    RIGHT = "right"
    WRONG = "wrong"
    UNREADABLE = "unreadable"
    """It is no number and no expression that can be read."""
    MISSING = "missing"
    """There is none."""


@dataclass(frozen=True)
class Grade:
    """What an answer to an exercise gets.

    `verdict` says what may have gone wrong; None where there is nothing to judge. `problem` says why an answer cannot
    be read, and is empty otherwise.
    """

    exercise: Exercise
    mark: Mark
    answer: str = ""
    verdict: Verdict | None = None
    problem: str = ""

    @property
    def points(self) -> float:
        """All points of the exercise, or none."""
        return self.exercise.points if self.mark is Mark.RIGHT else 0.0


@dataclass(frozen=True)
class NotAsked:
    """An answer to what no exercise asks, and what may have been meant."""

    place: Place
    answer: str
    hint: str


@dataclass(frozen=True)
class GradedSheet:
    """What one person gets: a grade for each exercise, in their order, and the answers that belong to none."""

    student: str
    grades: tuple[Grade, ...]
    not_asked: tuple[NotAsked, ...] = ()

    @property
    def points(self) -> float:
        """The sum of the points."""
        return sum(grade.points for grade in self.grades)

    @property
    def possible(self) -> float:
        """The points of all exercises together."""
        return sum(grade.exercise.points for grade in self.grades)


@dataclass
class Overview:
    """How all did in one exercise: the answers by mark, and the mistakes that fit best, by id."""

    exercise: Exercise
    marks: Counter[Mark] = field(default_factory=Counter[Mark])
    mistakes: Counter[str] = field(default_factory=Counter[str])


class Grader:
    """Grades sheets; an answer that several people give is judged once."""

    def __init__(self, exercises: Sequence[Exercise]) -> None:
        self.exercises = tuple(exercises)
        self._judged: dict[tuple[int, str], Grade] = {}

    def grade(self, sheet: Sheet) -> GradedSheet:
        """Grade what one person has answered."""
        answers: dict[int, str] = {}
        not_asked: list[NotAsked] = []
        for place, answer in sheet.answers.items():
            meant = self._meant(place)
            if isinstance(meant, str):
                not_asked += [NotAsked(place, answer, meant)] if answer.strip() else []
            else:
                answers |= dict.fromkeys(meant, answer)
        grades = (self._grade(number, answers.get(number, "")) for number in range(len(self.exercises)))
        return GradedSheet(sheet.student, tuple(grades), tuple(not_asked))

    def _meant(self, place: Place) -> list[int] | str:
        """Return the exercises that an answer is for, or a hint where there is none, or more than one lesson's."""
        asked = [number for number, one in enumerate(self.exercises) if one.place.ask == place.ask]
        meant = [
            number
            for number in asked
            if not place.lesson or self.exercises[number].place.lesson.casefold() == place.lesson.casefold()
        ]
        lessons = dict.fromkeys(self.exercises[number].place.lesson for number in meant)
        if len(lessons) == 1:
            return meant
        if len(lessons) > 1:
            return (
                f"several lessons ask for it; write {quoted(f'{next(iter(lessons))}: {place.ask}')}, or another lesson"
            )
        known = [str(one.place) for one in self.exercises]
        return did_you_mean(str(place), known, f"what is asked for is {listing(known)}")

    def _grade(self, number: int, answer: str) -> Grade:
        key = (number, answer.strip())
        if key not in self._judged:
            self._judged[key] = _judged(self.exercises[number], answer.strip())
        return self._judged[key]


def overviews(exercises: Iterable[Exercise], sheets: Iterable[GradedSheet]) -> list[Overview]:
    """Count for each exercise how all did in it."""
    found = [Overview(exercise) for exercise in exercises]
    for sheet in sheets:
        for overview, grade in zip(found, sheet.grades, strict=True):
            overview.marks[grade.mark] += 1
            if grade.verdict is not None and grade.verdict.findings:
                overview.mistakes.update(grade.verdict.findings[0].mistakes)
    return found


def _judged(exercise: Exercise, answer: str) -> Grade:
    if not answer:
        return Grade(exercise, Mark.MISSING)
    if len(answer) > LONGEST_ANSWER:
        problem = f"it has more than {LONGEST_ANSWER:,} characters"
        return Grade(exercise, Mark.UNREADABLE, answer[:100] + "…", problem=problem)
    try:
        verdict = exercise.task.judge(answer)
    except ExpressionError as error:
        hint = f"; {error.hint}" if error.hint else ""
        return Grade(exercise, Mark.UNREADABLE, answer, problem=f"{error.message}{hint}")
    except GradwalkError as error:
        return Grade(exercise, Mark.UNREADABLE, answer, problem=str(error))
    return Grade(exercise, Mark.RIGHT if verdict.right else Mark.WRONG, answer, verdict)
