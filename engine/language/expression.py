"""Expressions such as `1/(a + ln(b))`: read safely, with positions for errors. Nothing is ever eval'ed.

An expression is kept in postfix order (operands before their operation), so reading it into a graph or
computing it is one loop over a stack, however long it is.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Container, Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

from ..errors import ExpressionError, did_you_mean, listing, quoted, shortened
from ..graph.graph import Leaf
from ..graph.tape import Tape
from ..rules.ops import CODES, N_ARY, OPS, evaluate
from ..rules.symbolic import SUPERSCRIPTS

T = TypeVar("T")

CONSTANTS: dict[str, float] = {"e": math.e, "pi": math.pi, "π": math.pi}
"""Names that mean a number unless a scenario defines them itself."""

FUNCTIONS: tuple[str, ...] = tuple(op.name for op in OPS if not op.infix)
"""The operations that an expression calls by name."""

_ARGUMENT_COUNTS: dict[str, int | None] = {name: OPS[CODES[name]].arity for name in FUNCTIONS}

PYTHON_WORDS = frozenset({"lambda", "for", "if", "else", "in", "and", "or", "not", "import", "is", "await", "yield"})
"""Words that are no names, so that an error can say that they are no part of an expression."""

MAX_NESTING = 100
"""How deep parentheses, calls, signs and exponents may stand in each other."""

_LETTER = rf"(?:(?![{SUPERSCRIPTS}])\w)"
NAME = re.compile(rf"(?!\d){_LETTER}+")
_NUMBER = r"(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?"
_TOKEN = re.compile(
    rf"\s*(?:(?P<number>{_NUMBER})|(?P<name>{NAME.pattern})|(?P<operator>\*\*|[-+*/^·⋅×÷−,()])"
    rf"|(?P<superscript>⁻?[{SUPERSCRIPTS}]+)|(?P<end>$)|(?P<other>.))",
    re.DOTALL,
)
_SUM = {"+": "add", "-": "sub", "−": "sub"}
_PRODUCT = {"*": "mul", "·": "mul", "⋅": "mul", "×": "mul", "/": "div", "÷": "div"}
_NOT_ALLOWED = {
    ".": "attribute access is not part of an expression",
    "[": "subscripts are not part of an expression",
    "]": "subscripts are not part of an expression",
    "'": "strings are not part of an expression",
    '"': "strings are not part of an expression",
    "`": "strings are not part of an expression",
    "=": "an expression has no = in it: leave out what stands before it",
    "<": "comparisons are not part of an expression",
    ">": "comparisons are not part of an expression",
    "{": "braces are not part of an expression",
    "}": "braces are not part of an expression",
    ":": "a colon is not part of an expression",
    "|": "the absolute value is written abs(x)",
    "√": "the square root is written sqrt(x)",
}
_OTHER_FUNCTIONS = {
    "log": "the natural logarithm is written ln(x)",
    "log10": "the natural logarithm is written ln(x); log10(x) is ln(x)/ln(10)",
    "log2": "the natural logarithm is written ln(x); log2(x) is ln(x)/ln(2)",
}
"""Functions that are known by another name."""
_FROM_SUPERSCRIPT = str.maketrans(SUPERSCRIPTS + "⁻", "0123456789-")
_GRAMMAR = "an expression has numbers, names, + - * / ^, parentheses and functions such as ln(x)"


@dataclass(frozen=True, slots=True)
class Number:
    """A literal number."""

    value: float


@dataclass(frozen=True, slots=True)
class Name:
    """A name, and where it stands."""

    name: str
    position: int


@dataclass(frozen=True, slots=True)
class Apply:
    """An operation, or a further function, on the last `operand_count` items of the stack."""

    op: str
    operand_count: int


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression that has been read: its text, and its items in postfix order."""

    text: str
    items: tuple[Number | Name | Apply, ...]

    def names(self) -> Iterator[Name]:
        """Yield every use of a name, in reading order."""
        return (item for item in self.items if isinstance(item, Name))

    def unknown_names(self, known: Container[str]) -> Iterator[Name]:
        """Yield the first use of each name that is neither known nor one of `CONSTANTS`, in reading order."""
        seen: set[str] = set()
        for used in self.names():
            if used.name not in known and used.name not in CONSTANTS and used.name not in seen:
                seen.add(used.name)
                yield used

    def record(self, tape: Tape, nodes: Mapping[str, int], name: str | None = None) -> int:
        """Append the expression to a tape and return its node, called `name`.

        `nodes` are the nodes that names stand for; a name that is not there must be one of `CONSTANTS`.
        A bare name or number has no operation of its own: the node it stands for is returned, unnamed.
        Raises ExpressionError for an unknown name.
        """
        last = len(self.items) - 1

        def known(used: Name) -> int:
            if used.name in nodes:
                return nodes[used.name]
            return tape.leaf(self._constant(used, nodes), Leaf.CONSTANT, used.name)

        return self.fold(
            lambda value: tape.leaf(value, Leaf.CONSTANT),
            known,
            lambda place, op, operands: tape.operation(CODES[op], operands, name if place == last else None),
        )

    def compute(self) -> float:
        """Compute an expression of numbers and `CONSTANTS`; nan or infinite where it is undefined.

        Raises ExpressionError for any other name.
        """
        return self.fold(
            lambda value: value,
            lambda used: self._constant(used, ()),
            lambda _, op, operands: evaluate(OPS[CODES[op]].forward, *operands),
        )

    def fold(
        self, number: Callable[[float], T], name: Callable[[Name], T], apply: Callable[[int, str, list[T]], T]
    ) -> T:
        """Read the expression as something else, operands first.

        `number` and `name` say what a literal and a name become, `apply(place, function, operands)` what a function
        or an operator makes of its operands; `place` is its place in `items`.
        """
        stack: list[T] = []
        for place, item in enumerate(self.items):
            if isinstance(item, Apply):
                operands = stack[-item.operand_count :] if item.operand_count else []
                del stack[len(stack) - item.operand_count :]
                stack.append(apply(place, item.op, operands))
            else:
                stack.append(number(item.value) if isinstance(item, Number) else name(item))
        return stack[0]

    def unknown(self, name: Name, known: Iterable[str]) -> ExpressionError:
        """Make the error for a name that nothing defines."""
        names = [*known, *CONSTANTS]
        hint = did_you_mean(name.name, names, f"known here: {listing(names)}")
        if name.name in FUNCTIONS:
            hint = f"{name.name} is a function: write {name.name}(x)"
        return ExpressionError(f"unknown name {quoted(name.name)}", self.text, name.position, len(name.name), hint)

    def _constant(self, name: Name, known: Iterable[str]) -> float:
        if name.name not in CONSTANTS:
            raise self.unknown(name, known)
        return CONSTANTS[name.name]


def parse(text: str, further: Mapping[str, int | None] | None = None) -> Expression:
    """Read an expression; ExpressionError says where and why it cannot be read.

    `further` functions may be called besides those of the op table: the number of arguments of each, None for one
    or more.
    """
    return _Parser(text, {**_ARGUMENT_COUNTS, **(further or {})}).parse()


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    position: int


class _Parser:
    """Recursive descent that emits postfix; each method returns where its operand starts in `items`."""

    def __init__(self, text: str, functions: Mapping[str, int | None]) -> None:
        self.text = text
        self.functions = functions
        self.items: list[Number | Name | Apply] = []
        self.depth = 0
        self.token = self._read(0)

    def parse(self) -> Expression:
        if self.token.kind == "end":
            raise ExpressionError("the expression is empty", self.text, 0, 1, _GRAMMAR)
        self._sum()
        if self.token.kind != "end":
            raise self._unexpected()
        return Expression(self.text, tuple(self.items))

    # ---- tokens

    def _read(self, position: int) -> _Token:
        match = _TOKEN.match(self.text, position)
        assert match is not None and match.lastgroup is not None, "the last alternative matches anything"
        return _Token(match.lastgroup, match[match.lastgroup], match.start(match.lastgroup))

    def _advance(self) -> _Token:
        token = self.token
        self.token = self._read(token.position + len(token.text))
        return token

    def _at(self, operators: Iterable[str]) -> bool:
        return self.token.kind == "operator" and self.token.text in operators

    def _error(self, message: str, token: _Token, hint: str = "") -> ExpressionError:
        return ExpressionError(message, self.text, token.position, max(1, len(token.text)), hint)

    def _unexpected(self) -> ExpressionError:
        token = self.token
        if token.kind == "end":
            return self._error("the expression ends too early", token, "a number, a name or a parenthesis is missing")
        if token.text in _NOT_ALLOWED:
            return self._error(_NOT_ALLOWED[token.text], token, _GRAMMAR)
        if token.text in PYTHON_WORDS:
            return self._error(f'"{token.text}" is not part of an expression', token, _GRAMMAR)
        before = self.text[: token.position].rstrip()
        operand_ends = before and (before[-1] in ")" + SUPERSCRIPTS or before[-1].isalnum() or before[-1] in "_.")
        hint = _GRAMMAR
        if operand_ends and (token.kind in ("name", "number") or token.text == "("):
            hint = self._missing_operator(before, token)
        elif token.text == "," and re.search(r"\d,$", self.text[: token.position + 1]):
            hint = "the decimal sign is a point: 1.5"
        elif token.text == ")" and operand_ends:
            hint = "no parenthesis is open here"
        return self._error(f"unexpected {quoted(token.text)}", token, hint)

    def _missing_operator(self, before: str, token: _Token) -> str:
        """Say what to write where an operand follows an operand: a product, or the call of a function."""
        last = re.search(r"[\w.]+$", before)
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
        while self._at(_PRODUCT):
            op = _PRODUCT[self._advance().text]
            one_over = op == "div" and len(self.items) == start + 1 and self.items[start] == Number(1.0)
            self._signed()
            if one_over:
                del self.items[start]
                self.items.append(Apply("reciprocal", 1))
            else:
                self.items.append(Apply(op, 2))
        return start

    def _signed(self) -> int:
        if not self._at(_SUM):
            return self._power()
        sign = self._advance()
        with self._deeper(sign):
            start = self._signed()
        if _SUM[sign.text] == "sub":
            operand = self.items[start]
            if len(self.items) == start + 1 and isinstance(operand, Number):
                self.items[start] = Number(-operand.value)
            else:
                self.items.append(Apply("neg", 1))
        return start

    def _power(self) -> int:
        start = self._operand()
        if self.token.kind == "superscript":
            self.items.append(self._number(self._advance()))
        elif self._at(("^", "**")):
            caret = self._advance()
            with self._deeper(caret):
                self._signed()
        else:
            return start
        if self.items[-1] == Number(2.0):
            self.items[-1] = Apply("square", 1)
        else:
            self.items.append(Apply("pow", 2))
        return start

    def _operand(self) -> int:
        start = len(self.items)
        token = self.token
        if token.kind == "number":
            self.items.append(self._number(self._advance()))
        elif token.kind == "name" and token.text not in PYTHON_WORDS:
            self._advance()
            if self._at("("):
                self._call(token)
            else:
                self.items.append(Name(token.text, token.position))
        elif self._at("("):
            self._advance()
            with self._deeper(token):
                self._sum()
            self._close(token)
        else:
            raise self._unexpected()
        return start

    def _number(self, token: _Token) -> Number:
        number = float(token.text.translate(_FROM_SUPERSCRIPT))
        if math.isinf(number):
            raise self._error("this number is too large for a 64-bit float", token)
        return Number(number)

    def _call(self, function: _Token) -> None:
        if function.text not in self.functions:
            hint = f"functions are: {', '.join(self.functions)}; for a product write a*(b)"
            elsewhere = _OTHER_FUNCTIONS.get(function.text)
            hint = elsewhere or did_you_mean(function.text, self.functions, hint, likeness=0.7)
            raise self._error(f"unknown function {quoted(function.text)}", function, hint)
        opening = self._advance()
        count = 0
        with self._deeper(opening):
            if not self._at(")"):
                self._sum()
                count = 1
                while self._at(","):
                    self._advance()
                    self._sum()
                    count += 1
        self._close(opening)
        arity = self.functions[function.text]
        if count != arity and (arity is not N_ARY or count == 0):
            wanted = "at least 1 argument" if arity is N_ARY else f"{arity or 'no'} argument{'s' if arity != 1 else ''}"
            raise self._error(f"{function.text} takes {wanted}, not {count}", function)
        self.items.append(Apply(function.text, count))

    def _close(self, opening: _Token) -> None:
        if not self._at(")"):
            if self.token.kind == "end":
                raise self._error("this parenthesis is never closed", opening)
            raise self._unexpected()
        self._advance()

    @contextmanager
    def _deeper(self, token: _Token) -> Generator[None]:
        if self.depth >= MAX_NESTING:
            hint = "give a part of the expression a name of its own"
            raise self._error(f"nested more than {MAX_NESTING} deep", token, hint)
        self.depth += 1
        yield
        self.depth -= 1
