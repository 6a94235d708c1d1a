"""Which step of a walk a node of its derivative stands for."""

from __future__ import annotations

from ..graph.graph import Graph
from ..graph.origin import Origin, OriginKind


def step_of(graph: Graph, origin: Origin) -> int | None:
    """Return the number of the step of a walk over `graph` that something belongs to; None for the value of a leaf.

    That of a gradient is the step that completes it.
    """
    seed = len(graph) - graph.leaf_count + 1
    if origin.kind is OriginKind.VALUE:
        return origin.node - graph.leaf_count + 1 if origin.node >= graph.leaf_count else None
    if origin.kind is OriginKind.GRADIENT:
        edges = graph.edges.into(origin.node)
        return seed + 1 + int(edges[-1]) if len(edges) else seed if origin.node == graph.output else None
    return seed + 1 + graph.edge(origin.node, origin.position)
