"""`CourseRun` and `LessonRun`: how somebody goes through a course. No widgets, so a screen and a text may follow it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING

from ...engine.study.attempt import Attempt, Outcome
from ...engine.study.course import Course, Lesson
from ...engine.study.tally import Tally

if TYPE_CHECKING:
    from ...engine.courses import OpenLesson
    from ...engine.scenario import Scenario
    from ...engine.study.task import Task
    from ...engine.walk.trace import Trace
    from ..progress.progress import Progress


class LessonState(StrEnum):
    """How far somebody has come with a lesson."""

    DONE = "done"
    """It was gone through to its end."""
    BEGUN = "begun"
    """It was begun, and is where they stand."""
    NEXT = "next"
    """It is the one to do next."""
    OPEN = "open"
    """It comes later."""


class CourseRun:
    """A course, and where somebody stands in it."""

    def __init__(self, course: Course, progress: Progress) -> None:
        self.course = course
        self.progress = progress

    @property
    def next_lesson(self) -> Lesson:
        """The lesson to go on with: the one that was begun, or else the first not done, or the first of all."""
        begun = self._begun
        if begun is not None:
            return begun
        done = self.progress.finished(self.course.place)
        return next((lesson for lesson in self.course.lessons if lesson.name not in done), self.course.lessons[0])

    @property
    def states(self) -> Mapping[str, LessonState]:
        """How far they have come with each lesson, by its name."""
        done, next_one = self.progress.finished(self.course.place), self.next_lesson.name
        begun = self._begun
        states: dict[str, LessonState] = {}
        for lesson in self.course.lessons:
            if begun is not None and lesson.name == begun.name:
                states[lesson.name] = LessonState.BEGUN
            elif lesson.name in done:
                states[lesson.name] = LessonState.DONE
            else:
                states[lesson.name] = LessonState.NEXT if lesson.name == next_one else LessonState.OPEN
        return states

    @property
    def done(self) -> int:
        """How many lessons were done."""
        done = self.progress.finished(self.course.place)
        return sum(lesson.name in done for lesson in self.course.lessons)

    @property
    def _begun(self) -> Lesson | None:
        """The lesson that somebody is in the middle of."""
        stood = self.progress.place(self.course.place)
        return self.course.find(stood.lesson) if stood is not None and stood.lesson else None

    def where(self, lesson: Lesson) -> str:
        """Return what the attempts of a lesson are noted under."""
        return where_of(self.course, lesson)

    def begin(self, opened: OpenLesson) -> LessonRun:
        """Go into a lesson: to where they stood in it, or to its beginning."""
        stood = self.progress.place(self.course.place)
        if stood is None or stood.lesson != opened.lesson.name:
            return LessonRun(self, opened)
        return LessonRun(self, opened, stood.step, stood.exercise)


def where_of(course: Course, lesson: Lesson) -> str:
    """Return what the attempts of a lesson are noted under: a lesson of another course may have the same name."""
    return f"lesson {lesson.name}" if course.path is None else f"lesson {lesson.name} of {course.place}"


class LessonRun:
    """One lesson being gone through: first its walk, up to the step `last`, then its tasks, one after another.

    `step` is how far the walk has come, `exercise` the place of the task that is asked next, `len(tasks)` after the
    last; `attempts` are those of this time, by the places of their tasks.
    """

    def __init__(self, course: CourseRun, opened: OpenLesson, step: int = 0, exercise: int = 0) -> None:
        self.course = course
        self.opened = opened
        self.step = max(0, min(step, opened.last))
        self.exercise = max(0, min(exercise, len(opened.tasks)))
        self.attempts: dict[int, Attempt] = {}
        self._kept = (self.step, self.exercise)

    # ---- what it is made of

    @property
    def lesson(self) -> Lesson:
        """The lesson."""
        return self.opened.lesson

    @property
    def scenario(self) -> Scenario:
        """What is walked, under the lesson's own title."""
        return self.opened.scenario

    @property
    def trace(self) -> Trace:
        """The walk."""
        return self.opened.trace

    @property
    def last(self) -> int:
        """The step that the walk goes to."""
        return self.opened.last

    @property
    def tasks(self) -> Sequence[Task]:
        """What is asked after the walk."""
        return self.opened.tasks

    @property
    def number(self) -> int:
        """Which lesson of the course it is, counted from 1."""
        return self.course.course.number(self.lesson)

    @property
    def following(self) -> Lesson | None:
        """The lesson that comes after it; None after the last."""
        return self.course.course.after(self.lesson)

    # ---- where it stands

    @property
    def walked(self) -> bool:
        """Whether its walk was gone to its end."""
        return self.step >= self.last

    @property
    def answered(self) -> bool:
        """Whether all its tasks are behind."""
        return self.exercise >= len(self.tasks)

    @property
    def before(self) -> Mapping[str, Outcome]:
        """What came of its tasks at last, this time or another, by what they ask for."""
        return self.course.progress.outcomes(self.course.where(self.lesson))

    @property
    def tally(self) -> Tally:
        """What came of the tasks that were asked this time."""
        return Tally(tuple(attempt for attempt in self.attempts.values() if not attempt.is_open))

    # ---- going on; each returns what is to be said of the store, mostly nothing

    def walk_to(self, step: int) -> None:
        """Know how far the walk has come; `keep` remembers it."""
        self.step = max(0, min(step, self.last))

    def keep(self) -> str:
        """Remember where they stand; it waits for the disk where that is another place than was remembered."""
        self._kept = (self.step, self.exercise)
        return self.course.progress.stand(self.lesson.name, self.step, self.exercise, self.course.course.place)

    @property
    def is_kept(self) -> bool:
        """Whether where they stand is remembered."""
        return self._kept == (self.step, self.exercise)

    def closed(self, place: int, attempt: Attempt) -> str:
        """Remember an attempt at the task at `place` that is closed; the next task is the first that is still open.

        The attempt is on the disk when this returns.
        """
        self.attempts[place] = attempt
        said = self.course.progress.note(attempt, self.course.where(self.lesson))
        while self.exercise in self.attempts and not self.attempts[self.exercise].is_open:
            self.exercise += 1
        return _joined(said, self.keep())

    def finish(self) -> str:
        """Remember that the lesson is done, and that the next one comes now."""
        progress, course = self.course.progress, self.course.course
        said = progress.finish(self.lesson.name, course.place)
        self.exercise = len(self.tasks)
        self._kept = (self.step, self.exercise)
        return _joined(said, progress.stand("", 0, 0, course.place))

    def again(self) -> str:
        """Go back to its beginning, to be gone through once more."""
        self.step = self.exercise = 0
        self.attempts.clear()
        return self.keep()


def _joined(*said: str) -> str:
    return "\n".join(filter(None, said))
