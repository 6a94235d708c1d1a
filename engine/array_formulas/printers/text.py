"""Formulas of arrays as NumPy reads them, but for the names of derivatives: `X.T @ dL/dY`."""

from __future__ import annotations

import unicodedata

from ...rules.formula import Operation
from ...rules.notation import ATOM, PRODUCT, Printed, within
from ...rules.printers.text import Text
from ..formula import ArrayOperation
from . import signs


class ArrayText(Text):
    """ASCII where the names are: @ for a product of matrices, * entry by entry, and X.T."""

    def label(self, label: str) -> str:
        """Write the name of an array; of a derivative dL/dY, of x̂ x_hat."""
        label = unicodedata.normalize("NFD", label)
        label = label.replace(signs.HAT, "_hat").replace("σ", "sigma")
        return label.replace("∂", "d") if label.startswith("∂") else label

    def operation(self, formula: Operation, operands: list[Printed]) -> Printed:
        """Write an operation."""
        if not isinstance(formula, ArrayOperation):
            if signs.is_entrywise(formula):
                return f"{within(operands[0], PRODUCT)} * {within(operands[1], PRODUCT + 1)}", PRODUCT
            return super().operation(formula, operands)
        match formula.function:
            case "matmul":
                return " @ ".join(signs.factors(formula, operands)), PRODUCT
            case "equal":
                return f"({operands[0][0]} == {operands[1][0]})", ATOM
            case "transpose" if signs.is_matrix_transpose(formula):
                return f"{within(operands[0], ATOM)}.T", ATOM
            case _:
                return signs.applied(formula, operands), ATOM


NOTATION = ArrayText()
