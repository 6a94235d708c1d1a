"""Formulas of arrays as they are read out: "capital X transposed, times the derivative of capital L by capital Y"."""

from __future__ import annotations

import unicodedata

from ...rules.formula import Operation
from ...rules.notation import ATOM, PRODUCT, Printed
from ...rules.printers.spoken import Spoken
from ..formula import ArrayOperation
from . import signs

_PARENTHESES = "open parenthesis ", " close parenthesis"


class ArraySpoken(Spoken):
    """Words for products of matrices, products entry by entry, and transposes."""

    def label(self, label: str) -> str:
        """Write the name of an array; of x̂ "x hat"."""
        letter = unicodedata.normalize("NFD", label).removesuffix(signs.HAT)
        return f"{super().label(letter)} hat" if letter != label else super().label(label)

    def operation(self, formula: Operation, operands: list[Printed]) -> Printed:
        """Write an operation."""
        if not isinstance(formula, ArrayOperation):
            if signs.is_entrywise(formula):
                return " times, entry by entry, ".join(_within(operand, PRODUCT) for operand in operands), PRODUCT
            return super().operation(formula, operands)
        match formula.function:
            case "matmul":
                return ", matrix times, ".join(signs.factors(formula, operands, _PARENTHESES)), PRODUCT
            case "outer":
                return ", outer product with, ".join(signs.factors(formula, operands, _PARENTHESES)), PRODUCT
            case "equal":
                return f"one where {operands[0][0]} equals {operands[1][0]} and zero elsewhere", ATOM
            case "transpose" if signs.is_matrix_transpose(formula):
                return f"{_within(operands[0], ATOM)} transposed", ATOM
            case "index":
                return f"{_within(operands[0], ATOM)} at {signs.key_text(formula.parameters['key'])}", ATOM
            case function:
                given = signs.arguments(operands, formula.parameters).replace("=", " ").replace("_", " ")
                return f"{function.replace('_', ' ')} of {given}", ATOM


def _within(printed: Printed, binding: int) -> str:
    return printed[0] if printed[1] >= binding else f"{_PARENTHESES[0]}{printed[0]}{_PARENTHESES[1]}"


NOTATION = ArraySpoken()
