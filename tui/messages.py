"""What happened, as small messages between widgets, screens and the app."""

from __future__ import annotations

import threading

from textual.message import Message

from ..engine.scenario import Scenario
from ..engine.trace import Trace


class ScenarioChosen(Message):
    """A scenario was chosen in the library."""

    def __init__(self, scenario: Scenario) -> None:
        super().__init__()
        self.scenario = scenario


class WalkLeft(Message):
    """A walk or a training was left: for the training that the walk is an epoch of, or else for the library."""

    def __init__(self, inside_training: bool = False) -> None:
        super().__init__()
        self.inside_training = inside_training


class EpochsTrained(Message):
    """A thread has trained: `speed` is in epochs a second, None when it has come to its end."""

    def __init__(self, thread: threading.Thread, speed: float | None) -> None:
        super().__init__()
        self.thread = thread
        self.speed = speed


class EpochOpened(Message):
    """An epoch of a training run was opened as a walk."""

    def __init__(self, scenario: Scenario, trace: Trace, title: str) -> None:
        super().__init__()
        self.scenario = scenario
        self.trace = trace
        self.title = title
