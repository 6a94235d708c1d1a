"""What NumPy does with arrays of Scalars, number by number, where there is no rule for whole arrays."""

# NumPy's functions take anything, and so do these:
# pyright: reportUnknownArgumentType=false, reportUnknownVariableType=false

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from ..errors import CutGraphError, GradwalkError
from ..scalar import Scalar
from .recorded_array import RecordedArray


def of_scalars(array: RecordedArray) -> Any:
    """Return NumPy's array of Scalars, one for each entry."""
    objects = np.empty(array.shape, dtype=object)
    for index, node in np.ndenumerate(array.entries):
        objects[index] = array.scalar(int(node))
    return objects


def number_by_number(
    array: RecordedArray, function: Callable[..., Any], arguments: Sequence[Any], options: Mapping[str, Any]
) -> Any:
    """Call a function of NumPy on arrays of Scalars, each of which records what is done to it.

    CutGraphError where it cannot work on them.
    """
    given = {name: _as_objects(value) for name, value in options.items()}
    try:
        result = function(*map(_as_objects, arguments), **given)
    except GradwalkError:
        raise
    except Exception:  # whatever NumPy says of objects that are no numbers of its own
        name = f"{function.__module__}.{function.__name__}"
        raise CutGraphError(
            f"gradwalk has no rule for {name}: write it with operations that have one, or give it x.value, the plain "
            "numbers of x, which carry no gradient"
        ) from None
    return _recorded(array, result)


def _as_objects(operand: Any) -> Any:
    if isinstance(operand, RecordedArray):
        return of_scalars(operand)
    if isinstance(operand, list | tuple):
        parts = [*map(_as_objects, operand)]
        return tuple(parts) if isinstance(operand, tuple) else parts
    return operand


def _recorded(array: RecordedArray, result: Any) -> Any:
    if isinstance(result, np.ndarray) and result.dtype == object and result.size:
        return array.at(array.lift(result))
    if isinstance(result, Scalar):
        return array.at(array.lift(result))
    if isinstance(result, list | tuple):
        parts = [_recorded(array, each) for each in result]
        return tuple(parts) if isinstance(result, tuple) else parts
    return result
