"""Operations that take one entry or another. What is chosen follows the numbers at the time it is recorded."""

from __future__ import annotations

import numpy as np

from ..array_formulas.pullbacks import elementwise as pullbacks
from ..arrays import Flags, Indices
from ..graph.graph import Leaf
from ..graph.tape import Tape
from .array_op import ArrayOp
from .entries import broadcast, constant, entrywise, values


def _where(tape: Tape, x: Indices, y: Indices, *, condition: Flags) -> Indices:
    """x where the condition holds, and y elsewhere: no operation of its own, and the other one gets no gradient."""
    chosen, left, right = broadcast(np.asarray(condition, dtype=np.int32), x, y)
    return np.where(chosen, left, right)


def _clip(tape: Tape, x: Indices, *bounds: Indices, has_min: bool = True, has_max: bool = True) -> Indices:
    """min(max(x, lower), upper); `bounds` are those of the two that there are."""
    remaining = [*bounds]
    if has_min:
        x = entrywise(tape, "max", x, remaining.pop(0))
    if has_max:
        x = entrywise(tape, "min", x, remaining.pop(0))
    return x


def _triangle(tape: Tape, x: Indices, *, lower: bool, offset: int = 0) -> Indices:
    """x with literal zeros above (`lower`) or below the diagonal number `offset`."""
    rows, columns = np.indices(x.shape[-2:], dtype=np.int32)
    kept = columns - rows <= offset if lower else columns - rows >= offset
    return np.where(kept, x, constant(tape, 0.0))


def _sort(tape: Tape, x: Indices, *, axis: int = -1, descending: bool = False) -> Indices:
    numbers = values(tape, x)
    order = np.argsort(-numbers if descending else numbers, axis=axis, kind="stable")
    return np.take_along_axis(x, order, axis)


def _stop_gradient(tape: Tape, x: Indices) -> Indices:
    """The same numbers as data, through which no gradient flows."""
    made = tape.leaves(values(tape, x).reshape(-1), Leaf.DATA)
    return np.arange(made.start, made.stop, dtype=np.int32).reshape(x.shape)


OPERATIONS = (
    ArrayOp("where", _where, pullbacks.choice),
    ArrayOp("clip", _clip, pullbacks.clipped),
    ArrayOp("triangle", _triangle, pullbacks.triangle),
    ArrayOp("sort", _sort),
    ArrayOp("stop_gradient", _stop_gradient),
)
