"""`TrainingDefinition`: what is trained, on what and how, as somebody wrote it, apart from its file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import msgspec
import numpy as np

from ..arrays import Floats
from ..errors import DefinitionError, Problems
from ..exercise import Exercise
from ..language.names import name_problem, normal, refuse_doubles, with_normal_names
from ..named_steps import NamedSteps
from ..rules.optimizers import OPTIMIZERS, Hyperparameters
from .column_functions import COLUMN_FUNCTIONS
from .columns import Columns, Table
from .formulas import L2
from .formulas_builder import FormulasBuilder
from .history import most_epochs
from .learning_rate import LearningRate
from .model import Model
from .notes import resolved
from .parts import DataDefinition, ModelDefinition, TrainingSettings
from .trainer import TrainingOptions

MAX_NODES = 10_000_000
"""The largest graph, about; a node takes some 200 bytes."""


@dataclass(frozen=True)
class BuiltTraining:
    """What a training definition makes; the fields are those of `TrainingScenario`."""

    model: Model
    data: Mapping[str, Floats]
    options: TrainingOptions
    inputs: tuple[str, ...]
    targets: tuple[str, ...]
    notes: Mapping[str, str]


@dataclass(frozen=True)
class TrainingDefinition:
    """Data, a model with a loss, and how its parameters are trained; without data the loss is one of parameters alone.

    An error's keys begin with the table of a scenario file that holds what it is about: ("layers", name, "inputs").
    """

    data: DataDefinition | None
    model: ModelDefinition
    settings: TrainingSettings
    notes: Mapping[str, str] = field(default_factory=dict[str, str])
    exercises: tuple[Exercise, ...] = ()
    """What is asked about the walk before the first epoch."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "notes", MappingProxyType(with_normal_names(self.notes)))

    def build(self, table: Table | None = None, problems: Problems | None = None) -> BuiltTraining:
        """Make the model for the samples; `table` is the file that `data.csv` names.

        DefinitionErrors says all that is wrong. `problems` holds what is known to be wrong already; then only the
        parts are checked, and not the whole.
        """
        problems = Problems() if problems is None else problems
        self._check_settings(problems)
        self._check_names(problems)
        if not self.model.loss:
            problems.add("there is no loss to make small", "loss", hint='such as cost = "mean((h - y)^2)"')
            problems.stop()
        if self.data and not self.model.prediction and not self.model.layers:
            problems.add("nothing is predicted from the data", "prediction", hint='such as h = "b + x*w"')
            problems.stop()
        options = self._options(problems)
        columns = Columns(problems, self.data, table)
        built = FormulasBuilder(problems, self.model, columns, self.settings.seed)
        if not built.start:
            problems.add("there is nothing to train: there are no parameters", "parameters", hint="such as w = 0")
            problems.stop()
        formulas = built.formulas()
        with problems.kept():
            self._refuse_too_large(formulas.operation_count(), columns.samples, len(formulas.parameters))
        data = built.data(formulas)
        problems.stop()
        assert options is not None, "the options are right where nothing is wrong"
        model = Model.build(formulas, built.start, data)
        notes = resolved(problems, model.graph, built.units, self.notes)
        NamedSteps(model.graph, problems).check_exercises(self.exercises)
        problems.stop()
        behind = formulas.leading_to(formulas.prediction)
        inputs = tuple(name for name in data if name in behind)
        return BuiltTraining(model, data, options, inputs, tuple(name for name in data if name not in inputs), notes)

    def _tables(self) -> Iterator[tuple[str, Iterable[str]]]:
        yield "data", self.data.columns if self.data else ()
        for table in ("parameters", "layers", "prediction", "loss"):
            yield table, getattr(self.model, table)

    def _check_names(self, problems: Problems) -> None:
        """Check that names can be used, and that each is defined once."""
        defined: dict[str, str] = {}
        for table, names in self._tables():
            refuse_doubles(problems, table, names)
        for table, name in ((table, name) for table, names in self._tables() for name in names):
            if wrong := name_problem(name):
                problems.add_name(wrong.message, table, name, hint=wrong.hint)
            elif name == L2:
                hint = f"l2 in a loss is the sum of the squares of all parameters; {name}_1 is free"
                problems.add_name("this name has a meaning of its own", table, name, hint=hint)
            elif name in COLUMN_FUNCTIONS:
                message = "this name is taken: it is a function of [data]"
                problems.add_name(message, table, name, hint=f"{name}_1 is free")
            elif normal(name) in defined and defined[normal(name)] != table:
                hint = f"it stands in [{defined[normal(name)]}] already; every name is defined once"
                problems.add("defined twice", table, name, hint=hint)
            defined.setdefault(normal(name), table)

    def _check_settings(self, problems: Problems) -> None:
        """Check that each setting, and each of a layer, is of its kind and in its range; nothing works where not."""
        wrong = False
        for keys, settings in (
            (("training",), self.settings),
            *((("layers", name), layer) for name, layer in self.model.layers.items()),
        ):
            for setting in msgspec.structs.fields(settings):
                value = getattr(settings, setting.name)
                try:
                    msgspec.convert(value.item() if isinstance(value, np.generic) else value, setting.type)
                except msgspec.ValidationError as error:
                    wrong = True
                    message = str(error).replace("Expected", "this must be").replace("`", "")
                    problems.add_value(message, *keys, setting.name)
        if wrong:
            problems.stop()

    def _options(self, problems: Problems) -> TrainingOptions | None:
        settings = self.settings
        with problems.kept("training", "learning_rate"):
            return TrainingOptions(
                rate=LearningRate.read(settings.learning_rate, settings.epochs),
                epochs=settings.epochs,
                optimizer=OPTIMIZERS[settings.optimizer],
                hyperparameters=Hyperparameters(settings.momentum, settings.beta1, settings.beta2, settings.epsilon),
                batch_size=settings.batch_size,
                seed=settings.seed,
                target_loss=settings.target_loss,
                tolerance=settings.tolerance,
            )
        return None

    def _refuse_too_large(self, operations: int, samples: int, parameters: int) -> None:
        if self.settings.batch_size is not None and not samples:
            message = "there are no samples to draw batches from"
            raise DefinitionError(message, ("training", "batch_size"), "leave it out, or add [data]")
        if operations * samples > MAX_NODES:
            message = f"{samples:,} samples of about {operations:,} operations each make too large a graph"
            raise DefinitionError(message, ("data",), f"a graph has at most about {MAX_NODES:,} nodes")
        most = most_epochs(parameters)
        if self.settings.epochs > most:
            message = f"with {parameters:,} parameters there can be at most {most:,} epochs"
            raise DefinitionError(message, ("training", "epochs"), in_value=True)
