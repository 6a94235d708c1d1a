"""Operations that only pick and arrange entries: they add no node."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..arrays import Indices
from ..graph.tape import Tape
from .array_op import ArrayOp, Expand


def picking(arrange: Callable[..., Indices]) -> Expand:
    """Return the expansion that does with the nodes what `arrange`, a function of NumPy, does with an array."""

    def expand(tape: Tape, *operands: Indices, **parameters: Any) -> Indices:
        return arrange(*operands, **parameters)

    return expand


OPERATIONS = (
    ArrayOp("reshape", picking(np.reshape)),
    ArrayOp("transpose", picking(np.transpose)),
)
