"""`TrainingScenario`: data, a model and a loss from a file, ready to be trained."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from .csv_table import Folder
from .data import Columns
from .edges import Floats
from .formulas import Formulas
from .formulas_file import FormulasFile
from .learning_rate import LearningRate
from .model import Model
from .optimizers import OPTIMIZERS, Hyperparameters
from .scenario import Scenario
from .source import Source
from .training import Trainer, TrainingOptions, most_epochs
from .training_checks import validate
from .training_file import TrainingFile
from .training_notes import TrainingNotes

MAX_NODES = 10_000_000
"""The largest graph, about; a node takes some 200 bytes."""


@dataclass(frozen=True, kw_only=True)
class TrainingScenario(Scenario):
    """A scenario that is trained; its `graph` is the loss before the first epoch, and can be walked as any other.

    `data` holds the columns that the model uses, float64[m]. `inputs` are those that the prediction is made from,
    `targets` those that only the loss compares it with. `threshold` is a classifier's, else None.
    """

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


def read_training(source: Source, tables: dict[str, Any], folder: Folder) -> TrainingScenario:
    """Read a training scenario that lies in `folder`; ScenarioError points into the source, or the CSV file."""
    file = validate(source, tables)
    columns = Columns(source, file.data, folder)
    read = FormulasFile(source, file, columns)
    formulas = read.formulas
    options = _options(source, file)
    _refuse_too_large(source, file, formulas, columns.samples)
    model = Model.build(formulas, read.start, read.data)
    return TrainingScenario(
        name=Path(source.path).stem,
        title=file.title,
        summary=file.summary,
        intro=file.intro,
        graph=model.graph,
        notes=TrainingNotes(source, model.graph, read.units).read(file.notes),
        order=file.order,
        model=model,
        data=read.data,
        options=options,
        inputs=read.inputs,
        targets=tuple(name for name in read.data if name not in read.inputs),
        threshold=file.training.threshold,
    )


def _options(source: Source, file: TrainingFile) -> TrainingOptions:
    table = file.training
    return TrainingOptions(
        rate=LearningRate.read(source, table.learning_rate, table.epochs),
        epochs=table.epochs,
        optimizer=OPTIMIZERS[table.optimizer],
        hyperparameters=Hyperparameters(table.momentum, table.beta1, table.beta2, table.epsilon),
        batch_size=table.batch_size,
        seed=table.seed,
        target_loss=table.target_loss,
        tolerance=table.tolerance,
    )


def _refuse_too_large(source: Source, file: TrainingFile, formulas: Formulas, samples: int) -> None:
    operations = formulas.operation_count()
    if operations * samples > MAX_NODES:
        message = f"{samples:,} samples of about {operations:,} operations each make too large a graph"
        raise source.error(message, "data", hint=f"a graph has at most about {MAX_NODES:,} nodes")
    most = most_epochs(len(formulas.parameters))
    if file.training.epochs > most:
        message = f"with {len(formulas.parameters):,} parameters there can be at most {most:,} epochs"
        raise source.value_error(message, "training", "epochs")
