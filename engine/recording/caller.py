"""What the caller's line says: what wants a plain number there, and what to write so that the graph is kept."""

from __future__ import annotations

import ast
import itertools
import linecache
import sys
from types import FrameType

from ..errors import shortened
from ..rules.ops import CODES, OPS

_OWN = __name__.rpartition(".engine.")[0]
"""The package whose own lines nobody is told of."""

_RECORDED_AS = {
    ("log", 1): "{0}.ln()",
    ("log", 2): "{0}.ln() / math.log({1})",
    ("log2", 1): "{0}.log2()",
    ("log10", 1): "{0}.log10()",
    ("log1p", 1): "(1 + {0}).ln()",
    ("expm1", 1): "{0}.exp() - 1",
    ("fabs", 1): "abs({0})",
    ("pow", 2): "{0} ** {1}",
    ("hypot", 2): "({0} ** 2 + {1} ** 2).sqrt()",
    ("fsum", 1): "sum({0})",
    ("fmean", 1): "sum({0}) / len({0})",
    **{(name, 1): f"{{0}}.{name}()" for name in ("exp2", "sinh", "cosh", "cbrt")},
}
"""Functions of Python's `math` with so many arguments, and what records them, where that is not an operation's name."""

_IN_NUMPY = frozenset({"log", "log2", "log10", "exp", "sqrt", "sin", "cos", "tan", "sinh", "cosh", "tanh", "cbrt"})
"""Those that NumPy has by the same name, which records too."""

_HAVE_NO_RULE = frozenset(
    {"acos", "acosh", "asin", "asinh", "atan", "atan2", "atanh", "erf", "erfc", "gamma", "lgamma"}
)


def asker() -> FrameType:
    """Return the frame of the line that wants something: outside gradwalk, and outside the Python code of libraries."""
    caller = sys._getframe(1)  # pyright: ignore[reportPrivateUsage]
    while caller.f_back is not None and _is_inside(caller.f_globals.get("__name__", "")):
        caller = caller.f_back
    return caller


def _is_inside(module: str) -> bool:
    return any(module == package or module.startswith(package + ".") for package in (_OWN, "numpy", "statistics"))


def expression_at(frame: FrameType) -> str:
    """Return the source of the expression that a frame is evaluating, such as `math.log(b)`.

    Empty where Python does not keep it (at the prompt before 3.13, in `python -c`) or where it is not on one line.
    """
    positions = next(itertools.islice(frame.f_code.co_positions(), frame.f_lasti // 2, None), None)
    line, end_line, column, end_column = positions or (None, None, None, None)
    if line is None or line != end_line:
        return ""
    source = linecache.getline(frame.f_code.co_filename, line, frame.f_globals)
    return source.encode()[column:end_column].decode(errors="replace").strip()


def advice(frame: FrameType, name: str, plain: str, call: str) -> str:
    """Say what the line of a frame would do to the graph, and what to write in place of it.

    The number is called `name`, and `plain` is the attribute that gives the plain one. `call` is what Python asked of
    it, such as `float({})`.
    """
    expression = expression_at(frame)
    node, asked, number = _parsed(expression), call.format(name), f"{name}.{plain}"
    if isinstance(node, ast.Call):
        if node.args and (len(node.args) == 1 or _name(node) == "round") and _is_one_number(node.args[0], frame, plain):
            number = f"{_as_operand(node.args[0])}.{plain}"
        return f"{shortened(expression)} would cut the graph here: {_instead_of(node, number, plain)}"
    if call.startswith("float") and isinstance(node, ast.Subscript):
        return (
            f"an array of plain numbers cannot hold {name}, which is recorded: make {ast.unparse(node.value)} with "
            f"dtype=object, or write {number} for the plain number"
        )
    if call.startswith("float") and isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
        return f'{shortened(expression)} would cut the graph here: write f"{{{name}:.4f}}", or {number} for the number'
    hint = f"{number} is the plain number"
    if call.startswith(("float", "complex")):  # what functions such as math.log call
        hint = f"use {name}.ln(), {name}.exp(), {name}.sqrt() and the like; {hint}"
    return f"{asked} would cut the graph here: {hint}"


def _instead_of(call: ast.Call, number: str, plain: str) -> str:
    function = ast.unparse(call.func)
    own_name = _name(call)
    operands = [_as_operand(argument) for argument in call.args]
    if own_name in ("array", "asarray", "asanyarray", "astype", "full", "fromiter"):
        return f"write dtype=object, so that the array keeps what is recorded; {number} is the plain number"
    recorded = None if call.keywords else _RECORDED_AS.get((own_name, len(operands)))
    if recorded is None and own_name in CODES and OPS[CODES[own_name]].arity == len(operands) == 1:
        recorded = f"{{0}}.{own_name}()"
    if recorded is not None:
        written = recorded.format(*operands)
        if own_name in ("fsum", "fmean"):
            return f"write {written}; .{plain} is the plain number of each"
        if len(operands) > 1:
            return f"write {written}; {number} is the plain number"
        if own_name in _IN_NUMPY:
            written += f" or numpy.{own_name}({ast.unparse(call.args[0])})"
        return f"write {written}; {function}({number}) is the plain number"
    if own_name in _HAVE_NO_RULE:
        return f"gradwalk has no rule for {own_name}; {number} is the plain number"
    if operands and number == f"{operands[0]}.{plain}":
        first = f"int({number})" if own_name in ("range", "index") else number
        given = [first, *operands[1:], *(ast.unparse(keyword) for keyword in call.keywords)]
        return f"write {function}({', '.join(given)}) for the plain number"
    return f"{number} is the plain number"


def _is_one_number(node: ast.expr, frame: FrameType, plain: str) -> bool:
    """Tell whether an argument is a number with the attribute `plain`, and no list of them, as far as can be seen."""
    if not isinstance(node, ast.Name):
        return isinstance(node, ast.Attribute | ast.BinOp | ast.Call | ast.Subscript | ast.UnaryOp)
    value = frame.f_locals.get(node.id, frame.f_globals.get(node.id))
    return value is not None and hasattr(value, plain)


def _name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else ast.unparse(call.func)


def _as_operand(node: ast.expr) -> str:
    text = ast.unparse(node)
    alone = isinstance(node, ast.Name | ast.Attribute | ast.Call | ast.Subscript | ast.Constant | ast.List)
    return text if alone else f"({text})"


def _parsed(expression: str) -> ast.expr | None:
    try:
        return ast.parse(expression, mode="eval").body
    except (SyntaxError, ValueError):
        return None
