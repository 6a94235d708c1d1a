"""`Plan`: a graph compiled into NumPy calls, for running it again and again.

A plan is two lists of calls, forward and backward, on arrays that are allocated once. Operations of one
group (see `schedule`) lie next to each other, so that a group is one call on slices; where operands lie at
even distances they are slices as well, else they are gathered. Nothing is added up in another order than
the loop in `loop` does it, and exp or tanh are Python's own: both compute the same numbers, to the last bit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..arrays import Floats
from ..graph.graph import Graph
from .loop import BackwardRun, Loop, Run, backward, forward

if TYPE_CHECKING:
    from .schedule import Schedule

# What it takes, measured in us. Scheduling, which comes before the choice, takes half of LOOP_PER_NODE.
LOOP_PER_NODE = 0.8
PLAN_PER_NODE = 0.004
PLAN_PER_GROUP = 3.0
COMPILING_PER_GROUP = 250.0


class Plan:
    """A graph that is ready to run with other values in its leaves.

    `leaf_values`     float64[leaf_count]: write here, then `run`
    `leaf_gradients`  float64[leaf_count]: ∂output/∂leaf of the last run; 0 for what carries no gradient

    Both are views: the next run overwrites them.
    """

    def __init__(self, graph: Graph, schedule: Schedule | None = None) -> None:
        from .compiler import Compiler  # small graphs, the first ones that are opened, need none of this
        from .schedule import Schedule

        compiler = Compiler(graph, list(schedule or Schedule(graph)))
        self.graph = graph
        self._compiler = compiler
        self._values, self._gradients = compiler.values, compiler.gradients
        self._forward, self._backward = compiler.forward, compiler.backward
        self._output = int(compiler.places[graph.output])
        self.leaf_values: Floats = self._values[: graph.leaf_count]
        self.leaf_values[:] = graph.leaf_values
        self.leaf_gradients: Floats = self._gradients[: graph.leaf_count]
        self.leaf_gradients.setflags(write=False)

    def run(self, leaf_values: Floats | None = None, seed: float = 1.0) -> float:
        """Run forward and backward, with other `leaf_values` (float64[leaf_count]) if given; return the output."""
        if leaf_values is not None:
            self.leaf_values[:] = leaf_values
        self._gradients[self._output] = seed
        with np.errstate(all="ignore"):
            for function, arguments in self._forward:
                function(*arguments)
            for function, arguments in self._backward:
                function(*arguments)
        return float(self._values[self._output])

    @property
    def values(self) -> Floats:
        """The value of every node in the last run: float64[n]."""
        return self._values[self._compiler.places]

    @property
    def gradients(self) -> Floats:
        """∂output/∂node for every node in the last run: float64[n]; 0 for what carries no gradient."""
        return self._gradients[self._compiler.places]

    def record(self) -> Run:
        """Return everything that a walk of the last run shows; it stays when the plan runs again."""
        return Run(self.values, BackwardRun(self.graph.edges, self.gradients, self._compiler.local_derivatives()))


def compiled(graph: Graph) -> Plan | Loop:
    """Make a graph ready to run again and again, by whichever is faster once it is compiled."""
    from .schedule import Schedule

    schedule = Schedule(graph)
    faster = PLAN_PER_GROUP * len(schedule) + PLAN_PER_NODE * len(graph) < LOOP_PER_NODE * len(graph)
    return Plan(graph, schedule) if faster else Loop(graph)


def run(graph: Graph) -> Run:
    """Run a graph once, by whichever is faster, compiling included."""
    most_groups = int(LOOP_PER_NODE / 2 * len(graph) / COMPILING_PER_GROUP)
    if most_groups:
        from .schedule import Schedule

        schedule = Schedule(graph)
        if len(schedule) <= most_groups:
            plan = Plan(graph, schedule)
            plan.run()
            return plan.record()
    values = forward(graph)
    return Run(values, backward(graph, values))
