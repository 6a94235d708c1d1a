"""What happened, as small messages between widgets, screens and the app."""

from __future__ import annotations

from textual.message import Message


class ScenarioChosen(Message):
    """A scenario was chosen in the library."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name


class LeftWalk(Message):
    """The walk was left for the library."""
