"""`compare`: what n passes of forward mode take for all gradients of a graph, and one pass of reverse mode."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from ..arrays import Floats
from ..graph.graph import Leaf
from .numbers import Numbers

AT_ONCE = 64
"""So many inputs go through the graph together."""

MOST_WORK = 4_000_000
"""How many edges are looked at in all; in a larger graph fewer inputs are counted."""


@dataclass(frozen=True, slots=True)
class ForwardPass:
    """One pass of forward mode: its input, what it found, and what the reverse pass found for the same input.

    `multiplications` counts the edges that carry a tangent, each of which takes one product of a local derivative and a
    tangent. `derivative` and `gradient` are nan where they are undefined.
    """

    input: int
    name: str
    multiplications: int
    derivative: float
    gradient: float

    @property
    def difference(self) -> float:
        """How far the two are apart, relative to the larger; 0 where both are undefined, infinite where one is."""
        if math.isnan(self.derivative) or math.isnan(self.gradient):
            return 0.0 if math.isnan(self.derivative) and math.isnan(self.gradient) else math.inf
        apart = abs(self.derivative - self.gradient)
        return apart / max(abs(self.derivative), abs(self.gradient)) if apart else 0.0


@dataclass(frozen=True)
class Comparison:
    """Both modes on one graph; a pass counts one multiplication for each edge that it takes.

    `passes` are those of the first inputs, all `input_count` of them where that can be counted in time. The reverse
    pass, which is one whatever the number of inputs, takes `reverse_multiplications`, one for each contribution.
    """

    output_name: str
    node_count: int
    input_count: int
    passes: tuple[ForwardPass, ...]
    reverse_multiplications: int

    @property
    def is_complete(self) -> bool:
        """Whether all inputs were counted."""
        return len(self.passes) == self.input_count

    @property
    def forward_multiplications(self) -> int:
        """What the passes take together."""
        return sum(each.multiplications for each in self.passes)

    @property
    def largest_difference(self) -> float:
        """The largest difference of the two modes over the inputs that were counted."""
        return max((each.difference for each in self.passes), default=0.0)


def compare(numbers: Numbers, report: Callable[[float], None] = lambda done: None) -> Comparison:
    """Take forward mode through a run once for each input, many inputs at a time, beside the backward pass it has.

    `report` is told which part is done, and may raise to stop.
    """
    graph = numbers.graph
    inputs: list[int] = np.flatnonzero(graph.codes[: graph.leaf_count] == Leaf.INPUT).tolist()
    edge_count = len(graph.edges)
    chunks = max(1, MOST_WORK // max(1, edge_count))
    counted = inputs[: chunks * AT_ONCE]
    edges = _edges(numbers)
    passes: list[ForwardPass] = []
    for first in range(0, len(counted), AT_ONCE):
        some = counted[first : first + AT_ONCE]
        tell = partial(_report_part, report, first / len(counted), len(some) / len(counted))
        counts, derivatives = _passes(numbers, edges, some, tell)
        for node, count, derivative in zip(some, counts, derivatives.tolist(), strict=True):
            gradient = float(numbers.backward.gradients[node])
            if numbers.output_undefined or not math.isfinite(gradient):
                gradient = math.nan
            if numbers.output_undefined or not math.isfinite(derivative):
                derivative = math.nan
            passes.append(ForwardPass(node, graph.label(node), count, derivative, gradient))
    return Comparison(graph.label(graph.output), len(graph), len(inputs), tuple(passes), edge_count)


def _edges(numbers: Numbers) -> list[tuple[int, int, float]]:
    """Return (consumer, operand, local derivative) of each edge that carries a gradient, in topological order."""
    graph = numbers.graph
    locals_in_order = numbers.backward.locals[graph.edges.walk_numbers()]
    consumers, operands = graph.consumers()[graph.carried], graph.operands[graph.carried]
    return list(zip(consumers.tolist(), operands.tolist(), locals_in_order.tolist(), strict=True))


def _report_part(report: Callable[[float], None], before: float, share: float, done: float) -> None:
    report(before + share * done)


def _passes(
    numbers: Numbers, edges: list[tuple[int, int, float]], inputs: list[int], report: Callable[[float], None]
) -> tuple[list[int], Floats]:
    """Return the multiplications of each of some inputs, and the tangent of the output: float64[inputs]."""
    graph = numbers.graph
    depends = [0] * len(graph)  # a bit for each input
    counts = [0] * len(inputs)
    masks: dict[int, int] = {}
    tangents = np.zeros((len(graph), len(inputs)))
    for place, node in enumerate(inputs):
        depends[node] = 1 << place
        tangents[node, place] = 1.0
    with np.errstate(all="ignore"):
        for number, (consumer, operand, local) in enumerate(edges):
            if not number % 10_000:
                report(number / len(edges))
            mask = depends[operand]
            if mask:
                masks[mask] = masks.get(mask, 0) + 1
                depends[consumer] |= mask
                if math.isfinite(local):
                    tangents[consumer] += local * tangents[operand]
                else:  # what does not depend on an input has the tangent 0, whatever its slope is
                    moves = np.array([mask >> place & 1 for place in range(len(inputs))], dtype=np.bool_)
                    tangents[consumer, moves] += local * tangents[operand, moves]
    for mask, times in masks.items():
        for place in range(len(inputs)):
            counts[place] += times * (mask >> place & 1)
    return counts, tangents[graph.output]
