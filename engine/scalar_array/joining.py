"""NumPy's functions that join arrays and cut them into parts."""

# NumPy's functions take anything, and so do these:
# pyright: reportUnknownLambdaType=false, reportUnknownArgumentType=false, reportUnknownVariableType=false
# pyright: reportUnknownMemberType=false

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..errors import GradwalkError
from .recorded_array import RecordedArray
from .taking import Function, Functions, array_of, at_least, picked, refuse


def _concatenate(a: RecordedArray, arrays: Sequence[Any], axis: Any = 0, out: Any = None, **_: Any) -> Any:
    refuse(out=out)
    parts = [array_of(a, each) for each in arrays]
    if any(not part.ndim for part in parts) and axis is not None:
        raise GradwalkError("single numbers have no axis to be put one after the other along: use numpy.stack")
    return a.record("concat", *parts, axis=axis)


def _stack(a: RecordedArray, arrays: Sequence[Any], axis: int = 0, out: Any = None, **_: Any) -> Any:
    refuse(out=out)
    return a.record("stack", *arrays, axis=axis)


def _joined(dimensions: int, axis: int) -> Function:
    """Make vstack (2, 0) and dstack (3, 2)."""

    def join(a: RecordedArray, arrays: Sequence[Any], **_: Any) -> Any:
        return a.record("concat", *(at_least(a, each, dimensions) for each in arrays), axis=axis)

    return join


def _hstack(a: RecordedArray, arrays: Sequence[Any], **_: Any) -> Any:
    parts = [at_least(a, each, 1) for each in arrays]
    return a.record("concat", *parts, axis=0 if parts[0].ndim == 1 else 1)


def _column_stack(a: RecordedArray, arrays: Sequence[Any]) -> Any:
    parts = [at_least(a, each, 1) for each in arrays]
    columns = [a.record("reshape", each, shape=(-1, 1)) if each.ndim == 1 else each for each in parts]
    return a.record("concat", *columns, axis=1)


def _append(a: RecordedArray, x: Any, values: Any, axis: Any = None) -> Any:
    return a.record("concat", x, values, axis=axis)


def _split(function: Callable[..., Any]) -> Function:
    """Make a function that cuts an array into several: NumPy cuts the places, each part is a piece of the array."""

    def split(a: RecordedArray, x: Any, *arguments: Any, **options: Any) -> Any:
        x = array_of(a, x)
        parts = function(np.arange(x.size).reshape(x.shape), *arguments, **options)
        return [picked(a, x, part) for part in parts]

    return split


FUNCTIONS: Functions = {
    np.concatenate: _concatenate,
    np.stack: _stack,
    np.vstack: _joined(2, 0),
    np.dstack: _joined(3, 2),
    np.hstack: _hstack,
    np.column_stack: _column_stack,
    np.append: _append,
    **{function: _split(function) for function in (np.split, np.array_split, np.hsplit, np.vsplit, np.dsplit)},
}
