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

_RELATIVE = Decimal("1e-12")
_ABSOLUTE = Decimal("1e-25")
_THREE_DIGITS = Decimal("5e-3")

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


def compare(both: Both, here: Point, *, rounded: bool = False, seed: int = 0) -> Comparison:
    """Compare a formula with the right one at points around `here`, drawn again where the right one does not exist.

    With `rounded` it is enough that they agree to about three digits: there are rounded numbers in the formula.
    """
    draws = random.Random(seed)
    agreed, missing_at = 0, None
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
            if not _agree(expected.number, found.number, rounded=rounded):
                return Comparison(Agreement.DIFFERENT, point, missing_at)
            agreed += 1
            if agreed == ENOUGH or not here:
                break
    is_known = agreed >= (_LEAST if here else 1)
    return Comparison(Agreement.SAME if is_known else Agreement.UNKNOWN, None, missing_at)


def _drawn(draws: random.Random, value: float, attempt: int) -> float:
    """Draw a number of few digits: wide, on either side of 0, or the nearer to `value` the longer nothing is found."""
    size = max(1.0, abs(value))
    near = size * draws.uniform(-0.5, 0.5) / (1 + attempt / 5)
    number = value + near if attempt % 2 else size * draws.uniform(-3, 3)
    return float(f"{number:.5g}")


def _agree(expected: Decimal, found: Decimal, *, rounded: bool) -> bool:
    distance = abs(expected - found)
    relative = _THREE_DIGITS if rounded else _RELATIVE
    return distance <= relative * max(abs(expected), abs(found)) + _ABSOLUTE
