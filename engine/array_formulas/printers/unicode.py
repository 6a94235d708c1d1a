"""Formulas of arrays as on the screen: `Xᵀ · ∂L/∂Y`, and ⊙ for a product entry by entry."""

from __future__ import annotations

from ...rules.formula import Operation
from ...rules.notation import ATOM, PRODUCT, Printed, leading, led_by, within
from ...rules.printers.unicode import Unicode
from ..formula import ArrayOperation
from . import signs


class ArrayUnicode(Unicode):
    """The notation of the screen, with · for a product of matrices, ⊙ for one entry by entry, and Xᵀ."""

    def operation(self, formula: Operation, operands: list[Printed]) -> Printed:
        """Write an operation."""
        if not isinstance(formula, ArrayOperation):
            if signs.is_entrywise(formula):
                text = f"{leading(operands[0], PRODUCT)} ⊙ {within(operands[1], PRODUCT)}"
                return text, led_by(operands[0], PRODUCT)
            return super().operation(formula, operands)
        match formula.function:
            case "matmul":
                return " · ".join(signs.factors(formula, operands)), PRODUCT
            case "outer":
                return " ⊗ ".join(signs.factors(formula, operands)), PRODUCT
            case "equal":
                return f"[{operands[0][0]} = {operands[1][0]}]", ATOM
            case "transpose" if signs.is_matrix_transpose(formula):
                return f"{within(operands[0], ATOM)}ᵀ", ATOM
            case _:
                return signs.applied(formula, operands), ATOM


NOTATION = ArrayUnicode()
