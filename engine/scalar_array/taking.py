"""What the functions of NumPy, as they are here, have in common."""

# NumPy's functions take anything, and so do these:
# pyright: reportUnknownLambdaType=false, reportUnknownArgumentType=false, reportUnknownVariableType=false
# pyright: reportUnknownMemberType=false

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from ..errors import CutGraphError
from .recorded_array import RecordedArray

Function = Callable[..., Any]
"""Takes a recorded array, which records for it, and then what the function of NumPy takes."""

Functions = Mapping[Callable[..., Any], Function]
"""By function of NumPy."""

NOTHING: Any = np._NoValue  # pyright: ignore
"""What NumPy gives for an argument that nobody has given."""


def array_of(a: RecordedArray, operand: Any) -> RecordedArray:
    """Return an operand as a recorded array of the same tape."""
    return operand if isinstance(operand, RecordedArray) else a.at(a.lift(operand))


def picking(function: Callable[..., Any]) -> Function:
    """Make a function that picks or arranges entries: NumPy arranges their places."""

    def pick(a: RecordedArray, x: Any, *arguments: Any, **options: Any) -> Any:
        x = array_of(a, x)
        return picked(a, x, function(np.arange(x.size).reshape(x.shape), *arguments, **options))

    return pick


def picked(a: RecordedArray, x: RecordedArray, places: Any) -> RecordedArray:
    """Record the entries of an array at some places, counted row by row, in the shape of `places`."""
    return a.record("take", x, indices=places, axis=None)


def at_least(a: RecordedArray, x: Any, dimensions: int) -> Any:
    """Give an array as many axes as `numpy.atleast_1d`, `atleast_2d` and `atleast_3d` do."""
    x = array_of(a, x)
    shape = np.empty(x.shape)
    spread: Any = (np.atleast_1d, np.atleast_2d, np.atleast_3d)[dimensions - 1](shape)
    return x if spread.shape == x.shape else a.record("reshape", x, shape=spread.shape)


def is_kept(keepdims: Any) -> bool:
    """Say whether axes of length 1 are kept."""
    return keepdims is not NOTHING and bool(keepdims)


def refuse(**options: Any) -> None:
    """Raise CutGraphError for an option that has no rule, where it is given."""
    for name, value in options.items():
        if value is not None and value is not NOTHING and value is not False:
            raise CutGraphError(f"gradwalk has no rule for {name}= here: leave it out")
