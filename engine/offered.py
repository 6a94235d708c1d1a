"""`OfferedShelf`: the scenarios and courses of a folder, for people who may open them and see no file.

They are known by names, as the built-in ones are, and nothing of where they lie is told: a name is looked up in what
the folder holds, and is never made into a path. What lies outside of the folder is not opened, by a link neither.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, cast

from .card import Card, in_sections
from .courses import built_in_courses, is_course
from .errors import DefinitionError, GradwalkError, ScenarioError, did_you_mean, quoted
from .library import built_in_names, library
from .shelf import Listing, Shelf, Stamp, files_of

if TYPE_CHECKING:
    from .scenario import Scenario
    from .study.course import Course


SECTION = "Offered here"
"""The heading of what lies in the folder itself, and names no section."""


class OfferedShelf(Shelf):
    """What is built in, and before it what a folder holds.

    A file is offered by its name without `.toml`; where that is taken, by a built-in scenario or course or by a file
    before it, with the folders that lead to it.
    """

    adds = True

    def __init__(self, folder: str) -> None:
        super().__init__([folder])
        self._top = Path(folder)
        self._courses: dict[Path, tuple[Stamp, bool]] = {}
        self._course_cards: dict[str, tuple[Stamp, Card]] = {}
        self._problems: dict[str, tuple[Stamp, str]] = {}

    @property
    def names(self) -> list[str]:
        """The names of all scenarios and courses that can be opened, sorted."""
        return sorted({*built_in_names(), *built_in_courses(), *self._offered()})

    @property
    def all_courses(self) -> list[str]:
        """The names of the courses: the built-in ones, and those that the folder holds."""
        return [*built_in_courses(), *(name for name, path in self._offered().items() if self._is_course(path))]

    def listing(self) -> Listing:
        """Return what lies there now, and what is built in; a folder that holds nothing, or is gone, adds nothing."""
        return Listing(self.places, (*self.own_cards(), *library()))

    def own_cards(self) -> list[Card]:
        """Return what lies in the folder now."""
        cards: list[Card] = []
        for name, path in self._offered().items():
            card = self._course_card(name, path) if self._is_course(path) else self._card(path)
            if card is not None:
                folder = " / ".join(path.relative_to(self._top).parts[:-1])
                cards.append(self._told(replace(card, section=card.section or folder or SECTION), name, path))
        cards.sort(key=lambda card: card.order)
        return in_sections(cards)

    def check(self, card: Card) -> bool:
        """Read the whole file of a card, once; return whether its problem is another one than was known before."""
        path = self._offered().get(card.name)
        if path is None or self._is_course(path):
            return False
        stamp = _stamp(path)
        if self._problems.get(card.name, (None, ""))[0] == stamp:
            return False
        try:
            self.load(card.name)
        except GradwalkError as error:
            problem = str(error)
        else:
            problem = ""
        self._problems[card.name] = stamp, problem
        return problem != card.problem

    def load(self, name: str) -> Scenario:
        """Open a scenario by its name; ScenarioError where there is none, or it cannot be read."""
        from .library import load
        from .reading.scenario import MAX_FILE_SIZE, read

        if name in built_in_names():
            return load(name)
        path = self._offered().get(name)
        if path is None or self._is_course(path):
            hint = did_you_mean(name, self.names, f"there are {', '.join(self.names)}")
            raise ScenarioError("there is no such scenario", name or '""', hint=hint)
        content = self._content(name, path, MAX_FILE_SIZE)
        beside = cast("Traversable", _Beside(path.parent, self._top))
        return replace(read(f"{name}.toml", content, beside), name=name, path=None)

    def load_course(self, name: str) -> Course:
        """Open a course by its name; ScenarioError where there is none, or it cannot be read."""
        from .courses import load_course
        from .reading.course import MAX_FILE_SIZE, read_course

        if name in built_in_courses():
            return load_course(name)
        path = self._offered().get(name)
        if path is None or not self._is_course(path):
            hint = did_you_mean(name, self.all_courses, f"there are {', '.join(self.all_courses)}")
            raise ScenarioError("there is no such course", name or '""', hint=hint)

        def find(wanted: str) -> Card:
            return self._lesson_card(wanted, path.parent)

        course = read_course(f"{name}.toml", self._content(name, path, MAX_FILE_SIZE), find)
        return replace(course, name=name, load=self.load)

    # ---- the folder

    def _offered(self) -> dict[str, Path]:
        """Return the files by their names."""
        taken = {*built_in_names(), *built_in_courses()}
        offered: dict[str, Path] = {}
        for _, path in files_of(self._top)[0]:
            if not _is_within(path, self._top) or not (self._is_course(path) or self._card(path) is not None):
                continue
            whole = path.relative_to(self._top).as_posix()
            for name in (path.stem, whole.removesuffix(".toml"), whole):
                if name not in taken and name.isprintable():
                    taken.add(name)
                    offered[name] = path
                    break
        return offered

    def _is_course(self, path: Path) -> bool:
        stamp = _stamp(path)
        known = self._courses.get(path)
        if known is None or known[0] != stamp:
            known = self._courses[path] = stamp, is_course(str(path))
        return known[1]

    def _content(self, name: str, path: Path, most: int) -> bytes:
        try:
            if not path.is_file():
                raise ScenarioError("this is not a regular file", name)
            with path.open("rb") as file:
                return file.read(most + 1)
        except OSError as error:
            raise ScenarioError(f"it cannot be read: {error.strerror}", name) from None

    # ---- cards

    def _course_card(self, name: str, path: Path) -> Card:
        stamp = _stamp(path)
        known = self._course_cards.get(name)
        if known is None or known[0] != stamp:
            known = self._course_cards[name] = stamp, self._read_course_card(name)
        return known[1]

    def _read_course_card(self, name: str) -> Card:
        try:
            course = self.load_course(name)
        except GradwalkError as error:
            return Card(name, name, "", 0, problem=str(error))
        count = len(course.lessons)
        said = f"A course of {count} lessons. {course.summary}" if count > 1 else course.summary
        return Card(name, course.title, said.strip(), 0)

    def _lesson_card(self, wanted: str, folder: Path) -> Card:
        """Return the card of a scenario that a course names, as course files do: built in, or by a path from there."""
        from .library import card_of

        if wanted in built_in_names():
            return card_of(wanted)
        whole = os.path.realpath(folder / wanted) if "\0" not in wanted else ""
        for name, path in self._offered().items():
            card = self._card(path) if os.path.realpath(path) == whole else None
            if card is not None:
                return self._told(card, name, path)
        raise DefinitionError(f"there is no scenario {quoted(wanted)} here")

    def _told(self, card: Card, name: str, path: Path) -> Card:
        """Return a card as it is told to people: by a name, and without a path."""
        stamp, problem = self._problems.get(name, (None, ""))
        return replace(card, name=name, path=None, problem=card.problem or (problem if stamp == _stamp(path) else ""))


def _stamp(path: Path) -> Stamp:
    """Return what tells a file from what it was before; one that is gone has none like it."""
    try:
        status = path.stat()
    except OSError:
        return 0, -1
    return status.st_mtime_ns, status.st_size


def _is_within(path: Path, top: Path) -> bool:
    """Say whether a path leads into a folder, with all links followed."""
    try:
        return Path(os.path.realpath(path)).is_relative_to(os.path.realpath(top))
    except (OSError, ValueError):
        return False


class _Beside(Traversable):
    """A folder or a file in it, for a scenario that names its data; what is outside of `top` is not there."""

    def __init__(self, path: Path, top: Path) -> None:
        self._path = path
        self._top = top

    @property
    def name(self) -> str:
        return self._path.name

    def joinpath(self, *descendants: str | os.PathLike[str]) -> _Beside:
        return _Beside(self._path.joinpath(*descendants), self._top)

    def is_dir(self) -> bool:
        return self._is_within and self._path.is_dir()

    def is_file(self) -> bool:
        return self._is_within and self._path.is_file()

    def iterdir(self) -> Iterator[_Beside]:
        return (_Beside(path, self._top) for path in self._path.iterdir()) if self.is_dir() else iter(())

    def open(self, mode: str = "r", *args: Any, **kwargs: Any) -> IO[Any]:  # pyright: ignore[reportIncompatibleMethodOverride]
        if not self.is_file():  # neither is a device or a pipe, which could be read for ever
            raise FileNotFoundError(2, "there is no such file", self._path.name)
        return self._path.open(mode, *args, **kwargs)

    def read_bytes(self) -> bytes:
        with self.open("rb") as file:
            return file.read()

    def read_text(self, encoding: str | None = None) -> str:
        with self.open(encoding=encoding) as file:
            return file.read()

    @property
    def _is_within(self) -> bool:
        return _is_within(self._path, self._top)
