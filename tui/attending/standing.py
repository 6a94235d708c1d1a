"""How a screen stands that a lecture led somewhere: whether somebody has gone on by themselves."""

from __future__ import annotations

from typing import Any

from textual.screen import Screen

from ..screens.arrays import ArraysScreen
from ..screens.library import LibraryScreen
from ..screens.train import TrainScreen
from ..screens.walk import WalkScreen
from ..walk.opened import OpenedWalk
from .floors import Floor


def is_as_led(floor: Floor, screen: Screen[Any]) -> bool:
    """Say whether a screen shows what was opened, and not what somebody has made of it."""
    opened = floor.opened
    if isinstance(screen, WalkScreen):
        return isinstance(opened, OpenedWalk) and screen.opened.trace is opened.trace
    return not isinstance(screen, TrainScreen) or screen.player is opened


def standing(top: Screen[Any]) -> Any:
    """Return how a screen stands, as far as it is led; how somebody looks at it is their own."""
    if isinstance(top, WalkScreen):
        moment = top.moment
        predicts = moment.prediction is not None
        return id(moment.trace), moment.cursor, moment.selected, moment.view, predicts
    if isinstance(top, ArraysScreen):
        arrays = top.moment
        return arrays.cursor, arrays.selected, arrays.walk.is_compound, arrays.prediction is not None
    if isinstance(top, TrainScreen):
        return top.player.trainer.history.epochs[-1].rate_scale
    return top.chosen if isinstance(top, LibraryScreen) else None


def trains_as_led(screen: TrainScreen, epoch: int, rate_scale: float) -> bool:
    """Say whether a training is at an epoch, on its way there, or cannot come there, with its rate as it was."""
    player = screen.player
    if player.trainer.history.epochs[-1].rate_scale != rate_scale:
        return False
    on_its_way = screen.course.running or (player.epoch == player.last and player.ended is not None)
    return player.epoch == epoch or (player.epoch < epoch and on_its_way)
