"""`TrainingPlayer`: a trainer and the epoch on show. No widgets and no clock, so it can be read and tested alone."""

from __future__ import annotations

from ..engine.training import Epoch
from ..engine.training_scenario import TrainingScenario

RATE_STEP = 1.25
"""By what the learning rate is multiplied or divided at a key press."""


class TrainingPlayer:
    """Where a training run is, and how it moves on.

    `epoch` is the epoch on show, 0 to `last`. Going back keeps what came after, so going on from there first shows
    that again and trains only when it is at the end; with another learning rate, what came after is forgotten.
    """

    def __init__(self, scenario: TrainingScenario) -> None:
        self.scenario = scenario
        self.trainer = scenario.trainer()
        self.epoch = 0

    @property
    def last(self) -> int:
        """How many epochs have been trained."""
        return self.trainer.history.last

    @property
    def epochs(self) -> int:
        """How many epochs there will be."""
        return max(self.trainer.options.epochs, self.last)

    @property
    def now(self) -> Epoch:
        """What is known at the epoch on show."""
        return self.trainer.history[self.epoch]

    @property
    def ended(self) -> str:
        """Why training cannot go on from the epoch on show; empty where it can."""
        return self.trainer.ended if self.epoch == self.last else ""

    def forward(self, epochs: int = 1) -> bool:
        """Go on by so many epochs, training where there are none yet; return whether all of them were there."""
        for _ in range(epochs):
            if self.epoch == self.last and not self.trainer.train_epoch():
                return False
            self.epoch += 1
        return True

    def seek(self, epoch: int) -> None:
        """Show an epoch that has been trained, or the nearer end of them."""
        self.epoch = max(0, min(epoch, self.last))

    def reset(self) -> None:
        """Forget all epochs, and the changes of the learning rate."""
        self.trainer = self.scenario.trainer()
        self.epoch = 0

    def scale_rate(self, factor: float) -> int:
        """Multiply the learning rate from the epoch on show on; return how many later epochs are forgotten."""
        forgotten = self.last - self.epoch
        self.trainer.go_back(self.epoch)
        self.trainer.scale_rate(factor)
        return forgotten
