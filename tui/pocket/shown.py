"""Lines of words as a page has them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..words.lines import Line, Piece

ShownLine = tuple[Piece, Sequence[Piece]]
"""A line: its label, and its pieces, each with the name of its style."""


def shown_lines(lines: Iterable[Line]) -> list[ShownLine]:
    """Write lines as a page has them."""
    return [(line.label, line.pieces) for line in lines]
