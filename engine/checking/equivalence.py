"""Whether a formula is another one: they are compared at random points.

Two different formulas of the functions here agree at a random point with probability 0, but for pieces such as those of
`relu`; points on both sides of 0 and near the walk's own are drawn for their sake (the idea of Schwartz 1980 and
Zippel 1979; for expressions, Gonnet 1984).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from ..rules.precise import Precise, precision
from .precise_walk import DIGITS

ENOUGH = 10
"""So many points at which both formulas exist and agree are enough."""

_LEAST = 3
_TRIES = 150

_RELATIVE = Decimal("1e-18")
_REMAINS = Decimal("1e-25")
"""What may be left of a difference of equal numbers, as a part of the largest value that was met."""
_TINY = Decimal("1e-34")
"""Where no value is larger than this, all of them may be such remains."""
_MOST_ROUNDING = Decimal("5e-3")

Point = Mapping[str, float]
"""Values by the names they are given to."""

Both = Callable[[Mapping[str, Precise]], tuple[Precise | None, Precise | None]]
"""The right formula and the other one, as the numbers that they have at a point; None where they have none."""


class Agreement(StrEnum):
    """What is known of two formulas."""

    SAME = "same"
    DIFFERENT = "different"
    UNKNOWN = "unknown"
    """Too few points could be found where both exist."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """How a formula compares with the right one.

    `differs_at` is a point where they differ, and `missing_at` one where the right one exists and the other does not;
    None where no such point was met.
    """

    agreement: Agreement
    differs_at: Point | None = None
    missing_at: Point | None = None


def compare(both: Both, here: Point, *, rounding: Decimal = _RELATIVE, seed: int = 0) -> Comparison:
    """Compare a formula with the right one at points around `here`, drawn again where the right one does not exist.

    `rounding` is how far they may be apart, as a part of their value, where there are rounded numbers in the formula;
    more than half a unit of the third digit is never allowed.
    """
    draws = random.Random(seed)
    met: list[tuple[dict[str, float], Decimal, Decimal]] = []
    missing_at = None
    with precision(DIGITS):
        for attempt in range(_TRIES):
            point = {name: _drawn(draws, value, attempt) for name, value in here.items()}
            precise = {name: Precise(Decimal(repr(value))) for name, value in point.items()}
            expected, found = both(precise)
            if expected is None:
                continue
            if found is None:
                missing_at = missing_at or point
                continue
            met.append((point, expected.number, found.number))
            if len(met) == ENOUGH or not here:
                break
        largest = max((abs(expected) for _, expected, _ in met), default=Decimal(0))
        remains = _REMAINS * (min(largest, Decimal(1)) if largest > _TINY else 1)
        relative = min(max(rounding, _RELATIVE), _MOST_ROUNDING)
        for point, expected, found in met:
            if abs(expected - found) > relative * max(abs(expected), abs(found)) + remains:
                return Comparison(Agreement.DIFFERENT, point, missing_at)
    is_known = len(met) >= (_LEAST if here else 1)
    return Comparison(Agreement.SAME if is_known else Agreement.UNKNOWN, None, missing_at)


def _drawn(draws: random.Random, value: float, attempt: int) -> float:
    """Draw a number of few digits: wide, on either side of 0, or the nearer to `value` the longer nothing is found."""
    size = max(1.0, abs(value))
    near = size * draws.uniform(-0.5, 0.5) / (1 + attempt / 5)
    number = value + near if attempt % 2 else size * draws.uniform(-3, 3)
    return float(f"{number:.5g}")
