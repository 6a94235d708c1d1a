"""What happened, as small messages between widgets, screens and the app."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.message import Message
from textual.screen import Screen

from ..engine.library import Card
from ..engine.scenario import Scenario

if TYPE_CHECKING:  # the library is shown without what training needs
    from ..engine.training.moment import TrainingMoment


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


class EpochOpened(FromScreen):
    """An epoch of a training run was opened as a walk."""

    def __init__(self, screen: Screen[None], moment: TrainingMoment) -> None:
        super().__init__(screen)
        self.moment = moment


class OpeningReady(Message):
    """What was being opened is ready: `make_screen` makes its screen."""

    def __init__(self, make_screen: Callable[[], Screen[None]]) -> None:
        super().__init__()
        self.make_screen = make_screen
