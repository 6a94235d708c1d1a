"""Sums, means and the like along axes: backwards their gradient goes to every entry that they were made of."""

from __future__ import annotations

import math

from ...rules.formula import Formula
from ..functions import axes_of, broadcast, called, equals, reshaped, total
from ..pullback import PullbackSite


def _axes(at: PullbackSite) -> tuple[int, ...]:
    return axes_of(at.parameters.get("axis"), len(at.shape))


def _kept(at: PullbackSite, formula: Formula) -> Formula:
    """Return what has the shape of the result with the axes that were summed over again, of the length 1."""
    axes = _axes(at)
    if at.parameters.get("keepdims") or axes == tuple(range(len(axes))):  # leading axes come by broadcasting
        return formula
    return reshaped(formula, tuple(1 if axis in axes else length for axis, length in enumerate(at.shape)))


def count(at: PullbackSite) -> int:
    """Return how many entries were taken together in each entry of the result."""
    return math.prod(at.shape[axis] for axis in _axes(at))


def _out(at: PullbackSite) -> Formula:
    return _kept(at, at.out)


def total_of(at: PullbackSite) -> Formula | None:
    """Of `sum`: every entry gets the gradient of the sum that it is in."""
    return broadcast(_kept(at, at.upstream), at.shape)


def mean(at: PullbackSite) -> Formula | None:
    """Of `mean` of m entries: every entry gets 1/m of the gradient of the mean that it is in."""
    return broadcast(_kept(at, at.upstream), at.shape) / count(at)


def largest(at: PullbackSite) -> Formula | None:
    """Of `max` and `min`: the gradient goes to the entry that was taken. None where several are equal."""
    return _kept(at, at.upstream) * equals(at.operand, _out(at))


def product_of(at: PullbackSite) -> Formula | None:
    """Of `prod`: the gradient times the product of the other entries; as a quotient, so that no entry may be 0."""
    return _kept(at, at.upstream * at.out) / at.operand


def _centred(at: PullbackSite) -> Formula:
    axes = _axes(at)
    return at.operand - called("mean", at.operand, axis=axes, keepdims=True)


def variance(at: PullbackSite) -> Formula | None:
    """Of `var`: 2/(m - ddof) times the distance from the mean."""
    freedom = count(at) - int(at.parameters.get("ddof", 0))
    return 2 * _kept(at, at.upstream) * _centred(at) / freedom


def deviation(at: PullbackSite) -> Formula | None:
    """Of `std`: the distance from the mean over (m - ddof) times the deviation."""
    freedom = count(at) - int(at.parameters.get("ddof", 0))
    return _kept(at, at.upstream) * _centred(at) / (freedom * _out(at))


def running_sum(at: PullbackSite) -> Formula | None:
    """Of `cumulative_sum` along an axis: each entry is in all sums from its own place on."""
    axis, reverse = at.parameters.get("axis", 0), bool(at.parameters.get("reverse", False))
    return called("cumulative_sum", at.upstream, axis=axis, reverse=not reverse)


def soft_maximum(at: PullbackSite) -> Formula | None:
    """Of `softmax` along an axis: Y ⊙ (G - the sum of G ⊙ Y along it)."""
    axis = axes_of(at.parameters.get("axis", -1), len(at.shape))
    return at.out * (at.upstream - total(at.upstream * at.out, axis, keepdims=True))


def log_soft_maximum(at: PullbackSite) -> Formula | None:
    """Of `log_softmax` along an axis: G - softmax(X) ⊙ the sum of G along it."""
    (axis,) = axes_of(at.parameters.get("axis", -1), len(at.shape))
    probabilities = called("softmax", at.operand, axis=axis)
    return at.upstream - probabilities * total(at.upstream, (axis,), keepdims=True)


def log_sum_exp(at: PullbackSite) -> Formula | None:
    """Of `logsumexp`: the gradient times the softmax of the operand."""
    axes = _axes(at)
    if len(axes) != 1:
        return None
    return _kept(at, at.upstream) * called("softmax", at.operand, axis=axes[0])
