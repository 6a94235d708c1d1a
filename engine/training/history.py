"""`History`: every epoch of a training run, as a number leads to it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import Floats


@dataclass(frozen=True, eq=False, slots=True)
class Epoch:
    """What is known after some epochs: the parameters, float64[p], and the loss they give.

    `memory` is the optimizer's, float64[rows, p], and `updates` how many updates it has made. `gradient` is
    ∂loss/∂parameter, float64[p], of the update that follows; with batches, that of the first batch.
    `rate_scale` is what the schedule's learning rate is multiplied with from here on.
    """

    parameters: Floats
    loss: float
    gradient: Floats
    memory: Floats
    updates: int = 0
    rate_scale: float = 1.0


class History:
    """A training run from its start: `history[k]` is what is known after k epochs."""

    def __init__(self, start: Epoch) -> None:
        self.epochs: list[Epoch] = [start]

    def __len__(self) -> int:
        return len(self.epochs)

    def __getitem__(self, epoch: int) -> Epoch:
        return self.epochs[epoch]

    @property
    def last(self) -> int:
        """How many epochs have been trained."""
        return len(self.epochs) - 1

    def losses(self) -> Floats:
        """Return the loss after 0, 1, 2, ... epochs: float64[last + 1]."""
        return np.array([epoch.loss for epoch in self.epochs], dtype=np.float64)

    def parameters(self) -> Floats:
        """Return the parameters after 0, 1, 2, ... epochs: float64[last + 1, p]."""
        return np.array([epoch.parameters for epoch in self.epochs], dtype=np.float64)


MAX_HISTORY = 20_000_000
"""The largest product of epochs and parameters: every epoch's parameters are kept."""


def most_epochs(parameters: int) -> int:
    """Return how many epochs of a model with so many parameters can be kept."""
    return MAX_HISTORY // parameters
