"""Lines are cut where they leave the frame of a plot, and thinned out to what its columns can show."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ...engine.arrays import Flags, Floats, Indices
from .plot import Limits

SIDES = "←→↓↑"
"""The marks of the four sides of a frame, in the order in which `cut` looks at them."""


@dataclass(frozen=True, eq=False)
class Cut:
    """The pieces of a line inside a frame, as (x, y) arrays; and where it crosses the frame: x, y, the side's mark."""

    pieces: list[tuple[Floats, Floats]]
    crossings: list[tuple[float, float, str]]


def cut(x: Floats, y: Floats, x_limits: Limits, y_limits: Limits) -> Cut:
    """Cut a line of finite points at the limits (Liang and Barsky, 1984, for each of its segments).

    Of a line that is nowhere inside, the place of the frame next to its last point is marked.
    """
    inside = _is_inside(x[-1:], y[-1:], x_limits, y_limits).all()
    if len(x) == 1:
        return Cut([(x, y)], []) if inside else Cut([], [_beyond(x[-1], y[-1], x_limits, y_limits)])
    start, end, start_side, end_side = _shares(x, y, x_limits, y_limits)
    visible = np.flatnonzero(start <= end)
    if not len(visible):
        return Cut([], [_beyond(x[-1], y[-1], x_limits, y_limits)])
    pieces: list[tuple[list[float], list[float]]] = []
    crossings: list[tuple[float, float, str]] = []
    for place in visible.tolist():
        ends = [
            _between(x, y, place, float(share[place]), int(side[place]), x_limits, y_limits)
            for share, side in ((start, start_side), (end, end_side))
        ]
        goes_on = bool(pieces) and start[place] == 0 and place > 0 and start[place - 1] <= end[place - 1] == 1
        if not goes_on:
            pieces.append(([], []))
        for at_x, at_y in ends[1:] if goes_on else ends:
            pieces[-1][0].append(at_x)
            pieces[-1][1].append(at_y)
        if start[place] > 0:
            crossings.append((*ends[0], SIDES[start_side[place]]))
        if end[place] < 1:
            crossings.append((*ends[1], SIDES[end_side[place]]))
    return Cut([(np.array(piece_x), np.array(piece_y)) for piece_x, piece_y in pieces], crossings)


def inside(x: Floats, y: Floats, x_limits: Limits, y_limits: Limits, most: int) -> tuple[Floats, Floats]:
    """Return the points inside the limits, or evenly chosen ones where there are more than `most`."""
    kept = _is_inside(x, y, x_limits, y_limits)
    x, y = x[kept], y[kept]
    if len(x) > most:
        some = np.linspace(0, len(x) - 1, most).astype(np.intp)
        x, y = x[some], y[some]
    return x, y


def thinned(x: Floats, y: Floats, columns: int) -> tuple[Floats, Floats]:
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


def _is_inside(x: Floats, y: Floats, x_limits: Limits, y_limits: Limits) -> Flags:
    return (x >= x_limits[0]) & (x <= x_limits[1]) & (y >= y_limits[0]) & (y <= y_limits[1])


def _shares(x: Floats, y: Floats, x_limits: Limits, y_limits: Limits) -> tuple[Floats, Floats, Indices, Indices]:
    """Return from which share of each segment to which it is inside (from > to: nowhere), and at which side it ends."""
    count = len(x) - 1
    start, end = np.zeros(count), np.ones(count)
    start_side, end_side = np.zeros(count, np.int32), np.zeros(count, np.int32)
    across, up = np.diff(x), np.diff(y)
    distances = (
        (-across, x[:-1] - x_limits[0]),
        (across, x_limits[1] - x[:-1]),
        (-up, y[:-1] - y_limits[0]),
        (up, y_limits[1] - y[:-1]),
    )
    for side, (towards, room) in enumerate(distances):
        with np.errstate(all="ignore"):
            share = np.where(towards == 0, 0.0, room / towards)
        entering, leaving = (towards < 0) & (share > start), (towards > 0) & (share < end)
        start, start_side = np.where(entering, share, start), np.where(entering, side, start_side)
        end, end_side = np.where(leaving, share, end), np.where(leaving, side, end_side)
        start = np.where((towards == 0) & (room < 0), 2.0, start)
    return start, end, start_side, end_side


def _between(
    x: Floats, y: Floats, place: int, share: float, side: int, x_limits: Limits, y_limits: Limits
) -> tuple[float, float]:
    """Return the point at a share of a segment; one between its two ends lies on this side of the frame."""
    if share in (0, 1):
        at_x, at_y = x[place + int(share)], y[place + int(share)]
    else:
        at_x, at_y = (column[place] + share * (column[place + 1] - column[place]) for column in (x, y))
        if side < 2:
            at_x = x_limits[side]
        else:
            at_y = y_limits[side - 2]
    return float(np.clip(at_x, *x_limits)), float(np.clip(at_y, *y_limits))


def _beyond(x: float, y: float, x_limits: Limits, y_limits: Limits) -> tuple[float, float, str]:
    """Return the place of the frame next to a point, and the mark of the side beyond which the point is."""
    outside = (x < x_limits[0], x > x_limits[1], y < y_limits[0], y > y_limits[1])
    side = outside.index(True) if any(outside) else 3
    return float(np.clip(x, *x_limits)), float(np.clip(y, *y_limits)), SIDES[side]
