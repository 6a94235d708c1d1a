r"""Formulas in LaTeX: `-\frac{1}{s^{2}}`, for math mode."""

from __future__ import annotations

import re

from ..derivative_name import DerivativeName
from ..formula import LEFT_OUT, Number, Operation
from ..notation import ATOM, DIFFERENCE, NEGATION, POWER, PRODUCT, QUOTIENT, SUM, Notation, Printed, is_sign, led_by

_FUNCTIONS = {name: rf"\{name}" for name in ("exp", "ln", "sin", "cos", "tan", "tanh", "min", "max")}
_FUNCTIONS["sigmoid"] = r"\sigma"
_GREEK_NAMES = """
alpha beta gamma delta varepsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon varphi
chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega
"""
GREEK = dict(zip("αβγδεζηθικλμνξπρστυφχψωΓΔΘΛΞΠΣΦΨΩ", _GREEK_NAMES.split(), strict=True))
"""The names of Greek letters as LaTeX commands, by the letters."""
_INDEXED = re.compile(r"(?P<letters>\D+?)_?(?P<number>\d+)?(?:\[(?P<sample>\d+(?:,\d+)*)\])?")
_ESCAPES = {"\\": r"\textbackslash{}", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}"}
_ESCAPES.update({sign: rf"\{sign}" for sign in "{}$&#%_"})
_POWER_OF_TEN = re.compile(r"e([+-])0*(\d+)$")


class Latex(Notation):
    r"""Fractions as \frac, indices below, names of several letters upright."""

    about = r" \approx "
    times = r" \cdot "
    adds = r" \mathrel{+}= "
    becomes = r" \leftarrow "
    derivative_binding = QUOTIENT

    def derivative(self, of: str, by: str) -> str:
        r"""Write \frac{\partial f}{\partial s}."""
        return rf"\frac{{\partial {_in_brackets(of)}}}{{\partial {_in_brackets(by)}}}"

    def tangent(self, label: str) -> str:
        r"""Write \dot{s}; an index stays below: \dot{w}_{1}."""
        if label.startswith(r"\frac"):
            return rf"\dot{{\left({label}\right)}}"
        letters, index, rest = label.partition("_{")
        return rf"\dot{{{letters}}}{index}{rest}"

    def label(self, label: str) -> str:
        """Write a name: w1 and w_1 with an index, h[3] with the sample as its index."""
        if label == LEFT_OUT.label:
            return r"\ldots"
        if (derivative := DerivativeName.read(label)) is not None:
            return self._derivative(derivative)
        found = _INDEXED.fullmatch(label)
        letters = _letters(found["letters"] if found else label)
        indices = [index for index in (found["number"], found["sample"]) if index] if found else []
        return f"{letters}_{{{','.join(indices)}}}" if indices else letters

    def _derivative(self, name: DerivativeName) -> str:
        order = f"^{{{name.order}}}" if name.order > 1 else ""
        below = " ".join(
            rf"\partial {_in_brackets(self.label(by))}" + (f"^{{{times}}}" if times > 1 else "")
            for by, times in name.by
        )
        return rf"\frac{{\partial{order} {_in_brackets(self.label(name.of))}}}{{{below}}}"

    def number(self, text: str) -> str:
        r"""Write a number: 2.5e+09 as 2.5 \cdot 10^{9}."""
        if text in ("∞", "-∞"):
            return text.replace("∞", r"\infty")
        if not text[-1:].isdigit():
            return rf"\text{{{text}}}"
        found = _POWER_OF_TEN.search(text)
        if not found:
            return text
        sign = "-" if found[1] == "-" else ""
        return rf"{text[: found.start()]} \cdot 10^{{{sign}{found[2]}}}"

    def constant(self, sign: str) -> str:
        r"""Write e or \pi."""
        return r"\pi" if sign == "π" else sign

    def wrapped(self, text: str) -> str:
        """Write a number as a second operand."""
        return _bracketed(text) if text.startswith("-") else text

    def printed_number(self, number: Number, digits: int) -> Printed:
        """Write a number; a power of ten is a product."""
        text, binding = super().printed_number(number, digits)
        return text, PRODUCT if r"\cdot" in text and binding == ATOM else binding

    def operation(self, formula: Operation, operands: list[Printed]) -> Printed:
        """Write an operation."""
        match formula.function:
            case "add":
                return f"{_within(operands[0], SUM)} + {_within(operands[1], QUOTIENT)}", SUM
            case "sub":
                return f"{_within(operands[0], SUM)} - {_within(operands[1], QUOTIENT)}", DIFFERENCE
            case "mul":
                first = operands[0][0] if operands[0][1] == NEGATION else _within(operands[0], QUOTIENT)
                sign = "" if is_sign(formula.operands[1]) else r" \cdot "
                return f"{first}{sign}{_within(operands[1], QUOTIENT)}", led_by(operands[0], PRODUCT)
            case "div":
                return self._fraction(operands[0], operands[1])
            case "neg":
                return f"-{_within(operands[0], QUOTIENT)}", NEGATION
            case "pow":
                return f"{_within(operands[0], ATOM)}^{{{operands[1][0]}}}", POWER
            case "sqrt":
                return rf"\sqrt{{{operands[0][0]}}}", ATOM
            case "abs":
                return rf"\left|{operands[0][0]}\right|", ATOM
            case function:
                name = _FUNCTIONS.get(function, rf"\operatorname{{{function}}}")
                return name + _bracketed(", ".join(text for text, _ in operands)), ATOM

    @staticmethod
    def _fraction(numerator: Printed, denominator: Printed) -> Printed:
        text = numerator[0]
        if numerator[1] == NEGATION:  # the minus stands before the fraction
            return rf"-\frac{{{text.removeprefix('-')}}}{{{denominator[0]}}}", NEGATION
        return rf"\frac{{{text}}}{{{denominator[0]}}}", QUOTIENT


def _in_brackets(label: str) -> str:
    return _bracketed(label) if label.startswith(r"\frac") else label


def _within(printed: Printed, binding: int) -> str:
    return printed[0] if printed[1] >= binding else _bracketed(printed[0])


def _bracketed(text: str) -> str:
    return rf"\left({text}\right)"


def _letters(letters: str) -> str:
    if letters in GREEK:
        return rf"\{GREEK[letters]}"
    if len(letters) == 1 and letters.isalpha():
        return letters
    return rf"\text{{{letters.translate(str.maketrans(_ESCAPES))}}}"


NOTATION = Latex()
