"""NumPy's functions that take entries together: sums, means, variances, extremes."""

# NumPy's functions take anything, and so do these:
# pyright: reportUnknownLambdaType=false, reportUnknownArgumentType=false, reportUnknownVariableType=false
# pyright: reportUnknownMemberType=false

from __future__ import annotations

from typing import Any

import numpy as np

from ..errors import CutGraphError, GradwalkError
from .recorded_array import RecordedArray, within
from .taking import NOTHING, Function, Functions, array_of, is_kept, refuse


def _reduction(operation: str, beside: str) -> Function:
    def reduce(
        a: RecordedArray,
        x: Any,
        axis: Any = None,
        dtype: Any = None,
        out: Any = None,
        keepdims: Any = NOTHING,
        initial: Any = NOTHING,
        where: Any = NOTHING,
    ) -> Any:
        refuse(out=out, where=where)
        x = array_of(a, x)
        result = a.record(operation, x, axis=axis, keepdims=is_kept(keepdims))
        return result if initial is NOTHING or initial is None else a.record(beside, result, initial)

    return reduce


def _extreme(operation: str, beside: str) -> Function:
    reduce = _reduction(operation, beside)

    def extreme(
        a: RecordedArray,
        x: Any,
        axis: Any = None,
        out: Any = None,
        keepdims: Any = NOTHING,
        initial: Any = NOTHING,
        where: Any = NOTHING,
    ) -> Any:
        return reduce(a, x, axis, None, out, keepdims, initial, where)

    return extreme


def _mean(
    a: RecordedArray, x: Any, axis: Any = None, dtype: Any = None, out: Any = None, keepdims: Any = False,
    *, where: Any = NOTHING,
) -> Any:  # fmt: skip
    refuse(out=out, where=where)
    return a.record("mean", x, axis=axis, keepdims=is_kept(keepdims))


def _var(
    a: RecordedArray, x: Any, axis: Any = None, dtype: Any = None, out: Any = None, ddof: Any = 0,
    keepdims: Any = False, *, where: Any = NOTHING, mean: Any = NOTHING, correction: Any = NOTHING,
) -> Any:  # fmt: skip
    """Σ(x - mean)²/(n - ddof)."""
    refuse(out=out, where=where)
    x = array_of(a, x)
    less = ddof if correction is NOTHING else correction
    with within(a, "var"):
        middle = a.record("mean", x, axis=axis, keepdims=True) if mean is NOTHING else mean
        squares = a.record("square", a.record("subtract", x, middle))
        given = {"axis": axis, "keepdims": is_kept(keepdims)}
        if not less:
            return a.record("mean", squares, **given)
        total = a.record("sum", squares, **given)
        count = squares.size // max(total.size, 1)
        if count <= less:
            raise GradwalkError(f"a variance of {count} entries with ddof={less} divides by {count - less}")
        return a.record("divide", total, float(count - less))


def _std(a: RecordedArray, x: Any, *arguments: Any, **options: Any) -> Any:
    """√var."""
    with within(a, "std"):
        return a.record("sqrt", _var(a, x, *arguments, **options))


def _average(
    a: RecordedArray, x: Any, axis: Any = None, weights: Any = None, returned: Any = False, **options: Any
) -> Any:
    """Σ w·x/Σ w."""
    refuse(returned=returned)
    if weights is None:
        return _mean(a, x, axis, **options)
    with within(a, "average"):
        x, weights = array_of(a, x), array_of(a, weights)
        if weights.shape != x.shape:
            weights = a.record("reshape", weights, shape=[-1 if k == axis % x.ndim else 1 for k in range(x.ndim)])
            weights = a.record("broadcast_to", weights, shape=x.shape)
        given = {"axis": axis, "keepdims": bool(options.get("keepdims", False))}
        total = a.record("sum", a.record("multiply", x, weights), **given)
        return a.record("divide", total, a.record("sum", weights, **given))


def _ptp(a: RecordedArray, x: Any, axis: Any = None, out: Any = None, keepdims: Any = False) -> Any:
    refuse(out=out)
    x, given = array_of(a, x), {"axis": axis, "keepdims": is_kept(keepdims)}
    with within(a, "ptp"):
        return a.record("subtract", a.record("max", x, **given), a.record("min", x, **given))


def _cumulative(operation: str) -> Function:
    def accumulate(a: RecordedArray, x: Any, axis: Any = None, dtype: Any = None, out: Any = None) -> Any:
        refuse(out=out)
        x = array_of(a, x)
        flat = a.record("reshape", x, shape=(-1,)) if axis is None else x
        return a.record(operation, flat, axis=axis or 0)

    return accumulate


def _median(
    a: RecordedArray, x: Any, axis: Any = None, out: Any = None, overwrite_input: Any = False, keepdims: Any = False
) -> Any:
    """The entry in the middle, or the mean of the two in the middle."""
    refuse(out=out)
    x = array_of(a, x)
    if keepdims or (axis is not None and not isinstance(axis, int)):
        raise CutGraphError("gradwalk has a rule for numpy.median(x, axis) with one axis, or none, and no keepdims")
    with within(a, "median"):
        flat = a.record("reshape", x, shape=(-1,)) if axis is None else x
        along = 0 if axis is None else axis % x.ndim
        ordered = a.record("sort", flat, axis=along)
        count = ordered.shape[along]
        middle = a.record("take", ordered, indices=[(count - 1) // 2, count // 2][count % 2 :], axis=along)
        return a.record("mean", middle, axis=along)


FUNCTIONS: Functions = {
    np.sum: _reduction("sum", "add"),
    np.prod: _reduction("prod", "multiply"),
    np.max: _extreme("max", "maximum"),
    np.min: _extreme("min", "minimum"),
    np.amax: _extreme("max", "maximum"),
    np.amin: _extreme("min", "minimum"),
    np.mean: _mean,
    np.var: _var,
    np.std: _std,
    np.average: _average,
    np.ptp: _ptp,
    np.median: _median,
    np.cumsum: _cumulative("cumulative_sum"),
    np.cumprod: _cumulative("cumulative_prod"),
}
