"""The learning rate of a training: a number, or an expression that changes with the epoch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..definition import Value
from ..errors import DefinitionError
from ..language.dependencies import written
from ..language.expression import Expression
from ..language.names import CONSTANTS
from ..rules.ops import CODES, OPS, evaluate
from .formulas import Computation


@dataclass(frozen=True)
class LearningRate:
    """A learning rate that may use `epoch` (0 for the first) and `epochs` (how many are planned).

    When training goes on after the planned epochs, the rate stays what it was in the last of them: an expression such
    as 1 - epoch/epochs would be 0 or negative from there on.
    """

    expression: Expression
    epochs: int

    @classmethod
    def read(cls, value: Value, epochs: int) -> LearningRate:
        """Read a rate; ExpressionError or DefinitionError unless it is positive in every epoch."""
        rate = cls(written(value), epochs)
        for used in rate.expression.unknown_names(("epoch", "epochs")):
            raise rate.expression.unknown(used, ("epoch", "epochs"))
        rates = rate.in_every_epoch()
        wrong = np.flatnonzero(~((rates > 0) & (rates < np.inf)))
        if len(wrong):
            epoch = int(wrong[0])
            where = "" if rate.is_constant else f" where epoch is {epoch}"
            message = f"the learning rate must be a positive number; it is {rates[epoch]:g}{where}"
            raise DefinitionError(message, ("training", "learning_rate"), in_value=True)
        return rate

    @property
    def is_constant(self) -> bool:
        """Whether the rate is the same in every epoch."""
        return all(used.name in CONSTANTS for used in self.expression.names())

    def in_every_epoch(self) -> Any:
        """Return the learning rates of the planned epochs: float64[epochs]."""
        names = {"epoch": np.arange(self.epochs, dtype=np.float64), "epochs": np.float64(self.epochs), **CONSTANTS}
        computation = Computation()
        computed = self.expression.fold(
            computation.number,
            lambda used: names[used.name],
            lambda _, op, operands: computation.apply(op, operands, None),
        )
        return np.broadcast_to(computed, self.epochs)

    def __call__(self, epoch: int) -> float:
        """Return the learning rate of an epoch, counted from 0."""
        epoch = min(epoch, self.epochs - 1)
        names = {"epoch": float(epoch), "epochs": float(self.epochs), **CONSTANTS}
        return self.expression.fold(
            lambda value: value,
            lambda used: names[used.name],
            lambda _, op, operands: evaluate(OPS[CODES[op]].forward, *operands),
        )
