"""What the caller's line says: which function wants a plain number, and what would record it instead."""

from __future__ import annotations

import ast
import itertools
import linecache
from types import FrameType

_RECORDED_AS = {
    "log": "{}.ln()",
    "log1p": "(1 + {}).ln()",
    "fabs": "abs({})",
    **{name: f"{{}}.{name}()" for name in ("exp", "sqrt", "sin", "cos", "tan", "tanh")},
}
"""Functions of one number in Python's `math`, and how a `Scalar` takes them."""


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


def recorded_instead(expression: str) -> tuple[str, str] | None:
    """Read a call such as `math.log(b)`; return its argument and what keeps the graph: (`b`, `b.ln()`).

    None for anything but a call of one of the functions that a `Scalar` has a method for, with one argument.
    """
    try:
        call = ast.parse(expression, mode="eval").body
    except (SyntaxError, ValueError):
        return None
    if not isinstance(call, ast.Call) or len(call.args) != 1 or call.keywords:
        return None
    function = call.func
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    if name not in _RECORDED_AS:
        return None
    argument = ast.unparse(call.args[0])
    if not isinstance(call.args[0], ast.Name | ast.Attribute | ast.Call | ast.Subscript):
        argument = f"({argument})"
    return argument, _RECORDED_AS[name].format(argument)
