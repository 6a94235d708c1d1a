"""`Equation`: an operation with the numbers put in and its result, true as printed."""

from __future__ import annotations

import decimal
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from ..rules.formula import Constant, Formula, Name, Number, Operation, Origin
from ..rules.functions import ALGEBRAIC
from ..rules.notation import Notation
from ..rules.number_text import ALL_DIGITS, format_literal, format_number
from ..rules.precise import Precise, pi, precision
from .exact_value import ExactValue
from .rounding import WORKING_DIGITS, shows

if TYPE_CHECKING:
    from ..rules.closed_form import ClosedForm

MORE_DIGITS = 4
"""An equation that would need so many digits more than are asked for has a ≈, where it is right to three digits."""

_MANY_DIGITS = 1_400
"""So many digits hold the sum of the largest and the smallest float, and the product of two such sums."""


@dataclass(frozen=True, slots=True)
class Equation:
    """What a line says: `left` with the numbers put in, and `right`, its result.

    `relation` is = where the numbers as they are shown give the result as it is shown, to its last digit, and ≈ where
    they do not. `digits` is how many significant digits the numbers put in are shown with, 0 where they are written
    for reading. `exact` is the result in closed form, where there is a short one.
    """

    left: str
    relation: str
    right: str
    digits: int = 0
    exact: ExactValue | None = None


def equation(
    formula: Formula,
    result: float,
    notation: Notation,
    *,
    undefined: bool = False,
    digits: int = 0,
    closed: ClosedForm | None = None,
) -> Equation:
    """Write a formula and its result with as few digits as make the equation true.

    It has at least so many significant `digits`; with 0 numbers are written for reading, as `format_number` does.
    `closed` is the closed form of the result, where it has one.
    Where a name stands in the formula, or the result is `undefined`, nothing can be computed: it is written as is.
    A formula of numbers that cannot be computed, such as exp(-1e+300), is not known to be anything: it has a ≈.
    """
    if undefined or not math.isfinite(result):
        text = notation.number(format_number(math.nan if undefined else result))
        return Equation(notation.formula(formula, digits), "=", text, digits)

    def written(put_in_digits: int, result_digits: int, relation: str) -> Equation:
        right = notation.number(format_number(result, result_digits))
        found = Equation(notation.formula(formula, put_in_digits), relation, right, put_in_digits)
        return found if closed is None else _with_exact(found, closed, result, result_digits, notation)

    if has_name(formula):
        return written(digits, digits, "=")
    rough = _computed(formula, digits)
    if rough is None:
        return written(digits, digits, "≈")
    if shows(rough.number, format_number(result, digits), digits, is_exact=rough.is_exact):
        return written(digits, digits, "=")
    with precision(WORKING_DIGITS):
        is_near = abs(rough.number - Decimal(result)) <= abs(Decimal(result)) / 1000
    fewest = digits or 4
    for more in range(fewest + 1, min(fewest + MORE_DIGITS if is_near else ALL_DIGITS, ALL_DIGITS) + 1):
        computed = _computed(formula, more)
        for result_digits in (digits, more):
            text = format_number(result, result_digits)
            if computed is not None and shows(computed.number, text, result_digits, is_exact=computed.is_exact):
                return written(more, result_digits, "=")
    return written(digits if is_near else ALL_DIGITS, digits, "≈")


def long_sum(found: Equation, operands: Sequence[float], divisor: int, result: float, digits: int) -> Equation:
    """Return the equation of a sum, over `divisor`, that is not written out: with a ≈ where adding has lost digits.

    Nobody can add up what is left out, so it is added up here, without rounding. `digits` are as in `equation`.
    """
    try:
        total = math.fsum(operands) / divisor
    except OverflowError:
        return replace(found, relation="≈")
    is_right = format_number(total, digits) == format_number(result, digits)
    return found if is_right else replace(found, relation="≈")


def _with_exact(found: Equation, closed: ClosedForm, result: float, digits: int, notation: Notation) -> Equation:
    """Add the closed form of the result, shown with so many digits; 1/3 = 0.3333 says it already."""
    from .short_form import exact_value  # late: of most walks no number has a closed form

    exact = exact_value(closed, result, notation, digits, is_about=found.relation == "≈")
    return found if exact is None or exact.form == found.left else replace(found, exact=exact)


@dataclass(frozen=True, slots=True)
class _Computed:
    """What a formula is: the number itself, or one that only the digits left out differ from."""

    number: Decimal
    is_exact: bool


def has_name(formula: Formula) -> bool:
    """Say whether a name stands in a formula, which then cannot be computed."""
    if isinstance(formula, Operation):
        return any(map(has_name, formula.operands))
    return isinstance(formula, Name)


def _computed(formula: Formula, digits: int) -> _Computed | None:
    """Compute a formula of numbers as they are shown; None where it is undefined, or no number can hold it."""
    try:
        number, is_exact = _worked_out(formula, digits, WORKING_DIGITS)
        if is_exact or not _is_algebraic(formula) or _as_round(number, WORKING_DIGITS) is None:
            return _Computed(number, is_exact)
        # √4 that is 2 to forty digits may be 2, but 1 + 1e-50 is not 1
        number, is_exact = _worked_out(formula, digits, _MANY_DIGITS)
    except ArithmeticError:
        return None
    round_number = None if is_exact else _as_round(number, _MANY_DIGITS)
    return _Computed(number, is_exact) if round_number is None else _Computed(round_number, True)


def _worked_out(formula: Formula, digits: int, working_digits: int) -> tuple[Decimal, bool]:
    """Compute a formula, and say whether nothing was rounded on the way."""
    with precision(working_digits):
        number = _value(formula, digits).number
        return number, not decimal.getcontext().flags[decimal.Inexact]


def _as_round(number: Decimal, working_digits: int) -> Decimal | None:
    """Return the number of few digits that a number cannot be told from; None where there is none."""
    with precision(ALL_DIGITS + 3):
        few = +number
    with precision(working_digits):
        return few if abs(number - few) <= abs(few).scaleb(15 - working_digits) else None


def _is_algebraic(formula: Formula) -> bool:
    """Say whether a formula may be a number of few digits although its parts are not."""
    if not isinstance(formula, Operation):
        return not isinstance(formula, Constant)
    return formula.function in ALGEBRAIC and all(map(_is_algebraic, formula.operands))


def _value(formula: Formula, digits: int) -> Precise:
    if isinstance(formula, Number):
        if not math.isfinite(formula.value):
            raise decimal.InvalidOperation("not a number to compute with")
        text = (
            format_number(formula.value, digits)
            if formula.origin is Origin.VALUE
            else format_literal(formula.value, digits)
        )
        return Precise(Decimal(text))
    if isinstance(formula, Constant):  # a rule writes no other sign than that of π
        return Precise(pi())
    assert isinstance(formula, Operation)
    numbers = [_value(operand, digits) for operand in formula.operands]
    match formula.function:
        case "add":
            return numbers[0] + numbers[1]
        case "sub":
            return numbers[0] - numbers[1]
        case "div":
            return numbers[0] / numbers[1]
        case "neg":
            return -numbers[0]
        case function:
            return numbers[0].apply(function, *numbers)
