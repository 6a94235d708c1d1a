"""`CsvTable`: a CSV file of data beside a scenario file."""

from __future__ import annotations

import re
from importlib.resources.abc import Traversable
from pathlib import Path

import numpy as np

from ..arrays import Floats
from ..errors import DefinitionError, ScenarioError, quoted
from ..language.names import PYTHON_WORDS, is_name, normal
from ..training.formulas import L2
from ..training.parts import MAX_SAMPLES
from .csv_rows import csv_rows
from .source import Source

MAX_CSV_SIZE = 20_000_000
"""The largest CSV file that is read, in bytes."""

Folder = Path | Traversable
"""Where a scenario file lies, and the CSV file beside it."""

_HEADER = "its first line names the columns: x,y"


class CsvTable:
    """A CSV file with a header, its cells still text; errors name the file, the line and the column.

    `names` are the columns that expressions can use. What cannot stand in a name is _ there: the column headed
    "petal length" is called petal_length, and one headed "in", a word that cannot be a name, in_1.
    """

    def __init__(self, path: str, header: list[str], rows: list[tuple[int, list[str]]]) -> None:
        self._path = path
        self._header = header
        self._rows = rows
        self.names = [name for name in header if name]

    def __len__(self) -> int:
        return len(self._rows)

    @classmethod
    def beside(cls, name: str, folder: Folder) -> CsvTable:
        """Read the file called `name` in the scenario's folder.

        Raises DefinitionError where there is none, and ScenarioError with a place in it where it is no CSV.
        """
        keys = ("data", "csv")
        try:
            if Path(name).is_absolute() or ".." in Path(name).parts:
                hint = "a CSV file lies beside the scenario file, or in a folder below it"
                raise DefinitionError(f"{quoted(name)} lies elsewhere", keys, hint)
            file = folder.joinpath(name) if name else folder
            if file.is_dir() or (isinstance(file, Path) and file.exists() and not file.is_file()):
                raise DefinitionError(f"{quoted(name)} is not a file", keys)
            with file.open("rb") as opened:
                content = opened.read(MAX_CSV_SIZE + 1)
        except FileNotFoundError:
            hint = "its path is taken from the folder of the scenario file"
            raise DefinitionError(f"there is no file {quoted(name)}", keys, hint) from None
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else str(error)
            raise DefinitionError(f"the file {quoted(name)} cannot be read: {reason}", keys) from None
        if len(content) > MAX_CSV_SIZE:
            hint = f"a CSV file has at most {MAX_CSV_SIZE / 1e6:g} MB"
            raise DefinitionError(f"the file {quoted(name)} is too large", keys, hint)
        return cls.parse(str(file) if isinstance(folder, Path) else name, content)

    @classmethod
    def parse(cls, path: str, content: bytes) -> CsvTable:
        """Read the content of a CSV file; `path` is what errors call it. Raises ScenarioError."""
        rows = _rows(path, Source.decode(path, content).text.replace("\r", "\n"))
        if not rows:
            raise ScenarioError("the file is empty", path, hint=_HEADER)
        (line, written), *samples = rows
        _check_header(path, line, written)
        header = [_as_name(cell) for cell in written]
        doubled = next((name for place, name in enumerate(header) if name and name in header[:place]), "")
        if doubled:
            raise ScenarioError(f"two columns are called {quoted(doubled)}", path, line=line)
        if not samples:
            raise ScenarioError("the file has a header, but no samples", path, hint="write a line of numbers for each")
        for line, row in samples:
            if len(row) != len(header):
                message = f"this row has {_cells(len(row))}, but the header has {len(header)}"
                raise ScenarioError(message, path, line=line)
        return cls(path, header, samples)

    def column(self, name: str) -> Floats:
        """Return a column of `names` as numbers, float64[m]; ScenarioError where a cell is none."""
        place = self._header.index(name)
        return np.array([self._number(name, line, row[place]) for line, row in self._rows], dtype=np.float64)

    def _number(self, name: str, line: int, cell: str) -> float:
        try:
            number = float(cell)
        except ValueError:
            said = f"{quoted(cell)} is not a number" if cell else "this cell is empty"
            raise ScenarioError(f"{said} (column {name})", self._path, line=line) from None
        if not np.isfinite(number):
            raise ScenarioError(f"{quoted(cell)} is not a finite number (column {name})", self._path, line=line)
        return number


def _rows(path: str, text: str) -> list[tuple[int, list[str]]]:
    """Return the lines that are not empty, each with its number; no more of them than there can be samples."""
    rows: list[tuple[int, list[str]]] = []
    for line, cells in csv_rows(path, text):
        rows.append((line, cells))
        if len(rows) > MAX_SAMPLES + 1:
            raise ScenarioError(f"there can be 1 to {MAX_SAMPLES:,} samples", path, line=line)
    return rows


def _check_header(path: str, line: int, header: list[str]) -> None:
    if len(header) == 1 and (separator := next((sign for sign in ";\t|" if sign in header[0]), "")):
        said = "tabs" if separator == "\t" else quoted(separator)
        message = f"the cells of this file are separated by {said}"
        raise ScenarioError(
            message, path, line=line, hint="they must be separated by commas, with decimal points: 1.5,2"
        )
    if all(_is_number(cell) for cell in header):
        raise ScenarioError("the columns have no names", path, line=line, hint=_HEADER)


def _as_name(cell: str) -> str:
    """Return what expressions call a column; empty where its head has no letter or digit."""
    name = "".join(c if is_name(f"a{c}") else "_" for c in normal(cell))
    name = re.sub(r"^(?=\d)", "_", re.sub("_+", "_", name).strip("_"))
    return f"{name}_1" if name in PYTHON_WORDS or name == L2 else name


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _cells(count: int) -> str:
    return "1 cell" if count == 1 else f"{count} cells"
