"""Ticks of an axis: round numbers, far enough apart for their labels."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from rich.cells import cell_len

from .plot import Limits

Ticks = tuple[list[float], list[str]]
"""The positions of ticks, on a logarithmic axis the exponents of ten, and their labels."""


def ticks(limits: Limits, most: int, *, log: bool = False) -> Ticks:
    """Return round tick positions within the limits, about `most` of them and never fewer than two, and their labels.

    Steps are 1, 2 or 5 times a power of ten; where numbers lie too close for such, the limits themselves are the
    ticks. On a logarithmic axis limits and positions are exponents of ten: the ticks are powers of ten; where there
    are fewer than two of those, 1, 2 and 5 times them; and on a very short piece of the axis round numbers again.
    """
    return _of_logarithm(limits, most) if log else _linear(limits, most)


def ticks_that_fit(limits: Limits, most: int, cells: int) -> Ticks:
    """Return the ticks of a linear axis that is `cells` wide: as many up to `most` as have labels that stand apart."""
    for fewer in range(most, 1, -1):
        positions, labels = ticks(limits, fewer)
        if _apart(positions, labels, limits, cells):
            return positions, labels
    positions, labels = ticks(limits, 2)
    step = next(
        step for step in range(1, len(positions) + 1) if _apart(positions[::step], labels[::step], limits, cells)
    )
    return positions[::step], labels[::step]


def _linear(limits: Limits, most: int) -> Ticks:
    power = _power_below(limits, most)
    stepped = _stepped((power, 2 * power, 5 * power, 10 * power), limits, most)
    if stepped is None:
        return list(limits), [_label(end) for end in limits]
    step, multiples = stepped
    return [_clamped(number * step, limits) for number in multiples], [_label(number * step) for number in multiples]


def _of_logarithm(limits: Limits, most: int) -> Ticks:
    power = _power_below(limits, most)
    decades = _stepped([max(1.0, math.ceil(times * power)) for times in (1, 2, 5, 10)], limits, most)
    if decades is not None:
        step, multiples = decades
        exponents = [round(number * step) for number in multiples]
        return [_clamped(exponent, limits) for exponent in exponents], [_label(float(f"1e{n}")) for n in exponents]
    low, high = limits
    numbers = [float(f"{digit}e{power}") for power in range(math.floor(low), math.ceil(high)) for digit in (1, 2, 5)]
    within = [number for number in numbers if low <= math.log10(number) <= high]
    if len(within) >= 2:
        return [math.log10(number) for number in within], [_label(number) for number in within]
    positions, labels = _linear((10.0**low, 10.0**high), most)
    return [_clamped(math.log10(position), limits) for position in positions], labels


def _power_below(limits: Limits, most: int) -> float:
    """Return the power of ten of which a step is at least one time."""
    return 10.0 ** math.floor(math.log10((limits[1] - limits[0]) / max(2, most)))


def _stepped(steps: Sequence[float], limits: Limits, most: int) -> tuple[float, range] | None:
    """Return the first step of which at most so many multiples lie within, or the last of which two do; and which."""
    found = None
    for step in steps:
        first, last = (math.ceil(limits[0] / step - 1e-9), math.floor(limits[1] / step + 1e-9))
        within = range(first, min(last, first + 50) + 1)
        if len(within) < 2:
            break
        found = step, within
        if len(within) <= most:
            break
    return found


def _clamped(position: float, limits: Limits) -> float:
    """Keep a tick at the very end of an axis within it."""
    return min(max(position, limits[0]), limits[1])


def _apart(positions: list[float], labels: list[str], limits: Limits, cells: int) -> bool:
    """Say whether labels, each in the middle under its tick, have a free cell between them."""
    low, high = limits
    middles = [(position - low) / (high - low) * (cells - 1) for position in positions]
    widths = [cell_len(label) for label in labels]
    return all(
        second - first >= (width + next_width) / 2 + 1
        for (first, second), (width, next_width) in zip(pairwise(middles), pairwise(widths), strict=True)
    )


def _label(number: float) -> str:
    """Write a tick, without the dust of binary fractions: three steps of 0.1 read 0.3 and not 0.30000000000000004.

    A long number is written as a power of ten where that is the same number.
    """
    short = f"{number:g}"
    return short if float(short) == number else f"{number:.12g}"
