"""Operations that compute nothing: the same entries in another shape or order, or some of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..array_formulas.pullbacks import shapes as pullbacks
from ..arrays import Indices
from ..errors import GraphError
from ..graph.tape import Tape
from .array_op import ArrayOp
from .entries import Axes, axes_of, constant


def _reshape(tape: Tape, x: Indices, *, shape: int | Sequence[int]) -> Indices:
    try:
        return x.reshape(shape)
    except ValueError:
        raise GraphError(f"an array of the shape {x.shape} cannot have the shape {shape}") from None


def _transpose(tape: Tape, x: Indices, *, axes: Sequence[int] | None = None) -> Indices:
    if axes is not None and len(axes_of(axes, x.ndim)) != x.ndim:
        raise GraphError(f"the axes {tuple(axes)} are not all {x.ndim} axes of an array of the shape {x.shape}")
    return x.transpose(axes)


def _broadcast_to(tape: Tape, x: Indices, *, shape: int | Sequence[int]) -> Indices:
    try:
        return np.broadcast_to(x, shape)
    except ValueError:
        raise GraphError(f"an array of the shape {x.shape} cannot be broadcast to the shape {shape}") from None


def _squeeze(tape: Tape, x: Indices, *, axis: Axes = None) -> Indices:
    axes = tuple(place for place in axes_of(axis, x.ndim) if axis is not None or x.shape[place] == 1)
    if any(x.shape[place] != 1 for place in axes):
        raise GraphError(f"only axes of length 1 can be squeezed out of an array of the shape {x.shape}")
    return np.squeeze(x, axes)


def _expand_dims(tape: Tape, x: Indices, *, axis: Axes = 0) -> Indices:
    count = 1 if isinstance(axis, int) else len(axis or ())
    return np.expand_dims(x, axes_of(axis, x.ndim + count))


def _concat(tape: Tape, *arrays: Indices, axis: int | None = 0) -> Indices:
    try:
        return np.concatenate(arrays, axis)
    except ValueError:
        raise _do_not_fit(arrays, "one after the other") from None


def _stack(tape: Tape, *arrays: Indices, axis: int = 0) -> Indices:
    try:
        return np.stack(arrays, axis)
    except ValueError:
        raise _do_not_fit(arrays, "on one another") from None


def _do_not_fit(arrays: Sequence[Indices], how: str) -> GraphError:
    shapes = ", ".join(str(array.shape) for array in arrays)
    return GraphError(f"arrays of the shapes {shapes} cannot be put {how}")


def _index(tape: Tape, x: Indices, *, key: Any) -> Indices:
    """Take what NumPy's x[key] takes: slices, whole numbers, new axes, arrays of whole numbers, masks."""
    try:
        return np.asarray(x[key], dtype=np.int32)
    except IndexError as error:
        raise GraphError(f"an array of the shape {x.shape} does not have these entries: {error}") from None


def _take(tape: Tape, x: Indices, *, indices: Any, axis: int | None = None) -> Indices:
    try:
        return np.asarray(np.take(x, np.asarray(indices), axis=axis), dtype=np.int32)
    except IndexError as error:
        raise GraphError(f"an array of the shape {x.shape} does not have these entries: {error}") from None


def _take_along_axis(tape: Tape, x: Indices, *, indices: Any, axis: int = -1) -> Indices:
    try:
        return np.take_along_axis(x, np.asarray(indices), axis)
    except (IndexError, ValueError) as error:
        raise GraphError(f"an array of the shape {x.shape} does not have these entries: {error}") from None


def _put(tape: Tape, x: Indices, value: Indices, *, key: Any) -> Indices:
    """x with other entries at `key`, as after x[key] = value; x itself stays as it is."""
    result = x.copy()
    try:
        result[key] = value
    except (IndexError, ValueError) as error:
        raise GraphError(f"entries of an array of the shape {x.shape} cannot be replaced so: {error}") from None
    return result


def _flip(tape: Tape, x: Indices, *, axis: Axes = None) -> Indices:
    return np.flip(x, axes_of(axis, x.ndim))


def _roll(tape: Tape, x: Indices, *, shift: Any, axis: Any = None) -> Indices:
    return np.roll(x, shift, axis)


def _tile(tape: Tape, x: Indices, *, repetitions: int | Sequence[int]) -> Indices:
    return np.tile(x, repetitions)


def _repeat(tape: Tape, x: Indices, *, repeats: Any, axis: int | None = None) -> Indices:
    return np.repeat(x, repeats, axis)


def _diagonal(tape: Tape, x: Indices, *, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Indices:
    return np.diagonal(x, offset, axis1, axis2)


def _pad(tape: Tape, x: Indices, *, widths: Any, value: float = 0.0) -> Indices:
    """Put a literal number around x: `widths` are the counts before and after, for each axis; negative ones cut off."""
    counts = [tuple(map(int, pair)) for pair in np.broadcast_to(np.asarray(widths), (x.ndim, 2))]
    kept = x[tuple(slice(max(-low, 0), n - max(-high, 0)) for n, (low, high) in zip(x.shape, counts, strict=True))]
    if all(low <= 0 and high <= 0 for low, high in counts):
        return kept
    around = constant(tape, value)
    return np.pad(kept, [(max(low, 0), max(high, 0)) for low, high in counts], constant_values=int(around))


def _dilate(tape: Tape, x: Indices, *, gaps: Sequence[int], value: float = 0.0) -> Indices:
    """Put so many literal numbers between two entries of each axis."""
    if not any(gaps):
        return x
    shape = [max((n - 1) * (gap + 1) + 1, 0) for n, gap in zip(x.shape, gaps, strict=True)]
    result = np.broadcast_to(constant(tape, value), shape).copy()
    result[tuple(slice(None, None, gap + 1) for gap in gaps)] = x
    return result


OPERATIONS = (
    ArrayOp("reshape", _reshape, pullbacks.arranged),
    ArrayOp("transpose", _transpose, pullbacks.order_of_axes),
    ArrayOp("broadcast_to", _broadcast_to, pullbacks.repeated),
    ArrayOp("squeeze", _squeeze, pullbacks.arranged),
    ArrayOp("expand_dims", _expand_dims, pullbacks.arranged),
    ArrayOp("concat", _concat, pullbacks.joined),
    ArrayOp("stack", _stack, pullbacks.stacked),
    ArrayOp("index", _index, pullbacks.taken),
    ArrayOp("take", _take, pullbacks.taken_along),
    ArrayOp("take_along_axis", _take_along_axis, pullbacks.taken_by_place),
    ArrayOp("put", _put),
    ArrayOp("flip", _flip, pullbacks.reversed_along),
    ArrayOp("roll", _roll, pullbacks.rolled),
    ArrayOp("tile", _tile),
    ArrayOp("repeat", _repeat),
    ArrayOp("diagonal", _diagonal),
    ArrayOp("pad", _pad, pullbacks.padded),
    ArrayOp("dilate", _dilate),
)
