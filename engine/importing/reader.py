"""`Reader`: what the readers of the libraries' programs share, so that rules of both are written alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..arrays import Floats
from .recording import Recording


@dataclass(frozen=True, slots=True)
class Recorded:
    """An array of floats that is recorded: its place among the arrays of the tape.

    Everything else in a program is concrete, an array of numbers: whole numbers, comparisons, and what depends on no
    array of floats that the function is given.
    """

    place: int


class Reader:
    """Reads the operations of a program one after the other, and records those that carry numbers on."""

    def __init__(self, recording: Recording) -> None:
        self.recording = recording

    def record(self, operation: str, *operands: Any, **parameters: Any) -> Recorded:
        """Record an operation of `ARRAY_OPS`; concrete operands become literal numbers."""
        places = [self.place(operand) for operand in operands]
        return Recorded(self.recording.apply(operation, *places, **parameters))

    def place(self, operand: Any) -> int:
        """Return the place of an operand among the arrays of the tape; a concrete one is recorded."""
        if isinstance(operand, Recorded):
            return operand.place
        return self.recording.constant(self.numbers(operand))

    def shape(self, operand: Any) -> tuple[int, ...]:
        """The lengths of the axes of an operand."""
        return self.recording.shape(operand.place) if isinstance(operand, Recorded) else tuple(np.shape(operand))

    def numbers(self, operand: Any) -> Floats:
        """The numbers of an operand, recorded or concrete."""
        if isinstance(operand, Recorded):
            return self.recording.values(operand.place)
        return self.concrete(operand)

    def concrete(self, operand: Any) -> Floats:
        """The numbers of a concrete operand."""
        return np.asarray(operand, dtype=np.float64)
