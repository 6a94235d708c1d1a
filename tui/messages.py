"""What happened, as small messages between widgets, screens and the app."""

from __future__ import annotations

from textual.message import Message

from ..engine.scenario import Scenario


class ScenarioChosen(Message):
    """A scenario was chosen in the library."""

    def __init__(self, scenario: Scenario) -> None:
        super().__init__()
        self.scenario = scenario


class WalkLeft(Message):
    """The walk was left for the library."""
