"""`PageWalk`: a walk as a page has it: the numbers of `gradwalk trace --json`, and how they are shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from ...engine.export.walk_document import TraceDocument, TraceNode, document
from ...engine.scenario import Scenario
from ...engine.walk.phase import Phase
from ...engine.walk.step import Step
from ...engine.walk.trace import Trace
from ..words.walk import derivative_title, gradient_cell, value_cell
from .circuit_plan import PageCircuits, page_circuits
from .columns import columns
from .moments import ShownMoment, shown_moments
from .tree_rows import PageRow, tree_rows


class PageNode(msgspec.Struct, frozen=True):
    """A node, as in `gradwalk trace --json`; `operands` says how many it has. Its numbers are those of the steps."""

    name: str
    op: str
    expression: str
    operands: int
    carries_gradient: bool


class PageFactor(msgspec.Struct, frozen=True):
    """The numbers of a backward step, as in `gradwalk trace --json`; `local_text` is the local derivative as shown."""

    consumer: int
    operand_position: int
    upstream: float | None
    local: float | None
    contribution: float | None
    before: float | None
    after: float | None
    local_text: str


class PageStep(msgspec.Struct, frozen=True):
    """The numbers of a step, as in `gradwalk trace --json`."""

    phase: Phase
    node: int
    value: float | None
    factor: PageFactor | None


class PageWalk(msgspec.Struct, frozen=True):
    """A walk on a page.

    `nodes` and `steps` are `columns` of `PageNode` and `PageStep`; step k leads to moment k. `leaves` are the values of
    the leaves at the start, in full and as they are shown. `unused` are such gradients of nodes that no step writes, by
    the number of the node: they are known from the seed on. `derivative` is the title of the column of gradients, or of
    tangents.
    """

    output: int
    nodes: Any
    steps: Any
    moments: Sequence[ShownMoment]
    leaves: Sequence[tuple[float, str]]
    unused: Mapping[str, tuple[float | None, str]]
    derivative: str
    rows: Sequence[PageRow]
    circuits: PageCircuits


def page_walk(scenario: Scenario, trace: Trace, digits: int = 0) -> PageWalk:
    """Put a walk together for a page; `digits` are as in `words.walk.number`."""
    graph, start, end = trace.graph, trace.state(0), trace.state(trace.total)
    whole: TraceDocument = document(scenario, trace, digits)
    written = {step.node for step in whole.steps if step.phase not in (Phase.FORWARD, Phase.UPDATE)}
    unused = [node for node in range(len(graph)) if graph.carries_gradient[node] and node not in written]
    return PageWalk(
        output=graph.output,
        nodes=columns([_node(node) for node in whole.nodes]),
        steps=columns([_step(step) for step in whole.steps]),
        moments=shown_moments(scenario, trace, digits),
        leaves=[(trace.values.item(leaf), value_cell(start, leaf, digits)[0]) for leaf in range(graph.leaf_count)],
        unused={str(node): (_known(whole.nodes[node]), gradient_cell(end, node, digits)[0]) for node in unused},
        derivative=derivative_title(trace),
        rows=tree_rows(trace),
        circuits=page_circuits(trace),
    )


def _node(node: TraceNode) -> PageNode:
    return PageNode(node.name, node.op, node.expression, len(node.operands), node.carries_gradient)


def _known(node: TraceNode) -> float | None:
    return node.gradient if node.gradient is not None else node.tangent


def _step(step: Step) -> PageStep:
    factor = step.factor and PageFactor(
        consumer=step.factor.consumer,
        operand_position=step.factor.operand_position,
        upstream=step.factor.upstream,
        local=step.factor.local,
        contribution=step.factor.contribution,
        before=step.factor.before,
        after=step.factor.after,
        local_text=step.factor.local_substituted.right,
    )
    return PageStep(step.phase, step.node, step.value, factor)
