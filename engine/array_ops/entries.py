"""What the operations are made of: blocks of scalar nodes, one for each entry of an array."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..arrays import Floats, Indices
from ..errors import GraphError, RoomError
from ..graph.graph import Leaf
from ..graph.tape import Tape
from ..rules.ops import CODES

Axes = int | Sequence[int] | None
"""An axis, several, or all of them."""

ROOM = 1_000_000
"""An operation makes at most so many scalars: there is room for as many in a walk."""


def need_room(count: int) -> None:
    """Raise RoomError where one operation would make too many scalars; called before anything is made."""
    if count > ROOM:
        raise RoomError(count, ROOM)


def values(tape: Tape, entries: Indices) -> Floats:
    """Return the number of each entry: float64 in the same shape."""
    return np.frombuffer(tape.values)[entries]  # a copy: an array that is being looked at cannot grow


def constant(tape: Tape, value: float) -> Indices:
    """Append a literal number and return its node: int32[()]."""
    return np.array(tape.leaf(value, Leaf.CONSTANT), dtype=np.int32)


def all_constant(tape: Tape, entries: Indices, value: float) -> bool:
    """Say whether every entry is the literal number `value`, in one node or in several."""
    nodes = np.unique(entries).tolist() if entries.size > 1 else entries.reshape(-1).tolist()
    return bool(nodes) and all(tape.codes[node] == Leaf.CONSTANT and tape.values[node] == value for node in nodes)


def broadcast(*operands: Indices) -> tuple[Indices, ...]:
    """Bring operands to one shape, as NumPy does; raises GraphError where their shapes do not fit."""
    try:
        return tuple(np.broadcast_arrays(*operands))
    except ValueError:
        shapes = " and ".join(str(operand.shape) for operand in operands)
        raise GraphError(f"arrays of the shapes {shapes} do not fit: they cannot be broadcast to one shape") from None


def entrywise(tape: Tape, operation: str, *operands: Indices) -> Indices:
    """Append one operation of the op table for each entry of the operands, brought to one shape; return their nodes.

    They are consecutive, in the order of the entries. Raises GraphError where the shapes do not fit.
    """
    columns = broadcast(*operands)
    shape = columns[0].shape
    need_room(columns[0].size)
    if not columns[0].size:
        return np.empty(shape, dtype=np.int32)
    made = tape.operations(CODES[operation], *(column.reshape(-1) for column in columns))
    return np.arange(made.start, made.stop, dtype=np.int32).reshape(shape)


def reduced(tape: Tape, operation: str, rows: Indices) -> Indices:
    """Append one n-ary operation for each row of operands, int32[..., n] with n ≥ 1; return their nodes: int32[...].

    A single operand is its own sum and its own mean; two are added.
    """
    count = rows.shape[-1]
    if count == 1 or not rows.size:
        return rows[..., 0] if count else np.empty(rows.shape[:-1], dtype=np.int32)
    if count == 2 and operation == "sum":
        return entrywise(tape, "add", rows[..., 0], rows[..., 1])
    made = tape.rows(CODES[operation], rows.reshape(-1, count))
    return np.arange(made.start, made.stop, dtype=np.int32).reshape(rows.shape[:-1])


def folded(tape: Tape, operation: str, rows: Indices) -> Indices:
    """Append ((r0 ∘ r1) ∘ r2) ∘ ... for each row of operands, int32[..., n] with n ≥ 1; return the last nodes."""
    result = rows[..., 0]
    for place in range(1, rows.shape[-1]):
        result = entrywise(tape, operation, result, rows[..., place])
    return result


def summed_products(tape: Tape, left: Indices, right: Indices) -> Indices:
    """Append left[..., 0]·right[..., 0] + left[..., 1]·right[..., 1] + ... and return the nodes of the sums.

    The operands have one shape, int32[..., n], and -1 where there is no product; a row without any is the number 0.
    """
    need_room(left.size)
    there = left >= 0
    if not left.shape[-1]:
        return np.broadcast_to(constant(tape, 0.0), left.shape[:-1])
    if there.all():
        return reduced(tape, "sum", entrywise(tape, "mul", left, right))
    products = np.full(left.shape, -1, dtype=np.int32)
    products[there] = entrywise(tape, "mul", left[there], right[there])
    counts = there.sum(axis=-1)
    sums = np.empty(left.shape[:-1], dtype=np.int32)
    for count in np.unique(counts).tolist():
        rows = counts == count
        if count:
            sums[rows] = reduced(tape, "sum", products[rows][there[rows]].reshape(-1, count))
        else:
            sums[rows] = constant(tape, 0.0)
    return sums


def axes_of(axis: Axes, dimensions: int) -> tuple[int, ...]:
    """Return the axes that are meant, each from 0 on; all of them for None.

    Raises GraphError for an axis that an array of so many dimensions does not have, and for one that is named twice.
    """
    if axis is None:
        return tuple(range(dimensions))
    given = (axis,) if isinstance(axis, int | np.integer) else tuple(axis)
    for each in given:
        if not -dimensions <= each < dimensions:
            raise GraphError(f"there is no axis {each} in an array of {dimensions} dimensions")
    axes = tuple(int(each) % dimensions for each in given)
    if len(set(axes)) < len(axes):
        raise GraphError(f"an axis is named twice: {given}")
    return axes


def rows_along(entries: Indices, axis: Axes) -> tuple[Indices, tuple[int, ...], tuple[int, ...]]:
    """Lay out what a reduction takes together: the entries along `axis` become the last axis of int32[..., n].

    Returns these rows, the shape of the result, and its shape where the axes are kept with length 1.
    """
    axes = axes_of(axis, entries.ndim)
    others = [place for place in range(entries.ndim) if place not in axes]
    shape = tuple(entries.shape[place] for place in others)
    kept = tuple(1 if place in axes else length for place, length in enumerate(entries.shape))
    size = int(np.prod([entries.shape[place] for place in axes], dtype=np.int64))
    return entries.transpose([*others, *axes]).reshape((*shape, size)), shape, kept
