"""`TrainingMoment`: a training run at one of its epochs, which is all that a screen or a printed summary shows."""

from __future__ import annotations

from dataclasses import dataclass

from ..walk.trace import Trace
from .ending import Ending, LossGrows
from .history import Epoch
from .scenario import TrainingScenario
from .trainer import Trainer


@dataclass(frozen=True, eq=False, slots=True)
class TrainingMoment:
    """What is known after `epoch` epochs of a run, of which more may have been trained."""

    scenario: TrainingScenario
    trainer: Trainer
    epoch: int

    @property
    def now(self) -> Epoch:
        """The parameters, the loss and its gradient."""
        return self.trainer.history[self.epoch]

    @property
    def epochs(self) -> int:
        """How many epochs there will be."""
        return max(self.trainer.options.epochs, self.trainer.history.last)

    @property
    def rate(self) -> float:
        """The learning rate of the epoch that follows."""
        return self.trainer.rate(self.epoch)

    @property
    def accuracy(self) -> float | None:
        """Which part of the samples is classified rightly; None for what is no classifier."""
        return self.scenario.accuracy(self.now.parameters)

    @property
    def ended(self) -> Ending | None:
        """Why training cannot go on from here; None where it can."""
        return self.trainer.ended if self.epoch == self.trainer.history.last else None

    @property
    def growing(self) -> LossGrows | None:
        """What there is to be warned of here."""
        return self.trainer.growing(self.epoch)

    def trace(self) -> Trace:
        """Open the update that follows as a walk."""
        return self.trainer.trace(self.epoch)
