"""Symbols that print themselves: a rule applied to them gives the formula instead of the number.

The op table's rules are plain arithmetic. Applied to `Symbol("s")` the rule `-1 / x / x` returns a
symbol whose text is `-1/s²`; applied to `Symbol("3")` it returns `-1/3²`. So the formula on the screen
comes from the rule that computed the number.

What a rule writes is tidied as a textbook would: its own numbers are worked out (`3·x^(3 - 1)` is `3·x²`),
a factor or exponent of 1 that it makes is dropped, and dividing by the same operand twice is dividing by
its square. What a user wrote stays as written: `1·x` and `2·3` in a scenario are printed so.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

SUM, DIFFERENCE, NEGATION, QUOTIENT, PRODUCT, POWER, ATOM = range(10, 17)
"""How tightly the outermost operator of a text binds, loosest first."""

SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_SUPERSCRIPT = str.maketrans("0123456789-", SUPERSCRIPTS + "⁻")


def format_number(number: float) -> str:
    """Write a number for reading: four decimals, or four significant digits when it is small or large.

    >>> format_number(-1 / 9), format_number(3.0), format_number(0.0012345), format_number(2.5e9)
    ('-0.1111', '3', '0.001234', '2.5e+09')
    """
    if math.isnan(number):
        return "undefined"
    if math.isinf(number):
        return "∞" if number > 0 else "-∞"
    size = abs(number)
    if number == 0:
        return "0"
    if 1e-2 <= size < 1e6:
        return f"{number:.4f}".rstrip("0").rstrip(".")
    if number.is_integer() and size < 1e9:
        return f"{number:.0f}"
    return f"{number:.4g}"


def format_literal(number: float) -> str:
    """Write a number of a formula: in full where eight digits do, so that 3.14159 stays; or else for reading."""
    text = f"{number:.8g}"
    return text if number and float(text) == number else format_number(number)


@dataclass(frozen=True, slots=True)
class Symbol:
    """A printable operand: its text, and how tightly the outermost operator of that text binds.

    `constant` holds the number of a literal such as the 3 in `x³`; a value put in for a name has none, so
    that it stays visible (`2·3`). `made` tells the numbers that a rule makes from those a user wrote.
    `divisor` is the operand that this quotient was last divided by, and `dividend` what by it.
    """

    text: str
    binding: int = ATOM
    constant: float | None = None
    made: bool = False
    dividend: Symbol | None = None
    divisor: Symbol | None = None

    @classmethod
    def of_number(cls, number: float, *, literal: bool = False) -> Symbol:
        """Make the symbol of a number: a `literal` of the formula, or a value put in for a name."""
        text = format_literal(number) if literal else format_number(number)
        return cls(text, NEGATION if text.startswith("-") else ATOM, float(number) if literal else None)

    def apply(self, function: str, *operands: Symbol | float) -> Symbol:
        """Print a function of the operands, called by its name in the op table."""
        symbols = [_symbol(operand) for operand in operands]
        if function == "pow":
            return symbols[0] ** symbols[1]
        if function == "mul":
            return _scaled(*symbols)
        if function == "abs":
            return Symbol(f"|{symbols[0].text}|")
        shown = [symbol.text for symbol in symbols]
        if len(shown) > 6:
            shown = [*shown[:3], "…", shown[-1]]
        return Symbol(f"{function}({', '.join(shown)})")

    def __add__(self, other: Symbol | float) -> Symbol:
        other = _symbol(other)
        if (folded := _fold(self, other, "+")) is not None:
            return folded
        return Symbol(f"{self._within(SUM)} + {other._within(QUOTIENT)}", SUM)

    def __sub__(self, other: Symbol | float) -> Symbol:
        other = _symbol(other)
        if (folded := _fold(self, other, "-")) is not None:
            return folded
        return Symbol(f"{self._within(SUM)} - {other._within(QUOTIENT)}", DIFFERENCE)

    def __mul__(self, other: Symbol | float) -> Symbol:
        other = _symbol(other)
        if (folded := _fold(self, other, "*")) is not None:
            return folded
        if self.made and self.constant == 1:
            return other
        if other.made and other.constant == 1:
            return self
        if self is other:  # the same operand twice in a rule; equal numbers of two operands are no square
            return self._squared()
        return Symbol(f"{self._leading(PRODUCT)}·{other._within(PRODUCT)}", self._led_by(PRODUCT))

    def __truediv__(self, other: Symbol | float) -> Symbol:
        other = _symbol(other)
        if self.dividend is not None and self.divisor is other:
            return self.dividend / other._squared()
        text = f"{self._leading(PRODUCT)}/{other._within(POWER)}"
        return Symbol(text, self._led_by(QUOTIENT), dividend=self, divisor=other)

    def __pow__(self, exponent: Symbol | float) -> Symbol:
        exponent = _symbol(exponent)
        if exponent.made and exponent.constant == 1:
            return self
        if exponent.made and exponent.constant == 0:
            return _made(1)
        base = self._within(ATOM)
        if exponent.constant is not None and exponent.text.removeprefix("-").isdecimal():
            return Symbol(base + exponent.text.translate(_SUPERSCRIPT), POWER)
        return Symbol(f"{base}^{exponent._within(ATOM)}", POWER)

    def __neg__(self) -> Symbol:
        if self.constant is not None:
            return _made(-self.constant)
        return Symbol(f"-{self._within(QUOTIENT)}", NEGATION)

    def __radd__(self, other: float) -> Symbol:
        return _symbol(other) + self

    def __rsub__(self, other: float) -> Symbol:
        return _symbol(other) - self

    def __rmul__(self, other: float) -> Symbol:
        return _symbol(other) * self

    def __rtruediv__(self, other: float) -> Symbol:
        return _symbol(other) / self

    def __rpow__(self, other: float) -> Symbol:
        return _symbol(other) ** self

    def _squared(self) -> Symbol:
        return Symbol(f"{self._within(ATOM)}²", POWER)

    def _within(self, binding: int) -> str:
        return self.text if self.binding >= binding else f"({self.text})"

    def _leading(self, binding: int) -> str:
        """Return the text as a first factor, where a minus needs no parentheses: `-a·b`."""
        return self.text if self.binding == NEGATION else self._within(binding)

    def _led_by(self, binding: int) -> int:
        """Return how the product or quotient binds that begins with this: a minus in front shows outside."""
        return NEGATION if self.binding == NEGATION else binding


def _symbol(operand: Symbol | float) -> Symbol:
    return operand if isinstance(operand, Symbol) else _made(operand)


def _made(number: float) -> Symbol:
    text = format_literal(number)
    return Symbol(text, NEGATION if text.startswith("-") else ATOM, float(number), made=True)


def _scaled(factor: Symbol, other: Symbol) -> Symbol:
    if factor.constant == 0:
        return factor
    return -other if factor.constant == -1 else factor * other


def _fold(left: Symbol, right: Symbol, operator: str) -> Symbol | None:
    """Work out an operation of two constants, one of which is the rule's own."""
    a, b = left.constant, right.constant
    if a is None or b is None or not (left.made or right.made):
        return None
    return _made({"+": a + b, "-": a - b, "*": a * b}[operator])


def formula_text(result: Symbol | float) -> str:
    """Return the text of what a rule returned: a symbol, or a plain number such as the 1 of `∂(a+b)/∂a`.

    A plain number that is one part in n, such as the 1/3 of `∂mean(a, b, c)/∂a`, is written as the fraction.
    """
    if isinstance(result, Symbol):
        return result.text
    fraction = Fraction(result).limit_denominator(10**9) if math.isfinite(result) else Fraction(0)
    if fraction.numerator == 1 and float(fraction) == result:
        return str(fraction)
    return format_literal(result)
