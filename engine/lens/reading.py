"""`read_formula` and `read_rows`: what a learner writes about arrays, as a formula with shapes or as numbers.

A formula is read as NumPy writes it, `X.T @ dL/dY`, or as the screen does, `Xᵀ · ∂L/∂Y`. Python's own parser reads it;
nothing of it is run: what is not known here is refused.
"""

from __future__ import annotations

import ast
import itertools
import math
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from ..array_formulas.formula import ArrayName, Shape, parts
from ..array_formulas.functions import (
    axes_of,
    broadcast,
    called,
    matmul,
    outer,
    permuted,
    picked,
    reshaped,
    total,
    transposed,
)
from ..array_formulas.shapes import ShapesDoNotFit, shape_of
from ..errors import ExpressionError, did_you_mean, listing, quoted
from ..rules.formula import Formula, Name, Number, Operation, Origin

LONGEST = 2_000
"""Longer formulas are not read."""

MOST_PRODUCTS = 10**7
"""A part of a formula that is so large, or takes so many products, is not computed."""

_SIGNS = {
    "ᵀ": ".T", "^T": ".T", "⊙": "*", "∘": "*", "×": "@", "·": "@", "−": "-", "²": "**2", "³": "**3", "^": "**",
    "⊗": "//",
}  # fmt: skip
"""What is written otherwise in Python."""

_FUNCTIONS = {
    "exp": "exp", "log": "ln", "ln": "ln", "tanh": "tanh", "sigmoid": "sigmoid", "relu": "relu", "sqrt": "sqrt",
    "sin": "sin", "cos": "cos", "square": "square", "abs": "abs", "sign": "sign", "step": "step",
    "softplus": "softplus",
}  # fmt: skip
"""Functions of each entry, by the names that are read."""

_OPERATORS: dict[type[ast.operator], str] = {
    ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "div", ast.Pow: "pow",
}  # fmt: skip

_OF_TWO: dict[str, ast.operator] = {
    "matmul": ast.MatMult(), "dot": ast.MatMult(), "outer": ast.FloorDiv(), "multiply": ast.Mult(),
}  # fmt: skip
"""Functions of two arrays, as the operators that stand for them here."""

_AXIS_FUNCTIONS = frozenset({"sum", "mean", "max", "min", "var", "softmax", "log_softmax"})

_TIMES = re.compile(r"(?<![\w.])(\d+(?:\.\d*)?)\s*·")
"""A number that is multiplied: it binds as in 2·W."""

_ROWS = re.compile(r"[-+−0-9.eE,;\[\]()\s]+")


def read_formula(text: str, names: Mapping[str, ArrayName]) -> Formula:
    """Read a formula of some names; ShapesDoNotFit where its arrays do not, ExpressionError for any other fault.

    `names` are the arrays that it may use, by everything that they may be called. A product with `·` is one of matrices
    where both sides are arrays, and times a number elsewhere.
    """
    if len(text) > LONGEST:
        raise ExpressionError("this is too long to be read", text[:40] + "…", 0)
    code, known = _as_python(text, names)
    try:
        tree = ast.parse(code.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        hint = "write a formula such as X.T @ dL/dY, sum(dL/dY, axis=0) or dL/dY * (1 - Y**2)"
        raise ExpressionError("this cannot be read as a formula", text, 0, len(text), hint) from None
    formula = _Reader(text, known).read(tree.body)
    shape_of(formula)
    return formula


def _as_python(text: str, names: Mapping[str, ArrayName]) -> tuple[str, dict[str, ArrayName]]:
    """Put an identifier in the place of each name, which may have any characters, and Python's signs for others."""
    known: dict[str, ArrayName] = {}
    numbers = {name.label: number for number, name in enumerate(names.values())}

    def marked(found: re.Match[str]) -> str:
        name = names[found[0]]
        mark = f"_array_{numbers[name.label]}_"
        known[mark] = name
        return mark

    written = sorted(names, key=len, reverse=True)
    if written:
        text = re.sub(rf"(?<![\w.∂])(?:{'|'.join(map(re.escape, written))})(?![^\W²³ᵀ])", marked, text)
    text = _TIMES.sub(r"\1*", text)
    for sign, python in _SIGNS.items():
        text = text.replace(sign, python)
    return text, known


class _Reader:
    """Reads Python's tree of a formula."""

    def __init__(self, text: str, names: Mapping[str, ArrayName]) -> None:
        self.text = text
        self.names = names

    def read(self, node: ast.expr) -> Formula:
        """Return a part as a formula."""
        match node:
            case ast.Name(id=name):
                return self._name(name)
            case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
                return Number(float(value), Origin.LITERAL)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return Operation("neg", (self.read(operand),))
            case ast.UnaryOp(op=ast.UAdd(), operand=operand):
                return self.read(operand)
            case ast.BinOp(left=left, op=op, right=right):
                return self._binary(op, self.read(left), self.read(right))
            case ast.Attribute(value=value, attr="T"):
                return self._turned(self.read(value))
            case ast.Call():
                return self._call(node)
            case ast.Subscript(value=value, slice=index):
                return self._picked(self.read(value), index)
            case _:
                raise self._fault("this part cannot be read", node)

    def _name(self, name: str) -> Formula:
        if name in self.names:
            return self.names[name]
        labels = list(dict.fromkeys(each.label for each in self.names.values()))
        message = f"{quoted(name)} is no array that can stand here"
        hint = (
            did_you_mean(name, labels) or "use the names of the arrays on the screen, and G for the upstream gradient"
        )
        raise ExpressionError(message, self.text, max(self.text.find(name), 0), len(name), hint)

    @staticmethod
    def _turned(formula: Formula) -> Formula:
        axes = len(shape_of(formula))
        return permuted(formula, tuple(reversed(range(axes)))) if axes != 2 else transposed(formula)

    def _binary(self, op: ast.operator, left: Formula, right: Formula) -> Formula:
        self._check_size(op, shape_of(left), shape_of(right))
        match op:
            case ast.MatMult():
                if not shape_of(left) or not shape_of(right):
                    return Operation("mul", (left, right))
                return matmul(left, right)
            case ast.FloorDiv():
                return outer(left, right)
            case ast.Add() | ast.Sub() | ast.Mult() | ast.Div() | ast.Pow():
                return Operation(_OPERATORS[type(op)], (left, right))
            case _:
                raise ExpressionError("this sign is none that is known here", self.text, 0, len(self.text))

    def _check_size(self, op: ast.operator, left: Shape, right: Shape) -> None:
        """Raise ExpressionError where two arrays make so many products that nobody can mean them."""
        if isinstance(op, ast.FloorDiv):
            count = math.prod(left) * math.prod(right)
        elif isinstance(op, ast.MatMult):
            count = math.prod(left) * (right[-1] if len(right) > 1 else 1) * math.prod(right[:-2])
        else:
            count = math.prod(max(pair) for pair in itertools.zip_longest(left[::-1], right[::-1], fillvalue=1))
        if count > MOST_PRODUCTS:
            raise ExpressionError("this would be an array too large to be meant", self.text, 0, len(self.text))

    def _call(self, node: ast.Call) -> Formula:
        match node.func:
            case ast.Name(id=name):
                operands, function = node.args, name
            case ast.Attribute(value=ast.Name(id="np" | "jnp" | "numpy" | "torch"), attr=name):
                operands, function = node.args, name
            case ast.Attribute(value=value, attr=name):
                operands, function = [value, *node.args], name
            case _:
                raise self._fault("this part cannot be read", node)
        if not operands:
            raise self._fault(f"{function} needs an array in its parentheses", node)
        return self._applied(function, self.read(operands[0]), operands[1:], node)

    def _applied(self, function: str, first: Formula, rest: list[ast.expr], node: ast.Call) -> Formula:
        given = {keyword.arg: keyword.value for keyword in node.keywords}
        if function in _FUNCTIONS and not rest:
            return Operation(_FUNCTIONS[function], (first,))
        if function in _AXIS_FUNCTIONS:
            return self._along(function, first, rest, given, node)
        if function in _OF_TWO and len(rest) == 1:
            return self._binary(_OF_TWO[function], first, self.read(rest[0]))
        if function == "transpose" and not rest and not given:
            return self._turned(first)
        if function in ("reshape", "broadcast_to") and (rest or given):
            shape = self._whole_numbers(rest if len(rest) > 1 else (rest or list(given.values()))[0], node)
            return self._shaped(function, first, shape, node)
        known = sorted({*_FUNCTIONS, *_AXIS_FUNCTIONS, *_OF_TWO, "transpose", "reshape", "broadcast_to"})
        raise ExpressionError(
            f"{quoted(function)} is no function that is known here",
            self.text,
            max(self.text.find(function), 0),
            len(function),
            did_you_mean(function, known) or f"known are {listing(known)}",
        )

    def _picked(self, formula: Formula, index: ast.expr) -> Formula:
        parts = index.elts if isinstance(index, ast.Tuple) else [index]
        key = tuple(self._index(part, index) for part in parts)
        try:
            found = picked(formula, key)
            shape_of(found)
        except (IndexError, ValueError):
            raise self._fault(f"an array of the shape {shape_of(formula)} has no such entries", index) from None
        return found

    def _index(self, part: ast.expr, whole: ast.expr) -> int | slice:
        if isinstance(part, ast.Slice):
            ends = (part.lower, part.upper, part.step)
            return slice(*(None if end is None else self._whole_numbers(end, whole)[0] for end in ends))
        return self._whole_numbers(part, whole)[0]

    def _shaped(self, function: str, first: Formula, shape: Shape, node: ast.AST) -> Formula:
        if math.prod(map(abs, shape)) > MOST_PRODUCTS:
            raise self._fault("this would be an array too large to be meant", node)
        made: Callable[[Formula, Shape], Formula] = reshaped if function == "reshape" else broadcast
        formula = made(first, shape)
        try:
            shape_of(formula)
        except ShapesDoNotFit:
            raise self._fault(f"an array of the shape {shape_of(first)} cannot have the shape {shape}", node) from None
        return formula

    def _along(
        self, function: str, first: Formula, rest: list[ast.expr], given: dict[str | None, ast.expr], node: ast.AST
    ) -> Formula:
        axis_node = rest[0] if rest else given.get("axis", given.get("dim"))
        count = len(shape_of(first))
        axis = None if axis_node is None else self._whole_numbers(axis_node, node)
        if axis is not None and any(not -count <= each < count for each in axis):
            raise self._fault(f"an array of the shape {shape_of(first)} has no such axis", node)
        kept = given.get("keepdims", given.get("keepdim"))
        keepdims = isinstance(kept, ast.Constant) and kept.value is True
        axes = axes_of(axis, count)
        if function == "sum":
            return total(first, axes, keepdims=keepdims)
        if function in ("softmax", "log_softmax"):
            if not count:
                raise self._fault(f"{function} needs an array", node)
            return called(function, first, axis=axes[0] if axis is not None else count - 1)
        return called(function, first, axis=axes, keepdims=keepdims)

    def _whole_numbers(self, node: ast.expr | Sequence[ast.expr], whole: ast.AST) -> tuple[int, ...]:
        nodes: Sequence[Any] = node if isinstance(node, Sequence) else [node]
        if len(nodes) == 1 and isinstance(nodes[0], ast.Tuple | ast.List):
            nodes = nodes[0].elts
        numbers: list[int] = []
        for each in nodes:
            sign = -1 if isinstance(each, ast.UnaryOp) and isinstance(each.op, ast.USub) else 1
            inner = each.operand if isinstance(each, ast.UnaryOp) else each
            if not isinstance(inner, ast.Constant) or type(inner.value) is not int:
                raise self._fault("an axis, or a shape, is written in whole numbers", whole)
            numbers.append(sign * inner.value)
        return tuple(numbers)

    def _fault(self, message: str, node: ast.AST) -> ExpressionError:
        return ExpressionError(message, self.text, 0, len(self.text))


def read_rows(text: str) -> list[list[Decimal]] | None:
    """Read rows of numbers, `1 2; 3 4` or `[[1, 2], [3, 4]]`; None where the text is something else.

    A row ends with a semicolon, a line or a bracket. One row of one number is a single number.
    """
    if not text.strip() or not _ROWS.fullmatch(text) or not re.search(r"\d", text):
        return None
    plain = text.replace("−", "-").replace("(", "[").replace(")", "]")
    plain = re.sub(r"\]\s*,?\s*\[", ";", plain).replace("[", " ").replace("]", " ")
    rows: list[list[Decimal]] = []
    for row in re.split(r"[;\n]", plain):
        if parts := row.replace(",", " ").split():
            try:
                rows.append([Decimal(part) for part in parts])
            except InvalidOperation:
                return None
    return rows if rows and all(len(row) == len(rows[0]) for row in rows) else None


def aliases(label: str) -> tuple[str, ...]:
    """Return everything that a name may be written as: ∂L/∂Y also with d, or dL_dY."""
    if not label.startswith("∂"):
        return (label,)
    plain = label.replace("∂", "d")
    return label, plain, plain.replace("/", "_"), label.replace("/", " / "), plain.replace("/", " / ")


def names_of(formula: Formula) -> set[str]:
    """Return the names that a formula uses."""
    return {part.label for part in parts(formula) if isinstance(part, Name)}
