"""Training scenarios from the tables of their files."""

from __future__ import annotations

from typing import Any

from ..errors import Problems
from ..training.definition import TrainingDefinition
from ..training.parts import DataDefinition, ModelDefinition
from ..training.scenario import TrainingScenario
from .csv_table import CsvTable, Folder
from .training_checks import checked


def read_training(name: str, tables: dict[str, Any], folder: Folder) -> TrainingScenario:
    """Read a training scenario that lies in `folder`; DefinitionErrors says all that is wrong."""
    problems = Problems()
    file = checked(problems, tables)
    settings = {key: file.data[key] for key in ("samples", "seed", "csv") if key in file.data}
    columns = {key: value for key, value in file.data.items() if key not in settings}
    definition = TrainingDefinition(
        data=DataDefinition(columns, **settings) if "data" in tables else None,  # pyright: ignore[reportArgumentType]
        model=ModelDefinition(file.loss, file.parameters, file.layers, file.prediction),
        settings=file.training,
        notes=file.notes,
        exercises=tuple(file.exercise),
    )
    tables_beside: list[CsvTable] = []
    if "csv" in settings:
        with problems.kept("data", "csv"):
            tables_beside.append(CsvTable.beside(str(settings["csv"]), folder))
        if not tables_beside:
            problems.stop()  # what follows from columns that are not there is no problem of its own
    built = definition.build(next(iter(tables_beside), None), problems)
    return TrainingScenario(
        name=name,
        title=file.title,
        summary=file.summary,
        intro=file.intro,
        graph=built.model.graph,
        notes=built.notes,
        exercises=definition.exercises,
        order=file.order,
        training=definition,
        model=built.model,
        data=built.data,
        options=built.options,
        inputs=built.inputs,
        targets=built.targets,
        threshold=file.training.threshold,
    )
