"""`Formula`: what a rule gives when it is applied to names instead of numbers: a small tree.

The op table's rules are plain arithmetic. Applied to `Name("s")` the rule `-1 / x / x` returns the tree of -1/s²;
applied to `Number(3)` that of -1/3². A printer writes it: so the formula on the screen, in LaTeX or in spoken words
comes from the rule that computed the number.

What a rule writes is tidied as a textbook would: its own numbers are worked out (`3·x^(3 - 1)` is `3·x²`),
a factor or exponent of 1 that it makes is dropped, and dividing by the same operand twice is dividing by
its square. What a user wrote stays as written: `1·x` and `2·3` in a scenario are kept so.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum, auto
from fractions import Fraction


class Formula:
    """An operand of a rule, or what the rule makes of its operands."""

    __slots__ = ()

    @property
    def constant(self) -> float | None:
        """The number of a literal such as the 3 in `x³`; a value put in for a name stays visible and has none."""
        return None

    @property
    def made(self) -> float | None:
        """The number, where it is one that a rule has made."""
        return None

    @property
    def circle_number(self) -> Formula:
        """The number π."""
        return Constant("π")

    def apply(self, function: str, *operands: Formula | float) -> Formula:
        """Make a function of operands, called by its name in the op table."""
        formulas = tuple(map(_operand, operands))
        if function == "pow":
            return formulas[0] ** formulas[1]
        if function == "mul":
            return _scaled(*formulas)
        return Operation(function, formulas)

    def __add__(self, other: Formula | float) -> Formula:
        other = _operand(other)
        return _folded("add", self, other) or Operation("add", (self, other))

    def __sub__(self, other: Formula | float) -> Formula:
        other = _operand(other)
        return _folded("sub", self, other) or Operation("sub", (self, other))

    def __mul__(self, other: Formula | float) -> Formula:
        other = _operand(other)
        if (folded := _folded("mul", self, other)) is not None:
            return folded
        if self.made == 1:
            return other
        if other.made == 1:
            return self
        if self is other:  # the same operand twice in a rule; equal numbers of two operands are no square
            return _squared(self)
        return Operation("mul", (self, other))

    def __truediv__(self, other: Formula | float) -> Formula:
        other = _operand(other)
        if isinstance(self, Operation) and self.function == "div" and self.operands[1] is other:
            return Operation("div", (self.operands[0], _squared(other)))
        return Operation("div", (self, other))

    def __pow__(self, exponent: Formula | float) -> Formula:
        exponent = _operand(exponent)
        if exponent.made == 1:
            return self
        if exponent.made == 0:
            return _made(1)
        return Operation("pow", (self, exponent))

    def __neg__(self) -> Formula:
        return Operation("neg", (self,)) if self.constant is None else _made(-self.constant)

    def __radd__(self, other: float) -> Formula:
        return _operand(other) + self

    def __rsub__(self, other: float) -> Formula:
        return _operand(other) - self

    def __rmul__(self, other: float) -> Formula:
        return _operand(other) * self

    def __rtruediv__(self, other: float) -> Formula:
        return _operand(other) / self

    def __rpow__(self, other: float) -> Formula:
        return _operand(other) ** self


class Origin(Enum):
    """Where a number in a formula comes from."""

    VALUE = auto()
    """It is put in for a name."""
    LITERAL = auto()
    """A user wrote it."""
    RULE = auto()
    """The rule made it."""


# Formulas are compared by identity: whether an operand of a rule is the same one again.


@dataclass(frozen=True, slots=True, eq=False)
class Name(Formula):
    """A name, or the sign for what is left out or undefined."""

    label: str


@dataclass(frozen=True, slots=True, eq=False)
class Number(Formula):
    """A number."""

    value: float
    origin: Origin = Origin.VALUE

    @property
    def constant(self) -> float | None:
        """The number, where it is a literal or the rule's."""
        return None if self.origin is Origin.VALUE else self.value

    @property
    def made(self) -> float | None:
        """The number, where a rule has made it."""
        return self.value if self.origin is Origin.RULE else None


@dataclass(frozen=True, slots=True, eq=False)
class Constant(Formula):
    """A number that has a sign of its own in an exact value: `e` or `π`. A use of e in a scenario is a `Name`."""

    sign: str


@dataclass(frozen=True, slots=True, eq=False)
class Operation(Formula):
    """An operation on formulas: `add`, `sub`, `mul`, `div`, `neg`, `pow`, or a function of the op table."""

    function: str
    operands: tuple[Formula, ...]


LEFT_OUT = Name("…")
"""Stands for the operands of a long sum that are not shown."""


def formula_of(result: Formula | float) -> Formula:
    """Return what a rule returned as a formula: a plain number, such as the 1 of ∂(a + b)/∂a, is one that it made.

    A plain number that is one part in n, such as the 1/3 of ∂mean(a, b, c)/∂a, is a fraction.
    """
    if isinstance(result, Formula):
        return result
    fraction = Fraction(result).limit_denominator(10**9) if math.isfinite(result) else Fraction(0)
    if fraction.numerator == 1 and fraction.denominator > 1 and float(fraction) == result:
        return Operation("div", (_made(1), _made(fraction.denominator)))
    return _made(result)


def _operand(operand: Formula | float) -> Formula:
    return operand if isinstance(operand, Formula) else _made(operand)


def _made(number: float) -> Formula:
    return Number(float(number), Origin.RULE)


def _squared(formula: Formula) -> Formula:
    return Operation("pow", (formula, _made(2)))


def _scaled(factor: Formula, other: Formula) -> Formula:
    if factor.constant == 0:
        return factor
    return -other if factor.constant == -1 else factor * other


def _folded(function: str, left: Formula, right: Formula) -> Formula | None:
    """Work out an operation of two constants, one of which is the rule's own."""
    a, b = left.constant, right.constant
    if a is None or b is None or (left.made is None and right.made is None):
        return None
    return _made({"add": a + b, "sub": a - b, "mul": a * b}[function])
