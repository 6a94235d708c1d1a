"""Lines are cut where they leave the frame of a plot, and thinned out to what its columns can show."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from ...engine.arrays import Flags, Floats
from .plot import Limits

Point = tuple[float, float]

SIDES = "←→↓↑"
"""The marks of the four sides of a frame: of its two limits on the x axis, and of those on the y axis."""

_TOO_FAR = 1e12
"""Frames away from which a segment that only passes by has lost the digits that would say where it does."""


@dataclass(frozen=True, eq=False)
class Cut:
    """The pieces of a line inside a frame, as (x, y) arrays; and where it crosses the frame: x, y, the side's mark."""

    pieces: list[tuple[Floats, Floats]]
    crossings: list[tuple[float, float, str]]


@dataclass(frozen=True)
class _End:
    """An end of what is left of a segment; `side` is the one of `SIDES` where it has been cut, None if it is whole."""

    at: Point
    side: int | None = None


def cut(x: Floats, y: Floats, x_limits: Limits, y_limits: Limits) -> Cut:
    """Cut a line of finite points at the limits.

    Of a line that is nowhere inside, the place of the frame next to its last point is marked.
    """
    within = _is_inside(x, y, x_limits, y_limits)
    if within.all():
        return Cut([(x, y)], [])
    limits = x_limits, y_limits
    points = list(zip(x.tolist(), y.tolist(), strict=True))
    pieces: list[list[Point]] = []
    crossings: list[tuple[float, float, str]] = []
    goes_on = False
    for (first, second), ends_within in zip(pairwise(points), pairwise(within.tolist()), strict=True):
        left = _left_of(first, second, ends_within, limits)
        if left is None:
            goes_on = False
            continue
        if not goes_on:
            pieces.append([left[0].at])
        pieces[-1].append(left[1].at)
        crossings += [(*end.at, SIDES[end.side]) for end in left if end.side is not None]
        goes_on = left[1].side is None
    if not pieces:
        crossings = [_beyond(points[-1], limits)]
    return Cut([(np.array(piece)[:, 0], np.array(piece)[:, 1]) for piece in pieces], crossings)


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


def _left_of(
    first: Point, second: Point, within: tuple[bool, bool], limits: tuple[Limits, Limits]
) -> tuple[_End, _End] | None:
    """Return what the frame leaves of a segment, of whose ends it is known whether they are inside."""
    match within:
        case (True, True):
            return _End(first), _End(second)
        case (True, False):
            return _End(first), _leaving(first, second, limits)
        case (False, True):
            return _leaving(second, first, limits), _End(second)
        case _:
            return _passing(first, second, limits)


def _leaving(inside: Point, outside: Point, limits: tuple[Limits, Limits]) -> _End:
    """Return where a segment leaves the frame, measured from its end inside: one at 1e20 has no digits for it."""
    share, side = 1.0, 0
    for axis, (low, high) in enumerate(limits):
        beyond = low if outside[axis] < low else high
        if not low <= outside[axis] <= high:
            part = (beyond - inside[axis]) / (outside[axis] - inside[axis])
            if part <= share:
                share, side = part, 2 * axis + (beyond == high)
    return _End(_on_side(side, inside, outside, share, limits), side)


def _passing(first: Point, second: Point, limits: tuple[Limits, Limits]) -> tuple[_End, _End] | None:
    """Return what is inside of a segment whose ends are not (Liang and Barsky, 1984); None for nothing."""
    start, end, start_side, end_side = 0.0, 1.0, 0, 0
    for axis, (low, high) in enumerate(limits):
        at, towards = first[axis], second[axis] - first[axis]
        if towards == 0:
            if not low <= at <= high:
                return None
            continue
        enters, leaves = (low, high) if towards > 0 else (high, low)
        if (share := (enters - at) / towards) > start:
            start, start_side = share, 2 * axis + (enters == high)
        if (share := (leaves - at) / towards) < end:
            end, end_side = share, 2 * axis + (leaves == high)
    through = start == end and start_side // 2 == end_side // 2  # in so little of its length that no digits tell
    if start >= end and not through:
        return None
    if any(_is_lost(1 - side // 2, first, second, limits) for side in (start_side, end_side)):
        return None
    return (
        _End(_on_side(start_side, first, second, start, limits), start_side),
        _End(_on_side(end_side, first, second, end, limits), end_side),
    )


def _is_lost(axis: int, first: Point, second: Point, limits: tuple[Limits, Limits]) -> bool:
    """Say whether a place between two points has too few digits left on an axis to be drawn."""
    low, high = limits[axis]
    return max(abs(first[axis]), abs(second[axis])) > _TOO_FAR * (high - low)


def _on_side(side: int, first: Point, second: Point, share: float, limits: tuple[Limits, Limits]) -> Point:
    """Return the point at a share of a segment, which is known to lie on a side of the frame."""
    x, y = (min(max(a + share * (b - a), low), high) for a, b, (low, high) in zip(first, second, limits, strict=True))
    limit = limits[side // 2][side % 2]
    return (limit, y) if side < 2 else (x, limit)


def _beyond(point: Point, limits: tuple[Limits, Limits]) -> tuple[float, float, str]:
    """Return the place of the frame next to a point, and the mark of the side beyond which the point is."""
    (left, right), (bottom, top) = limits
    x, y = point
    side = (x < left, x > right, y < bottom, True).index(True)
    return min(max(x, left), right), min(max(y, bottom), top), SIDES[side]
