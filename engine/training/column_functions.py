"""The functions that make data columns: seeded random numbers and regular patterns, one value a sample.

A new one is one entry in `COLUMN_FUNCTIONS`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..arrays import Floats


@dataclass(frozen=True, slots=True)
class ColumnFunction:
    """How many arguments a function takes (None: one or more), how it is called, and the rule that makes its column.

    The rule is called with the generator, the number of samples and the arguments, each a float or float64[m],
    and returns float64[m].
    """

    argument_count: int | None
    example: str
    rule: Callable[..., Floats]


def _uniform(random: np.random.Generator, samples: int, low: Any, high: Any) -> Floats:
    return low + (high - low) * random.random(samples)


def _normal(random: np.random.Generator, samples: int) -> Floats:
    return random.standard_normal(samples)


def _linspace(random: np.random.Generator, samples: int, first: Any, last: Any) -> Floats:
    return first + (last - first) * np.linspace(0.0, 1.0, samples)


def _cycle(random: np.random.Generator, samples: int, *values: Any) -> Floats:
    columns = np.array([np.broadcast_to(value, samples) for value in values], dtype=np.float64)
    return columns[np.arange(samples) % len(values), np.arange(samples)]


COLUMN_FUNCTIONS: dict[str, ColumnFunction] = {
    "uniform": ColumnFunction(2, "uniform(-1, 1)", _uniform),  # uniform(low, high)
    "normal": ColumnFunction(0, "normal()", _normal),  # normal(): mean 0, standard deviation 1
    "linspace": ColumnFunction(2, "linspace(0, 1)", _linspace),  # linspace(first, last): evenly spaced over the samples
    "cycle": ColumnFunction(
        None, "cycle(0, 1)", _cycle
    ),  # cycle(a, b, ...): a for the first sample, b for the second, ...
}
"""The functions by the names that expressions in `[data]` call them."""
