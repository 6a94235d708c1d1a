"""`FormulasReader`: the model of a training scenario, read from its tables; every error points into the source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from ..arrays import Floats
from ..errors import CycleError, ExpressionError, listing
from ..language.dependencies import leading_to, topological_order, written
from ..language.expression import CONSTANTS, Apply, Expression, Name
from ..training.formulas import L2, Formulas, Layer, aggregates
from .column_functions import COLUMN_FUNCTIONS
from .columns import ARGUMENT_COUNTS, Columns
from .layers import LayersReader, Parameters
from .source import Source
from .training_format import TrainingFile


class FormulasReader:
    """What a file's [parameters], [layers], [prediction] and [loss] say.

    `start` holds what each parameter starts as, `data` the columns that lead to the loss, float64[m], and `inputs`
    those of them that lead to the prediction. `units` holds the names of each layer's units.
    """

    def __init__(self, source: Source, file: TrainingFile, columns: Columns) -> None:
        self.source = source
        self.file = file
        self.columns = columns
        for table, names in self._tables():
            columns.refuse_names_of_csv(table, names)
        parameters = Parameters(source, file.training.seed)
        for name, value in file.parameters.items():
            parameters.add([name], value, "parameters", name)
        read = LayersReader(source, file, columns, parameters)
        self.units = read.units
        self.start = parameters.start
        known = [*columns.names, *(unit for units in self.units.values() for unit in units), *self.start]
        expressions = self._expressions("prediction", file.prediction, known)
        self._refuse_aggregates(expressions)
        prediction = self._prediction(read.layers)
        loss = self._expressions("loss", file.loss, [*known, *expressions, L2])
        self._refuse_beside_the_loss(loss)
        self.formulas = Formulas(tuple(self.start), read.layers, expressions, prediction, loss)
        used = self.formulas.leading_to(self.formulas.loss_name)
        self.data: dict[str, Floats] = {name: columns[name] for name in columns.names if name in used}
        behind = self.formulas.leading_to(prediction)
        self.inputs = tuple(name for name in self.data if name in behind)
        self._check_loss(used)
        self._refuse_unused(used)

    def _tables(self) -> Iterator[tuple[str, Iterable[str]]]:
        """Yield the tables that define names for the model, the last that is computed first."""
        file = self.file
        yield from (("loss", file.loss), ("prediction", file.prediction), ("layers", file.layers))
        yield "parameters", file.parameters

    # ---- expressions

    def _expressions(
        self, table: str, values: Mapping[str, float | str], known: Iterable[str]
    ) -> dict[str, Expression]:
        """Read a table of expressions, each after those that it uses."""
        names = [*known, *values]
        expressions = {name: self._expression(table, name, value, names) for name, value in values.items()}
        try:
            return {name: expressions[name] for name in topological_order(expressions)}
        except CycleError as error:
            raise self.source.error(str(error), table, error.cycle[0]) from None

    def _expression(self, table: str, name: str, value: float | str, known: Sequence[str]) -> Expression:
        try:
            expression = written(value, ARGUMENT_COUNTS)
            for used in expression.names():
                if used.name not in known and used.name not in CONSTANTS:
                    raise self._unknown(expression, used, [other for other in known if other != name])
        except ExpressionError as error:
            raise self.source.expression_error(error, table, name) from None
        for item in expression.items:
            if isinstance(item, Apply) and item.op in COLUMN_FUNCTIONS:
                hint = f"make it a column of [data], and use that column in [{table}]"
                raise self.source.error(f"{item.op} is a function of [data]", table, name, hint=hint)
        if not isinstance(expression.items[-1], Apply):
            message = "this has no operation, so it makes no node"
            hint = 'such as "b + w*x"' if table == "prediction" else 'such as "mean((h - y)^2)"'
            raise self.source.error(message, table, name, hint=hint)
        return expression

    def _unknown(self, expression: Expression, used: Name, known: Iterable[str]) -> ExpressionError:
        error = expression.unknown(used, known)
        if used.name in self.units:
            error.hint = f"this layer has several units: {listing(self.units[used.name], 4)}"
        elif used.name == L2:
            error.hint = "l2, the sum of the squares of all parameters, belongs to [loss]"
        return error

    def _refuse_aggregates(self, prediction: Mapping[str, Expression]) -> None:
        """Refuse `mean(x)` in a prediction, which would be x itself, since it is computed for one sample."""
        for name, expression in prediction.items():
            for item in filter(aggregates, expression.items):
                assert isinstance(item, Apply), "only an operation aggregates"
                message = f"{item.op} of one thing is that thing: a prediction is computed for one sample"
                hint = f"over all samples, {item.op} belongs to [loss], or to [data] where it needs no parameter"
                raise self.source.error(message, "prediction", name, hint=hint)

    def _refuse_beside_the_loss(self, loss: Mapping[str, Expression]) -> None:
        """Refuse what the last node of [loss] does not need; so it comes last in topological order, too."""
        needed = leading_to(
            next(reversed(self.file.loss)),
            lambda name: [used.name for used in loss[name].names()] if name in loss else (),
        )
        for name in loss:
            if name not in needed:
                raise self.source.error("nothing uses this", "loss", name, hint=self._unused_hint)

    @property
    def _unused_hint(self) -> str:
        loss = next(reversed(self.file.loss))
        return f"the loss is {loss}, the last in [loss]; remove this, or use it on the way there"

    def _prediction(self, layers: Sequence[Layer]) -> str:
        if self.file.prediction:
            return next(reversed(self.file.prediction))
        last = layers[-1]  # there is one: `training_checks.validate` asks for a prediction or a layer
        if len(last.units) > 1:
            message = "a prediction is one number, and this layer, the last, has several units"
            hint = "add a layer of one unit, or a [prediction]"
            raise self.source.error(message, "layers", last.name, hint=hint)
        return last.name

    # ---- checks of the whole

    def _check_loss(self, used: set[str]) -> None:
        """Check that the loss is one number, and made from the data through the prediction."""
        formulas, loss = self.formulas, self.formulas.loss_name
        kinds = formulas.kinds(self.columns.names)
        if formulas.prediction not in used:
            message = f"this does not use the prediction, {formulas.prediction}"
            hint = f'a loss says how wrong the prediction is, such as "mean(({formulas.prediction} - y)^2)"'
            raise self.source.error(message, "loss", loss, hint=hint)
        if not kinds[formulas.prediction]:
            message = "this uses no column of [data], so it would be the same for each sample"
            raise self.source.error(message, "prediction", formulas.prediction)
        if kinds[loss]:
            message = "this has a value for each sample, and a loss is one number"
            raise self.source.error(message, "loss", loss, hint="write mean(...) or sum(...) around it")

    def _refuse_unused(self, used: set[str]) -> None:
        formulas = self.formulas
        for layer in formulas.layers:
            unused = [unit for unit in layer.units if unit not in used]
            if unused:
                message = "nothing uses this" if len(unused) == len(layer.units) else f"nothing uses {listing(unused)}"
                raise self.source.error(message, "layers", layer.name, hint=self._unused_hint)
        for table, names in self._tables():
            for name in names:
                if name not in used and table != "layers" and not (table == "parameters" and L2 in used):
                    raise self.source.error("nothing uses this", table, name, hint=self._unused_hint)
