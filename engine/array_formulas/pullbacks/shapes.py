"""Operations that pick and arrange entries: backwards the entries go back to where they came from."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ...rules.formula import Formula
from ..functions import axes_of, called, permuted, picked, put_back, reshaped, summed_to
from ..pullback import PullbackSite
from ..shapes import shape_of


def arranged(at: PullbackSite) -> Formula | None:
    """Of `reshape`, `ravel`, `squeeze`, `expand_dims`: the same entries in the operand's shape."""
    return reshaped(at.upstream, at.shape)


def order_of_axes(at: PullbackSite) -> Formula | None:
    """Of `transpose`: the axes go back, and a matrix is transposed again."""
    axes = at.parameters.get("axes")
    axes = tuple(reversed(range(len(at.shape)))) if axes is None else tuple(axis % len(at.shape) for axis in axes)
    return permuted(at.upstream, [int(place) for place in np.argsort(axes)])


def repeated(at: PullbackSite) -> Formula | None:
    """Of `broadcast_to`: an entry that was repeated gets the sum over its places."""
    return summed_to(at.upstream, at.shape)


def joined(at: PullbackSite) -> Formula | None:
    """Of `concat` along an axis: each operand gets back its part."""
    axis = at.parameters.get("axis", 0)
    if axis is None:
        start = sum(math.prod(shape_of(operand)) for operand in at.operands[: at.position])
        return reshaped(picked(at.upstream, (slice(start, start + math.prod(at.shape)),)), at.shape)
    axis = int(axis) % len(at.shape)
    start = sum(shape_of(operand)[axis] for operand in at.operands[: at.position])
    index: list[Any] = [slice(None)] * axis + [slice(start, start + at.shape[axis])]
    return picked(at.upstream, tuple(index))


def stacked(at: PullbackSite) -> Formula | None:
    """Of `stack` along a new axis: each operand gets back its slice."""
    (axis,) = axes_of(at.parameters.get("axis", 0), len(at.out_shape))
    index: list[Any] = [slice(None)] * axis + [at.position]
    return picked(at.upstream, tuple(index))


def taken(at: PullbackSite) -> Formula | None:
    """Of `X[key]`: zeros, but for the entries that were picked; one picked several times gets the sum."""
    return put_back(at.upstream, at.parameters["key"], at.shape)


def taken_along(at: PullbackSite) -> Formula | None:
    """Of `take` along an axis: zeros, but for what was taken; what was taken several times gets the sum."""
    indices, axis = np.asarray(at.parameters["indices"]), at.parameters.get("axis")
    if axis is None:
        flat = put_back(at.upstream, (indices,), (math.prod(at.shape),))
        return reshaped(flat, at.shape)
    return put_back(at.upstream, (*[slice(None)] * (int(axis) % len(at.shape)), indices), at.shape)


def taken_by_place(at: PullbackSite) -> Formula | None:
    """Of `take_along_axis`: zeros, but for what was taken in each row."""
    axis, indices = int(at.parameters.get("axis", -1)) % len(at.shape), np.asarray(at.parameters["indices"])
    key: list[Any] = [*np.ogrid[tuple(slice(length) for length in indices.shape)]]
    key[axis] = indices
    return put_back(at.upstream, tuple(key), at.shape)


def reversed_along(at: PullbackSite) -> Formula | None:
    """Of `flip` along axes: the same once more."""
    return called("flip", at.upstream, axis=at.parameters.get("axis"))


def rolled(at: PullbackSite) -> Formula | None:
    """Of `roll`: rolled back."""
    shift = at.parameters.get("shift", 0)
    back = -shift if isinstance(shift, int) else tuple(-each for each in shift)
    return called("roll", at.upstream, shift=back, axis=at.parameters.get("axis"))


def padded(at: PullbackSite) -> Formula | None:
    """Of `pad` with a number: what was put around falls away."""
    pairs = np.broadcast_to(np.asarray(at.parameters["widths"]), (len(at.shape), 2)).tolist()
    if any(width < 0 for pair in pairs for width in pair):
        return None
    index = tuple(slice(before, before + length) for (before, _), length in zip(pairs, at.shape, strict=True))
    return picked(at.upstream, index)
