"""`TrainingScenario`: data, a model and a loss, ready to be trained."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ..arrays import Floats
from ..scenario import Scenario
from .definition import TrainingDefinition
from .model import Model
from .trainer import Trainer, TrainingOptions


@dataclass(frozen=True, kw_only=True)
class TrainingScenario(Scenario):
    """A scenario that is trained; its `graph` is the loss before the first epoch, and can be walked as any other.

    `data` holds the columns that the model uses, float64[m]. `inputs` are those that the prediction is made from,
    `targets` those that only the loss compares it with. `threshold` is a classifier's, else None. `training` is what
    all of it was built from.
    """

    training: TrainingDefinition
    model: Model
    data: Mapping[str, Floats]
    options: TrainingOptions
    inputs: tuple[str, ...]
    targets: tuple[str, ...]
    threshold: float | None

    @property
    def is_trained(self) -> bool:
        """Whether the scenario has parameters that are trained."""
        return True

    def trainer(self) -> Trainer:
        """Start training."""
        return Trainer(self.model, self.data, self.options, self.notes)

    def predict(self, parameters: Floats, columns: Mapping[str, Floats]) -> Floats:
        """Compute the prediction of parameters, float64[p], for columns of inputs, float64[k]: float64[k]."""
        return self.model.formulas.predict(self.named(parameters), columns)

    def named(self, parameters: Floats) -> dict[str, float]:
        """Return parameters, float64[p], by their names."""
        return dict(zip(self.model.formulas.parameters, parameters.tolist(), strict=True))

    def accuracy(self, parameters: Floats) -> float | None:
        """Return which part of the samples is on the right side of the threshold; None for what is no classifier.

        `parameters` is float64[p]. A prediction that is not a number is on neither side.
        """
        if self.threshold is None or len(self.targets) != 1:
            return None
        predicted = self.predict(parameters, {name: self.data[name] for name in self.inputs})
        right = (predicted > self.threshold) == (self.data[self.targets[0]] > self.threshold)
        return int(np.count_nonzero(right & ~np.isnan(predicted))) / right.size
