"""`Asked`: one number of a walk that somebody is asked for, and what the walk says it is."""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..errors import GradwalkError
from ..graph.graph import Graph
from ..language.step_key import StepKey, StepKind
from ..run.loop import Run
from ..walk.local import Locals
from ..walk.phase import Phase
from ..walk.trace import Trace
from .task import TaskKind

if TYPE_CHECKING:
    from ..rules.closed_form import ClosedForm

_PHASES = {
    TaskKind.VALUE: (Phase.FORWARD,),
    TaskKind.LOCAL_DERIVATIVE: (Phase.BACKWARD,),
    TaskKind.CONTRIBUTION: (Phase.BACKWARD,),
    TaskKind.GRADIENT: (Phase.SEED, Phase.BACKWARD),
}
"""The phases of a walk that each kind is asked in."""


@dataclass(frozen=True)
class Asked:
    """A number that a walk has: of the `kind`, at the step `step`.

    A value is asked at its forward step, a local derivative and a contribution at the backward step of their edge, a
    gradient as it is after that step; the gradient of the output is the seed. What no step writes has the step 0 and a
    `leaf`: the value of a leaf, which is given, and the gradient of an input that the output does not use, which is 0.
    Raises GradwalkError where the step has no such number.
    """

    trace: Trace
    kind: TaskKind
    step: int
    leaf: int | None = None

    def __post_init__(self) -> None:
        if self.kind not in _PHASES:
            raise GradwalkError(f"no step of a walk has a number of the kind {self.kind}")
        if not self.step and self.leaf is not None:
            return
        phase = self.trace.phase(self.step)
        if phase not in _PHASES[self.kind]:
            raise GradwalkError(f"step {self.step} is one of the phase {phase}; it has no {self.kind} to ask for")

    @property
    def graph(self) -> Graph:
        """The graph that is walked."""
        return self.trace.graph

    @functools.cached_property
    def key(self) -> StepKey:
        """The step that is asked at."""
        if self.leaf is not None:
            return StepKey(StepKind.VALUE, self.leaf)
        return self.trace.key(self.step)

    @functools.cached_property
    def node(self) -> int:
        """The node whose value is asked for, or by which a derivative is."""
        return self.trace.node_of(self.step) if self.leaf is None else self.leaf

    @functools.cached_property
    def edge(self) -> int | None:
        """The edge of `Graph.edges` that the step goes along; None for a value, the seed and what no step writes."""
        is_along = self.leaf is None and self.key.kind is StepKind.ALONG
        return self.trace.segment(self.step).place(self.key) if is_along else None

    @property
    def consumer(self) -> int | None:
        """The node that the edge leads from; None where there is no edge."""
        return None if self.edge is None else self.key.node

    @functools.cached_property
    def contribution_number(self) -> int:
        """Which contribution to the node's gradient the step brings, counted from 1; 0 for a value and for the seed."""
        return 0 if self.edge is None else self.graph.edges.writes_before(self.node, self.edge) + 1

    @functools.cached_property
    def contribution_count(self) -> int:
        """How many contributions the node's gradient has in all."""
        return self.graph.edges.write_count(self.node)

    @property
    def is_whole(self) -> bool:
        """Whether a gradient is asked for that nothing more is added to."""
        is_last = self.edge is None or self.contribution_number == self.contribution_count
        return self.kind is TaskKind.GRADIENT and is_last

    @functools.cached_property
    def right(self) -> float:
        """The right answer, nan where it does not exist."""
        numbers = self.trace.numbers
        edge, node = self.edge, self.node
        if self.kind is TaskKind.VALUE:
            return math.nan if numbers.undefined_values[node] else numbers.values.item(node)
        if self.kind is TaskKind.LOCAL_DERIVATIVE:
            local = Locals(numbers).value(self.key.node, self.key.position)
            return local if math.isfinite(local) else math.nan
        if numbers.output_undefined or (
            self.kind is TaskKind.CONTRIBUTION and edge is not None and numbers.undefined_contributions[edge]
        ):
            return math.nan
        number = self.number_in(numbers.run)
        return number if math.isfinite(number) else math.nan

    @property
    def exists(self) -> bool:
        """Whether there is such a number."""
        return not math.isnan(self.right)

    def number_in(self, run: Run) -> float:
        """Return what is asked for in another run of the same graph; not finite where it does not exist there."""
        edge = self.edge
        if self.kind is TaskKind.VALUE:
            return run.values.item(self.node)
        if edge is None:
            return 1.0 if self.leaf is None else 0.0
        if self.kind is TaskKind.LOCAL_DERIVATIVE:
            return run.backward.locals.item(edge)
        if self.kind is TaskKind.CONTRIBUTION:
            return run.backward.contributions.item(edge)
        return run.backward.accumulated.item(edge)

    @property
    def closed(self) -> ClosedForm | None:
        """The right answer in closed form, None where it has none."""
        closed, edge = self.trace.numbers.closed, self.edge
        if not self.exists:
            return None
        if self.kind is TaskKind.VALUE:
            return closed.value(self.node)
        if edge is None:
            return None
        if self.kind is TaskKind.LOCAL_DERIVATIVE:
            return closed.local(self.key.node, self.key.position)
        return closed.contribution(edge) if self.kind is TaskKind.CONTRIBUTION else closed.accumulated(edge)
