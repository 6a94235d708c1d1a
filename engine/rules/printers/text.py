"""Formulas as a scenario file has them: `-1/s^2`. What is written can be read again."""

from __future__ import annotations

from ..derivative_name import wrapped
from ..formula import Number, Operation
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
    leading,
    led_by,
    within,
)

_INFIX = {
    "add": (SUM, " + ", SUM, QUOTIENT),
    "sub": (DIFFERENCE, " - ", SUM, QUOTIENT),
    "mul": (PRODUCT, "*", PRODUCT, POWER),
    "div": (QUOTIENT, "/", PRODUCT, POWER),
    "pow": (POWER, "^", ATOM, ATOM),
}
"""How an operator binds, its sign, and how tightly its operands have to bind."""


class Text(Notation):
    """ASCII where the names are: * and ^, functions by name, df/ds for a derivative, numbers of a formula in full."""

    about = " ~ "
    times = " * "
    becomes = " <- "

    def derivative(self, of: str, by: str) -> str:
        """Write df/ds."""
        return f"d{wrapped(of)}/d{wrapped(by)}"

    def tangent(self, label: str) -> str:
        """Write dot(s)."""
        return f"dot({label})"

    def constant(self, sign: str) -> str:
        """Write the name of e or π."""
        return "pi" if sign == "π" else sign

    def printed_number(self, number: Number, digits: int) -> Printed:
        """Write a number, a literal in full."""
        text = self.digits_of(number, digits) if number.constant is None else _in_full(number.constant)
        return text, NEGATION if text.startswith("-") else ATOM

    def operation(self, formula: Operation, operands: list[Printed]) -> Printed:
        """Write an operation as it is read."""
        if formula.function == "neg":
            # -(3) would be read as the number -3
            number = isinstance(formula.operands[0], Number)
            return f"-{within(operands[0], ATOM + 1 if number else POWER)}", NEGATION
        if formula.function in _INFIX:
            binding, sign, left, right = _INFIX[formula.function]
            is_factor = formula.function in ("mul", "div")
            is_above = formula.function == "div" and is_derivative_name(formula.operands[0])
            first = (
                f"({operands[0][0]})"
                if is_above
                else leading(operands[0], left)
                if is_factor
                else within(operands[0], left)
            )
            own = led_by(operands[0], binding) if is_factor else binding
            return f"{first}{sign}{within(operands[1], right)}", own
        return f"{formula.function}({', '.join(text for text, _ in operands)})", ATOM


def _in_full(number: float) -> str:
    return repr(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)


NOTATION = Text()
