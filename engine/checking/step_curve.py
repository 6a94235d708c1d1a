"""`StepCurve`: the V that the error of a difference makes as its step shrinks."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..arrays import Floats
from ..graph.graph import Graph
from ..run.lanes import Lanes

LARGEST, SMALLEST = 1e-1, 1e-15
"""The ends of the range of steps."""

PER_DECADE = 4
"""How many steps there are from one power of ten to the next."""


_AROUND = 5
"""How many neighbouring steps are looked at together."""


@dataclass(frozen=True, eq=False, slots=True)
class StepCurve:
    """The error of differences by one leaf, for each step h.

    `steps` is float64[k], from large to small; `central` and `forward` are float64[k]: |difference - reference|, as a
    part of the size of the `reference` where that is not 0; nan where the function is undefined at the step.

    On the left of the V, where h is small, the error is that of rounding, about ε·|f|/h: ten times the error for a
    tenth of the step (slope -1). On its right it is what the series of f has beyond the slope: h²·f'''/6 for a central
    difference (slope 2), h·f''/2 for a forward one (slope 1).
    """

    name: str
    reference: float
    steps: Floats
    central: Floats
    forward: Floats

    @property
    def is_relative(self) -> bool:
        """Whether the errors are parts of the reference."""
        return self.reference != 0

    @property
    def best(self) -> tuple[float, float] | None:
        """The step around which central differences are nearest, and the largest error of those around it.

        One alone may be right by chance, however small its step. None where there are too few that have an error.
        """
        around = np.lib.stride_tricks.sliding_window_view(self.central, _AROUND).max(axis=1)  # nan where any is
        if np.isnan(around).all():
            return None
        place = int(np.nanargmin(around))
        return self.steps.item(place + _AROUND // 2), around.item(place)


def step_curve(
    graph: Graph, values: Floats, leaf: int, reference: float, report: Callable[[int, int], None] | None = None
) -> StepCurve:
    """Compute the errors of the differences by a leaf; `values`, float64[n], are those of the graph's run.

    `reference` is the derivative as it is known better: by a complex step, or by backpropagation. `report` is told how
    many runs have been made, of how many; what it raises ends the work.
    """
    decades = round(math.log10(LARGEST / SMALLEST))
    steps: Floats = LARGEST * 10.0 ** -(np.arange(decades * PER_DECADE + 1) / PER_DECADE)
    lanes, x = Lanes(graph), values.item(leaf)
    points: Floats = np.concatenate([x + steps, x - steps])
    outputs = np.empty(len(points))
    for first in range(0, len(points), lanes.most(8)):
        if report is not None:
            report(first, len(points))
        some = points[first : first + lanes.most(8)]
        moved = np.repeat(values[: graph.leaf_count, np.newaxis], len(some), axis=1)
        moved[leaf] = some
        outputs[first : first + len(some)] = lanes.run(moved)[graph.output]
    above, below = outputs.reshape(2, -1)
    with np.errstate(all="ignore"):
        central = (above - below) / (2 * steps)
        forward = (above - values.item(graph.output)) / steps
        size = abs(reference) or 1.0
        errors = [np.abs(found - reference) / size for found in (central, forward)]
    central, forward = (np.where(np.isfinite(error), error, np.nan) for error in errors)
    return StepCurve(graph.label(leaf), reference, steps, central, forward)
