"""`Place`: the base of the screens that a scenario is opened on."""

from __future__ import annotations

from pathlib import Path

from textual.screen import ScreenResultType

from ..done import Done
from ..kept import Opened
from .full_window import FullWindow


class Place(FullWindow[None]):
    """A walk or a training: it can be left, and found again as it was."""

    def as_left(self) -> Opened:
        """Return what shows all this again, where it stands."""
        raise NotImplementedError

    @property
    def done(self) -> Done | None:
        """How far somebody has come here, where it is more than having opened it."""
        return None

    @property
    def lesson(self) -> tuple[str, str] | None:
        """The course and the name of the lesson that it is gone through in; None where it is none."""
        return None

    @property
    def path(self) -> Path | None:
        """The file that it was read from, and may be read from anew; None where there is none."""
        return None


class PlaceAbove(FullWindow[ScreenResultType]):
    """What fills the window and goes away with the place that it was opened from."""
