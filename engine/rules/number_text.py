"""How numbers are written for reading."""

from __future__ import annotations

import math

SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"

ALL_DIGITS = 17
"""So many significant digits tell every 64-bit float from every other."""


def format_number(number: float, digits: int = 0) -> str:
    """Write a number for reading: four decimals, or four significant digits when it is small or large.

    With `digits` it has that many significant digits instead. Zeros at the end are left out.

    >>> format_number(-1 / 9), format_number(3.0), format_number(0.0012345), format_number(2.5e9)
    ('-0.1111', '3', '0.001234', '2.5e+09')
    >>> format_number(3.00001), format_number(3.00001, 6)
    ('3', '3.00001')
    """
    if math.isnan(number):
        return "undefined"
    if math.isinf(number):
        return "∞" if number > 0 else "-∞"
    size = abs(number)
    if number == 0:
        return "0"
    if digits:
        return f"{number:.0f}" if number.is_integer() and size < 1e9 else f"{number:.{digits}g}"
    if 1e-2 <= size < 1e6:
        return f"{number:.4f}".rstrip("0").rstrip(".")
    if number.is_integer() and size < 1e9:
        return f"{number:.0f}"
    return f"{number:.4g}"


def format_literal(number: float, digits: int = 0) -> str:
    """Write a number of a formula: in full where eight digits do, so that 3.14159 stays; or else as any other."""
    text = f"{number:.8g}"
    return text if number and float(text) == number else format_number(number, digits)
