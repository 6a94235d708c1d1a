"""Plots as numbers that a page draws: rounded to what can be seen, and each line or cloud of points kept once."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
import numpy as np

from ..plots.plot import Field, Limits, Plot, Series

_DIGITS = 5
_LEVELS = 35
"""Shades of a field, written as the digits of base 36."""

_MOST_CELLS = 36


class PageSeries(msgspec.Struct, frozen=True):
    """Points, or the line through them; null where there is none. `colour` is a name of the palette of plots."""

    x: Sequence[float | None]
    y: Sequence[float | None]
    colour: str
    marker: str
    line: bool


class PageField(msgspec.Struct, frozen=True):
    """Shades of the plane: a row of digits of base 36 for each row of cells, from the bottom; a space for none."""

    rows: Sequence[str]
    low: str
    high: str


class PagePlot(msgspec.Struct, frozen=True):
    """What to draw: `series` are places in the list that all plots of a page share."""

    series: Sequence[int]
    field: PageField | None
    x_label: str
    y_label: str
    x_limits: Limits
    y_limits: Limits


class Pictures:
    """Collects the series of several plots, of which many are the same."""

    def __init__(self) -> None:
        self.series: list[PageSeries] = []
        self._places: dict[bytes, int] = {}

    def plot(self, plot: Plot) -> PagePlot:
        """Write a plot, and keep its series."""
        return PagePlot(
            series=[self._place(series) for series in plot.series],
            field=None if plot.field is None else _field(plot.field),
            x_label=plot.x_label,
            y_label=plot.y_label,
            x_limits=plot.x_limits or _limits(series.x for series in plot.series),
            y_limits=plot.y_limits or _limits(series.y for series in plot.series),
        )

    def _place(self, series: Series) -> int:
        written = PageSeries(_numbers(series.x), _numbers(series.y), series.colour, series.marker, series.line)
        key = msgspec.json.encode(written)
        if key not in self._places:
            self._places[key] = len(self.series)
            self.series.append(written)
        return self._places[key]


def _numbers(numbers: Any) -> list[float | None]:
    return [
        float(f"{number:.{_DIGITS}g}") if math.isfinite(number) else None
        for number in np.asarray(numbers, float).tolist()
    ]


def _limits(columns: Iterable[Any]) -> Limits:
    """Return the ends of an axis that has room for all that is finite."""
    numbers = np.concatenate([np.asarray(column, float) for column in columns] or [np.zeros(1)])
    finite = numbers[np.isfinite(numbers)]
    low, high = (float(finite.min()), float(finite.max())) if len(finite) else (0.0, 1.0)
    room = (high - low) * 0.08 or abs(high) * 0.08 or 1.0
    return low - room, high + room


def _field(field: Field) -> PageField:
    values = np.asarray(field.values, float)
    values = values[:, :: max(1, round(values.shape[1] / _MOST_CELLS))]
    return PageField(["".join(map(_digit, row)) for row in values.tolist()], field.low, field.high)


def _digit(level: float) -> str:
    return np.base_repr(round(min(max(level, 0.0), 1.0) * _LEVELS), 36) if math.isfinite(level) else " "
