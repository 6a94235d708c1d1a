"""A walk as JSON: one documented schema, every number in full float64 precision."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from ..graph.graph import Graph
from ..scenario import Scenario
from ..walk.origin_steps import step_of
from ..walk.step import Step
from ..walk.trace import Trace
from .json_schema import printed

VERSION = 2
"""Raised when a key changes its meaning or goes away."""


class NodeOrigin(msgspec.Struct, frozen=True):
    """What a node of a derivative's graph is in the walk that was differentiated.

    `kind` is one of value, local-derivative, part-of-local-derivative, contribution and accumulated-gradient. It
    belongs to the node `of`, or to the edge from `of` to its operand `by`, the one at `position`; both are null for a
    value or gradient. `step` is the number of that walk's step, which for a gradient completes it; null for the value
    of a leaf.
    """

    kind: str
    of: str
    by: str | None
    position: int | None
    step: int | None


class TraceDerivative(msgspec.Struct, frozen=True):
    """Which derivative a graph computes: that of `function` by all of `variables`, one after the other.

    The walk that was differentiated last has the output `walk`.
    """

    function: str
    variables: Sequence[str]
    walk: str


class TraceNode(msgspec.Struct, frozen=True):
    """A node of the graph, by its label.

    `op` is empty for a leaf. `value`, `gradient` (∂output/∂node) and `tangent` (∂node/∂input, in forward mode) are null
    where they are undefined; `gradient` and `tangent` are null as well where the node carries none, and in the walk of
    the other mode. `origins` says what a node of a derivative's graph comes from; it is empty in any other.
    """

    name: str
    op: str
    expression: str
    operands: Sequence[str]
    carries_gradient: bool
    value: float | None
    gradient: float | None
    tangent: float | None
    origins: Sequence[NodeOrigin]


class TraceDocument(msgspec.Struct, frozen=True):
    """A whole walk: what `gradwalk trace --json` prints.

    `nodes` are in topological order and `steps` in the order of the walk; a step's or factor's `node` and
    `consumer` count the nodes from 0. A number that is undefined or infinite is null. `tangent_of` is the input of a
    walk in forward mode, null in reverse mode; forward mode finds one of the `gradients`, that by this input.
    `derivative` says which derivative the graph computes, null where it is not the graph of one.
    """

    version: int
    scenario: str
    title: str
    output: str
    value: float | None
    gradients: dict[str, float | None]
    nodes: Sequence[TraceNode]
    steps: Sequence[Step]
    tangent_of: str | None
    derivative: TraceDerivative | None


def document(scenario: Scenario, trace: Trace, digits: int = 0) -> TraceDocument:
    """Put a walk together for export; `gradients` are those of the inputs.

    Numbers are whole; the equations, which are text, have at least so many significant `digits`, 0 for reading.
    """
    graph, end = trace.graph, trace.state(trace.total)
    nodes: list[TraceNode] = []
    for node in range(len(graph)):
        op = graph.op(node)
        nodes.append(
            TraceNode(
                name=graph.label(node),
                op=op.name if op else "",
                expression=graph.expression(node) if op else "",
                operands=[graph.label(operand) for operand in graph.operands_of(node).tolist()],
                carries_gradient=bool(graph.carries_gradient[node]),
                value=None if end.value_undefined(node) else end.value(node),
                gradient=None if end.gradient_undefined(node) else end.gradient(node),
                tangent=None if end.tangent_undefined(node) else end.tangent(node),
                origins=_origins(graph, node),
            )
        )
    tangent_of = None if trace.tangent_of is None else graph.label(trace.tangent_of)
    gradients = {node.name: node.gradient for node in nodes[: graph.leaf_count] if node.carries_gradient}
    if tangent_of is not None:
        gradients = {tangent_of: nodes[graph.output].tangent}
    return TraceDocument(
        version=VERSION,
        scenario=scenario.name,
        title=scenario.title,
        output=nodes[graph.output].name,
        value=nodes[graph.output].value,
        gradients=gradients,
        nodes=nodes,
        steps=[trace.step(number, digits) for number in range(1, trace.total + 1)],
        tangent_of=tangent_of,
        derivative=_derivative(graph),
    )


def _origins(graph: Graph, node: int) -> list[NodeOrigin]:
    if graph.provenance is None:
        return []
    before, found = graph.provenance.of, graph.provenance.origins_of(node)
    return [
        NodeOrigin(
            origin.kind.value,
            before.label(origin.node),
            before.label(int(before.operands_of(origin.node)[origin.position])) if origin.is_of_edge else None,
            origin.position if origin.is_of_edge else None,
            step_of(before, origin),
        )
        for origin in found
    ]


def _derivative(graph: Graph) -> TraceDerivative | None:
    if graph.provenance is None:
        return None
    before = graph.provenance.of
    return TraceDerivative(graph.provenance.function, graph.provenance.variables, before.label(before.output))


def encode(scenario: Scenario, trace: Trace, digits: int = 0) -> bytes:
    """Return a walk as JSON text in UTF-8; `digits` are as in `document`."""
    return msgspec.json.format(msgspec.json.encode(document(scenario, trace, digits)))


def schema() -> dict[str, Any]:
    """Return the JSON Schema of the document."""
    return printed(TraceDocument)
