"""`Contributions`: all that reaches the gradient of one node, one contribution for each place where it is used."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import overload

from .step import Factor
from .trace import Trace


@dataclass(frozen=True, slots=True)
class Contribution:
    """One contribution to a node's gradient: upstream · local, along the edge from one consumer.

    `step` is the number of the backward step that brings it. `factor` has the edge (`consumer`, `operand_position`),
    the `upstream` gradient, the `local` derivative, the product (`contribution`) and the running sum, `before` and
    `after` it.
    """

    step: int
    factor: Factor


class Contributions(Sequence[Contribution]):
    """The contributions to the gradient of `node`, in the order in which the walk brings them.

    Each is made when it is asked for: a parameter of a model has one for every sample. There are none for the output,
    whose gradient is the seed, nor for what carries no gradient or is not used.
    """

    def __init__(self, trace: Trace, node: int) -> None:
        self.trace = trace
        self.node = node
        self._steps = [step_of(trace, edge) for edge in trace.graph.edges.into(node).tolist()]

    def __len__(self) -> int:
        return len(self._steps)

    @overload
    def __getitem__(self, index: int) -> Contribution: ...
    @overload
    def __getitem__(self, index: slice) -> list[Contribution]: ...
    def __getitem__(self, index: int | slice) -> Contribution | list[Contribution]:
        """Return one contribution, or a list of some; IndexError where there is none."""
        if isinstance(index, slice):
            return list(map(self._made, self._steps[index]))
        return self._made(self._steps[index])

    def arrived(self, cursor: int) -> int:
        """Return how many of them the first `cursor` steps of the walk have brought; the others are still to come."""
        return bisect_right(self._steps, cursor)

    def _made(self, step: int) -> Contribution:
        factor = self.trace.step(step).factor
        assert factor is not None, "a backward step has a factor"
        return Contribution(step, factor)


def step_of(trace: Trace, edge: int) -> int:
    """Return the number of the backward step that goes along an edge."""
    return trace.seed_step + 1 + edge
