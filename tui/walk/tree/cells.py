"""What stands in the cells of a row, fitted to their width: nothing is ever cut without a sign that it is."""

from __future__ import annotations

import re

from rich.cells import cell_len, set_cell_size

from ....engine.errors import printable
from ...words.lines import Piece

CUT = "…"
"""Stands for what is left out."""

_NUMBER = re.compile(r"(?P<whole>-?\d+)(?P<fraction>\.\d+)?(?P<exponent>e[+-]?\d+)?(?P<count> \(.*\))?")


def fit_pieces(pieces: list[Piece], width: int) -> list[Piece]:
    """Cut pieces to a width, with a sign at the end of what is cut; or fill it up."""
    fitted: list[Piece] = []
    room = width
    for written, style in pieces:
        text = printable(written)  # names come from files and from Python: a terminal would obey what is in them
        cells = cell_len(text)
        if cells > room:
            return [*fitted, (set_cell_size(text, room - 1) + CUT, style)] if room > 0 else fitted
        room -= cells
        fitted.append((text, style))
    return [*fitted, (" " * room, "")]


def fit_number(text: str, width: int) -> str:
    """Set a number, with `(1/2)` after it where contributions are missing, at the right of a width of 8 or more.

    Where there is too little room the count goes first, then digits after the point, so that sign and size stay.

    >>> [fit_number(text, 10) for text in ("60 (1/2)", "-600000 (1/2)", "-123456.7891", "-1.2345e-100 (1/2)")]
    ['  60 (1/2)', ' -600000 …', '-123456.7…', '-1.2…e-100']
    """
    if cell_len(text) <= width:
        return " " * (width - cell_len(text)) + text
    return _shortened(text, width).rjust(width)


def _shortened(text: str, width: int) -> str:
    match = _NUMBER.fullmatch(text)
    if match is None:
        return set_cell_size(text, width - 1) + CUT
    number, exponent = match["whole"] + (match["fraction"] or ""), match["exponent"] or ""
    if match["count"] and len(number + exponent) + 2 <= width:
        return f"{number}{exponent} {CUT}"
    kept = width - len(exponent) - 1
    if exponent or len(match["whole"]) + 1 < kept:
        return number[:kept].rstrip(".") + CUT + exponent
    digits, e, size = f"{float(number):.17e}".partition("e")
    return digits[: width - len(e + size) - 1] + CUT + e + size
