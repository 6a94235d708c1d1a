"""`ArrayOp`: an operation on arrays, as the scalar nodes that it stands for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..array_formulas.pullback import Pullback
from ..arrays import Indices

Expand = Callable[..., Indices]
"""`expand(tape, *operands, **parameters)`: int32 arrays of nodes become one, by nodes appended to the tape."""


@dataclass(frozen=True)
class ArrayOp:
    """An operation on arrays. Its name is that of NumPy, or of the Python array API standard.

    `expand` appends the scalar operations to a tape, in whole blocks, and returns the nodes of the result; the operands
    broadcast as NumPy's do. `pullback` is the rule of the way back in matrix form, None where it has none.
    """

    name: str
    expand: Expand
    pullback: Pullback | None = None
