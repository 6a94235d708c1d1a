"""NumPy's functions that take one entry or another."""

# NumPy's functions take anything, and so do these:
# pyright: reportUnknownLambdaType=false, reportUnknownArgumentType=false, reportUnknownVariableType=false
# pyright: reportUnknownMemberType=false

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from .recorded_array import RecordedArray
from .taking import NOTHING, Function, Functions, array_of, refuse
from .ufuncs import plain


def _where(a: RecordedArray, condition: Any, x: Any = NOTHING, y: Any = NOTHING) -> Any:
    if x is NOTHING:
        return np.where(plain(condition) != 0)
    return a.record("where", x, y, condition=plain(condition) != 0)


def _select(a: RecordedArray, conditions: Sequence[Any], choices: Sequence[Any], default: Any = 0) -> Any:
    result: Any = default
    for condition, choice in zip(reversed(conditions), reversed(choices), strict=True):
        result = a.record("where", choice, result, condition=plain(condition) != 0)
    return result


def _clip(a: RecordedArray, x: Any, a_min: Any = None, a_max: Any = None, out: Any = None, **options: Any) -> Any:
    refuse(out=out)
    low = a_min if options.get("min", NOTHING) is NOTHING else options["min"]
    high = a_max if options.get("max", NOTHING) is NOTHING else options["max"]
    low, high = (None if each is NOTHING else each for each in (low, high))
    bounds = [each for each in (low, high) if each is not None]
    return a.record("clip", x, *bounds, has_min=low is not None, has_max=high is not None)


def _sort(a: RecordedArray, x: Any, axis: Any = -1, **_: Any) -> Any:
    if axis is None:
        x, axis = a.record("reshape", x, shape=(-1,)), -1
    return a.record("sort", x, axis=axis)


def _triangle(*, lower: bool) -> Function:
    def triangle(a: RecordedArray, x: Any, k: int = 0) -> Any:
        x = array_of(a, x)
        if x.ndim == 1:
            x = a.record("broadcast_to", x, shape=(x.size, x.size))
        return a.record("triangle", x, lower=lower, offset=k)

    return triangle


FUNCTIONS: Functions = {
    np.where: _where,
    np.select: _select,
    np.clip: _clip,
    np.sort: _sort,
    np.tril: _triangle(lower=True),
    np.triu: _triangle(lower=False),
}
