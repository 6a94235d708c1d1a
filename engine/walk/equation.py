"""`Equation`: an operation with the numbers put in and its result, true as printed."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal

from ..rules.formula import Formula, Name, Number, Operation, Origin
from ..rules.notation import Notation
from ..rules.number_text import ALL_DIGITS, format_literal, format_number
from ..rules.precise import Precise, precision

FEW_DIGITS = 8
"""An equation that would need more digits than this has a ≈ instead, where it is right to three digits."""

_WORKING_DIGITS = 40


@dataclass(frozen=True, slots=True)
class Equation:
    """What a line says: `left` with the numbers put in, and `right`, its result.

    `relation` is = where the numbers as they are shown give the result as it is shown, to its last digit, and ≈ where
    they do not. `digits` is how many significant digits the numbers put in are shown with, 0 for as many as anywhere.
    """

    left: str
    relation: str
    right: str
    digits: int = 0


def equation(formula: Formula, result: float, notation: Notation, *, undefined: bool = False) -> Equation:
    """Write a formula and its result with as few digits as make the equation true.

    Where a name stands in the formula, or the result is `undefined`, nothing can be computed: it is written as is.
    """
    if undefined or not math.isfinite(result):
        text = notation.number(format_number(math.nan if undefined else result))
        return Equation(notation.formula(formula), "=", text)

    def written(digits: int, result_digits: int, relation: str) -> Equation:
        right = notation.number(format_number(result, result_digits))
        return Equation(notation.formula(formula, digits), relation, right, digits)

    rough = _computed(formula, 0)
    if rough is None or _shows(rough, format_number(result), 0):
        return written(0, 0, "=")
    is_near = abs(rough - Decimal(result)) <= abs(Decimal(result)) / 1000
    for digits in range(5, (FEW_DIGITS if is_near else ALL_DIGITS) + 1):
        exact = _computed(formula, digits)
        for result_digits in (0, digits):
            if exact is not None and _shows(exact, format_number(result, result_digits), result_digits):
                return written(digits, result_digits, "=")
    return written(0 if is_near else ALL_DIGITS, 0, "≈")


def _shows(exact: Decimal, text: str, digits: int) -> bool:
    """Say whether a text is a number, or that number rounded to the last digit shown.

    A text whose zeros are left out reads as exact: 3 is not what 3.00001 is, though 3.0000 would be.
    """
    shown = Decimal(text)
    if abs(exact - shown) <= abs(shown) * Decimal("1e-25"):
        return True
    sign_digits_exponent = shown.as_tuple()
    exponent = sign_digits_exponent.exponent
    assert isinstance(exponent, int), "a finite number has an exponent"
    if digits == 0 and Decimal("0.01") <= abs(shown) and "e" not in text:
        is_rounded = -exponent >= 4
    else:
        is_rounded = len(sign_digits_exponent.digits) >= (digits or 4)
    return is_rounded and abs(exact - shown) <= Decimal(1).scaleb(exponent) / 2


def _computed(formula: Formula, digits: int) -> Decimal | None:
    """Compute a formula with its numbers as they are shown; None where a name stands in it, or it is undefined."""
    with precision(_WORKING_DIGITS):
        try:
            found = _value(formula, digits)
        except ArithmeticError:
            return None
    return None if found is None else found.number


def _value(formula: Formula, digits: int) -> Precise | None:
    if isinstance(formula, Number):
        text = format_number(formula.value, digits) if formula.origin is Origin.VALUE else format_literal(formula.value)
        return Precise(Decimal(text)) if math.isfinite(formula.value) else None
    if isinstance(formula, Name):
        return None
    assert isinstance(formula, Operation)
    operands = [_value(operand, digits) for operand in formula.operands]
    numbers = [operand for operand in operands if operand is not None]
    if len(numbers) < len(operands):
        return None
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
