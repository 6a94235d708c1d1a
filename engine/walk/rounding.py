"""Whether a text of few digits is a number, or that number rounded."""

from __future__ import annotations

from decimal import Decimal

from ..rules.precise import precision

WORKING_DIGITS = 40


def shows(number: Decimal, text: str, digits: int, *, is_exact: bool) -> bool:
    """Say whether a text is a number, or that number rounded to the last digit shown.

    `digits` are those that `format_number` wrote the text with. A text whose zeros are left out reads as exact: 3 is
    not what 3.00001 is, though 3.0000 would be. A number that is not `is_exact` was rounded itself, to many digits.
    """
    shown = Decimal(text)
    if is_exact and number == shown:
        return True
    sign_digits_exponent = shown.as_tuple()
    exponent = sign_digits_exponent.exponent
    assert isinstance(exponent, int), "a finite number has an exponent"
    if digits == 0 and Decimal("0.01") <= abs(shown) and "e" not in text:
        is_rounded = -exponent >= 4
    else:
        is_rounded = len(sign_digits_exponent.digits) >= (digits or 4)
    with precision(WORKING_DIGITS):
        return is_rounded and abs(number - shown) <= Decimal(1).scaleb(exponent) / 2
