"""Operations that act on each entry alone, with operands of different shapes broadcast."""

from __future__ import annotations

import numpy as np

from ..arrays import Indices
from ..graph.tape import Tape
from ..rules.ops import CODES
from .array_op import ArrayOp, Expand


def of_op(name: str) -> Expand:
    """Return the expansion that applies one operation of the op table to each entry."""
    code = CODES[name]

    def expand(tape: Tape, *operands: Indices) -> Indices:
        columns = np.broadcast_arrays(*operands)
        made = tape.operations(code, *(column.ravel() for column in columns))
        return np.arange(made.start, made.stop, dtype=np.int32).reshape(columns[0].shape)

    return expand


OPERATIONS = (
    ArrayOp("add", of_op("add")),
    ArrayOp("subtract", of_op("sub")),
    ArrayOp("multiply", of_op("mul")),
    ArrayOp("divide", of_op("div")),
    ArrayOp("negative", of_op("neg")),
    ArrayOp("exp", of_op("exp")),
    ArrayOp("log", of_op("ln")),
    ArrayOp("tanh", of_op("tanh")),
)
