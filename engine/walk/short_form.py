"""Which closed forms are short enough, and say enough, to stand beside a decimal."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from ..rules.closed_form import ClosedForm
from ..rules.closed_form_formula import closed_formula
from ..rules.notation import Notation
from ..rules.number_text import format_number
from ..rules.printers.unicode import NOTATION as UNICODE
from .closed_forms import agrees
from .exact_value import ExactValue
from .rounding import shows

LONGEST = 14
"""Characters that a closed form has at most, as it is written on the screen: a longer one says less than a decimal."""

_LARGEST_DENOMINATOR = 9_999

_SHORT = 5
"""Characters of a fraction such as 1/2 that stands beside a decimal which says the same: 0.5 and 1/2."""


def exact_value(
    form: ClosedForm | None, number: float, notation: Notation, digits: int = 0, *, is_about: bool = False
) -> ExactValue | None:
    """Return the closed form of a number that `format_number` shows with so many `digits`, where it is worth saying.

    That is where it is short, and more than the same decimal again: 1/2 beside 0.5 is, 3 beside 3 is not, unless
    `is_about` says that this 3 stands after a ≈. It is left out where the float differs by more than 4 ulp, for then
    it is another number that the walk goes on with.
    """
    if form is None or not agrees(form, number):
        return None
    text = format_number(number, digits)
    rational = form.rational
    is_shown = shows(form.number(), text, digits, is_exact=rational is not None and _is_decimal(rational))
    if rational is not None and not _is_telling(rational, Fraction(Decimal(text)), is_shown, is_about):
        return None
    formula = closed_formula(form)
    if len(UNICODE.formula(formula)) > LONGEST:
        return None
    is_same = rational is not None and rational == Fraction(Decimal(text)) and rational.denominator == 1
    return ExactValue(notation.formula(formula), "=" if is_shown and not is_same else "exactly")


def _is_telling(exact: Fraction, shown: Fraction, is_shown: bool, is_about: bool) -> bool:
    if exact.denominator > _LARGEST_DENOMINATOR:
        return False
    if not is_shown:
        return True
    if exact.denominator == 1:
        return is_about
    if _is_decimal(exact) and exact.denominator % 10 == 0:  # 37/100 is 0.37 again
        return False
    return exact != shown or len(str(exact)) <= _SHORT


def _is_decimal(number: Fraction) -> bool:
    """Say whether a number has an end as a decimal."""
    denominator = number.denominator
    for prime in (2, 5):
        while denominator % prime == 0:
            denominator //= prime
    return denominator == 1
