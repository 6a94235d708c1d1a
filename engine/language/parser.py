"""Reads expressions such as `1/(a + ln(b))`, with positions for errors. Nothing is ever eval'ed."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from ..errors import ExpressionError, did_you_mean, quoted, shortened
from ..rules.number_text import SUPERSCRIPTS
from ..rules.ops import CODES, N_ARY, OPS
from .expression import Apply, Expression, Literal, NameUse
from .hints import NOT_ALLOWED, function_elsewhere, module_prefix
from .names import FUNCTIONS, NAME, PYTHON_WORDS, is_name, normal

ARGUMENT_COUNTS: dict[str, int | None] = {name: OPS[CODES[name]].arity for name in FUNCTIONS}
"""How many arguments each function takes."""

_FOLDED = ("min", "max")
"""Functions of two arguments that are called with more: min(a, b, c) is min(min(a, b), c)."""

MAX_NESTING = 100
"""How deep parentheses, calls, signs and exponents may stand in each other."""

_NUMBER = r"(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?"
_TOKEN = re.compile(
    rf"\s*(?:(?P<number>{_NUMBER})|(?P<fraction>[¼½¾⅐-⅞↉])|(?P<name>{NAME.pattern})|(?P<operator>\*\*|[-+*/^·⋅×÷−,()])"
    rf"|(?P<superscript>⁻?[{SUPERSCRIPTS}]+)|(?P<end>$)|(?P<other>.))",
    re.DOTALL,
)
_SUM = {"+": "add", "-": "sub", "−": "sub"}
PRODUCT_SIGNS = {"*": "mul", "·": "mul", "⋅": "mul", "×": "mul", "/": "div", "÷": "div"}
"""The operators of products and quotients."""
_FROM_SUPERSCRIPT = str.maketrans(SUPERSCRIPTS + "⁻", "0123456789-")
_GRAMMAR = "an expression has numbers, names, + - * / ^, parentheses and functions such as ln(x)"


def parse(text: str, further: Mapping[str, int | None] | None = None) -> Expression:
    """Read an expression; ExpressionError says where and why it cannot be read.

    `further` functions may be called besides those of the op table: the number of arguments of each, None for one
    or more.
    """
    return Parser(text, {**ARGUMENT_COUNTS, **(further or {})}).parse()


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the text: its kind, which is a group of the pattern that reads it, and where it stands."""

    kind: str
    text: str
    position: int


class Parser:
    """Recursive descent that emits postfix; each method returns where its operand starts in `items`."""

    def __init__(self, text: str, functions: Mapping[str, int | None]) -> None:
        self.text = text
        self.functions = functions
        self.items: list[Literal | NameUse | Apply] = []
        self.depth = 0
        self.token = self._read(0)

    def parse(self) -> Expression:
        """Read the whole text."""
        if self.token.kind == "end":
            raise ExpressionError("the expression is empty", self.text, 0, 1, _GRAMMAR)
        self._sum()
        if self.token.kind != "end":
            raise self._unexpected()
        return Expression(self.text, tuple(self.items))

    # ---- tokens

    def _read(self, position: int) -> Token:
        match = _TOKEN.match(self.text, position)
        assert match is not None and match.lastgroup is not None, "the last alternative matches anything"
        return Token(match.lastgroup, match[match.lastgroup], match.start(match.lastgroup))

    def _advance(self) -> Token:
        token = self.token
        self.token = self._read(token.position + len(token.text))
        return token

    def _at(self, operators: Iterable[str]) -> bool:
        return self.token.kind == "operator" and self.token.text in operators

    def _error(self, message: str, token: Token, hint: str = "") -> ExpressionError:
        return ExpressionError(message, self.text, token.position, max(1, len(token.text)), hint)

    def _unexpected(self) -> ExpressionError:
        token = self.token
        if token.kind == "end":
            return self._error("the expression ends too early", token, "a number, a name or a parenthesis is missing")
        before = self.text[: token.position].rstrip()
        operand_ends = before and (before[-1] in ")" + SUPERSCRIPTS or before[-1].isalnum() or before[-1] in "_.")
        if token.text in NOT_ALLOWED:
            module = module_prefix(before) if token.text == "." else ""
            hint = f"leave out {module}. before a function" if module else _GRAMMAR
            return self._error(NOT_ALLOWED[token.text], token, hint)
        if token.text in PYTHON_WORDS:
            return self._python_word(token, after_operand=bool(operand_ends))
        if unicodedata.category(token.text[0]).startswith("M"):
            message = f"the combining mark U+{ord(token.text):04X} stands alone"
            return self._error(message, token, "it belongs after a letter: x\N{COMBINING CIRCUMFLEX ACCENT}")
        hint = _GRAMMAR
        if operand_ends and (token.kind in ("name", "number", "fraction") or token.text == "("):
            hint = self._missing_operator(before, token)
        elif token.text == "," and re.search(r"\d,$", self.text[: token.position + 1]):
            hint = "the decimal sign is a point: 1.5"
        elif token.text == ")" and operand_ends:
            hint = "no parenthesis is open here"
        return self._error(f"unexpected {quoted(token.text)}", token, hint)

    def _python_word(self, token: Token, *, after_operand: bool) -> ExpressionError:
        """Make the error for a word of Python: taken as a name, or as what it does in Python."""
        following = self._read(token.position + len(token.text))
        if after_operand or following.kind in ("name", "number") or following.text == ":":
            return self._error(f'"{token.text}" is not part of an expression', token, _GRAMMAR)
        message = f'"{token.text}" is not a name here: it is a word of Python'
        return self._error(message, token, f"{token.text}_1 is free")

    def _missing_operator(self, before: str, token: Token) -> str:
        """Say what to write where an operand follows an operand: a product, or the call of a function."""
        last = re.search(r"[\w.]+$", before)
        if token.kind == "fraction" and last and last[0].isdecimal():
            return f"a mixed number is written {int(last[0]) + unicodedata.numeric(token.text):g}"
        if last and last[0] in self.functions and token.text != "(":
            return f"{last[0]} is a function: write {last[0]}({shortened(token.text)})"
        if last and token.text != "(":
            return f"an operator is missing: for a product write {shortened(last[0])}*{shortened(token.text)}"
        return f"an operator is missing here: for a product write *{shortened(token.text)}"

    # ---- grammar

    def _sum(self) -> int:
        start = self._product()
        while self._at(_SUM):
            op = _SUM[self._advance().text]
            self._product()
            self.items.append(Apply(op, 2))
        return start

    def _product(self) -> int:
        start = self._signed()
        while self._at(PRODUCT_SIGNS):
            self._times(start)
        return start

    def _times(self, start: int) -> None:
        """Read a sign of a product or quotient and what follows it; its first operand starts at `start`."""
        op = PRODUCT_SIGNS[self._advance().text]
        one_over = op == "div" and len(self.items) == start + 1 and self.items[start] == Literal(1.0)
        self._signed()
        if one_over:
            del self.items[start]
            self.items.append(Apply("reciprocal", 1))
        else:
            self.items.append(Apply(op, 2))

    def _signed(self) -> int:
        if not self._at(_SUM):
            return self._power()
        sign = self._advance()
        with self._deeper(sign):
            start = self._signed()
        if _SUM[sign.text] == "sub":
            operand = self.items[start]
            if len(self.items) == start + 1 and isinstance(operand, Literal):
                self.items[start] = Literal(-operand.value)
            else:
                self.items.append(Apply("neg", 1))
        return start

    def _power(self) -> int:
        return self._raised(self._operand())

    def _raised(self, start: int) -> int:
        """Read the exponent, if there is one, of the operand that starts at `start`."""
        if self.token.kind == "superscript":
            raised = self._advance()
            exponent = len(self.items)
            self.items.append(self._number(raised))
            if self._at(("^", "**")):  # x²^3 is x^2^3, and the power on the right comes first
                self._exponent()
                self._apply_power(exponent)
        elif self._at(("^", "**")):
            self._exponent()
        else:
            return start
        self._apply_power(start)
        return start

    def _exponent(self) -> None:
        caret = self._advance()
        with self._deeper(caret):
            self._signed()

    def _apply_power(self, base: int) -> None:
        """Raise what starts at `base` to what follows it; a square has an operation of its own."""
        if self.items[-1] == Literal(2.0):
            self.items[-1] = Apply("square", 1)
        else:
            self.items.append(Apply("pow", 2))

    def _operand(self) -> int:
        start = len(self.items)
        token = self.token
        if token.kind == "number":
            self.items.append(self._number(self._advance()))
        elif token.kind == "fraction":
            self.items.append(Literal(unicodedata.numeric(self._advance().text)))
        elif token.kind == "name" and token.text not in PYTHON_WORDS:
            if not is_name(token.text):
                raise self._error(f"{quoted(token.text)} is not a name", token, "a name has letters, digits and _")
            self._advance()
            if self._at("("):
                self._call(token)
            else:
                self.items.append(NameUse(normal(token.text), token.position, len(token.text)))
        elif self._at("("):
            self._advance()
            with self._deeper(token):
                self._sum()
            self._close(token)
        else:
            raise self._unexpected()
        return start

    def _number(self, token: Token) -> Literal:
        number = float(token.text.translate(_FROM_SUPERSCRIPT))
        if math.isinf(number):
            raise self._error("this number is too large for a 64-bit float", token)
        return Literal(number)

    def _call(self, function: Token) -> None:
        if function.text not in self.functions:
            functions = ", ".join(self.functions)
            hint = f"functions are: {functions}; for a product write a*(b)"
            elsewhere = function_elsewhere(function.text, functions)
            hint = elsewhere or did_you_mean(function.text, self.functions, hint, likeness=0.7)
            raise self._error(f"unknown function {quoted(function.text)}", function, hint)
        opening = self._advance()
        folded = function.text in _FOLDED
        count = 0
        with self._deeper(opening):
            if not self._at(")"):
                self._sum()
                count = 1
                while self._at(","):
                    self._advance()
                    self._sum()
                    count += 1
                    if folded:
                        self.items.append(Apply(function.text, 2))
        self._close(opening)
        if folded:
            if count < 2:
                raise self._error(f"{function.text} takes at least 2 arguments, not {count}", function)
            return
        arity = self.functions[function.text]
        if count != arity and (arity is not N_ARY or count == 0):
            wanted = "at least 1 argument" if arity is N_ARY else f"{arity or 'no'} argument{'s' if arity != 1 else ''}"
            raise self._error(f"{function.text} takes {wanted}, not {count}", function)
        self.items.append(Apply(function.text, count))

    def _close(self, opening: Token) -> None:
        if not self._at(")"):
            if self.token.kind == "end":
                raise self._error("this parenthesis is never closed", opening)
            raise self._unexpected()
        self._advance()

    @contextmanager
    def _deeper(self, token: Token) -> Generator[None]:
        if self.depth >= MAX_NESTING:
            hint = "give a part of the expression a name of its own"
            raise self._error(f"nested more than {MAX_NESTING} deep", token, hint)
        self.depth += 1
        yield
        self.depth -= 1
