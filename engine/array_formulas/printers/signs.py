"""What the notations of arrays ask of a formula, and how parameters read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import numpy as np

from ...rules.formula import Formula, Name, Operation
from ...rules.notation import ATOM, Printed, within
from ..formula import ArrayOperation
from ..shapes import shape_of

MOST_LETTERS = 24
"""A parameter that takes more is not written out."""

HAT = "\u0302"
"""Stands behind the letter that it is written over, in x̂."""


def is_entrywise(formula: Operation) -> bool:
    """Say whether a product is one of two arrays, entry by entry, and none with a single number."""
    return formula.function == "mul" and all(shape_of(operand) for operand in formula.operands)


def is_matrix_transpose(formula: Operation) -> bool:
    """Say whether an operation exchanges the last two axes and leaves the others."""
    if formula.function != "transpose" or not isinstance(formula, ArrayOperation):
        return False
    axes = formula.parameters.get("axes")
    count = len(shape_of(formula.operands[0]))
    if axes is None:
        return count == 2
    return count >= 2 and tuple(axes) == (*range(count - 2), count - 1, count - 2)


def needs_no_parentheses(formula: Formula) -> bool:
    """Say whether a factor of a product of matrices stands there as it is: a name, or such a product itself."""
    return isinstance(formula, Name) or (isinstance(formula, Operation) and formula.function == "matmul")


def factors(formula: Operation, operands: list[Printed], parentheses: tuple[str, str] = ("(", ")")) -> list[str]:
    """Return the factors of a product of matrices, in parentheses where they need them."""
    left, right = parentheses
    return [
        text if binding >= ATOM or needs_no_parentheses(operand) else f"{left}{text}{right}"
        for operand, (text, binding) in zip(formula.operands, operands, strict=True)
    ]


def parameter_text(name: str, value: Any) -> str:
    """Write a parameter as in Python: `axis=0`; "" for one that says nothing, the name alone for a large one."""
    if value is None or value is False:
        return ""
    if isinstance(value, np.ndarray):
        text = str(cast(Any, value).tolist())
    elif name == "key":
        text = key_text(value)
    else:
        text = str(value)
        if name == "axis" and text.endswith(",)"):
            text = text[1:-2]
    return f"{name}={text}" if len(text) <= MOST_LETTERS else name


def applied(formula: ArrayOperation, operands: list[Printed]) -> str:
    """Write an operation that has no sign as in Python: `X[0, :]`, `sum(X, axis=0)`."""
    if formula.function == "index":
        return f"{within(operands[0], ATOM)}[{key_text(formula.parameters['key'])}]"
    return f"{formula.function}({arguments(operands, formula.parameters)})"


def arguments(operands: list[Printed], parameters: Mapping[str, Any]) -> str:
    """Write what stands between the parentheses of a call."""
    texts = [text for text, _ in operands]
    return ", ".join([*texts, *filter(None, (parameter_text(*parameter) for parameter in parameters.items()))])


def key_text(key: Any) -> str:
    """Write what stands in the brackets of `X[...]`; an array of many indices as …."""
    parts = cast(tuple[Any, ...], key if isinstance(key, tuple) else (key,))
    return ", ".join(map(_part_text, parts))


def _part_text(part: Any) -> str:
    if isinstance(part, slice):
        ends = ["" if end is None else str(end) for end in cast(list[int | None], [part.start, part.stop, part.step])]
        return ":".join(ends[:2] if ends[2] in ("", "1") else ends)
    if part is Ellipsis:
        return "..."
    if part is None:
        return "None"
    text = str(np.asarray(part).tolist())
    return text if len(text) <= MOST_LETTERS else "…"
