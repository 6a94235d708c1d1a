"""The data of a training scenario: columns of numbers, one a sample, from a list, a formula or a CSV file."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import numpy as np

from .definitions import topological_order, written
from .edges import Floats
from .errors import CycleError, ExpressionError, ScenarioError, did_you_mean, listing, quoted
from .expression import CONSTANTS, NAME, Expression
from .ops import CODES, N_ARY, OPS
from .random_columns import COLUMN_FUNCTIONS
from .source import Source
from .training_file import DATA_SETTINGS, MAX_SAMPLES

MAX_CSV_SIZE = 20_000_000
"""The largest CSV file that is read, in bytes."""

Folder = Path | Traversable
"""Where a scenario file lies, and the CSV file beside it."""

_COUNTS = {name: function.argument_count for name, function in COLUMN_FUNCTIONS.items()}


class Columns:
    """The columns of `[data]`, float64[m] each; those of a CSV file are read when they are asked for."""

    def __init__(self, source: Source, data: Mapping[str, Any], folder: Folder) -> None:
        self._source = source
        self._data = data
        self._columns: dict[str, Floats] = {}
        self._table = _CsvTable.beside(source, data["csv"], folder) if "csv" in data else None
        columns = {name: value for name, value in data.items() if name not in DATA_SETTINGS}
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

    def _sample_count(self, lists: Mapping[str, list[float]]) -> int:
        counts = {name: len(values) for name, values in lists.items()}
        if self._table is not None:
            counts["csv"] = len(self._table.rows)
        if "samples" in self._data:
            counts["samples"] = self._data["samples"]
        if not counts:
            hint = 'write samples = 10, a list such as x = [1, 2, 3], or csv = "points.csv"'
            raise self._source.error("it is not said how many samples there are", "data", hint=hint)
        first, samples = next(iter(counts.items()))
        for name, count in counts.items():
            if count != samples:
                said = {"csv": f"the CSV file has {samples} rows", "samples": f"samples is {samples}"}
                message = f"this has {count} samples, but {said.get(first, f'{first} has {samples}')}"
                raise self._source.value_error(message, "data", name)
        if not 0 < samples <= MAX_SAMPLES:
            raise self._source.value_error(f"there must be 1 to {MAX_SAMPLES} samples", "data", first)
        return samples

    def _compute(self, formulas: Mapping[str, str]) -> None:
        """Compute the columns that are given by expressions, in the order of the file where they allow it."""
        expressions = {name: self._expression(name, text, formulas) for name, text in formulas.items()}
        random = np.random.default_rng(self._data.get("seed", 0))
        try:
            for name in topological_order(expressions):
                self._columns[name] = self._finite(name, compute(expressions[name], random, self.samples, self))
        except CycleError as error:
            raise self._source.error(str(error), "data", error.cycle[0]) from None

    def _expression(self, name: str, text: str, formulas: Mapping[str, str]) -> Expression:
        try:
            expression = written(text, _COUNTS)
            for used in expression.names():
                if used.name not in formulas and used.name not in self and used.name not in CONSTANTS:
                    raise expression.unknown(used, [*formulas, *self.names])
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
    """Compute an expression of columns and column functions: float64[samples]."""

    def apply(place: int, function: str, operands: list[Any]) -> Any:
        if function in COLUMN_FUNCTIONS:
            return COLUMN_FUNCTIONS[function].rule(random, samples, *operands)
        op = OPS[CODES[function]]
        with np.errstate(all="ignore"):
            return op.forward(*(np.broadcast_arrays(*operands) if op.arity is N_ARY else operands))

    computed = expression.fold(
        np.float64, lambda used: columns[used.name] if used.name in columns else np.float64(CONSTANTS[used.name]), apply
    )
    return np.array(np.broadcast_to(computed, samples), dtype=np.float64)


class _CsvTable:
    """A CSV file with a header, its cells still text; errors name the file, the line and the column."""

    def __init__(self, path: str, header: list[str], rows: list[tuple[int, list[str]]]) -> None:
        self.path = path
        self.header = header
        self.rows = rows
        self.names = [name for name in header if NAME.fullmatch(name)]

    @classmethod
    def beside(cls, source: Source, name: str, folder: Folder) -> _CsvTable:
        """Read the file called `name` in the scenario's folder."""
        file = folder.joinpath(name) if name else folder
        if file.is_dir() or (isinstance(file, Path) and file.exists() and not file.is_file()):
            raise source.error(f"{quoted(name)} is not a file", "data", "csv")
        try:
            with file.open("rb") as opened:
                content = opened.read(MAX_CSV_SIZE + 1)
        except FileNotFoundError:
            hint = "its path is taken from the folder of the scenario file"
            raise source.error(f"there is no file {quoted(name)}", "data", "csv", hint=hint) from None
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else str(error)
            raise source.error(f"the file {quoted(name)} cannot be read: {reason}", "data", "csv") from None
        if len(content) > MAX_CSV_SIZE:
            hint = f"a CSV file has at most {MAX_CSV_SIZE / 1e6:g} MB"
            raise source.error(f"the file {quoted(name)} is too large", "data", "csv", hint=hint)
        return cls._parse(str(file) if isinstance(folder, Path) else name, content)

    @classmethod
    def _parse(cls, path: str, content: bytes) -> _CsvTable:
        text = Source.decode(path, content).text
        lines = csv.reader(io.StringIO(text), skipinitialspace=True)
        rows: list[tuple[int, list[str]]] = []
        try:
            rows.extend((lines.line_num, [cell.strip() for cell in row]) for row in lines if any(map(str.strip, row)))
        except csv.Error as error:
            raise ScenarioError(f"this is not CSV: {error}", path, line=lines.line_num) from None
        if not rows:
            raise ScenarioError("the file is empty", path, hint="its first line names the columns: x,y")
        (_, header), *samples = rows
        if not samples:
            raise ScenarioError("the file has a header, but no samples", path)
        doubled = next((name for place, name in enumerate(header) if name in header[:place]), "")
        if doubled:
            raise ScenarioError(f"two columns are called {quoted(doubled)}", path, line=1)
        for line, row in samples:
            if len(row) != len(header):
                message = f"this row has {len(row)} cells, but the header has {len(header)}"
                raise ScenarioError(message, path, line=line)
        return cls(path, header, samples)

    def column(self, name: str) -> Floats:
        """Return a column as numbers; ScenarioError where a cell is none."""
        if name not in self.header:
            hint = did_you_mean(name, self.header, f"columns are {listing(self.header)}")
            raise ScenarioError(f"there is no column {quoted(name)}", self.path, hint=hint)
        place = self.header.index(name)
        return np.array([self._number(name, line, row[place]) for line, row in self.rows], dtype=np.float64)

    def _number(self, name: str, line: int, cell: str) -> float:
        try:
            number = float(cell)
        except ValueError:
            said = f"{quoted(cell)} is not a number" if cell else "this cell is empty"
            raise ScenarioError(f"{said} (column {name})", self.path, line=line) from None
        if not np.isfinite(number):
            raise ScenarioError(f"{quoted(cell)} is not a finite number (column {name})", self.path, line=line)
        return number
