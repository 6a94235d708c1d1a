"""The courses that can be opened: the built-in ones by their names, others by their paths; and their lessons."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from .. import scenarios
from .errors import DefinitionError, did_you_mean, quoted

if TYPE_CHECKING:
    from .card import Card
    from .scenario import Scenario
    from .study.course import Course, Lesson

BUILT_IN = "backpropagation"
"""The course that is learned where none is named."""

_FOLDER = Path(next(iter(scenarios.__path__))) / "courses"

_HEAD = 65_536
"""Bytes of a scenario's file that its title and summary are read from."""


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

    scenario = load(lesson.scenario)
    if course.path is None and lesson.scenario not in built_in_names():
        scenario = replace(scenario, path=None)  # it is no file of somebody's own, to be saved or read anew
    return replace(scenario, title=lesson.title, summary=lesson.summary, intro=lesson.intro or scenario.intro)
