"""Convolution and pooling: operations on the windows that slide over an array."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..arrays import Indices
from ..errors import GraphError
from ..graph.tape import Tape
from .array_op import ArrayOp
from .entries import folded, reduced, summed_products

Padding = Sequence[tuple[int, int]]
"""How many entries are added before and after, for each axis of space."""


def windows(
    x: Indices, shape: Sequence[int], strides: Sequence[int], padding: Padding, dilation: Sequence[int]
) -> Indices:
    """Return the windows of `shape` over the last axes of x: int32[..., *places, *shape], -1 outside of x.

    Raises GraphError where a window is larger than the padded array.
    """
    space = len(shape)
    widths = [(0, 0)] * (x.ndim - space) + [(max(low, 0), max(high, 0)) for low, high in padding]
    cut = [slice(None)] * (x.ndim - space)
    cut += [slice(max(-low, 0), n - max(-high, 0)) for n, (low, high) in zip(x.shape[-space:], padding, strict=True)]
    padded = np.pad(x[tuple(cut)], widths, constant_values=-1)
    reach = [(size - 1) * gap + 1 for size, gap in zip(shape, dilation, strict=True)]
    if any(far > n for far, n in zip(reach, padded.shape[-space:], strict=True)):
        raise GraphError(f"windows of the shape {tuple(shape)} do not fit into an array of the shape {x.shape}")
    axes = tuple(range(x.ndim - space, x.ndim))
    view = np.lib.stride_tricks.sliding_window_view(padded, reach, axis=axes)
    every = tuple(slice(None, None, stride) for stride in strides)
    inside = tuple(slice(None, None, gap) for gap in dilation)
    return view[(..., *every, *inside)]


def _convolution(
    tape: Tape,
    x: Indices,
    kernel: Indices,
    *,
    strides: Sequence[int] | None = None,
    padding: Padding | None = None,
    dilation: Sequence[int] | None = None,
    input_dilation: Sequence[int] | None = None,
    groups: int = 1,
) -> Indices:
    """Slide kernels over x and add the products: y[n, o, p] = Σ x[n, c, p·stride + k·dilation]·kernel[o, c, k].

    As in the libraries the kernel is not flipped. `x` is int32[samples, channels, *space], `kernel` int32[out channels,
    channels / groups, *space]; what a window has outside of x makes no product. `input_dilation` puts so many empty
    places, less one, between two entries of x.
    """
    space = x.ndim - 2
    if x.ndim < 3 or kernel.ndim != x.ndim or x.shape[1] != kernel.shape[1] * groups or kernel.shape[0] % groups:
        raise GraphError(
            f"a convolution of the shapes {x.shape} and {kernel.shape} in {groups} group(s) does not exist: "
            "it takes (samples, channels, *space) and (out channels, channels / groups, *space)"
        )
    ones, none = [1] * space, [(0, 0)] * space
    if input_dilation is not None and any(step != 1 for step in input_dilation):
        spread = np.full(
            (*x.shape[:2], *((n - 1) * step + 1 for n, step in zip(x.shape[2:], input_dilation, strict=True))),
            -1,
            dtype=np.int32,
        )
        spread[(..., *(slice(None, None, step) for step in input_dilation))] = x
        x = spread
    slid = windows(x, kernel.shape[2:], strides or ones, padding or none, dilation or ones)
    samples, channels, places = x.shape[0], x.shape[1], slid.shape[2 : 2 + space]
    out, size = kernel.shape[0], int(np.prod(kernel.shape[1:]))
    # [samples, groups, channels of the group, *places, *window] -> [samples, groups, 1, *places, channels · window]
    left = slid.reshape((samples, groups, channels // groups, *slid.shape[2:]))
    left = np.moveaxis(left, 2, 2 + space).reshape((samples, groups, 1, *places, size))
    right = kernel.reshape((1, groups, out // groups, *([1] * space), size))
    left, right = np.broadcast_arrays(left, right)
    return summed_products(tape, left, right).reshape((samples, out, *places))


def _pool(
    tape: Tape,
    x: Indices,
    *,
    shape: Sequence[int],
    reduction: str,
    strides: Sequence[int] | None = None,
    padding: Padding | None = None,
    dilation: Sequence[int] | None = None,
) -> Indices:
    """Take the sum, mean, max or min of each window over the last axes; what is outside of x does not count."""
    ones = [1] * len(shape)
    slid = windows(x, shape, strides or shape, padding or [(0, 0)] * len(shape), dilation or ones)
    rows = slid.reshape((*slid.shape[: x.ndim], -1))
    there = rows >= 0
    counts = there.sum(axis=-1)
    if not counts.all():
        raise GraphError(f"a window of the shape {tuple(shape)} lies outside of an array of the shape {x.shape}")
    result = np.empty(counts.shape, dtype=np.int32)
    for count in np.unique(counts).tolist():
        alike = counts == count
        operands = rows[alike][there[alike]].reshape(-1, count)
        combine = folded if reduction in ("max", "min") else reduced
        result[alike] = combine(tape, reduction, operands)
    return result


OPERATIONS = (ArrayOp("convolution", _convolution), ArrayOp("pool", _pool))
