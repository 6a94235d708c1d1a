"""Records as columns: a page of thousands of steps repeats no key, and packs to less."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import msgspec


def columns(records: Sequence[msgspec.Struct | Any]) -> Any:
    """Write records of one kind as `{"keys": {key: its column}, "there": ...}`; `rows` in numbers.js reads them.

    A column of records, or of records and nulls, is written so again, `there` saying where none is null; any other
    column is the list of what stands in it.
    """
    return _column(cast(list[Any], msgspec.to_builtins(list(records))))


def _column(cells: list[Any]) -> Any:
    records = [cell for cell in cells if cell is not None]
    if not records or not all(isinstance(cell, dict) for cell in records):
        return cells
    keys = list(records[0])
    if any(list(record) != keys for record in records):
        return cells
    return {
        "there": [int(cell is not None) for cell in cells],
        "keys": {key: _column([record[key] for record in records]) for key in keys},
    }
