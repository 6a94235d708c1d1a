"""NumPy's functions that give the same entries in another shape or order, or some of them."""

# NumPy's functions take anything, and so do these:
# pyright: reportUnknownLambdaType=false, reportUnknownArgumentType=false, reportUnknownVariableType=false
# pyright: reportUnknownMemberType=false

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..errors import CutGraphError
from .recorded_array import RecordedArray
from .taking import NOTHING, Function, Functions, array_of, at_least, picking, refuse
from .ufuncs import plain


def _broadcast_arrays(a: RecordedArray, *arrays: Any, subok: bool = False) -> Any:
    parts = [array_of(a, each) for each in arrays]
    shape = np.broadcast_shapes(*(part.shape for part in parts))
    return tuple(a.record("broadcast_to", part, shape=shape) for part in parts)


def _atleast(dimensions: int) -> Function:
    def atleast(a: RecordedArray, *arrays: Any) -> Any:
        results = tuple(at_least(a, each, dimensions) for each in arrays)
        return results[0] if len(results) == 1 else results

    return atleast


def _reshape(a: RecordedArray, x: Any, /, shape: Any = None, order: str = "C", **options: Any) -> Any:
    shape = options.get("newshape", shape)
    if order != "C":
        return picking(np.reshape)(a, x, shape, order=order)
    return a.record("reshape", x, shape=shape)


def _transposed(function: Callable[..., Any]) -> Function:
    """Make moveaxis, swapaxes and the like: NumPy moves the axes of an array that has as many."""

    def transpose(a: RecordedArray, x: Any, *arguments: Any, **options: Any) -> Any:
        x = array_of(a, x)
        lengths = function(np.empty(tuple(range(2, 2 + x.ndim)), dtype=np.bool_), *arguments, **options).shape
        return a.record("transpose", x, axes=tuple(length - 2 for length in lengths))

    return transpose


def _pad(a: RecordedArray, x: Any, pad_width: Any, mode: Any = "constant", **options: Any) -> Any:
    x = array_of(a, x)
    if mode in ("edge", "reflect", "symmetric", "wrap"):
        return picking(np.pad)(a, x, pad_width, mode=mode, **options)
    value = np.asarray(options.get("constant_values", 0))
    if mode != "constant" or value.size != 1:
        raise CutGraphError(f"gradwalk has no rule for numpy.pad in the mode {mode!r} with these values")
    return a.record("pad", x, widths=pad_width, value=float(value.item()))


def _diag(a: RecordedArray, x: Any, k: int = 0) -> Any:
    x = array_of(a, x)
    if x.ndim == 2:
        return a.record("diagonal", x, offset=k)
    size = x.shape[0] + abs(k)
    places = np.arange(x.shape[0])
    key = (places + max(-k, 0), places + max(k, 0))
    return a.record("put", a.record("broadcast_to", 0.0, shape=(size, size)), x, key=key)


def _diff(a: RecordedArray, x: Any, n: int = 1, axis: int = -1, **options: Any) -> Any:
    refuse(**{key: value for key, value in options.items() if value is not NOTHING})
    x = array_of(a, x)
    after: tuple[Any, ...] = (slice(None),) * (axis % x.ndim)
    for _ in range(n):
        later = a.record("index", x, key=(*after, slice(1, None)))
        earlier = a.record("index", x, key=(*after, slice(None, -1)))
        x = a.record("subtract", later, earlier)
    return x


def _like(fill: float | None) -> Function:
    def like(a: RecordedArray, x: Any, *arguments: Any, **options: Any) -> Any:
        shape = options.get("shape")
        shape = plain(x).shape if shape is None else shape
        value = fill if fill is not None else arguments[0] if arguments else options["fill_value"]
        return a.record("broadcast_to", value, shape=shape)

    return like


def _repeat(a: RecordedArray, x: Any, repeats: Any, axis: Any = None) -> Any:
    return a.record("repeat", x, repeats=repeats, axis=axis)


FUNCTIONS: Functions = {
    np.reshape: _reshape,
    np.ravel: lambda a, x, order="C": _reshape(a, x, (-1,), order),
    np.transpose: lambda a, x, axes=None: a.record("transpose", x, axes=axes),
    np.squeeze: lambda a, x, axis=None: a.record("squeeze", x, axis=axis),
    np.expand_dims: lambda a, x, axis: a.record("expand_dims", x, axis=axis),
    np.broadcast_to: lambda a, x, shape, subok=False: a.record("broadcast_to", x, shape=shape),
    np.broadcast_arrays: _broadcast_arrays,
    np.atleast_1d: _atleast(1),
    np.atleast_2d: _atleast(2),
    np.atleast_3d: _atleast(3),
    np.flip: lambda a, x, axis=None: a.record("flip", x, axis=axis),
    np.roll: lambda a, x, shift, axis=None: a.record("roll", x, shift=shift, axis=axis),
    np.tile: lambda a, x, reps: a.record("tile", x, repetitions=reps),
    np.repeat: _repeat,
    np.take: lambda a, x, indices, axis=None, **_: a.record("take", x, indices=indices, axis=axis),
    np.take_along_axis: lambda a, x, indices, axis=-1: a.record("take_along_axis", x, indices=indices, axis=axis),
    np.diagonal: lambda a, x, offset=0, axis1=0, axis2=1: a.record(
        "diagonal", x, offset=offset, axis1=axis1, axis2=axis2
    ),
    np.diag: _diag,
    np.pad: _pad,
    np.diff: _diff,
    np.zeros_like: _like(0.0),
    np.empty_like: _like(0.0),
    np.ones_like: _like(1.0),
    np.full_like: _like(None),
    **(
        {np.linalg.matrix_transpose: lambda a, x: _transposed(np.swapaxes)(a, x, -1, -2)}
        if hasattr(np.linalg, "matrix_transpose")
        else {}
    ),
    np.real: lambda a, x: x,
    np.copy: lambda a, x, **_: x,
    **{function: picking(function) for function in (np.rot90, np.fliplr, np.flipud, np.delete, np.resize)},
    **{function: _transposed(function) for function in (np.moveaxis, np.swapaxes, np.rollaxis)},
}
