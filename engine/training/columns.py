"""The data that a model is trained on: columns of numbers, one a sample, from a list, an expression or a table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

import numpy as np

from ..arrays import Floats
from ..definition import Value
from ..errors import ExpressionError, Problems
from ..language.dependencies import topological_order, written
from ..language.expression import Expression, NameUse
from ..language.names import CONSTANTS
from .column_functions import COLUMN_FUNCTIONS
from .formulas import Computation, aggregates
from .parts import MAX_SAMPLES, DataDefinition

ARGUMENT_COUNTS = {name: function.argument_count for name, function in COLUMN_FUNCTIONS.items()}
"""How many arguments the functions take that only [data] and starting values have, as `expression.parse` wants it."""


class Table(Protocol):
    """Columns from elsewhere, such as a CSV file: float64[m] each, read when they are asked for."""

    @property
    def names(self) -> Sequence[str]:
        """The names of its columns."""
        ...

    def __len__(self) -> int: ...

    def column(self, name: str) -> Floats:
        """Return a column; ScenarioError, with a place in the table, where it is none."""
        ...


class Columns:
    """The columns of a definition, and those of its table; every problem is kept in `problems`.

    `samples` is their length m: 0 where there is no data. `names` holds the columns that are wrong as well.
    """

    def __init__(self, problems: Problems, data: DataDefinition | None, table: Table | None) -> None:
        self._problems = problems
        self._table = table
        self._columns: dict[str, Floats] = {}
        self.samples = 0
        columns: Mapping[str, Value | list[float]] = data.columns if data else {}
        self.refuse_names_of_table("data", columns)
        lists = {name: value for name, value in columns.items() if isinstance(value, list)}
        formulas = {name: value for name, value in columns.items() if not isinstance(value, list)}
        expressions = self._expressions(formulas, columns)
        if data:
            fitting = self._count_samples(data, lists)
            for name, values in fitting.items():
                self._keep(name, np.array(values, dtype=np.float64))
            self._compute(expressions, np.random.default_rng(data.seed))
        own = dict.fromkeys([*self._columns, *columns])
        self.names = [*own, *(name for name in (table.names if table else ()) if name not in own)]

    def __contains__(self, name: str) -> bool:
        return name in self.names

    def __getitem__(self, name: str) -> Floats:
        if name not in self._columns and self._table is not None:
            self._columns[name] = self._table.column(name)
        return self._columns[name]

    def refuse_names_of_table(self, table: str, names: Iterable[str]) -> None:
        """Refuse what `table` defines under the name of a column of the CSV file."""
        for name in names:
            if self._table is not None and name in self._table.names:
                hint = f"the CSV file has a column of this name; {name}_1 is free"
                self._problems.add("defined twice", table, name, hint=hint)

    def _count_samples(self, data: DataDefinition, lists: Mapping[str, list[float]]) -> Mapping[str, list[float]]:
        """Find out how many samples there are, and return the lists that have so many."""
        counts = {name: len(values) for name, values in lists.items()}
        said = {name: f"{name} has {count}" for name, count in counts.items()}
        if self._table is not None:
            counts["csv"] = len(self._table)
            said["csv"] = f"the CSV file has {len(self._table)}"
        if data.samples is not None:
            counts["samples"] = data.samples
            said["samples"] = f"samples is {data.samples}"
        if not counts and self._problems.knows("data", "samples"):
            return {}
        if not counts:
            hint = 'write samples = 10, a list such as x = [1, 2, 3], or csv = "points.csv"'
            self._problems.add("it is not said how many samples there are", "data", hint=hint)
            if not data.columns:
                self._problems.stop()
            return {}
        first, self.samples = next(iter(counts.items()))
        for name, count in counts.items():
            if count != self.samples:
                message = f"{said[name]}{' samples' if name != 'samples' else ''}, but {said[first]}"
                self._problems.add_value(message, "data", name)
        if not 1 <= self.samples <= MAX_SAMPLES:
            self._problems.add_value(f"there can be 1 to {MAX_SAMPLES:,} samples", "data", first)
            self._problems.stop()
        return {name: values for name, values in lists.items() if len(values) == self.samples}

    def _expressions(self, formulas: Mapping[str, Value], columns: Iterable[str]) -> dict[str, Expression]:
        """Read the columns that are given by expressions."""
        known = [*columns, *(self._table.names if self._table else ())]
        expressions: dict[str, Expression] = {}
        for name, value in formulas.items():
            with self._problems.kept("data", name):
                expression = written(value, ARGUMENT_COUNTS)
                refuse_unknown(self._problems, expression, known, "data", name)
                expressions[name] = expression
        return expressions

    def _compute(self, expressions: Mapping[str, Expression], random: np.random.Generator) -> None:
        """Compute columns, in the order written where it allows that."""
        with self._problems.kept("data"):
            for name in topological_order(expressions) if self.samples else ():
                with self._problems.kept("data", name):
                    used = [used.name for used in expressions[name].names()]
                    table = self._table.names if self._table else ()
                    if all(name in self._columns or name in table or name in CONSTANTS for name in used):
                        self._keep(name, compute(expressions[name], random, self.samples, self._known(used)))

    def _known(self, names: Iterable[str]) -> dict[str, Floats]:
        table = self._table.names if self._table else ()
        return {name: self[name] for name in names if name in self._columns or name in table}

    def _keep(self, name: str, column: Floats) -> None:
        if np.isfinite(column).all():
            self._columns[name] = column
        else:
            place = int(np.flatnonzero(~np.isfinite(column))[0])
            message = f"sample {place + 1} of this column is not a finite number: {column[place]}"
            self._problems.add_value(message, "data", name)


def compute(expression: Expression, random: np.random.Generator, samples: int, columns: Mapping[str, Floats]) -> Floats:
    """Compute an expression of columns and column functions: float64[samples].

    `sum` and `mean` of one column run over all samples. Where mathematics fails the result is nan or infinite.
    """
    computation = Computation()

    def name(used: NameUse) -> Any:
        return columns[used.name] if used.name in columns else computation.number(CONSTANTS[used.name])

    def apply(place: int, function: str, operands: list[Any]) -> Any:
        if function in COLUMN_FUNCTIONS:
            with np.errstate(all="ignore"):
                return COLUMN_FUNCTIONS[function].rule(random, samples, *operands)
        if aggregates(expression.items[place]) and computation.is_column(operands[0]):
            return computation.aggregate(function, operands[0], None)
        return computation.apply(function, operands, None)

    return np.array(np.broadcast_to(expression.fold(computation.number, name, apply), samples), dtype=np.float64)


def refuse_unknown(problems: Problems, expression: Expression, known: Sequence[str], *keys: str) -> None:
    """Keep a problem for each name in the expression at `keys` that is neither known nor a constant."""
    for used in expression.unknown_names(known):
        with problems.kept(*keys):
            raise unknown(expression, used, [name for name in known if name != keys[-1]])


def unknown(expression: Expression, used: NameUse, known: Iterable[str]) -> ExpressionError:
    """Make the error for a name that nothing defines, where the functions of [data] can be called."""
    error = expression.unknown(used, known)
    if used.name in COLUMN_FUNCTIONS:
        error.hint = f"{used.name} is a function: write {COLUMN_FUNCTIONS[used.name].example}"
    return error
