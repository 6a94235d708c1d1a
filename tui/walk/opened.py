"""What a screen needs before it can be drawn; for a large graph this takes a while, so it can be told and stopped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ...engine.graph.graph import SHOWN_OPERANDS
from ...engine.scenario import Scenario
from ...engine.walk.trace import Trace
from .tree.layout import TreeLayout

LARGE = 20_000
"""Nodes from which on opening takes long enough to be shown."""

SMALL = 500
"""Nodes up to which a sample opens by itself while one of its nodes is written; in more, a step would move too much."""

Report = Callable[[str, float], None]
"""Told what is being done and which part of it is done (0 to 1); may raise to stop."""


@dataclass(frozen=True, eq=False)
class OpenedWalk:
    """A walk that is ready to be shown, under a title of its own."""

    scenario: Scenario
    trace: Trace
    layout: TreeLayout
    title: str


def silent(doing: str, done: float) -> None:
    """Tell nobody."""


def open_walk(
    scenario: Scenario, make_trace: Callable[[], Trace] | None = None, title: str = "", report: Report = silent
) -> OpenedWalk:
    """Make a walk of a scenario's graph, or of what `make_trace` returns: an epoch of its training."""
    report("running forward and backward", 0.0)
    trace = make_trace() if make_trace else Trace(scenario.graph, scenario.notes)
    layout = TreeLayout(trace.graph, lambda done: report("laying out the tree", done))
    many = [node for node, count in trace.graph.n_ary_operand_counts().items() if count > SHOWN_OPERANDS]
    layout.gather_operands(many, opening=len(trace.graph) <= SMALL)  # the samples of a loss: one line each
    return OpenedWalk(scenario, trace, layout, title or scenario.title)
