"""Formulas as on the screen: `-1/s²`."""

from __future__ import annotations

import re
import unicodedata

from ..derivative_name import is_derivative, wrapped
from ..formula import Formula, Operation
from ..notation import (
    ATOM,
    DIFFERENCE,
    NEGATION,
    POWER,
    PRODUCT,
    QUOTIENT,
    SUM,
    Notation,
    Printed,
    is_derivative_name,
    is_sign,
    leading,
    led_by,
    within,
)
from ..number_text import SUPERSCRIPTS

_ONE_LETTER = re.compile(r"(?P<letter>[^\W\d_])(?P<rest>[^a-zA-Z]*)")
_SUPERSCRIPT = str.maketrans("0123456789-", SUPERSCRIPTS + "⁻")


class Unicode(Notation):
    """One line, with · for a product, superscripts, and ∂f/∂s for a derivative."""

    def derivative(self, of: str, by: str) -> str:
        """Write ∂f/∂s."""
        return f"∂{wrapped(of)}/∂{wrapped(by)}"

    def tangent(self, label: str) -> str:
        """Write a name of one letter with a dot above it, ẋ or ṫ1, and any other with one behind: loss˙."""
        found = _ONE_LETTER.fullmatch(label)
        if found is None:
            return f"({label})˙" if is_derivative(label) else f"{label}˙"
        return unicodedata.normalize("NFC", f"{found['letter']}\u0307") + found["rest"]

    def operation(self, formula: Operation, operands: list[Printed]) -> Printed:
        """Write an operation."""
        match formula.function:
            case "add":
                return f"{within(operands[0], SUM)} + {within(operands[1], QUOTIENT)}", SUM
            case "sub":
                return f"{within(operands[0], SUM)} - {within(operands[1], QUOTIENT)}", DIFFERENCE
            case "mul":
                dot = "" if is_sign(formula.operands[1]) else "·"
                text = f"{leading(operands[0], PRODUCT)}{dot}{within(operands[1], PRODUCT)}"
                return text, led_by(operands[0], PRODUCT)
            case "div":
                above = operands[0]
                first = f"({above[0]})" if is_derivative_name(formula.operands[0]) else leading(above, PRODUCT)
                text = f"{first}/{within(operands[1], POWER)}"
                return text, led_by(operands[0], QUOTIENT)
            case "neg":
                return f"-{within(operands[0], QUOTIENT)}", NEGATION
            case "pow":
                return self._power(operands[0], formula.operands[1], operands[1]), POWER
            case "sqrt" if is_sign(formula):
                return f"√{within(operands[0], ATOM)}", ATOM
            case "abs":
                return f"|{operands[0][0]}|", ATOM
            case _:
                return f"{formula.function}({', '.join(text for text, _ in operands)})", ATOM

    @staticmethod
    def _power(base: Printed, exponent: Formula, printed: Printed) -> str:
        if exponent.constant is not None and printed[0].removeprefix("-").isdecimal():
            return within(base, ATOM) + printed[0].translate(_SUPERSCRIPT)
        return f"{within(base, ATOM)}^{within(printed, ATOM)}"


NOTATION = Unicode()
