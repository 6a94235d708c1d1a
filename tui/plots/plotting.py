"""Plots as text: what to draw is a `Plot`, how is plotext's business, and between the two everything is made safe.

plotext 6 ends the whole process, with no exception, on a NaN in a line, and takes seconds and gigabytes for a point
far outside the limits. It also costs time per point. So only finite values, cut at the limits and thinned out to
what the columns can show, ever reach it.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from rich.cells import cell_len
from rich.text import Text

from ...engine.arrays import Floats
from .cutting import cut, inside, thinned
from .plot import PLAIN, Colour, Limits, Plot, Series
from .shades import coloured, legend
from .ticks import ticks, ticks_that_fit

LARGEST = 1e300
"""Values beyond this have no room for an axis around them, so they count as infinite."""

SMALLEST = 1 / LARGEST
"""Values closer than this have no room for a tick between them, so they count as equal."""

_LEAST_WIDTH, _LEAST_HEIGHT = 20, 5
_MOST_GAPS = 200


@dataclass(frozen=True, eq=False)
class _Drawable:
    """A series whose numbers are finite; `gaps` are the places before which a line is not drawn on."""

    x: Floats
    y: Floats
    source: Series
    gaps: Sequence[int]


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
    has_legend = bool(plot.legend) and height > _LEAST_HEIGHT + 3
    try:
        drawn = _draw(plot, drawables, x_limits, y_limits, width, height - has_legend, palette)
        return Text("\n").join([drawn, legend(plot, width, palette)]) if has_legend else drawn
    except ImportError as error:
        return Text(f"plots need plotext, which cannot be loaded here: {error}")


def _finite(series: Series, *, log_y: bool) -> _Drawable:
    x, y = (np.asarray(values, dtype=np.float64).ravel() for values in (series.x, series.y))
    with np.errstate(all="ignore"):
        keep = (np.abs(x) <= LARGEST) & (np.abs(y) <= LARGEST)  # false for nan as well
        if log_y:
            keep &= y > 0
            y = np.log10(np.maximum(y, SMALLEST))
    left_out = np.flatnonzero(~keep)
    gaps = np.unique(left_out - np.arange(len(left_out))).tolist()
    return _Drawable(x[keep], y[keep], series, gaps)


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
    positions, labels = ticks(y_limits, max(2, height // 4), log=plot.log_y)
    figure.ruler("y").lim(*y_limits).ticks(positions, labels)
    room = max(2, width - max(map(cell_len, labels)) - 2)
    figure.ruler("x").lim(*x_limits).ticks(*ticks_that_fit(x_limits, max(2, width // 10), room))

    def signal(x: Floats, y: Floats, colour: str, marker: str, *, line: bool) -> None:
        drawn = plotext.marker(marker, plotext.pixel(foreground=palette[colour]))
        figure.draw(figure.signal(x.tolist(), y.tolist(), marker=drawn).lines(line))

    for drawable in drawables:
        source = drawable.source
        if not source.line:
            points = inside(drawable.x, drawable.y, x_limits, y_limits, 20 * width)
            if len(points[0]):
                signal(*points, source.colour, source.marker, line=False)
            continue
        marks: dict[tuple[int, int], tuple[float, float, str]] = {}
        for x, y in _runs(drawable):
            line = cut(*thinned(x, y, width), x_limits, y_limits)
            for piece in line.pieces:
                signal(*piece, source.colour, source.marker, line=True)
            for mark in line.crossings:
                marks[_cell(mark[:2], x_limits, y_limits, width, height)] = mark
        for x, y, side in marks.values():
            signal(np.array([x]), np.array([y]), source.colour, side, line=False)
    text = Text.from_ansi(figure.build().string())
    text.rstrip()
    return text if plot.field is None else coloured(text, plot.field, palette)


def _runs(drawable: _Drawable) -> Iterator[tuple[Floats, Floats]]:
    """Yield the stretches of a line between its gaps; of very many gaps only as many as can be seen."""
    ends = [0, *drawable.gaps[:: max(1, len(drawable.gaps) // _MOST_GAPS)], len(drawable.x)]
    for start, end in itertools.pairwise(ends):
        if end > start:
            yield drawable.x[start:end], drawable.y[start:end]


def _cell(at: tuple[float, float], x_limits: Limits, y_limits: Limits, width: int, height: int) -> tuple[int, int]:
    """Return about which cell a point is in: one mark is enough there."""
    (x, y), (left, right), (bottom, top) = at, x_limits, y_limits
    return int((x - left) / (right - left) * width), int((y - bottom) / (top - bottom) * height)
