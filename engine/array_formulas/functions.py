"""The functions of whole arrays that formulas are made of.

Each makes a part of a formula, and leaves out what would change nothing: a transpose of one axis, a sum over no axis.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..rules.formula import Formula
from .formula import ArrayOperation, DefinedName, Shape
from .shapes import shape_of


def called(function: str, *operands: Formula, **parameters: Any) -> Formula:
    """Return any function of `evaluate.FUNCTIONS`."""
    return ArrayOperation(function, operands, parameters)


def defined(label: str, formula: Formula) -> Formula:
    """Return a name for a part of a formula."""
    return DefinedName(label, shape_of(formula), formula)


def matmul(left: Formula, right: Formula) -> Formula:
    """Return the product of two matrices, or of stacks of matrices, whose inner lengths are equal."""
    return ArrayOperation("matmul", (left, right))


def outer(left: Formula, right: Formula) -> Formula:
    """Return the outer product of two vectors."""
    return ArrayOperation("outer", (left, right))


def transposed(formula: Formula) -> Formula:
    """Return an array with its last two axes exchanged; a vector is left as it is."""
    axes = len(shape_of(formula))
    return formula if axes < 2 else permuted(formula, (*range(axes - 2), axes - 1, axes - 2))


def permuted(formula: Formula, axes: Sequence[int]) -> Formula:
    """Return an array with its axes in another order, as `numpy.transpose` does."""
    if isinstance(formula, ArrayOperation) and formula.function == "transpose":
        first = formula.parameters["axes"]
        return permuted(formula.operands[0], [first[axis] for axis in axes])
    if tuple(axes) == tuple(range(len(axes))):
        return formula
    return ArrayOperation("transpose", (formula,), {"axes": tuple(axes)})


def reshaped(formula: Formula, shape: Shape) -> Formula:
    """Return the same entries in another shape."""
    return (
        formula if shape_of(formula) == tuple(shape) else ArrayOperation("reshape", (formula,), {"shape": tuple(shape)})
    )


def broadcast(formula: Formula, shape: Shape) -> Formula:
    """Return an array repeated along the axes that it lacks, or has with the length 1."""
    if shape_of(formula) == tuple(shape):
        return formula
    return ArrayOperation("broadcast_to", (formula,), {"shape": tuple(shape)})


def total(formula: Formula, axes: Sequence[int], *, keepdims: bool = False) -> Formula:
    """Return the sum over some axes, all axes that are counted from the front."""
    if not axes:
        return formula
    parameters: dict[str, Any] = {"axis": tuple(sorted(axes))}
    return ArrayOperation("sum", (formula,), parameters | ({"keepdims": True} if keepdims else {}))


def summed_to(formula: Formula, shape: Shape) -> Formula:
    """Return the sum over the axes along which an array of this shape was broadcast: what broadcasting is backwards."""
    own = shape_of(formula)
    added = len(own) - len(shape)
    repeated = [axis + added for axis, length in enumerate(shape) if length == 1 and own[axis + added] != 1]
    if not repeated:
        return total(formula, range(added))
    return reshaped(total(formula, [*range(added), *repeated], keepdims=added == 0), shape)


def picked(formula: Formula, key: Any) -> Formula:
    """Return `formula[key]`, with a key of any kind that NumPy has."""
    return ArrayOperation("index", (formula,), {"key": key})


def put_back(formula: Formula, key: Any, shape: Shape) -> Formula:
    """Return zeros of a shape with the entries of `formula` added where `key` picked: picking backwards."""
    return ArrayOperation("put_back", (formula,), {"key": key, "shape": tuple(shape)})


def equals(left: Formula, right: Formula) -> Formula:
    """Return 1 in the entries where two arrays are equal, and 0 elsewhere."""
    return ArrayOperation("equal", (left, right))


def axes_of(axis: int | Sequence[int] | None, count: int) -> tuple[int, ...]:
    """Return the axes that `axis` means, as NumPy takes it, for an array of `count` axes: all for None."""
    if axis is None:
        return tuple(range(count))
    return tuple(sorted(int(each) % count for each in np.atleast_1d(np.asarray(axis)).tolist()))
