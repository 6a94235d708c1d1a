"""`Recording`: what a library's operations on arrays are recorded on, while its program is read."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..array_ops.recording import applied, given
from ..arrays import Floats
from ..graph.array_record import ArrayNode, SourceLine
from ..graph.graph import Leaf
from ..graph.tape import Tape
from .errors import TooManyScalars
from .limit import MAX_SCALARS

_PRODUCTS = frozenset({"matmul", "einsum", "tensordot", "convolution"})
"""Operations that make far more scalars than their result has entries."""


class Recording:
    """A tape for arrays, with room for so many scalars.

    An array is meant by its place in `tape.arrays`. `source` and `scope` are those of what is recorded next: whoever
    reads a library's program sets them for each of its operations.
    """

    def __init__(self, most: int = MAX_SCALARS) -> None:
        self.tape = Tape()
        self.source: SourceLine | None = None
        self.scope: tuple[str, ...] = ()
        self._most = most

    def given(self, values: Any, kind: Leaf, name: str) -> int:
        """Record an array that the function is given; `kind` says whether it carries a gradient."""
        self._need_room(np.size(values))
        return given(self.tape, np.asarray(values, dtype=np.float64), kind, name)

    def constant(self, values: Any) -> int:
        """Record numbers that stand in the function itself; equal numbers are one node."""
        values = np.asarray(values, dtype=np.float64)
        different, places = np.unique(values.ravel(), return_inverse=True)
        self._need_room(different.size)
        nodes = self.tape.leaves(different, Leaf.CONSTANT)
        entries = (nodes.start + places).astype(np.int32).reshape(values.shape)
        self.tape.arrays.append(ArrayNode("", entries, source=self.source, scope=self.scope))
        return len(self.tape.arrays) - 1

    def apply(self, operation: str, *operands: int, name: str = "", **parameters: Any) -> int:
        """Record an operation of `ARRAY_OPS` on arrays; return the place of its result.

        Raises TooManyScalars where there is no room for what it makes.
        """
        self._need_room(_expected(operation, [self.shape(operand) for operand in operands], parameters))
        made = applied(self.tape, operation, operands, parameters, source=self.source, scope=self.scope, name=name)
        self._need_room(0)
        return made

    def shape(self, place: int) -> tuple[int, ...]:
        """The lengths of an array's axes."""
        return self.tape.arrays[place].entries.shape

    def values(self, place: int) -> Floats:
        """The numbers of an array: a copy, in its shape."""
        entries = self.tape.arrays[place].entries
        return np.array(np.frombuffer(self.tape.values)[entries.ravel()]).reshape(entries.shape)

    def _need_room(self, more: int) -> None:
        count = len(self.tape) + more
        if count > self._most:
            raise TooManyScalars(count, self._most, at_least=True)


def _expected(operation: str, shapes: Sequence[tuple[int, ...]], parameters: Mapping[str, Any]) -> int:
    """Return about how many nodes a product of arrays makes, which may be far more than there is room for."""
    if operation not in _PRODUCTS or len(shapes) < 2:
        return 0
    first, second = shapes[0], shapes[1]
    if operation == "matmul" and second:
        return math.prod(first) * (second[-1] if len(second) > 1 else 1)
    return 0
