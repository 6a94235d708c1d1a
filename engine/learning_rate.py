"""The learning rate of a scenario file: a number, or an expression that changes with the epoch."""

from __future__ import annotations

import math
from dataclasses import dataclass

from .definitions import written
from .errors import ExpressionError
from .expression import CONSTANTS, Expression
from .ops import CODES, OPS, evaluate
from .source import Source


@dataclass(frozen=True)
class LearningRate:
    """A learning rate that may use `epoch` (0 for the first) and `epochs` (how many there are)."""

    expression: Expression
    epochs: int

    @classmethod
    def read(cls, source: Source, value: float | str, epochs: int) -> LearningRate:
        """Read what stands at training.learning_rate; ScenarioError where it is no positive number."""
        keys = ("training", "learning_rate")
        try:
            rate = cls(written(value), epochs)
            for used in rate.expression.names():
                if used.name not in ("epoch", "epochs", *CONSTANTS):
                    raise rate.expression.unknown(used, ("epoch", "epochs"))
        except ExpressionError as error:
            raise source.expression_error(error, *keys) from None
        for epoch in (0, epochs - 1):
            if not 0 < rate(epoch) < math.inf:
                message = f"the learning rate must be positive; in epoch {epoch + 1} it is {rate(epoch):g}"
                raise source.value_error(message, *keys)
        return rate

    def __call__(self, epoch: int) -> float:
        """Return the learning rate of an epoch."""
        names = {"epoch": float(epoch), "epochs": float(self.epochs), **CONSTANTS}
        return self.expression.fold(
            lambda value: value,
            lambda used: names[used.name],
            lambda _, op, operands: evaluate(OPS[CODES[op]].forward, *operands),
        )
