"""`Session`: who sits here, at which terminal, and what the program may do for them."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from ..engine.errors import GradwalkError, did_you_mean
from .record import MemoryRecord, Record, RecordFile
from .settings import MemoryStore, SettingsFile, SettingsStore
from .terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Callable
    from socket import socket

    from ..engine.offered import OfferedShelf
    from ..engine.scenario import Scenario
    from ..engine.study.course import Course
    from .progress.progress import Progress
    from .progress.store import ProgressStore


class Role(StrEnum):
    """In which part somebody uses the program."""

    ALONE = "alone"
    """The user of the machine: has settings, and files."""
    GUEST = "guest"
    """Somebody who was let in from elsewhere, and shares the account with strangers: leaves no trace, sees no file."""
    PRESENTER = "presenter"
    """A guest of a lecture who leads it: what they look at is shown to all who follow."""
    FOLLOWER = "follower"
    """A guest of a lecture who sees what its presenter looks at, or walks alone."""


@dataclass(frozen=True)
class SessionLimits:
    """How much the program keeps for somebody.

    `kept_nodes` is the size of the walks that were left, all together. `edited_nodes` is the size that a walk may grow
    to by editing, `edit_bytes` about the room of all that can be undone.
    """

    kept_nodes: int
    edited_nodes: int
    edit_bytes: int


_LIMITS = SessionLimits(kept_nodes=2_000_000, edited_nodes=1_000_000, edit_bytes=200_000_000)
_GUEST_LIMITS = SessionLimits(kept_nodes=100_000, edited_nodes=10_000, edit_bytes=10_000_000)


class Session:
    """Who sits here. The app has one; whatever depends on the person or on the terminal asks it."""

    def __init__(
        self,
        role: Role = Role.ALONE,
        terminal: Terminal | None = None,
        store: SettingsStore | None = None,
        link: socket | None = None,
        progress: ProgressStore | None = None,
        scenarios: str = "",
    ) -> None:
        """Take this process's terminal, and the store of the role (a guest's is no file), where none is given.

        `link` leads to the server that let them in: one packet for each of the messages of a lecture. `progress` is
        where that server keeps what they practise, and `scenarios` the folder of what it offers beside what is built
        in.
        """
        self.role = role
        self.link = link
        self.terminal = terminal or Terminal.here()
        alone = role is Role.ALONE
        self.store = store or (SettingsFile() if alone else MemoryStore())
        self._progress_store = progress
        self._scenarios = scenarios
        self._is_remembered = store is None and alone
        self.record = Record(RecordFile() if self._is_remembered else MemoryRecord())
        """What they have done; where their settings are kept elsewhere than usual, for this session only."""
        self.say: Callable[[str], None] | None = None
        """Shows them a sentence as a notice, from any thread; None as long as there is no screen."""
        self.farewell = ""
        """What is printed when they have left the screen, or were sent away."""
        self.on_fault: Callable[[BaseException], str] | None = None
        """Takes note of a fault of the program's own, and returns what they are told of it instead of where it was."""

    @classmethod
    def here(cls, *, guest: bool = False) -> Session:
        """Return the session of whoever started this process."""
        return cls(Role.GUEST if guest else Role.ALONE)

    @functools.cached_property
    def progress(self) -> Progress:
        """What they have practised; like the record, for this session only where nothing is kept of them."""
        from .progress.progress import Progress

        if not self._is_remembered:
            return Progress(self._progress_store)
        try:
            from .progress.database import ProgressFile
        except ImportError:
            return Progress(to_say="progress is not remembered: this Python has no sqlite3")
        return Progress(ProgressFile())

    def leave(self) -> None:
        """Try once more to have kept what could not be kept before."""
        if "progress" in self.__dict__:
            self.progress.flush()

    @property
    def limits(self) -> SessionLimits:
        """How much is kept for them."""
        return _LIMITS if self.role is Role.ALONE else _GUEST_LIMITS

    @property
    def may_use_files(self) -> bool:
        """Whether they may name a file to be read or written."""
        return self.role is Role.ALONE

    @functools.cached_property
    def offered(self) -> OfferedShelf | None:
        """What a server offers them beside what is built in; None where that is nothing."""
        if not self._scenarios:
            return None
        from ..engine.offered import OfferedShelf

        return OfferedShelf(self._scenarios)

    def load(self, name: str) -> Scenario:
        """Open a scenario: a built-in one by its name, or, for whom it is allowed, a file by its path.

        Raises GradwalkError where there is none, or it cannot be read.
        """
        from ..engine.library import built_in_names, load

        if self.offered is not None:
            return self.offered.load(name)
        known = built_in_names()
        if not self.may_use_files and name not in known:
            hint = did_you_mean(name, known, f"they are {', '.join(known)}")
            raise GradwalkError(f"a guest walks the scenarios that are built in; {hint}")
        return load(name)

    def load_course(self, name: str = "") -> Course:
        """Open a course: a built-in one by its name, or, for whom it is allowed, a file by its path.

        Without a name it is the one to begin with. Raises GradwalkError where there is none, or it cannot be read.
        """
        from ..engine.courses import BUILT_IN, built_in_courses, load_course

        if self.offered is not None:
            return self.offered.load_course(name or BUILT_IN)
        if not self.may_use_files and name and name not in built_in_courses():
            raise GradwalkError("a guest learns the course that is built in: gradwalk learn")
        return load_course(name or BUILT_IN)

    def is_course(self, name: str) -> bool:
        """Say whether a name is that of a course which somebody may open here who may not use files."""
        if self.may_use_files:
            return False
        from ..engine.courses import built_in_courses

        return name in (built_in_courses() if self.offered is None else self.offered.all_courses)

    def need_files(self, what: str) -> None:
        """Raise GradwalkError, which says `what` was asked for, where files are not for this person."""
        if not self.may_use_files:
            raise GradwalkError(f"a guest can read and write no files here, so {what} is not possible")
