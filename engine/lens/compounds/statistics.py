"""Variances, deviations and the logarithm of a sum of powers, along axes."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any

from ...array_formulas.evaluate import FUNCTIONS
from ...array_formulas.formula import Shape
from ...array_formulas.pullbacks.reductions import deviation, log_sum_exp, variance
from ..array_graph import Group
from .candidate import Candidate
from .compound import Compound, Recognise

MOST_AXES = 4
"""Arrays of more axes are not looked at."""


def _recognise(function: str, choices: tuple[dict[str, Any], ...]) -> Recognise:
    compute: Callable[..., Any] = FUNCTIONS[function]

    def recognised(candidate: Candidate) -> Group | None:
        if len(candidate.operands) != 1:
            return None
        values = candidate.values[0]
        for axes, keepdims in _reductions(values.shape, candidate.out.shape):
            for more in choices:
                if candidate.gives(compute(values, axis=axes, keepdims=keepdims, **more)):
                    return candidate.group(function, candidate.operands, axis=axes, keepdims=keepdims, **more)
        return None

    return recognised


def _reductions(shape: Shape, result: Shape) -> Iterator[tuple[tuple[int, ...], bool]]:
    """Give the axes whose reduction has a shape, and whether they are kept with the length 1."""
    count = len(shape)
    if not 1 <= count <= MOST_AXES:
        return
    for size in range(1, count + 1):
        for axes in itertools.combinations(range(count), size):
            if tuple(1 if axis in axes else length for axis, length in enumerate(shape)) == result:
                yield axes, True
            if tuple(length for axis, length in enumerate(shape) if axis not in axes) == result:
                yield axes, False


_DDOF = ({"ddof": 0}, {"ddof": 1})

COMPOUNDS = (
    Compound(
        "var",
        variance,
        "An entry changes the variance by twice its distance from the mean, over the number of entries: the mean "
        "changes too, but the distances from it sum to 0.",
        names=frozenset({"var"}),
        recognise=_recognise("var", _DDOF),
        shown=("axis", "keepdims"),
    ),
    Compound(
        "std",
        deviation,
        "The deviation is the root of the variance: the distance from the mean, over the number of entries and the "
        "deviation.",
        names=frozenset({"std"}),
        recognise=_recognise("std", _DDOF),
        shown=("axis", "keepdims"),
    ),
    Compound(
        "logsumexp",
        log_sum_exp,
        "Each entry has its share in the sum of powers: the gradient goes to the entries by their softmax.",
        names=frozenset({"logsumexp"}),
        recognise=_recognise("logsumexp", ({},)),
        shown=("axis", "keepdims"),
    ),
)
