"""Softmax and its logarithm along an axis."""

from __future__ import annotations

from ...array_formulas.evaluate import FUNCTIONS
from ...array_formulas.pullbacks.reductions import log_soft_maximum, soft_maximum
from ..array_graph import Group
from .candidate import Candidate
from .compound import Compound, Recognise


def _recognise(function: str) -> Recognise:
    def recognised(candidate: Candidate) -> Group | None:
        if len(candidate.operands) != 1 or candidate.values[0].shape != candidate.out.shape:
            return None
        values = candidate.values[0]
        for axis in reversed(range(values.ndim)):
            if values.shape[axis] > 1 and candidate.gives(FUNCTIONS[function](values, axis=axis)):
                return candidate.group(function, candidate.operands, axis=axis)
        return None

    return recognised


COMPOUNDS = (
    Compound(
        "softmax",
        soft_maximum,
        "A softmax sums to 1 along its axis: each entry hangs on all entries of its row, so from each gradient the sum "
        "over the row, weighted by the softmax, is subtracted.",
        names=frozenset({"softmax"}),
        recognise=_recognise("softmax"),
        shown=("axis",),
    ),
    Compound(
        "log_softmax",
        log_soft_maximum,
        "The softmax of a row sums to 1: each gradient loses its share, by the softmax, of the sum of them all.",
        names=frozenset({"logsoftmax"}),
        recognise=_recognise("log_softmax"),
        shown=("axis",),
    ),
)
