"""The courses that can be opened: the built-in ones by their names, others by their paths; and their lessons."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from .. import scenarios
from .errors import DefinitionError, ScenarioError, did_you_mean, quoted, shown_keys

if TYPE_CHECKING:
    from .card import Card
    from .scenario import Scenario
    from .study.course import Course, Lesson
    from .study.task import Task
    from .walk.trace import Trace

Report = Callable[[str, float], None]
"""Told what is being done and which part of it is done (0 to 1); may raise to stop."""

BUILT_IN = "backpropagation"
"""The course that is learned where none is named."""

_FOLDER = Path(next(iter(scenarios.__path__))) / "courses"

_HEAD = 65_536
"""Bytes of a scenario's file that its title and summary are read from."""

_LESSON = re.compile(rb"^[ \t]*\[\[[ \t]*lesson[ \t]*\]\]", re.MULTILINE)


def built_in_courses() -> list[str]:
    """Return the names of the courses that come with gradwalk."""
    return sorted(file.stem for file in _FOLDER.iterdir() if file.suffix == ".toml")


def load_course(name: str = BUILT_IN) -> Course:
    """Open a built-in course by its name, or a course file by its path; of its scenarios only the cards are read.

    Raises ScenarioError when there is none or it cannot be read.
    """
    from .library import content_of
    from .reading.course import MAX_FILE_SIZE, read_course

    known = built_in_courses()
    if name in known:
        file = _FOLDER / f"{name}.toml"
        return read_course(file.name, file.read_bytes(), _Cards(_FOLDER, built_in=True).find)
    content = content_of(name, MAX_FILE_SIZE, known, "course")
    return read_course(name, content, _Cards(Path(name).parent).find, Path(name).resolve())


def is_course(place: str) -> bool:
    """Say whether a name or a path is that of a course; a file is looked at, and what cannot be read is none."""
    if place in built_in_courses():
        return True
    with suppress(OSError, ValueError):
        path = Path(place)
        if path.is_file():
            with path.open("rb") as file:
                return _LESSON.search(file.read(_HEAD)) is not None
    return False


class _Cards:
    """Finds the scenarios that the lessons of a course in `folder` name."""

    def __init__(self, folder: Path, *, built_in: bool = False) -> None:
        from .library import built_in_names

        self._folder = folder
        self._built_in = built_in
        self._known = built_in_names()

    def find(self, name: str) -> Card:
        """Return the card of a scenario; DefinitionError where there is none."""
        from .card import read_card
        from .library import card_of

        if name in self._known:
            return card_of(name)
        path = self._folder / name
        try:
            with path.open("rb") as file:
                head = file.read(_HEAD)
        except (OSError, ValueError) as error:
            raise self._missing(name, path, error) from None
        text = head.decode("utf-8-sig", errors="replace").replace("\r\n", "\n")
        return read_card(text, path.stem, path.resolve())

    def _missing(self, name: str, path: Path, error: OSError | ValueError) -> DefinitionError:
        if isinstance(error, IsADirectoryError):
            return DefinitionError("this is a folder; a lesson names one scenario")
        if not isinstance(error, FileNotFoundError):
            reason = error.strerror if isinstance(error, OSError) else error
            return DefinitionError(f"the file cannot be read: {reason}")
        if len(Path(name).parts) <= 1 and not name.endswith(".toml"):
            listed = f"built in are {', '.join(self._known)}; a file of your own ends in .toml"
            return DefinitionError(f"there is no scenario {quoted(name)}", hint=did_you_mean(name, self._known, listed))
        near = [file.name for file in path.parent.glob("*.toml")] if path.parent.is_dir() else []
        otherwise = "a path leads from the folder of the course file to a scenario file"
        return DefinitionError(f"there is no file {quoted(name)}", hint=did_you_mean(path.name, near, otherwise))


def load_lesson(course: Course, lesson: Lesson) -> Scenario:
    """Return the scenario of a lesson, with the title, summary and intro that the lesson gives it.

    Raises ScenarioError where it cannot be read.
    """
    from .library import built_in_names, load

    scenario = (course.load or load)(lesson.scenario)
    if course.path is None and lesson.scenario not in built_in_names():
        scenario = replace(scenario, path=None)  # it is no file of somebody's own, to be saved or read anew
    return replace(scenario, title=lesson.title, summary=lesson.summary, intro=lesson.intro or scenario.intro)


@dataclass(frozen=True, eq=False)
class OpenLesson:
    """A lesson that can be gone through: its walk, the step that it goes to, and what is asked after it."""

    lesson: Lesson
    scenario: Scenario
    trace: Trace
    last: int
    tasks: tuple[Task, ...]


def open_lesson(
    course: Course, lesson: Lesson, scenario: Scenario | None = None, report: Report = lambda doing, done: None
) -> OpenLesson:
    """Make the walk of a lesson, of a training that of an epoch, and what is asked after it.

    `scenario` is the lesson's, where it has been read (see `load_lesson`). `report` is told what is being done, and
    which part of it is done (0 to 1); it may raise to stop. Raises GradwalkError where the scenario cannot be read, or
    has not what the lesson names.
    """
    from .study.course_lesson import last_step, tasks_of

    scenario = scenario or load_lesson(course, lesson)
    try:
        trace = _trace(lesson, scenario, report)
        return OpenLesson(lesson, scenario, trace, last_step(lesson, trace), tasks_of(lesson, scenario, trace))
    except DefinitionError as error:
        raise _located(course, lesson, error) from None


def _located(course: Course, lesson: Lesson, error: DefinitionError) -> ScenarioError:
    """Return an error about a lesson with its place in the file of its course, as that is now."""
    from .reading.source import Source

    keys = ("lesson", str(course.number(lesson) - 1), *error.keys)
    if course.load is not None:
        return ScenarioError(error.message, f"{course.name}.toml", shown_keys(keys), hint=error.hint)
    file = course.path or _FOLDER / f"{course.name}.toml"
    try:
        source = Source.decode(str(file), file.read_bytes())
    except OSError:
        return ScenarioError(error.message, str(file), shown_keys(keys), hint=error.hint)
    return source.located(replace(error, keys=keys))


def _trace(lesson: Lesson, scenario: Scenario, report: Report) -> Trace:
    """Make the walk of a scenario, or of an epoch of its training."""
    from .training.scenario import TrainingScenario
    from .walk.trace import Trace

    if not isinstance(scenario, TrainingScenario):
        if lesson.epochs:
            raise DefinitionError("this scenario has nothing to train", ("epochs",), "leave epochs out")
        report("running forward and backward", 0.0)
        return Trace(scenario.graph, scenario.notes)
    trainer = scenario.trainer()
    while trainer.history.last < lesson.epochs:
        report("training", trainer.history.last / lesson.epochs)
        if not trainer.train_epoch():
            message = f"training ends after {trainer.history.last:,} epochs"
            raise DefinitionError(message, ("epochs",), in_value=True)
    return trainer.trace(lesson.epochs)
