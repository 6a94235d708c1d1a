"""What happened, as small messages between widgets, screens and the app."""

from __future__ import annotations

import threading
from collections.abc import Callable

from textual.message import Message
from textual.screen import Screen

from ..engine.library import Card
from ..engine.scenario import Scenario
from ..engine.walk.trace import Trace


class FromScreen(Message):
    """Something was asked for on a screen; it counts only while that screen is still on show (keys can come fast)."""

    def __init__(self, screen: Screen[None]) -> None:
        super().__init__()
        self.screen = screen


class ScenarioChosen(FromScreen):
    """A scenario was chosen in the library: a built-in one by its card, or one that had been opened before."""

    def __init__(self, screen: Screen[None], scenario: Card | Scenario) -> None:
        super().__init__(screen)
        self.scenario = scenario


class WalkLeft(FromScreen):
    """A walk, a training or their opening was left: for the training that it is an epoch of, or for the library."""

    def __init__(self, screen: Screen[None], inside_training: bool = False) -> None:
        super().__init__(screen)
        self.inside_training = inside_training


class EpochsTrained(Message):
    """A thread has trained: `speed` is in epochs a second, None when it has come to its end, or to a `problem`."""

    def __init__(self, thread: threading.Thread, speed: float | None, problem: Exception | None = None) -> None:
        super().__init__()
        self.thread = thread
        self.speed = speed
        self.problem = problem


class EpochOpened(FromScreen):
    """An epoch of a training run was opened as a walk, which `make_trace` computes."""

    def __init__(self, screen: Screen[None], scenario: Scenario, make_trace: Callable[[], Trace], title: str) -> None:
        super().__init__(screen)
        self.scenario = scenario
        self.make_trace = make_trace
        self.title = title


class OpeningReady(Message):
    """What was being opened is ready: `make_screen` makes its screen."""

    def __init__(self, make_screen: Callable[[], Screen[None]]) -> None:
        super().__init__()
        self.make_screen = make_screen
