"""The lines of a CSV file, as text."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from ..errors import ScenarioError


def csv_rows(path: str, text: str, delimiter: str = ",") -> Iterator[tuple[int, list[str]]]:
    """Yield the lines that are not empty, each with its number, their cells without the space around them.

    `path` is what errors call the file. Raises ScenarioError, which names the line, where it is no CSV.
    """
    lines = csv.reader(io.StringIO(text), delimiter=delimiter, skipinitialspace=True)
    try:
        for row in lines:
            cells = [cell.strip() for cell in row]
            if any(cells):
                yield lines.line_num, cells
    except csv.Error as error:
        raise ScenarioError(f"this is not CSV: {error}", path, line=lines.line_num) from None
