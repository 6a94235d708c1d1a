"""Symbols that print themselves: a rule applied to them gives the formula instead of the number.

The op table's rules are plain arithmetic. Applied to `Symbol("s")` the rule `-1 / (x * x)` returns a
symbol whose text is `-1/s²`; applied to `Symbol("3")` it returns `-1/3²`. So the formula on the screen
comes from the rule that computed the number.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

SUM, DIFFERENCE, NEGATION, QUOTIENT, PRODUCT, POWER, ATOM = range(10, 17)
"""How tightly the outermost operator of a text binds, loosest first."""

_SUPERSCRIPT = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


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


@dataclass(frozen=True, slots=True)
class Symbol:
    """A printable operand.

    `constant` holds the number of a literal such as the 3 in `x³`: arithmetic between constants is done
    (`3 - 1` prints as 2), while a value put in for a name stays visible (`2·3`).
    """

    text: str
    binding: int = ATOM
    constant: float | None = None

    @classmethod
    def of_number(cls, number: float, *, literal: bool = False) -> Symbol:
        """Make the symbol of a number: a `literal` of the formula, or a value put in for a name."""
        text = format_number(number)
        return cls(text, NEGATION if text.startswith("-") else ATOM, float(number) if literal else None)

    def apply(self, function: str, *operands: Symbol | float) -> Symbol:
        """Print an elementary function of the operands."""
        symbols = [_symbol(operand) for operand in operands]
        if function == "pow":
            return symbols[0] ** symbols[1]
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
        if self.constant == 1:
            return other
        if other.constant == 1:
            return self
        if self is other:  # the same operand twice in a rule; equal numbers of two operands are no square
            return Symbol(f"{self._within(ATOM)}²", POWER)
        left = self.text if self.binding == NEGATION else self._within(PRODUCT)
        return Symbol(f"{left}·{other._within(PRODUCT)}", PRODUCT)

    def __truediv__(self, other: Symbol | float) -> Symbol:
        other = _symbol(other)
        left = self.text if self.binding == NEGATION else self._within(PRODUCT)
        return Symbol(f"{left}/{other._within(POWER)}", QUOTIENT)

    def __pow__(self, exponent: Symbol | float) -> Symbol:
        exponent = _symbol(exponent)
        if exponent.constant == 1:
            return self
        if exponent.constant == 0:
            return Symbol.of_number(1, literal=True)
        base = self._within(ATOM)
        if exponent.constant is not None and float(exponent.constant).is_integer():
            return Symbol(base + exponent.text.translate(_SUPERSCRIPT), POWER)
        return Symbol(f"{base}^{exponent._within(ATOM)}", POWER)

    def __neg__(self) -> Symbol:
        if self.constant is not None:
            return Symbol.of_number(-self.constant, literal=True)
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

    def _within(self, binding: int) -> str:
        return self.text if self.binding >= binding else f"({self.text})"


def _symbol(operand: Symbol | float) -> Symbol:
    return operand if isinstance(operand, Symbol) else Symbol.of_number(operand, literal=True)


def _fold(left: Symbol, right: Symbol, operator: str) -> Symbol | None:
    a, b = left.constant, right.constant
    if a is None or b is None:
        return None
    number = {"+": a + b, "-": a - b, "*": a * b}[operator]
    return Symbol.of_number(number, literal=True)


def formula_text(result: Symbol | float) -> str:
    """Return the text of what a rule returned: a symbol, or a plain number such as the 1 of `∂(a+b)/∂a`."""
    return _symbol(result).text
