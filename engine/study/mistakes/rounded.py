"""How numbers are rounded on the way by somebody who computes by hand."""

from __future__ import annotations

import math
from collections.abc import Iterator

DECIMALS = (1, 2, 3)
"""To how many decimals."""

SIGNIFICANT = (1, 2, 3)
"""To how many significant digits."""

LAST_DIGITS = (3, 4, 5, 6)
"""To how many digits a number is rounded that is wrong in the last one."""


def to_significant(number: float, digits: int) -> float:
    """Round a number to so many significant digits."""
    if not number or not math.isfinite(number):
        return number
    return float(f"{number:.{digits}g}")


def decimals(number: float) -> Iterator[float]:
    """Give a number rounded, and cut off, to a few decimals."""
    if not math.isfinite(number) or abs(number) > 1e9:
        return
    for digits in DECIMALS:
        yield round(number, digits)
        yield math.trunc(number * 10**digits) / 10**digits


def significant(number: float) -> Iterator[float]:
    """Give a number rounded to a few significant digits."""
    for digits in SIGNIFICANT:
        yield to_significant(number, digits)


def wrongly_rounded(number: float) -> Iterator[float]:
    """Give a number rounded to the wrong side, to three and more digits; nothing where it has no more of them."""
    if not number or not math.isfinite(number):
        return
    for digits in LAST_DIGITS:
        right = to_significant(number, digits)
        if right != number:
            unit = 10.0 ** (math.floor(math.log10(abs(number))) + 1 - digits)
            yield to_significant(right + math.copysign(unit, number - right), digits + 1)
