"""What the plot of a slope shows: the curve of the output, its tangent, and the point where the walk stands."""

from __future__ import annotations

import math

import numpy as np

from ....engine.arrays import Floats
from ....engine.editing.curve import Curve
from ...plots.plot import Limits, Plot, Series

_FRAMED = (4, 96)
"""Percentiles of the curve that the frame shows at least: what grows to infinity next to a pole would flatten it."""

_MARGIN = 0.08


def slope_plot(curve: Curve, at: tuple[float, float], slope: float, output: str) -> Plot:
    """Plot a curve with the tangent of this slope `at` a point; a slope or a point that is not finite is not drawn.

    `output` is what the output is called.
    """
    x, y = at
    limits = float(curve.x[0]), float(curve.x[-1])
    if not np.isfinite(curve.y).any():
        return Plot(x_limits=limits, empty=f"{output} has no value from {limits[0]:g} to {limits[1]:g}")
    y_limits = _framed(curve.y, y)
    series: list[Series] = []
    if math.isfinite(y) and math.isfinite(slope):
        ends = np.linspace(*limits, 61)
        series.append(Series(ends, y + slope * (ends - x), "fit", "·"))
    series.append(Series(curve.x, _broken(curve.y, y_limits), "line"))  # over the tangent, which touches it
    if math.isfinite(y):
        series.append(Series([x], [y], "path", "●", line=False))
    return Plot(series, x_limits=limits, y_limits=y_limits)


def _framed(numbers: Floats, point: float) -> Limits:
    """Return limits that show most of a curve, and the point on it."""
    finite = numbers[np.isfinite(numbers)]
    low, high = (float(edge) for edge in np.percentile(finite, _FRAMED))
    whole = float(finite.min()), float(finite.max())
    if whole[1] - whole[0] <= 3 * (high - low):
        low, high = whole
    if math.isfinite(point):
        low, high = min(low, point), max(high, point)
    margin = (high - low) * _MARGIN or abs(high) * 0.1 or 1.0
    return low - margin, high + margin


def _broken(numbers: Floats, limits: Limits) -> Floats:
    """Return a curve with a gap where it leaves the frame on one side and comes back on the other, as at a pole."""
    low, high = limits
    above, below = numbers > high, numbers < low
    jumps = (above[:-1] & below[1:]) | (below[:-1] & above[1:])
    broken = np.array(numbers)
    broken[1:][jumps] = np.nan
    return broken
