"""`ProgressStore`: where progress is kept; what is written to it and read from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

import msgspec

from ...engine.errors import GradwalkError
from ...engine.study.noted import Noted


class StoreError(GradwalkError):
    """Progress cannot be read or written; the message says where and why.

    Where `is_final` is true another try is of no use in this run.
    """

    def __init__(self, message: str, *, is_final: bool = False) -> None:
        super().__init__(message)
        self.is_final = is_final


class Finished(msgspec.Struct, frozen=True):
    """A lesson of a course was done to its end, first on `day`."""

    course: str
    lesson: str
    day: date


class Stood(msgspec.Struct, frozen=True):
    """Where somebody last was in a course: in which lesson, at which step of its walk, at which of its exercises.

    The steps and exercises count from 0. A file that was changed since may have fewer.
    """

    course: str
    lesson: str
    step: int
    exercise: int
    at: datetime


Change = Noted | Finished | Stood
"""What a store is given to keep."""


@dataclass(frozen=True)
class Kept:
    """What a store has kept: the attempts after some mark, in the order in which they were noted, and all else.

    `mark` is what to ask with for those that come later; `more` says that some are there already.
    """

    mark: int = 0
    noted: Sequence[Noted] = ()
    finished: Sequence[Finished] = ()
    stood: Sequence[Stood] = ()
    more: bool = False


class ProgressStore(Protocol):
    """Where progress is kept. Every call may raise StoreError."""

    @property
    def place(self) -> str:
        """Where that is, for sentences; empty where it is nowhere."""
        ...

    def read(self, after: int = 0) -> Kept:
        """Return what was kept, whoever wrote it; of the attempts those after a mark (`Kept.mark`)."""
        ...

    def write(self, changes: Sequence[Change]) -> None:
        """Keep all of the changes or none. They are on the disk when this returns, and what is there already stays."""
        ...

    def reset(self) -> None:
        """Forget everything."""
        ...

    def notices(self) -> list[str]:
        """Return what is to be said of the store itself, once: that it was damaged and is a new one now."""
        ...


class NoStore:
    """Keeps nothing, so that progress lasts as long as the program runs: for guests."""

    @property
    def place(self) -> str:
        """Nowhere."""
        return ""

    def read(self, after: int = 0) -> Kept:
        """Return nothing."""
        return Kept()

    def write(self, changes: Sequence[Change]) -> None:
        """Keep nothing."""

    def reset(self) -> None:
        """Forget nothing, for nothing is kept."""

    def notices(self) -> list[str]:
        """There is nothing to say."""
        return []
