"""`HuntRow`: a step of a backward pass that may be wrong, and whether it is, judged from its own numbers alone."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from ..rules.number_text import format_number
from ..walk.local import Locals
from ..walk.trace import Trace
from .mistakes.altered_pass import AlteredPass

VISIBLE = 0.01
"""Two numbers look different where they differ by more than this part of the larger one, and as they are written."""


class Fault(StrEnum):
    """What does not fit in a step."""

    UPSTREAM = "upstream gradient"
    """The upstream gradient is not the one that was accumulated before."""
    LOCAL = "local derivative"
    """The local derivative is not that of the operation."""
    PRODUCT = "contribution"
    """The contribution is not the product of the two."""
    SUM = "accumulated gradient"
    """The gradient is not what had accumulated before, and the contribution."""


@dataclass(frozen=True)
class HuntRow:
    """One step back: ∂f/∂s += ∂f/∂r · ∂r/∂s, with the numbers that stand there.

    `step` is its number in the walk. `gradient` is the upstream gradient as the steps before have left it, which
    `upstream` should be; `before` the operand's gradient before this step, `after` the one after it; the contribution
    is number `number` of `count`. The names are those of the walk; `local_name` may be ∂(t1 + x)/∂x. `right_local` is
    the local derivative of the operation, which `local` should be.
    """

    step: int
    consumer: int
    operand: int
    upstream_name: str
    local_name: str
    gradient_name: str
    gradient: float
    upstream: float
    right_local: float
    local: float
    contribution: float
    before: float
    after: float
    number: int
    count: int

    @property
    def name(self) -> str:
        """What the step is called in a walk: the derivative of the consumer by the operand, `∂r/∂s`."""
        return self.local_name

    @property
    def faults(self) -> tuple[Fault, ...]:
        """What does not fit, as far as it can be seen."""
        pairs = (
            (Fault.UPSTREAM, self.upstream, self.gradient),
            (Fault.LOCAL, self.local, self.right_local),
            (Fault.PRODUCT, self.contribution, self.upstream * self.local),
            (Fault.SUM, self.after, self.before + self.contribution),
        )
        return tuple(fault for fault, shown, right in pairs if looks_different(shown, right))

    @property
    def numbers(self) -> tuple[float, float, float, float]:
        """The numbers that are shown in the step."""
        return self.upstream, self.local, self.contribution, self.after

    @property
    def shown(self) -> tuple[str, ...]:
        """The numbers as they are written."""
        return tuple(map(format_number, self.numbers))


def looks_different(one: float, other: float) -> bool:
    """Say whether two numbers are told from each other as they are shown; what does not exist looks like nothing."""
    if not (math.isfinite(one) and math.isfinite(other)):
        return False
    return abs(one - other) > VISIBLE * max(abs(one), abs(other)) and format_number(one) != format_number(other)


@dataclass(frozen=True)
class EdgeNames:
    """The nodes of a step back, and what its three derivatives are called."""

    consumer: int
    operand: int
    upstream: str
    local: str
    gradient: str


def names_of_edges(trace: Trace) -> list[EdgeNames]:
    """Return the names of all steps back, in the order of the walk; they are the same in every altered pass."""
    graph, locals_, notation = trace.graph, Locals(trace.numbers), trace.numbers.notation
    output = notation.label(graph.label(graph.output))

    def gradient(node: int) -> str:
        return notation.derivative(output, notation.label(graph.label(node)))

    pairs = zip(graph.edges.consumers().tolist(), graph.edges.targets.tolist(), strict=True)
    return [EdgeNames(one, to, gradient(one), locals_.name(one, to), gradient(to)) for one, to in pairs]


def hunt_rows(trace: Trace, numbers: AlteredPass, names: Sequence[EdgeNames]) -> list[HuntRow]:
    """Return the steps of a backward pass with the numbers of an altered one, in the order of the walk."""
    edges = trace.graph.edges
    sums = {trace.graph.output: trace.backward.gradients.item(trace.graph.output)}
    rows: list[HuntRow] = []
    for edge, name in enumerate(names):
        rows.append(
            HuntRow(
                step=trace.seed_step + 1 + edge,
                consumer=name.consumer,
                operand=name.operand,
                upstream_name=name.upstream,
                local_name=name.local,
                gradient_name=name.gradient,
                gradient=sums[name.consumer],
                upstream=numbers.upstreams.item(edge),
                right_local=trace.backward.locals.item(edge),
                local=numbers.locals.item(edge),
                contribution=numbers.contributions.item(edge),
                before=sums.get(name.operand, 0.0),
                after=numbers.accumulated.item(edge),
                number=edges.writes_before(name.operand, edge) + 1,
                count=edges.write_count(name.operand),
            )
        )
        sums[name.operand] = numbers.accumulated.item(edge)
    return rows


def first_wrong(rows: Sequence[HuntRow]) -> HuntRow | None:
    """Return the only step in which something does not fit; None where there is none, or are several."""
    wrong = [row for row in rows if row.faults]
    return wrong[0] if len(wrong) == 1 else None
