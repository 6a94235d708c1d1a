"""`Traced`: a function that was read, as its library hands it on."""

from __future__ import annotations

from dataclasses import dataclass

from ..graph.tape import Tape
from .comparison import LibraryResult


@dataclass(frozen=True, eq=False)
class Traced:
    """A function as nodes on a tape, the one number that it returns among them.

    `output` is that node. The arrays that the function was given stand in `tape.arrays` by their names, as leaves that
    carry a gradient or as data. `result` is what the library finds itself; None where it finds no gradients.
    """

    tape: Tape
    output: int
    result: LibraryResult | None = None
