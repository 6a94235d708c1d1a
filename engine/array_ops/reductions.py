"""Operations that take the entries along an axis together: sums, means, products, extremes."""

from __future__ import annotations

import numpy as np

from ..array_formulas.pullbacks import reductions as pullbacks
from ..arrays import Indices
from ..errors import GraphError
from ..graph.tape import Tape
from .array_op import ArrayOp, Expand
from .entries import Axes, axes_of, constant, entrywise, folded, reduced, rows_along


def _reduction(combine: str, empty: float | None, *, fold: bool) -> Expand:
    """Make the expansion of a reduction; `empty` is the result where there is nothing to take together, if there is."""

    def expand(tape: Tape, x: Indices, *, axis: Axes = None, keepdims: bool = False) -> Indices:
        rows, shape, kept = rows_along(x, axis)
        if rows.shape[-1]:
            result = folded(tape, combine, rows) if fold else reduced(tape, combine, rows)
        elif empty is None:
            raise GraphError(f"the {combine} of no entries does not exist: the array has the shape {x.shape}")
        else:
            result = np.broadcast_to(constant(tape, empty), shape)
        return result.reshape(kept if keepdims else shape)

    return expand


def _cumulative(combine: str) -> Expand:
    def expand(tape: Tape, x: Indices, *, axis: int = 0, reverse: bool = False) -> Indices:
        (along,) = axes_of(axis, x.ndim)
        slices = [*np.moveaxis(x, along, 0)][:: -1 if reverse else 1]
        for place in range(1, len(slices)):
            slices[place] = entrywise(tape, combine, slices[place - 1], slices[place])
        return np.stack(slices[:: -1 if reverse else 1], axis=along) if slices else x

    return expand


OPERATIONS = (
    ArrayOp("sum", _reduction("sum", 0.0, fold=False), pullbacks.total_of),
    ArrayOp("mean", _reduction("mean", None, fold=False), pullbacks.mean),
    ArrayOp("prod", _reduction("mul", 1.0, fold=True), pullbacks.product_of),
    ArrayOp("max", _reduction("max", None, fold=True), pullbacks.largest),
    ArrayOp("min", _reduction("min", None, fold=True), pullbacks.largest),
    ArrayOp("cumulative_sum", _cumulative("add"), pullbacks.running_sum),
    ArrayOp("cumulative_prod", _cumulative("mul")),
)
