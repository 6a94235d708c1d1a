"""Formulas as they are read out: "minus one over s squared"."""

from __future__ import annotations

import re
import unicodedata

from ..derivative_name import DerivativeName
from ..formula import LEFT_OUT, Number, Operation
from ..notation import (
    ATOM,
    DIFFERENCE,
    INDEX,
    NEGATION,
    POWER,
    PRODUCT,
    QUOTIENT,
    SUM,
    Notation,
    Printed,
    led_by,
)

_SMALL = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
FUNCTION_WORDS = {
    "ln": "the natural logarithm of",
    "exp": "the exponential of",
    "sqrt": "the square root of",
    "sin": "the sine of",
    "cos": "the cosine of",
    "tan": "the tangent of",
    "tanh": "the hyperbolic tangent of",
    "sigmoid": "the sigmoid of",
    "abs": "the absolute value of",
    "min": "the minimum of",
    "max": "the maximum of",
    "sum": "the sum of",
    "mean": "the mean of",
    "sign": "the sign of",
    "step": "the step of",
}
"""What a function is called where that is not its name; any other is read out as "name of"."""

_ENTRY = re.compile(INDEX + "$")
_GREEK = re.compile(r"[\u0370-\u03ff]")


def entry_words(index: str) -> str:
    """Say which of many is meant: `[3]`, a sample or an entry, as " number 3", `[0,1]` as " at 0, 1"."""
    numbers = index.strip("[]").split(",")
    return f" at {', '.join(numbers)}" if len(numbers) > 1 else f" number {numbers[0]}"


class Spoken(Notation):
    """Words for signs and small numbers; parentheses are said where they count."""

    equals = " equals "
    about = " is about "
    times = " times "
    plus = " plus "
    minus = " minus "
    adds = " grows by "
    becomes = " becomes "
    derivative_binding = QUOTIENT

    def derivative(self, of: str, by: str) -> str:
        """Write "the derivative of f by s"; the parentheses around a formula are said."""
        if of.startswith("(") and of.endswith(")"):
            of = _bracketed(of[1:-1])
        return f"the derivative of {of} by {by}"

    def tangent(self, label: str) -> str:
        """Write "s dot"."""
        return f"{label} dot"

    def label(self, label: str) -> str:
        """Write a name: h[3] as "h number 3", E, which sounds like e, as "capital E", and η as "eta"."""
        if (derivative := DerivativeName.read(label)) is not None:
            return self._derivative(derivative)
        if label == LEFT_OUT.label:
            return "and so on"
        name = _GREEK.sub(_letter, _ENTRY.sub(lambda found: entry_words(found[0]), label)).replace("_", " ").strip()
        letter = name.split(" ", 1)[0].rstrip("0123456789")
        return f"capital {name}" if len(letter) == 1 and letter.isupper() else name or label

    def _derivative(self, name: DerivativeName) -> str:
        order = {1: "", 2: "second ", 3: "third "}.get(name.order, f"{name.order}-th ")
        variables = [self.label(by) for by, times in reversed(name.by) for _ in range(times)]
        return f"the {order}derivative of {self.label(name.of)} by {' and '.join(variables)}"

    def number(self, text: str) -> str:
        """Write a number: whole ones up to twelve as words, a minus sign as one too."""
        if text.startswith("-"):
            return f"minus {self.number(text[1:])}"
        if text == "∞":
            return "infinity"
        if "e" in text and text[-1].isdigit():
            digits, exponent = text.split("e")
            return f"{digits} times ten to the power {self.number(str(int(exponent)))}"
        return _SMALL[int(text)] if text.isdecimal() and int(text) < len(_SMALL) else text

    def constant(self, sign: str) -> str:
        """Write the name of e or π."""
        return "pi" if sign == "π" else sign

    def wrapped(self, text: str) -> str:
        """Write a number as a second operand: "times minus three" needs nothing more."""
        return text

    def printed_number(self, number: Number, digits: int) -> Printed:
        """Write a number; a power of ten is a product."""
        text = self.digits_of(number, digits)
        return text, PRODUCT if " times " in text else ATOM

    def operation(self, formula: Operation, operands: list[Printed]) -> Printed:
        """Write an operation."""
        match formula.function:
            case "add":
                return f"{_within(operands[0], SUM)} plus {_within(operands[1], QUOTIENT)}", SUM
            case "sub":
                return f"{_within(operands[0], SUM)} minus {_within(operands[1], QUOTIENT)}", DIFFERENCE
            case "mul":
                return f"{_first(operands[0])} times {_within(operands[1], PRODUCT)}", led_by(operands[0], PRODUCT)
            case "div":
                return f"{_first(operands[0])} over {_within(operands[1], POWER)}", led_by(operands[0], QUOTIENT)
            case "neg":
                return f"minus {_within(operands[0], QUOTIENT)}", NEGATION
            case "pow":
                return f"{_base(operands[0])} {_exponent(operands[1])}", POWER
            case function:
                name = FUNCTION_WORDS.get(function, f"{function} of")
                return f"{name} {_arguments(operands)}", ATOM


def _letter(found: re.Match[str]) -> str:
    """Name a Greek letter: not every voice knows it, and none tells large from small."""
    words = unicodedata.name(found[0], "").split(" ")
    if "LETTER" not in words:
        return found[0]
    name = words[words.index("LETTER") + 1].lower()
    return f" capital {name} " if "CAPITAL" in words else f" {name} "


def _base(printed: Printed) -> str:
    """Say the base of a power: "minus three squared" would be -(3²)."""
    return _bracketed(printed[0]) if printed[0].startswith("minus ") else _within(printed, ATOM)


def _exponent(printed: Printed) -> str:
    shown = {"two": "squared", "three": "cubed"}.get(printed[0])
    return shown or f"to the power {_within(printed, ATOM)}"


def _arguments(operands: list[Printed]) -> str:
    shown = [_within(operand, ATOM) for operand in operands]
    return f"{', '.join(shown[:-1])} and {shown[-1]}" if len(shown) > 1 else shown[0]


def _within(printed: Printed, binding: int) -> str:
    return printed[0] if printed[1] >= binding else _bracketed(printed[0])


def _bracketed(text: str) -> str:
    return f"open parenthesis {text} close parenthesis"


def _first(printed: Printed) -> str:
    return printed[0] if printed[1] == NEGATION else _within(printed, PRODUCT)


NOTATION = Spoken()
