"""The starting points that somebody who writes a file of their own begins with: small, complete, commented."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from .. import scenarios

_FOLDER = Path(next(iter(scenarios.__path__))) / "templates"


class Template(StrEnum):
    """What the file is; its text is a file among the scenarios, so that it is read and tested as they are."""

    SCENARIO = "scenario"
    """A function to walk, with exercises and notes."""
    TRAINING = "training"
    """Samples, a model and a loss."""
    COURSE = "course"
    """Two lessons in an order."""

    def text(self) -> str:
        """Return the text of the file."""
        return (_FOLDER / f"{self}.toml").read_text(encoding="utf-8")
