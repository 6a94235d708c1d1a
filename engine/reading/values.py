"""Constant expressions: the values of inputs."""

from __future__ import annotations

import math

from ..errors import ExpressionError
from ..language.expression import Expression


def finite(expression: Expression) -> float:
    """Compute a constant expression; ExpressionError where it is not a finite number."""
    number = expression.compute()
    if not math.isfinite(number):
        reason = "is not a number" if math.isnan(number) else "is infinite: too large for a 64-bit float, or 1/0"
        raise ExpressionError(f"this value {reason}", expression.text, 0, len(expression.text), "write a finite number")
    return number
