"""Shades of a plot: a field behind the inside of its frame, and the legend below it."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

import numpy as np
from rich.cells import cell_len
from rich.color import Color
from rich.style import Style
from rich.text import Text

from ...engine.arrays import Floats
from .plot import Colour, Field, Plot

_SHADES = 12


def legend(plot: Plot, width: int, palette: Mapping[str, Colour]) -> Text:
    """Draw as many of a legend's signs as there is room for."""
    line = Text()
    for sign in plot.legend:
        entry = Text(" ")
        if sign.level is not None and plot.field is not None:
            _swatch(entry, sign.level, plot.field, palette)
            entry.append(" ")
        elif sign.marker:
            entry.append(sign.marker, Style(color=_rich_colour(palette[sign.colour])))
            entry.append(" ")
        entry.append(sign.meaning, Style(color=_rich_colour(palette["frame"])))
        if cell_len(line.plain) + cell_len(entry.plain) + 1 > width:
            break
        line.append_text(entry).append(" ")
    line.rstrip()
    return line


def _swatch(entry: Text, level: float, field: Field, palette: Mapping[str, Colour]) -> None:
    """Append two cells as a field shows them where it has this level."""
    shade = int(min(level * _SHADES, _SHADES - 1))
    style, symbol = _look(shade, palette[field.low], palette[field.high])
    entry.append(symbol * 2, style)


def coloured(text: Text, field: Field, palette: Mapping[str, Colour]) -> Text:
    """Put a field behind the inside of a plot's frame, in a few shades.

    With true colour a shade is a background, so lines and points keep theirs; without, empty cells are filled, with a
    denser character for a higher value.
    """
    low, high = palette[field.low], palette[field.high]
    rows = text.plain.split("\n")
    top, bottom = (next((y for y, row in enumerate(rows) if corner in row), 0) for corner in "┌└")
    left, right = rows[top].find("┌"), rows[top].find("┐")
    shades = _shades(np.asarray(field.values, dtype=np.float64), bottom - top - 1, right - left - 1)
    plain, start = list(text.plain), sum(len(row) + 1 for row in rows[: top + 1])
    for row, drawn in zip(shades[::-1], rows[top + 1 : bottom], strict=True):
        edges = [0, *(np.flatnonzero(np.diff(row)) + 1).tolist(), len(row)]
        for first, end in itertools.pairwise(edges):
            if (shade := int(row[first])) >= 0:
                place = start + left + 1
                style, symbol = _look(shade, low, high)
                if style.bgcolor is not None:
                    text.stylize(style, place + first, place + end)
                    continue
                for cell in range(place + first, place + end):
                    if plain[cell] == " ":
                        plain[cell] = symbol
                        text.stylize(style, cell, cell + 1)
        start += len(drawn) + 1
    text.plain = "".join(plain)
    return text


def _look(shade: int, low: Colour, high: Colour) -> tuple[Style, str]:
    """Return how a shade, 0 to _SHADES - 1, is drawn: as a background, or as a character where there is none."""
    level = shade / (_SHADES - 1)
    if isinstance(low, tuple) and isinstance(high, tuple):
        mixed = (round(a + (b - a) * level) for a, b in zip(low, high, strict=True))
        return Style(bgcolor=Color.from_rgb(*mixed)), " "
    return Style(color=_rich_colour(low if level < 0.5 else high)), " ░▒▓"[min(int(level * 4), 3)]


def _shades(values: Floats, height: int, width: int) -> np.ndarray[tuple[Any, ...], np.dtype[np.int8]]:
    """Return the shade of each cell, int8[height, width], -1 where the value is undefined."""
    rows = (np.arange(height) * (len(values) - 1) / max(1, height - 1)).round().astype(np.intp)
    columns = (np.arange(width) * (values.shape[1] - 1) / max(1, width - 1)).round().astype(np.intp)
    inside = np.minimum(np.clip(values, 0, 1) * _SHADES, _SHADES - 1)
    levels = np.where(np.isnan(values), -1, inside).astype(np.int8)
    return levels[rows[:, np.newaxis], columns]


def _rich_colour(colour: Colour) -> Color:
    return Color.from_rgb(*colour) if isinstance(colour, tuple) else Color.from_ansi(colour)
