"""Run a whole graph: every value, then every contribution of the backward pass.

The backward pass is the chain rule and nothing else: take a node's accumulated gradient (its upstream
gradient), multiply by the local derivative of each edge, add the product to the operand's gradient.
No recursion, so depth costs nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .graph import Floats, Graph, Indices
from .ops import N_ARY, OPS, evaluate


def forward(graph: Graph) -> Floats:
    """Return the value of every node: float64[n]. Undefined results are nan or infinite (IEEE 754)."""
    values: list[float] = graph.leaf_values.tolist()
    offsets, operands = graph.operand_offsets.tolist(), graph.operands.tolist()
    codes = graph.codes.tolist()
    for node in range(graph.leaf_count, len(graph)):
        operand_values = [values[k] for k in operands[offsets[node] : offsets[node + 1]]]
        values.append(evaluate(OPS[codes[node]].forward, *operand_values))
    return np.array(values, dtype=np.float64)


@dataclass(frozen=True, eq=False)
class Backward:
    """All of a backward pass; its edges are in the order the walk takes them.

    The edges that carry a gradient, consumers before producers and a consumer's operands left to right:

    `edge_offsets`   int32[n + 1]: node v is the consumer of `edge_offsets[v + 1] - edge_offsets[v]` of them
    `targets`        int32[edges]: the operand whose gradient the edge adds to
    `locals`         float64[edges]: the local derivative, ∂consumer/∂operand
    `contributions`  float64[edges]: upstream gradient times local derivative
    `accumulated`    float64[edges]: the operand's gradient after this contribution
    `gradients`      float64[n]: ∂output/∂node, complete; 0 for what carries no gradient
    """

    edge_offsets: Indices
    targets: Indices
    locals: Floats
    contributions: Floats
    accumulated: Floats
    gradients: Floats


def backward(graph: Graph, values: Floats, seed: float = 1.0) -> Backward:
    """Run the backward pass from ∂output/∂output = `seed` and keep every number of it."""
    carries = graph.carries_gradient.tolist()
    offsets, operands, codes = graph.operand_offsets.tolist(), graph.operands.tolist(), graph.codes.tolist()
    value: list[float] = values.tolist()
    gradients = [0.0] * len(graph)
    gradients[graph.output] = seed
    edge_counts = [0] * len(graph)
    targets: list[int] = []
    local_derivatives: list[float] = []
    contributions: list[float] = []
    accumulated: list[float] = []
    for consumer in range(graph.output, graph.leaf_count - 1, -1):
        if not carries[consumer]:
            continue
        upstream = gradients[consumer]
        op = OPS[codes[consumer]]
        own = operands[offsets[consumer] : offsets[consumer + 1]]
        operand_values = [value[k] for k in own]
        shared = evaluate(op.partials[0], *operand_values, out=value[consumer]) if op.arity is N_ARY else 0.0
        for position, operand in enumerate(own):
            if not carries[operand]:
                continue
            local = shared
            if op.arity is not N_ARY:
                local = evaluate(op.partials[position], *operand_values, out=value[consumer])
            contribution = upstream * local
            gradients[operand] += contribution
            edge_counts[consumer] += 1
            targets.append(operand)
            local_derivatives.append(local)
            contributions.append(contribution)
            accumulated.append(gradients[operand])
    return Backward(
        edge_offsets=np.concatenate([[0], np.cumsum(edge_counts)]).astype(np.int32),
        targets=np.array(targets, dtype=np.int32),
        locals=np.array(local_derivatives, dtype=np.float64),
        contributions=np.array(contributions, dtype=np.float64),
        accumulated=np.array(accumulated, dtype=np.float64),
        gradients=np.array(gradients, dtype=np.float64),
    )
