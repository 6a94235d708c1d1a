"""`FormulasBuilder`: makes the formulas of a model from its definition."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from ..arrays import Floats
from ..definition import Value
from ..errors import DefinitionError, ExpressionError, Problems, listing
from ..language.dependencies import leading_to, topological_order, written
from ..language.expression import Apply, Expression, NameUse
from .column_functions import COLUMN_FUNCTIONS
from .columns import ARGUMENT_COUNTS, Columns
from .formulas import L2, Formulas, aggregates
from .layers import LayersBuilder, Parameters
from .parts import ModelDefinition


class FormulasBuilder:
    """Reads a model over columns; every problem is kept in `problems`.

    `start` holds what each parameter starts as, and `units` the names of each layer's units.
    """

    def __init__(self, problems: Problems, model: ModelDefinition, columns: Columns, seed: int) -> None:
        self.problems = problems
        self.model = model
        self.columns = columns
        for table, names in self._tables():
            columns.refuse_names_of_table(table, names)
        parameters = Parameters(problems, seed)
        for name, value in model.parameters.items():
            parameters.add([name], value, "parameters", name)
        built = LayersBuilder(problems, model, columns, parameters)
        self.layers = built.layers
        self.units = built.units
        self.start = parameters.start

    def formulas(self) -> Formulas:
        """Return the formulas; DefinitionErrors where a part of them is wrong, or they do not fit together."""
        model = self.model
        known = [*self.columns.names, *(unit for units in self.units.values() for unit in units), *self.start]
        expressions = self._expressions("prediction", model.prediction, known)
        self._refuse_aggregates(expressions)
        answer = self._answer()
        loss = self._expressions("loss", model.loss, [*known, *model.prediction, L2])
        self.problems.stop()
        self._refuse_beside_the_loss(loss)
        self.problems.stop()
        formulas = Formulas(tuple(self.start), self.layers, expressions, answer, loss)
        used = formulas.leading_to(formulas.loss_name)
        with self.problems.kept():
            self._check_loss(formulas, used)
        self.problems.stop()
        self._refuse_unused(formulas, used)
        self.problems.stop()
        return formulas

    def data(self, formulas: Formulas) -> dict[str, Floats]:
        """Return the columns that lead to the loss or to the answer, float64[m] each."""
        used = formulas.leading_to(formulas.loss_name) | formulas.leading_to(formulas.prediction)
        data: dict[str, Floats] = {}
        for name in self.columns.names:
            if name in used:
                with self.problems.kept():
                    data[name] = self.columns[name]
        return data

    def _tables(self) -> Iterator[tuple[str, Iterable[str]]]:
        """Yield the tables that define names for the model, the last that is computed first."""
        model = self.model
        yield from (("loss", model.loss), ("prediction", model.prediction), ("layers", model.layers))
        yield "parameters", model.parameters

    # ---- expressions

    def _expressions(self, table: str, values: Mapping[str, Value], known: Sequence[str]) -> dict[str, Expression]:
        """Read a table of expressions, each after those that it uses."""
        names = [name for name in dict.fromkeys([*known, *values]) if name not in self.problems.misnamed]
        expressions: dict[str, Expression] = {}
        for name, value in values.items():
            with self.problems.kept(table, name):
                if name not in known:  # else it is defined twice
                    expressions[name] = self._expression(table, name, value, names)
        with self.problems.kept(table):
            return {name: expressions[name] for name in topological_order(expressions)}
        return {}

    def _expression(self, table: str, name: str, value: Value, known: Sequence[str]) -> Expression:
        expression = written(value, ARGUMENT_COUNTS)
        for used in expression.unknown_names(known):
            with self.problems.kept(table, name):
                raise self._unknown(expression, used, [other for other in known if other != name])
        for item in expression.items:
            if isinstance(item, Apply) and item.op in COLUMN_FUNCTIONS:
                hint = f"make it a column of [data], and use that column in [{table}]"
                raise DefinitionError(f"{item.op} is a function of [data]", (table, name), hint)
        if not isinstance(expression.items[-1], Apply) and not self.problems.knows(table, name):
            hint = 'such as "b + w*x"' if table == "prediction" else 'such as "mean((h - y)^2)"'
            raise DefinitionError("this has no operation, so it makes no node", (table, name), hint)
        return expression

    def _unknown(self, expression: Expression, used: NameUse, known: Iterable[str]) -> ExpressionError:
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
                self.problems.add(message, "prediction", name, hint=hint)

    def _refuse_beside_the_loss(self, loss: Mapping[str, Expression]) -> None:
        """Refuse what the last node of [loss] does not need; so it comes last in topological order, too."""
        needed = leading_to(
            self.model.loss_name, lambda name: [used.name for used in loss[name].names()] if name in loss else ()
        )
        for name in loss:
            if name not in needed:
                self.problems.add("nothing uses this", "loss", name, hint=self._unused_hint)

    @property
    def _unused_hint(self) -> str:
        loss = self.model.loss_name
        return f"the loss is {loss}, the last in [loss]; remove this, or use it on the way there"

    def _answer(self) -> str:
        """Return the name of the model's answer; empty where there is none."""
        if self.model.prediction:
            return list(self.model.prediction)[-1]
        if not self.layers:
            return ""
        last = self.layers[-1]
        if len(last.units) > 1:
            message = "a prediction is one number, and this layer, the last, has several units"
            self.problems.add(message, "layers", last.name, hint="add a layer of one unit, or a [prediction]")
            self.problems.stop()
        return last.name

    # ---- checks of the whole

    def _check_loss(self, formulas: Formulas, used: set[str]) -> None:
        """Check that the loss is one number, and made from what the model predicts for the data."""
        loss, answer = formulas.loss_name, formulas.prediction
        kinds = formulas.kinds(self.columns.names)
        predicted = {*formulas.expressions, *(unit for layer in formulas.layers for unit in layer.units)}
        if kinds[loss]:
            message = "this has a value for each sample, and a loss is one number"
            raise DefinitionError(message, ("loss", loss), "write mean(...) or sum(...) around it")
        if not self.columns.samples:
            return
        if not predicted & used:
            hint = f'a loss says how wrong the prediction is, such as "mean(({answer} - y)^2)"'
            raise DefinitionError(f"this does not use the prediction, {answer}", ("loss", loss), hint)
        if not kinds[answer]:
            message = "this uses no column of [data], so it would be the same for each sample"
            raise DefinitionError(message, ("prediction", answer))
        if not formulas.leading_to(answer) & set(formulas.parameters):
            message = "this uses no parameter, so training does not change it"
            hint = "the last of [prediction] is the model's answer; move this up, or remove it"
            raise DefinitionError(message, ("prediction", answer), hint)

    def _refuse_unused(self, formulas: Formulas, used: set[str]) -> None:
        """Refuse what leads neither to the loss nor to the answer, and parameters that the loss does not use."""
        behind = used | formulas.leading_to(formulas.prediction)
        for layer in formulas.layers:
            unused = [unit for unit in layer.units if unit not in behind]
            if unused:
                message = "nothing uses this" if len(unused) == len(layer.units) else f"nothing uses {listing(unused)}"
                self.problems.add(message, "layers", layer.name, hint=self._unused_hint)
        for table, names in self._tables():
            for name in names:
                if name in behind if table == "prediction" else name in used or table == "layers":
                    continue
                if table == "parameters" and name in behind and L2 not in used:
                    message = f"only {formulas.prediction} uses this, not the loss, so training does not change it"
                    self.problems.add(message, table, name, hint=self._unused_hint)
                elif table != "parameters" or L2 not in used:
                    self.problems.add("nothing uses this", table, name, hint=self._unused_hint)
