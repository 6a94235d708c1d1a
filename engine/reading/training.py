"""Training scenarios from their files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..rules.optimizers import OPTIMIZERS, Hyperparameters
from ..training.formulas import Formulas
from ..training.history import most_epochs
from ..training.model import Model
from ..training.scenario import TrainingScenario
from ..training.trainer import TrainingOptions
from .columns import Columns
from .csv_table import Folder
from .formulas import FormulasReader
from .learning_rate import LearningRate
from .source import Source
from .training_checks import validate
from .training_format import TrainingFile
from .training_notes import TrainingNotes

MAX_NODES = 10_000_000
"""The largest graph, about; a node takes some 200 bytes."""


def read_training(source: Source, tables: dict[str, Any], folder: Folder) -> TrainingScenario:
    """Read a training scenario that lies in `folder`; ScenarioError points into the source, or the CSV file."""
    file = validate(source, tables)
    columns = Columns(source, file.data, folder)
    read = FormulasReader(source, file, columns)
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
