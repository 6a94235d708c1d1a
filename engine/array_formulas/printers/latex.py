r"""Formulas of arrays in LaTeX: `X^{\top} \frac{\partial L}{\partial Y}`, for math mode."""

from __future__ import annotations

import unicodedata

from ...rules.formula import Operation
from ...rules.notation import ATOM, NEGATION, PRODUCT, QUOTIENT, Printed, led_by
from ...rules.printers.latex import Latex
from ..formula import ArrayOperation
from . import signs

_PARENTHESES = r"\left(", r"\right)"


class ArrayLatex(Latex):
    r"""Products of matrices without a sign, \odot for one entry by entry, and X^{\top}."""

    def label(self, label: str) -> str:
        r"""Write the name of an array; x̂ as \hat{x}."""
        letter = unicodedata.normalize("NFD", label).removesuffix(signs.HAT)
        return rf"\hat{{{super().label(letter)}}}" if letter != label else super().label(label)

    def operation(self, formula: Operation, operands: list[Printed]) -> Printed:
        """Write an operation."""
        if not isinstance(formula, ArrayOperation):
            if signs.is_entrywise(formula):
                first = operands[0][0] if operands[0][1] == NEGATION else _within(operands[0], QUOTIENT)
                return rf"{first} \odot {_within(operands[1], QUOTIENT)}", led_by(operands[0], PRODUCT)
            return super().operation(formula, operands)
        match formula.function:
            case "matmul":
                return " ".join(signs.factors(formula, operands, _PARENTHESES)), PRODUCT
            case "outer":
                return r" \otimes ".join(signs.factors(formula, operands, _PARENTHESES)), PRODUCT
            case "equal":
                return rf"\left[{operands[0][0]} = {operands[1][0]}\right]", ATOM
            case "transpose" if signs.is_matrix_transpose(formula):
                return rf"{_within(operands[0], ATOM)}^{{\top}}", ATOM
            case "index":
                key = signs.key_text(formula.parameters["key"])
                return rf"{_within(operands[0], ATOM)}\left[\text{{{key}}}\right]", ATOM
            case function:
                name = function.replace("_", r"\_")
                given = [text for text, _ in operands] + _parameters(formula)
                return rf"\operatorname{{{name}}}\left({', '.join(given)}\right)", ATOM


def _parameters(formula: ArrayOperation) -> list[str]:
    texts = (signs.parameter_text(name, value) for name, value in formula.parameters.items())
    return [r"\text{" + text.replace("_", r"\_") + "}" for text in texts if text]


def _within(printed: Printed, binding: int) -> str:
    return printed[0] if printed[1] >= binding else rf"\left({printed[0]}\right)"


NOTATION = ArrayLatex()
