"""`FormulasFile`: the model of a training scenario, read from its tables; every error points into the source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from .data import Columns, compute
from .definitions import topological_order, written
from .edges import Floats
from .errors import CycleError, ExpressionError, did_you_mean, listing, quoted
from .expression import CONSTANTS, Apply, Expression
from .formulas import L2, Formulas, Layer
from .ops import OPS
from .random_columns import COLUMN_FUNCTIONS
from .source import Source
from .training_file import LayerTable, TrainingFile

_COUNTS = {name: function.argument_count for name, function in COLUMN_FUNCTIONS.items()}


class FormulasFile:
    """What a file's [parameters], [layers], [prediction] and [loss] say.

    `start` holds what each parameter starts as, `data` the columns that lead to the loss, float64[m], and `inputs`
    those of them that lead to the prediction.
    """

    def __init__(self, source: Source, file: TrainingFile, columns: Columns) -> None:
        self.source = source
        self.file = file
        self.columns = columns
        self.random = np.random.default_rng([file.training.seed, 0])
        self.start: dict[str, float] = {}
        for name, value in file.parameters.items():
            self.start[name] = float(self._starting_values(value, 1, "parameters", name)[0])
        layers = tuple(self._layers())
        known = [*columns.names, *(unit for layer in layers for unit in layer.units), *self.start]
        expressions = self._expressions("prediction", file.prediction, known)
        loss = self._expressions("loss", file.loss, [*known, *expressions, L2])
        prediction = self._prediction(expressions, layers)
        self.formulas = Formulas(tuple(self.start), layers, expressions, prediction, loss)
        used = self.formulas.leading_to(self.formulas.loss_name)
        self._refuse_unused(used)
        self.data: dict[str, Floats] = {name: columns[name] for name in columns.names if name in used}
        self._check_loss()
        behind = self.formulas.leading_to(prediction)
        self.inputs = tuple(name for name in self.data if name in behind)

    # ---- the model

    def _starting_values(self, value: float | str, count: int, *keys: str) -> Floats:
        """Compute what parameters start as: float64[count]."""
        try:
            expression = written(value, _COUNTS)
            for used in expression.names():
                if used.name not in CONSTANTS:
                    raise expression.unknown(used, ())
        except ExpressionError as error:
            raise self.source.expression_error(error, *keys) from None
        values = compute(expression, self.random, count, {})
        if not np.isfinite(values).all():
            raise self.source.value_error("a parameter must start as a finite number", *keys)
        return values

    def _layers(self) -> Iterator[Layer]:
        units_of: dict[str, tuple[str, ...]] = {}
        for name, table in self.file.layers.items():
            units = (name,) if table.units == 1 else tuple(f"{name}_{k}" for k in range(1, table.units + 1))
            inputs = tuple(self._inputs(name, table, units_of))
            weights = tuple(tuple(f"w_{unit}_{source}" for source in inputs) for unit in units)
            biases = tuple(f"b_{unit}" for unit in units)
            for made in (*units, *biases, *(weight for of_unit in weights for weight in of_unit)):
                self._refuse_taken(made, name)
            values = self._starting_values(table.weights, len(units) * len(inputs), "layers", name, "weights")
            for of_unit, numbers in zip(weights, values.reshape(len(units), len(inputs)).tolist(), strict=True):
                self.start.update(zip(of_unit, numbers, strict=True))
            values = self._starting_values(table.bias, len(units), "layers", name, "bias")
            self.start.update(zip(biases, values.tolist(), strict=True))
            units_of[name] = units
            yield Layer(name, units, inputs, weights, biases, self._activation(name, table))

    def _inputs(self, name: str, table: LayerTable, units_of: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
        sources = [table.inputs] if isinstance(table.inputs, str) else table.inputs
        if not sources:
            raise self.source.value_error("a layer needs at least one input", "layers", name, "inputs")
        for source in sources:
            if source not in units_of and source not in self.columns:
                known = [*units_of, *self.columns.names]
                message = f"{quoted(source)} is neither a data column nor a layer above this one"
                hint = did_you_mean(source, known, f"known here: {listing(known)}")
                raise self.source.error(message, "layers", name, "inputs", hint=hint)
            yield from units_of.get(source, (source,))

    def _activation(self, name: str, table: LayerTable) -> str | None:
        functions = [op.name for op in OPS if op.arity == 1 and not op.infix]
        if table.activation and table.activation not in functions:
            hint = did_you_mean(table.activation, functions, f"functions of one argument are {', '.join(functions)}")
            raise self.source.error(
                f"unknown function {quoted(table.activation)}", "layers", name, "activation", hint=hint
            )
        return table.activation or None

    def _refuse_taken(self, made: str, layer: str) -> None:
        tables = (self.file.parameters, self.file.prediction, self.file.loss, self.columns.names)
        if made in self.start or (made != layer and any(made in table for table in tables)):
            raise self.source.error(f"this layer makes the name {made}, which the file defines", "layers", layer)

    def _expressions(
        self, table: str, values: Mapping[str, float | str], known: Iterable[str]
    ) -> dict[str, Expression]:
        """Read a table of expressions, each after those that it uses."""
        names = [*known, *values]
        expressions: dict[str, Expression] = {}
        for name, value in values.items():
            try:
                expression = expressions[name] = written(value)
                for used in expression.names():
                    if used.name not in names and used.name not in CONSTANTS:
                        raise expression.unknown(used, [other for other in names if other != name])
            except ExpressionError as error:
                raise self.source.expression_error(error, table, name) from None
            if not isinstance(expression.items[-1], Apply):
                raise self.source.error("this has no operation", table, name, hint="give a name to an operation")
        try:
            ordered = {name: expressions[name] for name in topological_order(expressions)}
        except CycleError as error:
            raise self.source.error(str(error), table, error.cycle[0]) from None
        last = next(reversed(expressions), None)
        return {name: ordered[name] for name in sorted(ordered, key=lambda name: name == last)}

    def _prediction(self, expressions: dict[str, Expression], layers: Sequence[Layer]) -> str:
        if expressions:
            return next(reversed(expressions))
        last = layers[-1]  # there is one: `training_file.validate` asks for a prediction or a layer
        if len(last.units) > 1:
            name = next(reversed(self.file.layers))
            hint = "add a layer of one unit, or a [prediction]"
            raise self.source.error(
                "a prediction is one number, and the last layer has several units", "layers", name, hint=hint
            )
        return last.name

    # ---- checks of the whole

    def _refuse_unused(self, used: set[str]) -> None:
        formulas, file = self.formulas, self.file
        trained = () if L2 in used else file.parameters
        tables: list[tuple[str, Iterable[str]]]
        tables = [("parameters", trained), ("prediction", file.prediction), ("loss", file.loss)]
        unused = [(table, name) for table, names in tables for name in names if name not in used]
        layers = zip(file.layers, formulas.layers, strict=True)
        unused += [("layers", name) for name, layer in layers if not used & set(layer.units)]
        for table, name in unused:
            raise self.source.error("nothing uses this", table, name, hint=f"the loss is {formulas.loss_name}")

    def _check_loss(self) -> None:
        formulas, loss = self.formulas, self.formulas.loss_name
        kinds = formulas.kinds(self.data)
        if kinds[loss]:
            message = "this has a value for each sample, and a loss is one number"
            raise self.source.error(message, "loss", loss, hint="write mean(...) or sum(...) around it")
        if not kinds[formulas.prediction] or formulas.prediction not in formulas.leading_to(loss):
            message = f"the loss must depend on the data through the prediction, {formulas.prediction}"
            raise self.source.error(message, "loss", loss)
