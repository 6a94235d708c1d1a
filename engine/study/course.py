"""`Course`: lessons in an order, each a scenario that is walked and something to answer; no scenario is read here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from .level import Level

if TYPE_CHECKING:
    from ..scenario import Scenario


@dataclass(frozen=True)
class Lesson:
    """One lesson of a course.

    `name` tells it from the others of its course, and progress is kept under it, so that a lesson can be moved.
    `scenario` opens what is walked: the name of a built-in scenario, or the whole path of a file. `title`, `summary`
    (what it teaches) and `intro` are the lesson's own, or else those of its scenario. `level` is how much of its walk
    the learner works out; None leaves that to what they know already. `exercises` are what is asked after the walk:
    an exercise of the scenario by what it asks, or any question about the walk (`Question.read`); None for all
    exercises of the scenario. `stop` names the step that the walk goes to, empty for its last. `epochs` is after how
    many epochs a training is walked. `problem` says why the scenario cannot be opened, where that is known.
    """

    name: str
    scenario: str
    title: str
    summary: str = ""
    intro: str = ""
    level: Level | None = None
    exercises: tuple[str, ...] | None = None
    stop: str = ""
    epochs: int = 0
    problem: str = ""


@dataclass(frozen=True)
class Course:
    """A course that has been read.

    `path` is the whole path of its file, None for a built-in one, which is known by its `name`. `load` opens the
    scenarios of its lessons by their names, where it is not as those of any other are opened.
    """

    name: str
    title: str
    summary: str = ""
    intro: str = ""
    lessons: tuple[Lesson, ...] = ()
    path: Path | None = field(default=None)
    load: Callable[[str], Scenario] | None = field(default=None, compare=False, repr=False)

    @property
    def place(self) -> str:
        """What opens it: the name of a built-in course, or a path."""
        return self.name if self.path is None else str(self.path)

    def find(self, name: str) -> Lesson | None:
        """Return the lesson of a name; None where there is none."""
        return next((lesson for lesson in self.lessons if lesson.name == name), None)

    def after(self, lesson: Lesson) -> Lesson | None:
        """Return the lesson that follows; None after the last."""
        place = self.lessons.index(lesson) + 1
        return self.lessons[place] if place < len(self.lessons) else None

    def number(self, lesson: Lesson) -> int:
        """Return which lesson it is, counted from 1."""
        return self.lessons.index(lesson) + 1
