"""How far rounding alone can take the numbers of a run from what mathematics has: what a comparison must allow for.

First-order bounds, carried along with the backward pass (Higham, "Accuracy and Stability of Numerical Algorithms",
2nd ed., chapter 3, on running error analysis).
"""

from __future__ import annotations

import numpy as np

from ..arrays import Floats
from ..graph.graph import Graph
from ..rules.ops import OPS
from ..run.loop import Run

EPSILON = float(np.finfo(np.float64).eps)
"""The distance from 1 to the next 64-bit float."""

_ULPS = 8
"""How many units in the last place a local derivative and its product with the upstream gradient are off, at most."""

_UNDERFLOW = 1e-207
"""A local derivative below this may lose digits, or vanish, in a complex step of 1e-100."""

_SETTLED = np.array([op.partial_rounding for op in OPS])


def of_gradients(graph: Graph, run: Run) -> Floats:
    """Return a bound of the rounding error in the gradient of each node: float64[n].

    It holds for a derivative that is computed the other way round as well, with the same values in the nodes.
    """
    edges, pass_back = graph.edges, run.backward
    consumers = edges.consumers()
    with np.errstate(all="ignore"):
        upstream = np.abs(pass_back.gradients[consumers])
        terms = np.diff(graph.operand_offsets)[consumers] + np.diff(edges.write_offsets)[edges.targets]
        own = EPSILON * (_ULPS + terms) * np.abs(pass_back.contributions)
        own += upstream * (EPSILON * _SETTLED[graph.codes[consumers]] + _UNDERFLOW)
        sizes = np.abs(pass_back.locals)
    bounds = [0.0] * len(graph)
    columns = (consumers, edges.targets, own, sizes)
    for consumer, target, error, size in zip(*(column.tolist() for column in columns), strict=True):
        bounds[target] += error + size * bounds[consumer]
    return np.array(bounds)


def of_output(run: Run) -> float:
    """Return a bound of the rounding error in the output, each node's value taken to be off by a unit."""
    gradients, values = run.backward.gradients, run.values
    known = np.isfinite(gradients) & np.isfinite(values)
    with np.errstate(all="ignore"):
        return float(np.abs(EPSILON * gradients[known] * values[known]).sum())
