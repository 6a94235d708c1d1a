"""Which line of somebody's code a step comes from, in words."""

from __future__ import annotations

from pathlib import PurePath

from ...engine.graph.array_record import SourceLine
from .lines import Line, labelled

_LABEL = 19
"""Cells of the first column of a step."""


def place_words(source: SourceLine) -> str:
    """Name the file and the line: `model.py:12`."""
    return f"{PurePath(source.path).name}:{source.number}"


def source_rows(source: SourceLine) -> list[Line]:
    """Say which line of code the operation of a step comes from, as a row of the step."""
    rows = [labelled("source line", _LABEL, (place_words(source), "name"))]
    return [*rows, labelled("", _LABEL, source.text)] if source.text else rows


def source_sentence(source: SourceLine) -> str:
    """Say which line of code the operation of a step comes from, as a sentence."""
    where = f"It comes from line {source.number} of {PurePath(source.path).name}"
    return f"{where}: {source.text}" if source.text else f"{where}."
