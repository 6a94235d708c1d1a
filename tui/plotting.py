"""Plots as text: what to draw is a `Plot`, how is plotext's business, and between the two everything is made safe.

plotext 6 ends the whole process, with no exception, on a NaN in a line, and takes seconds and gigabytes for a point
far outside the limits. It also costs time per point. So only finite values, clipped to the limits and thinned out to
what the columns can show, ever reach it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from rich.text import Text

from ..engine.symbolic import format_number

Floats = NDArray[np.float64]
Limits = tuple[float, float]
Colour = tuple[int, int, int] | int
"""A colour as red, green and blue (0 to 255), or as one of the terminal's own sixteen (0 to 15)."""

LARGEST = 1e300
"""Values beyond this have no room for an axis around them, so they count as infinite."""

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
    y_limits = _limits(y_given, [drawable.y for drawable in drawables], plot.field and plot.field.y_limits)
    try:
        return _draw(plot, drawables, x_limits, y_limits, width, height, palette)
    except ImportError as error:
        return Text(f"plots need plotext, which cannot be loaded here: {error}")


def _finite(series: Series, *, log_y: bool) -> _Drawable:
    x, y = (np.asarray(values, dtype=np.float64).ravel() for values in (series.x, series.y))
    with np.errstate(all="ignore"):
        if log_y:
            y = np.log10(np.where(y > 0, y, np.nan))
        keep = (np.abs(x) <= LARGEST) & (np.abs(y) <= LARGEST)  # false for nan as well
    return _Drawable(x[keep], y[keep], series)


def _limits(given: Limits | None, columns: Sequence[Floats], of_field: Limits | None) -> Limits:
    """Return the two ends of an axis, never equal."""
    low, high = given or of_field or (0.0, 0.0)
    if not (given or of_field) and columns:
        low = float(min(column.min() for column in columns))
        high = float(max(column.max() for column in columns))
    if high - low > max(abs(low), abs(high)) * 1e-9:
        return low, high
    margin = abs(low) * 0.1 or 1.0
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
    starts = np.linspace(0, len(x), columns, endpoint=False).astype(np.intp)
    stretch = np.repeat(np.arange(columns), np.diff(np.append(starts, len(x))))
    by_height = np.lexsort((y, stretch))
    lowest, highest = by_height[starts], by_height[np.append(starts[1:], len(x)) - 1]
    kept = np.unique(np.concatenate([[0], lowest, highest, [len(x) - 1]]))
    return x[kept], y[kept]


def ticks(limits: Limits, most: int, *, log: bool = False) -> tuple[list[float], list[str]]:
    """Return round tick positions within the limits, at most `most` of them, and their labels.

    Steps are 1, 2 or 5 times a power of ten. On a logarithmic axis positions are exponents of ten.
    """
    low, high = limits
    span = high - low
    power = 10.0 ** math.floor(math.log10(span / max(1, most)))
    step = next(step for step in (power, 2 * power, 5 * power, 10 * power) if span / step <= most)
    if log:
        step = max(1.0, math.ceil(step))
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    positions = [min(max(index * step, low), high) for index in range(first, min(last, first + 50) + 1)]
    if len(positions) < 2:
        positions = [low, high]
    labels = [format_number(10.0**position if log else _rounded(position, step)) for position in positions]
    return positions, labels


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
    ground = _Ground(plot.field, width, height, palette) if plot.field is not None else None
    if ground is not None:
        ground.draw(figure)
    for drawable in drawables:
        x, y = _inside(drawable, x_limits, y_limits, width)
        colour = palette[drawable.source.colour]
        under = ground.shades(x, y) if ground is not None and not drawable.source.line else np.zeros(len(x), np.int8)
        shades: list[int] = np.unique(under).tolist()
        for shade in shades:
            background = ground.colours[shade] if ground is not None and not drawable.source.line else None
            pixel = plotext.pixel(foreground=colour, background=background)
            marker = plotext.marker(drawable.source.marker, pixel)
            signal = figure.signal(x[under == shade].tolist(), y[under == shade].tolist(), marker=marker)
            figure.draw(signal.lines(drawable.source.line))
    text = Text.from_ansi(figure.build().string())
    text.rstrip()
    return text


class _Ground:
    """A field as it is drawn: at least one sample a cell, so that no cell stays empty, in a few shades.

    `colours` holds the background of each shade; without true colour there is none, and denser characters stand
    for higher values.
    """

    def __init__(self, field: Field, width: int, height: int, palette: Mapping[str, Colour]) -> None:
        values = np.asarray(field.values, dtype=np.float64)
        rows = (np.arange(height) * (len(values) - 1) / max(1, height - 1)).round().astype(np.intp)
        columns = (np.arange(width) * (values.shape[1] - 1) / max(1, width - 1)).round().astype(np.intp)
        levels = np.clip(np.nan_to_num(values, nan=-1.0) * _SHADES, -1, _SHADES - 1).astype(np.int8)
        self.levels = levels[rows[:, np.newaxis], columns]
        self.x, self.y = np.linspace(*field.x_limits, width), np.linspace(*field.y_limits, height)
        self.low, self.high = palette[field.low], palette[field.high]
        self.colours: list[Colour | None] = [self._mixed(level / (_SHADES - 1)) for level in range(_SHADES)]
        self.colours.append(None)  # of what is undefined, -1

    def draw(self, figure: Any) -> None:
        """Draw every cell that has a value."""
        plotext = _plotext()
        for level in range(_SHADES):
            at_row, at_column = np.nonzero(self.levels == level)
            if len(at_row):
                dense = level / (_SHADES - 1)
                symbol = " " if self.colours[level] else "░░▒▓█"[min(int(dense * 5), 4)]
                pixel = plotext.pixel(foreground=self.low if dense < 0.5 else self.high, background=self.colours[level])
                marker = plotext.marker(symbol, pixel)
                figure.draw(figure.signal(self.x[at_column].tolist(), self.y[at_row].tolist(), marker=marker))

    def shades(self, x: Floats, y: Floats) -> NDArray[np.int8]:
        """Return the shade under each point: int8[points]."""
        columns = np.searchsorted(self.x, x).clip(0, len(self.x) - 1)
        rows = np.searchsorted(self.y, y).clip(0, len(self.y) - 1)
        return self.levels[rows, columns]

    def _mixed(self, level: float) -> Colour | None:
        if isinstance(self.low, tuple) and isinstance(self.high, tuple):
            red, green, blue = (round(a + (b - a) * level) for a, b in zip(self.low, self.high, strict=True))
            return red, green, blue
        return None
