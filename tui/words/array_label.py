"""What an array is called in a tree and in a circuit: its name, or what it is made of."""

from __future__ import annotations

from collections.abc import Sequence

from ...engine.graph.array_record import ArrayNode

_SIGNS = {"add": ("+", 1), "subtract": ("-", 1), "multiply": ("*", 2), "divide": ("/", 2), "matmul": ("@", 2)}
"""Operations on arrays that Python writes between two operands, and how tightly they bind."""

_TIGHTEST, _LABEL_LEVELS = 3, 3


def array_label(arrays: Sequence[ArrayNode], place: int) -> str:
    """Return what an array is called: its name, or how it is made of those that have one, such as `x @ W + b`."""
    return _written(arrays, place, _LABEL_LEVELS)[0]


def _written(arrays: Sequence[ArrayNode], place: int, levels: int) -> tuple[str, int]:
    """Write an array as Python would, and say how tightly its outermost operator binds."""
    array = arrays[place] if place >= 0 else None
    if array is None or (not array.name and (not array.operation or not levels)):
        return "…", _TIGHTEST
    if array.name:
        return array.name, _TIGHTEST
    operands = [_written(arrays, operand, levels - 1) for operand in array.operands]
    if array.operation not in _SIGNS or len(operands) != 2:
        return f"{array.operation}({', '.join(text for text, _ in operands)})", _TIGHTEST
    sign, binding = _SIGNS[array.operation]
    left, right = (
        text if binds >= least else f"({text})"
        for (text, binds), least in zip(operands, (binding, binding + 1), strict=True)
    )
    return f"{left} {sign} {right}", binding
