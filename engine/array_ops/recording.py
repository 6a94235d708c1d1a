"""Recording arrays on a tape: every door to gradwalk that takes arrays goes through here.

So whatever it makes is known as arrays afterwards: it can be gathered, and says which line it comes from.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..arrays import Floats
from ..graph.array_record import ArrayNode, SourceLine
from ..graph.graph import Leaf
from ..graph.names import NameBlock
from ..graph.tape import Tape
from .table import ARRAY_OPS


def given(tape: Tape, values: Floats, kind: Leaf, name: str = "", source: SourceLine | None = None) -> int:
    """Record an array that is given, its entries as leaves of a kind; return its place in `tape.arrays`.

    An entry of the array `W` is called `W[0,1]` by its indices, counted from 0; the one of a single number is `W`.
    """
    values = np.asarray(values, dtype=np.float64)
    nodes = tape.leaves(values.ravel(), kind)
    if name:
        name_entries(tape, name, nodes, values.shape)
    entries = np.arange(nodes.start, nodes.stop, dtype=np.int32).reshape(values.shape)
    tape.arrays.append(ArrayNode("", entries, name=name, source=source))
    return len(tape.arrays) - 1


def name_entries(tape: Tape, name: str, nodes: range, shape: tuple[int, ...]) -> None:
    """Call the entries of an array, consecutive nodes, by their indices: `W[0,1]`; a single number is `W`."""
    if not shape:
        tape.names[nodes.start] = name
    elif nodes:
        tape.add_names(NameBlock(name, nodes.start, range(len(nodes)), shape))


def applied(
    tape: Tape,
    operation: str,
    operands: Sequence[int],
    parameters: Mapping[str, Any] | None = None,
    *,
    source: SourceLine | None = None,
    scope: tuple[str, ...] = (),
    name: str = "",
) -> int:
    """Record an operation of `ARRAY_OPS` on arrays of the tape; return the place of its result in `tape.arrays`.

    Raises KeyError for an operation that is not known, and GraphError for shapes that do not fit.
    """
    parameters = dict(parameters or {})
    first = len(tape)
    entries = ARRAY_OPS[operation].expand(tape, *(tape.arrays[place].entries for place in operands), **parameters)
    tape.arrays.append(
        ArrayNode(operation, entries, tuple(operands), parameters, first, len(tape), name, source, scope)
    )
    return len(tape.arrays) - 1
