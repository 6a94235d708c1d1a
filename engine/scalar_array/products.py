"""NumPy's products, norms and convolutions."""

# NumPy's functions take anything, and so do these:
# pyright: reportUnknownLambdaType=false, reportUnknownArgumentType=false, reportUnknownVariableType=false
# pyright: reportUnknownMemberType=false

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..errors import CutGraphError
from .recorded_array import RecordedArray, within
from .taking import Functions, array_of, refuse


def _dot(a: RecordedArray, x: Any, y: Any, out: Any = None) -> Any:
    refuse(out=out)
    x, y = array_of(a, x), array_of(a, y)
    if not x.ndim or not y.ndim:
        return a.record("multiply", x, y)
    if y.ndim <= 2:
        return a.record("matmul", x, y)
    return _tensordot(a, x, y, ([x.ndim - 1], [y.ndim - 2]))


def _inner(a: RecordedArray, x: Any, y: Any) -> Any:
    x, y = array_of(a, x), array_of(a, y)
    if not x.ndim or not y.ndim:
        return a.record("multiply", x, y)
    return _tensordot(a, x, y, ([x.ndim - 1], [y.ndim - 1]))


def _outer(a: RecordedArray, x: Any, y: Any, out: Any = None) -> Any:
    refuse(out=out)
    x, y = (a.record("reshape", each, shape=(-1,)) for each in (x, y))
    return a.record("einsum", x, y, subscripts="i,j->ij")


def _vdot(a: RecordedArray, x: Any, y: Any) -> Any:
    x, y = (a.record("reshape", each, shape=(-1,)) for each in (x, y))
    return a.record("matmul", x, y)


def _tensordot(a: RecordedArray, x: Any, y: Any, axes: Any = 2) -> Any:
    x, y = array_of(a, x), array_of(a, y)
    if isinstance(axes, int):
        left, right = [*range(x.ndim - axes, x.ndim)], [*range(axes)]
    else:
        left, right = ([side] if isinstance(side, int) else [*side] for side in axes)
    letters = "abcdefghijklmnopqrstuvwxyz"
    of_x, of_y = [*letters[: x.ndim]], [*letters[x.ndim : x.ndim + y.ndim]]
    for k, j in zip(left, right, strict=True):
        of_y[j] = of_x[k]
    summed = {of_x[k] for k in left}
    result = [letter for letter in (*of_x, *of_y) if letter not in summed]
    return a.record("einsum", x, y, subscripts=f"{''.join(of_x)},{''.join(of_y)}->{''.join(result)}")


def _einsum(
    a: RecordedArray, subscripts: Any, *operands: Any, out: Any = None, optimize: Any = False, **options: Any
) -> Any:
    refuse(out=out)
    if not isinstance(subscripts, str):
        raise CutGraphError('gradwalk has a rule for numpy.einsum with its subscripts as a text, such as "ij,jk->ik"')
    return a.record("einsum", *operands, subscripts=subscripts)


def _trace(
    a: RecordedArray, x: Any, offset: int = 0, axis1: int = 0, axis2: int = 1, dtype: Any = None, out: Any = None
) -> Any:
    refuse(out=out)
    return a.record("sum", a.record("diagonal", x, offset=offset, axis1=axis1, axis2=axis2), axis=-1)


def _norm(a: RecordedArray, x: Any, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Any:
    """√Σx², Σ|x|, max |x|, or (Σ|x|ᵖ)^(1/p)."""
    x = array_of(a, x)
    of_matrix = (axis is None and x.ndim == 2) or (isinstance(axis, tuple) and len(axis) == 2)
    if ord not in (None, "fro") and (of_matrix or not (isinstance(ord, int | float) and ord)):
        raise CutGraphError(
            f"gradwalk has no rule for numpy.linalg.norm of order {ord} here: it has those of vectors but for 0, "
            "and of matrices the root of the sum of all squares"
        )
    given = {"axis": axis, "keepdims": keepdims}
    with within(a, "norm"):
        if ord in (None, "fro", 2):
            return a.record("sqrt", a.record("sum", a.record("square", x), **given))
        size = a.record("abs", x)
        if ord == 1:
            return a.record("sum", size, **given)
        if math.isinf(ord):
            return a.record("max" if ord > 0 else "min", size, **given)
        return a.record("power", a.record("sum", a.record("power", size, float(ord)), **given), 1 / ord)


def _convolve(a: RecordedArray, x: Any, v: Any, mode: str = "full") -> Any:
    """Σ x[k]·v[n - k]."""
    x, v = array_of(a, x), array_of(a, v)
    if x.size < v.size:
        x, v = v, x
    return _slid(a, x, a.record("flip", v, axis=0), mode)


def _correlate(a: RecordedArray, x: Any, v: Any, mode: str = "valid") -> Any:
    x, v = array_of(a, x), array_of(a, v)
    if x.size < v.size:
        return a.record("flip", _slid(a, v, x, mode), axis=0)
    return _slid(a, x, v, mode)


def _slid(a: RecordedArray, x: Any, kernel: Any, mode: str) -> Any:
    size = kernel.size
    widths = {"valid": (0, 0), "full": (size - 1, size - 1), "same": (size // 2, size - 1 - size // 2)}[mode]
    x, kernel = (a.record("reshape", each, shape=(1, 1, -1)) for each in (x, kernel))
    return a.record("reshape", a.record("convolution", x, kernel, padding=(widths,)), shape=(-1,))


FUNCTIONS: Functions = {
    np.dot: _dot,
    np.inner: _inner,
    np.outer: _outer,
    np.vdot: _vdot,
    np.tensordot: _tensordot,
    np.einsum: _einsum,
    np.trace: _trace,
    np.linalg.norm: _norm,
    np.convolve: _convolve,
    np.correlate: _correlate,
}
