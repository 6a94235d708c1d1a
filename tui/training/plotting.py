"""Plots as text: what to draw is a `Plot`, how is plotext's business, and between the two everything is made safe.

plotext 6 ends the whole process, with no exception, on a NaN in a line, and takes seconds and gigabytes for a point
far outside the limits. It also costs time per point. So only finite values, clipped to the limits and thinned out to
what the columns can show, ever reach it.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from rich.color import Color
from rich.style import Style
from rich.text import Text

from ...engine.arrays import Floats
from ...engine.rules.symbolic import format_number

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

Limits = tuple[float, float]
Colour = tuple[int, int, int] | int
"""A colour as red, green and blue (0 to 255), or as one of the terminal's own sixteen (0 to 15)."""

LARGEST = 1e300
"""Values beyond this have no room for an axis around them, so they count as infinite."""

SMALLEST = 1 / LARGEST
"""Values closer than this have no room for a tick between them, so they count as equal."""

_LEAST_WIDTH, _LEAST_HEIGHT = 20, 5
_SHADES = 12


@dataclass(frozen=True, eq=False)
class Series:
    """Points, or the line through them in their order.

    `x` and `y` are of one length; a pair with a missing, infinite or undefined number is left out. `colour` is
    a name of the palette. `marker` is a character, or "braille" for two by four dots a cell.
    """

    x: ArrayLike
    y: ArrayLike
    colour: str = "line"
    marker: str = "braille"
    line: bool = True


@dataclass(frozen=True, eq=False)
class Field:
    """A function of the plane as coloured cells: `values[row][column]` in 0 to 1, the first row at the bottom.

    Its cells fill `x_limits` and `y_limits`. 0 is drawn in the palette's colour `low`, 1 in its colour `high`, what
    is undefined not at all.
    """

    values: ArrayLike
    x_limits: Limits
    y_limits: Limits
    low: str = "low"
    high: str = "high"


@dataclass(frozen=True, eq=False)
class Plot:
    """What to draw: lines and points over an optional field, and the two axes.

    Limits that are None follow from the data. On a logarithmic y axis only positive numbers exist.
    """

    series: Sequence[Series] = ()
    field: Field | None = None
    x_label: str = ""
    y_label: str = ""
    log_y: bool = False
    x_limits: Limits | None = None
    y_limits: Limits | None = None
    empty: str = "nothing to draw yet"


PLAIN: Mapping[str, Colour] = {
    "frame": 7,
    "line": 2,
    "fit": 3,
    "data": 6,
    "class0": 6,
    "class1": 3,
    "path": 5,
    "low": 4,
    "high": 1,
    "region0": 6,
    "region1": 3,
}
"""The palette of a terminal's own colours; a theme brings its own under the same names."""


@dataclass(frozen=True, eq=False)
class _Drawable:
    """A series whose numbers are finite."""

    x: Floats
    y: Floats
    source: Series


def draw(plot: Plot, width: int, height: int, palette: Mapping[str, Colour] = PLAIN) -> Text:
    """Return a plot as text of `width` by `height` cells; a sentence where there is nothing, or no plotext."""
    if width < _LEAST_WIDTH or height < _LEAST_HEIGHT:
        return Text("no room for a plot"[: max(0, width)])
    drawables = [_finite(series, log_y=plot.log_y) for series in plot.series]
    drawables = [drawable for drawable in drawables if len(drawable.x)]
    if not drawables and plot.field is None:
        return Text(plot.empty)
    x_limits = _limits(plot.x_limits, [drawable.x for drawable in drawables], plot.field and plot.field.x_limits)
    y_given = plot.y_limits
    if y_given and plot.log_y:
        y_given = math.log10(y_given[0]), math.log10(y_given[1])
    y_columns = [drawable.y for drawable in drawables]
    y_limits = _limits(y_given, y_columns, plot.field and plot.field.y_limits, 0.5 if plot.log_y else 0.0)
    try:
        return _draw(plot, drawables, x_limits, y_limits, width, height, palette)
    except ImportError as error:
        return Text(f"plots need plotext, which cannot be loaded here: {error}")


def _finite(series: Series, *, log_y: bool) -> _Drawable:
    x, y = (np.asarray(values, dtype=np.float64).ravel() for values in (series.x, series.y))
    with np.errstate(all="ignore"):
        keep = (np.abs(x) <= LARGEST) & (np.abs(y) <= LARGEST)  # false for nan as well
        if log_y:
            keep &= y > 0
            y = np.log10(np.maximum(y, SMALLEST))
    return _Drawable(x[keep], y[keep], series)


def _limits(
    given: Limits | None, columns: Sequence[Floats], of_field: Limits | None, least_margin: float = 0.0
) -> Limits:
    """Return the two ends of an axis, never equal: around a single number there is a tenth of it, or that margin."""
    low, high = given or of_field or (0.0, 0.0)
    if not (given or of_field) and columns:
        low = float(min(column.min() for column in columns))
        high = float(max(column.max() for column in columns))
    low, high = max(low, -LARGEST), min(high, LARGEST)
    if high - low > max(abs(low), abs(high)) * 1e-9 + SMALLEST:
        return low, high
    margin = least_margin or abs(low) * 0.1
    margin = margin if margin > SMALLEST else 1.0
    return low - margin, high + margin


def _inside(drawable: _Drawable, x_limits: Limits, y_limits: Limits, columns: int) -> tuple[Floats, Floats]:
    """Clip to the limits (points outside them are left out, lines run along the edge) and thin out."""
    x, y = drawable.x, drawable.y
    if drawable.source.line:
        x, y = _thinned(x, y, columns)
    else:
        inside = (x >= x_limits[0]) & (x <= x_limits[1]) & (y >= y_limits[0]) & (y <= y_limits[1])
        x, y = x[inside], y[inside]
        most = 20 * columns
        if len(x) > most:
            some = np.linspace(0, len(x) - 1, most).astype(np.intp)
            x, y = x[some], y[some]
    return np.clip(x, *x_limits), np.clip(y, *y_limits)


def _thinned(x: Floats, y: Floats, columns: int) -> tuple[Floats, Floats]:
    """Keep the lowest and the highest point of each of `columns` stretches of a long line, and its two ends."""
    if len(x) <= 4 * columns:
        return x, y
    stretch = math.ceil(len(x) / columns)
    starts = np.arange(0, len(x), stretch)
    whole = len(x) // stretch
    parts = y[: whole * stretch].reshape(whole, stretch)
    kept = [0, len(x) - 1]
    for extreme in (np.argmin, np.argmax):
        kept += (extreme(parts, axis=1) + starts[:whole]).tolist()
        if whole < len(starts):
            kept.append(int(extreme(y[starts[-1] :]) + starts[-1]))
    places = np.unique(kept)
    return x[places], y[places]


def ticks(limits: Limits, most: int, *, log: bool = False) -> tuple[list[float], list[str]]:
    """Return round tick positions within the limits, about `most` of them and never fewer than two, and their labels.

    Steps are 1, 2 or 5 times a power of ten. On a logarithmic axis positions are exponents of ten; where there are
    fewer than two of them, and where numbers lie too close for round ones, the limits themselves are the ticks.
    """
    low, high = limits
    power = 10.0 ** math.floor(math.log10((high - low) / max(2, most)))
    step, positions = 1.0, list(limits)
    for next_step in (power, 2 * power, 5 * power, 10 * power):
        rounded = max(1.0, math.ceil(next_step)) if log else next_step
        within = _multiples(rounded, limits)
        if len(within) < 2:
            break
        step, positions = rounded, within
        if len(within) <= most:
            break
    labels = [_label(10.0**position if log else _rounded(position, step)) for position in positions]
    return positions, labels


def _multiples(step: float, limits: Limits) -> list[float]:
    low, high = limits
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [min(max(index * step, low), high) for index in range(first, min(last, first + 50) + 1)]


def _label(number: float) -> str:
    """Write a tick; a long number as a power of ten where that is the same number."""
    short = f"{number:g}"
    return short if float(short) == number else format_number(number)


def _rounded(position: float, step: float) -> float:
    """Round away the dust of binary fractions: 0.30000000000000004 is the tick 0.3."""
    return round(position, max(0, 2 - math.floor(math.log10(step)))) if 1e-15 < step < 1e15 else position


def _plotext() -> Any:
    """Import plotext when the first plot needs it; it has no types."""
    import plotext  # pyright: ignore[reportMissingTypeStubs]

    return plotext


@lru_cache(maxsize=1)
def _figure() -> Any:
    """Return a plotext figure of our own, on a terminal of our own, so that no size limit of the real one holds."""
    plotext = _plotext()
    terminal = type(plotext.terminal)()
    terminal.limit(False, False)
    return type(plotext.figure)(terminal)


def _draw(
    plot: Plot,
    drawables: Sequence[_Drawable],
    x_limits: Limits,
    y_limits: Limits,
    width: int,
    height: int,
    palette: Mapping[str, Colour],
) -> Text:
    plotext, figure = _plotext(), _figure()
    plotext.add_theme("gradwalk", text=palette["frame"])
    figure.clear.data()
    figure.theme("gradwalk")
    figure.canvas("default")
    figure.plot_size(width, height)
    figure.label(plot.x_label or None, axis="x")
    figure.label(plot.y_label or None, axis="y")
    for axis, limits, most in (("x", x_limits, width // 10), ("y", y_limits, height // 4)):
        positions, labels = ticks(limits, max(2, most), log=plot.log_y and axis == "y")
        figure.ruler(axis).lim(*limits).ticks(positions, labels)
    for drawable in drawables:
        x, y = _inside(drawable, x_limits, y_limits, width)
        if len(x):
            pixel = plotext.pixel(foreground=palette[drawable.source.colour])
            marker = plotext.marker(drawable.source.marker, pixel)
            signal = figure.signal(x.tolist(), y.tolist(), marker=marker)
            figure.draw(signal.lines(drawable.source.line))
    text = Text.from_ansi(figure.build().string())
    text.rstrip()
    return text if plot.field is None else _coloured(text, plot.field, palette)


def _coloured(text: Text, field: Field, palette: Mapping[str, Colour]) -> Text:
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
                level, place = shade / (_SHADES - 1), start + left + 1
                if isinstance(low, tuple) and isinstance(high, tuple):
                    mixed = (round(a + (b - a) * level) for a, b in zip(low, high, strict=True))
                    text.stylize(Style(bgcolor=Color.from_rgb(*mixed)), place + first, place + end)
                else:
                    symbol = " ░▒▓"[min(int(level * 4), 3)]
                    colour = Style(color=_rich_colour(low if level < 0.5 else high))
                    for cell in range(place + first, place + end):
                        if plain[cell] == " ":
                            plain[cell] = symbol
                            text.stylize(colour, cell, cell + 1)
        start += len(drawn) + 1
    text.plain = "".join(plain)
    return text


def _shades(values: Floats, height: int, width: int) -> np.ndarray[tuple[Any, ...], np.dtype[np.int8]]:
    """Return the shade of each cell, int8[height, width], -1 where the value is undefined."""
    rows = (np.arange(height) * (len(values) - 1) / max(1, height - 1)).round().astype(np.intp)
    columns = (np.arange(width) * (values.shape[1] - 1) / max(1, width - 1)).round().astype(np.intp)
    inside = np.minimum(np.clip(values, 0, 1) * _SHADES, _SHADES - 1)
    levels = np.where(np.isnan(values), -1, inside).astype(np.int8)
    return levels[rows[:, np.newaxis], columns]


def _rich_colour(colour: Colour) -> Color:
    return Color.from_rgb(*colour) if isinstance(colour, tuple) else Color.from_ansi(colour)
