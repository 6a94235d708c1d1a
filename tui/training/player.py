"""`TrainingPlayer`: a trainer and the epoch on show. No widgets and no clock, so it can be read and tested alone."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass

from ...engine.arrays import Floats
from ...engine.scenario import Scenario
from ...engine.training.ending import Ending
from ...engine.training.history import Epoch
from ...engine.training.moment import TrainingMoment
from ...engine.training.scenario import TrainingScenario
from ...engine.training.trainer import never
from .epoch_column import EpochColumn

RATE_STEP = 1.25
"""By what the learning rate is multiplied or divided at a key press."""


@dataclass
class PlotChoice:
    """Which `plot` of a training was chosen last, and whether the axis of the loss is logarithmic."""

    plot: str = "fit"
    log: bool = False


class TrainingPlayer:
    """Where a training run is, and how it moves on.

    `epoch` is the epoch on show, 0 to `last`. Going back keeps what came after, so going on from there first shows
    that again and trains only when it is at the end; with another learning rate, what came after is forgotten.

    `choice` is how it is looked at, so that it is found again as it was left.
    A thread may call `train_after`; all else belongs to one thread.
    """

    def __init__(self, scenario: TrainingScenario) -> None:
        self.scenario = scenario
        self.trainer = scenario.trainer()
        self.epoch = 0
        self.choice = PlotChoice()
        self._losses = EpochColumn(self.trainer.history, lambda epoch: epoch.loss)
        self._start = self.trainer.history[0]

    unsaved = False
    """A training has nothing that could be saved in a file: it is trained again from the file's own."""

    def without_arrays(
        self, scenario: TrainingScenario | None = None
    ) -> Callable[[Callable[[str, float], None]], TrainingPlayer]:
        """Return what makes the player again, with all epochs and at the one on show; it holds no compiled graph.

        The player is that of another `scenario`, if one is given, which has to give the same epochs.
        """
        trained = scenario or self.scenario
        epoch, choice, start = self.epoch, copy(self.choice), self._start
        epochs, options = [*self.trainer.history.epochs], self.trainer.options

        def make(report: Callable[[str, float], None]) -> TrainingPlayer:
            report("compiling the graph", 0.0)
            player = TrainingPlayer(trained)
            player.trainer.options = options
            player.trainer.history.epochs[:] = epochs
            player.trainer.go_back(len(epochs) - 1)
            player.epoch, player.choice, player._start = epoch, choice, start
            return player

        return make

    @property
    def last(self) -> int:
        """How many epochs have been trained."""
        return self.trainer.history.last

    @property
    def epochs(self) -> int:
        """How many epochs there will be."""
        return self.moment.epochs

    @property
    def now(self) -> Epoch:
        """What is known at the epoch on show."""
        return self.trainer.history[self.epoch]

    @property
    def losses(self) -> Floats:
        """The loss after 0, 1, 2, ... epochs, up to the last: float64[last + 1], good until it is asked for again."""
        return self._losses.until(self.last)

    @property
    def moment(self) -> TrainingMoment:
        """The epoch on show, and what is known of it."""
        return TrainingMoment(self.scenario, self.trainer, self.epoch)

    @property
    def ended(self) -> Ending | None:
        """Why training cannot go on from the epoch on show; None where it can."""
        return self.moment.ended

    def forward(self, epochs: int = 1) -> bool:
        """Go on by so many epochs, training where there are none yet; return whether all of them were there."""
        for _ in range(epochs):
            if not self.train_after(self.epoch):
                return False
            self.epoch += 1
        return True

    def train_after(self, epoch: int, stopped: Callable[[], bool] = never) -> bool:
        """See to it that the epoch after `epoch` has been trained; return whether it has. What is on show stays.

        `stopped` is asked from time to time; where it says so, nothing is changed.
        """
        return epoch < self.last or self.trainer.train_epoch(stopped)

    def seek(self, epoch: int) -> None:
        """Show an epoch that has been trained, or the nearer end of them."""
        self.epoch = max(0, min(epoch, self.last))

    def reset(self) -> None:
        """Forget all epochs, and the changes of the learning rate; what has been compiled stays."""
        self.trainer.options = self.scenario.options
        self.trainer.history.epochs[0] = self._start
        self.trainer.go_back(0)
        self.epoch = 0

    def train_longer(self) -> None:
        """Allow as many more epochs as the scenario has; GradwalkError where they would be too many to keep."""
        self.trainer.train_longer(self.scenario.options.epochs)

    def scale_rate(self, factor: float) -> int:
        """Multiply the learning rate from the epoch on show on; return how many later epochs are forgotten."""
        forgotten = self.last - self.epoch
        self.trainer.go_back(self.epoch)
        self.trainer.scale_rate(factor)
        return forgotten


def open_training(scenario: Scenario, report: Callable[[str, float], None]) -> TrainingPlayer:
    """Compile a training's graph; `report` is told so."""
    assert isinstance(scenario, TrainingScenario), "only such a scenario says that it is trained"
    report("compiling the graph", 0.0)
    return TrainingPlayer(scenario)
