"""`Notation`: how formulas, derivatives and numbers are written; each printer in `printers/` is one."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

from .derivative_name import is_derivative
from .formula import Constant, Formula, Name, Number, Operation, Origin
from .number_text import format_literal, format_number

SUM, DIFFERENCE, NEGATION, QUOTIENT, PRODUCT, POWER, ATOM = range(10, 17)
"""How tightly the outermost operator of a text binds, loosest first."""

INDEX = r"\[\d+(?:,\d+)*\]"
"""The end of the name of one of many: the sample of `h[3]`, the row and the column of `W[0,1]`."""

Printed = tuple[str, int]
"""A text, and how tightly its outermost operator binds."""


class Notation(ABC):
    """A way to write mathematics as text; a printer says how an operation is written, from its written operands.

    The signs stand between two parts of a line, with the space around them: `about` is an equals sign where what
    stands right is rounded, `adds` the += of the chain rule, `becomes` the arrow of an update.
    """

    equals: ClassVar[str] = " = "
    about: ClassVar[str] = " ≈ "
    times: ClassVar[str] = " · "
    plus: ClassVar[str] = " + "
    minus: ClassVar[str] = " - "
    adds: ClassVar[str] = " += "
    becomes: ClassVar[str] = " ← "

    def relation(self, sign: str) -> str:
        """Write = or ≈."""
        return self.about if sign == "≈" else self.equals

    derivative_binding: ClassVar[int] = PRODUCT
    """How tightly a name binds that is a derivative: it is a fraction."""

    def formula(self, formula: Formula, digits: int = 0) -> str:
        """Write a formula; numbers put in for names with so many significant digits, 0 as for reading."""
        return self._printed(formula, digits)[0]

    def _printed(self, formula: Formula, digits: int) -> Printed:
        match formula:
            case Name(label):
                return self.label(label), self.derivative_binding if is_derivative(label) else ATOM
            case Constant(sign):
                return self.constant(sign), ATOM
            case Number():
                return self.printed_number(formula, digits)
            case Operation():
                return self.operation(formula, [self._printed(operand, digits) for operand in formula.operands])
            case _:
                raise TypeError(f"{formula} is no formula that can be written")

    def printed_number(self, number: Number, digits: int) -> Printed:
        """Write a number of a formula."""
        text = self.digits_of(number, digits)
        return text, NEGATION if text.startswith("-") else ATOM

    @abstractmethod
    def operation(self, formula: Operation, operands: list[Printed]) -> Printed:
        """Write an operation; its operands are written already."""

    @abstractmethod
    def derivative(self, of: str, by: str) -> str:
        """Write a derivative; what it is of and by is written in this notation already."""

    @abstractmethod
    def tangent(self, label: str) -> str:
        """Write the tangent of a node, whose name is written in this notation already."""

    def label(self, label: str) -> str:
        """Write the name of a node."""
        return label

    def number(self, text: str) -> str:
        """Write a number that is a text such as 2.5e+09."""
        return text

    def constant(self, sign: str) -> str:
        """Write e or π."""
        return sign

    def wrapped(self, text: str) -> str:
        """Write a number as a second operand: a minus sign needs parentheses there."""
        return f"({text})" if text.startswith("-") else text

    def digits_of(self, number: Number, digits: int) -> str:
        """Write the digits of a number in a formula: those of a literal as it was written."""
        if number.origin is Origin.VALUE:
            return self.number(format_number(number.value, digits))
        return self.number(format_literal(number.value, digits))


def is_sign(formula: Formula) -> bool:
    """Say whether a formula is e, π, a power of one, or a root of such and of whole numbers: 9e needs no dot."""
    if isinstance(formula, Operation):
        return formula.function in ("pow", "sqrt") and all(map(_is_of_signs, formula.operands))
    return isinstance(formula, Constant)


def _is_of_signs(formula: Formula) -> bool:
    if isinstance(formula, Operation):
        return all(map(_is_of_signs, formula.operands))
    return isinstance(formula, Constant) or formula.made is not None


def is_derivative_name(formula: Formula) -> bool:
    """Say whether a formula is the name of a derivative: over a line it needs parentheses."""
    return isinstance(formula, Name) and is_derivative(formula.label)


def within(printed: Printed, binding: int) -> str:
    """Return a text as a part of one that binds so tightly, in parentheses where it binds less."""
    text, own = printed
    return text if own >= binding else f"({text})"


def leading(printed: Printed, binding: int) -> str:
    """Return a text as a first factor, where a minus needs no parentheses: `-a·b`."""
    return printed[0] if printed[1] == NEGATION else within(printed, binding)


def led_by(first: Printed, binding: int) -> int:
    """Return how the product or quotient binds that begins with `first`: a minus in front shows outside."""
    return NEGATION if first[1] == NEGATION else binding
