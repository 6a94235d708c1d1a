"""The data of a training scenario: columns of numbers, one a sample, from a list, a formula or a CSV file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from ..arrays import Floats
from ..errors import CycleError, ExpressionError
from ..language.dependencies import topological_order, written
from ..language.expression import CONSTANTS, Expression, Name
from ..training.formulas import Computation, aggregates
from .column_functions import COLUMN_FUNCTIONS
from .csv_table import CsvTable, Folder
from .source import Source
from .training_format import DATA_SETTINGS, MAX_SAMPLES

ARGUMENT_COUNTS = {name: function.argument_count for name, function in COLUMN_FUNCTIONS.items()}
"""How many arguments the functions take that only [data] and starting values have, as `expression.parse` wants it."""


class Columns:
    """The columns of `[data]`, float64[m] each; those of a CSV file are read when they are asked for.

    Raises ScenarioError where a column cannot be computed or has a number that is not finite, and where the columns
    disagree about how many samples there are.
    """

    def __init__(self, source: Source, data: Mapping[str, Any], folder: Folder) -> None:
        self._source = source
        self._data = data
        self._columns: dict[str, Floats] = {}
        self._table = CsvTable.beside(source, data["csv"], folder) if "csv" in data else None
        columns = {name: value for name, value in data.items() if name not in DATA_SETTINGS}
        self.refuse_names_of_csv("data", columns)
        lists: dict[str, list[float]] = {name: value for name, value in columns.items() if isinstance(value, list)}
        self.samples = self._sample_count(lists)
        for name, values in lists.items():
            self._columns[name] = self._finite(name, np.array(values, dtype=np.float64))
        self._compute({name: value for name, value in columns.items() if name not in lists})

    @property
    def names(self) -> list[str]:
        """The names of all columns."""
        return [*self._columns, *(self._table.names if self._table else [])]

    def __contains__(self, name: str) -> bool:
        return name in self._columns or (self._table is not None and name in self._table.names)

    def __getitem__(self, name: str) -> Floats:
        if name not in self._columns and self._table is not None:
            self._columns[name] = self._table.column(name)
        return self._columns[name]

    def refuse_names_of_csv(self, table: str, names: Iterable[str]) -> None:
        """Raise ScenarioError where a name that `table` defines is a column of the CSV file."""
        for name in names:
            if self._table is not None and name in self._table.names:
                hint = f"the CSV file has a column of this name; {name}_1 is free"
                raise self._source.error("defined twice", table, name, hint=hint)

    def _sample_count(self, lists: Mapping[str, list[float]]) -> int:
        """Return how many samples there are; all that says so must agree."""
        counts = {name: len(values) for name, values in lists.items()}
        said = {name: f"{name} has {count}" for name, count in counts.items()}
        if self._table is not None:
            counts["csv"] = len(self._table)
            said["csv"] = f"the CSV file has {len(self._table)}"
        if "samples" in self._data:
            counts["samples"] = self._data["samples"]
            said["samples"] = f"samples is {counts['samples']}"
        if not counts:
            hint = 'write samples = 10, a list such as x = [1, 2, 3], or csv = "points.csv"'
            raise self._source.error("it is not said how many samples there are", "data", hint=hint)
        first, samples = next(iter(counts.items()))
        for name, count in counts.items():
            if count != samples:
                message = f"{said[name]}{' samples' if name != 'samples' else ''}, but {said[first]}"
                raise self._source.value_error(message, "data", name)
        if samples > MAX_SAMPLES:
            raise self._source.value_error(f"there can be 1 to {MAX_SAMPLES:,} samples", "data", first)
        return samples

    def _compute(self, formulas: Mapping[str, float | str]) -> None:
        """Compute the columns that are given by expressions, in the order of the file where they allow it."""
        expressions = {name: self._expression(name, value, formulas) for name, value in formulas.items()}
        random = np.random.default_rng(self._data.get("seed", 0))
        try:
            for name in topological_order(expressions):
                self._columns[name] = self._finite(name, compute(expressions[name], random, self.samples, self))
        except CycleError as error:
            raise self._source.error(str(error), "data", error.cycle[0]) from None

    def _expression(self, name: str, value: float | str, formulas: Mapping[str, float | str]) -> Expression:
        try:
            expression = written(value, ARGUMENT_COUNTS)
            for used in expression.names():
                if used.name not in formulas and used.name not in self and used.name not in CONSTANTS:
                    raise unknown(expression, used, [other for other in (*formulas, *self.names) if other != name])
        except ExpressionError as error:
            raise self._source.expression_error(error, "data", name) from None
        return expression

    def _finite(self, name: str, column: Floats) -> Floats:
        if not np.isfinite(column).all():
            place = int(np.flatnonzero(~np.isfinite(column))[0])
            message = f"sample {place + 1} of this column is not a finite number: {column[place]}"
            raise self._source.value_error(message, "data", name)
        return column


def compute(
    expression: Expression, random: np.random.Generator, samples: int, columns: Mapping[str, Floats] | Columns
) -> Floats:
    """Compute an expression of columns and column functions: float64[samples].

    `sum` and `mean` of one column run over all samples. Where mathematics fails the result is nan or infinite.
    """
    computation = Computation()

    def name(used: Name) -> Any:
        return columns[used.name] if used.name in columns else computation.number(CONSTANTS[used.name])

    def apply(place: int, function: str, operands: list[Any]) -> Any:
        if function in COLUMN_FUNCTIONS:
            with np.errstate(all="ignore"):
                return COLUMN_FUNCTIONS[function].rule(random, samples, *operands)
        if aggregates(expression.items[place]) and computation.is_column(operands[0]):
            return computation.aggregate(function, operands[0], None)
        return computation.apply(function, operands, None)

    return np.array(np.broadcast_to(expression.fold(computation.number, name, apply), samples), dtype=np.float64)


def unknown(expression: Expression, used: Name, known: Iterable[str]) -> ExpressionError:
    """Make the error for a name that nothing defines, where the functions of [data] can be called."""
    error = expression.unknown(used, known)
    if used.name in COLUMN_FUNCTIONS:
        error.hint = f"{used.name} is a function: write {COLUMN_FUNCTIONS[used.name].example}"
    return error
