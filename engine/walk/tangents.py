"""`Tangents`: the numbers of one pass of forward mode, the derivative of every node by one input."""

from __future__ import annotations

import numpy as np

from ..arrays import Floats, Indices
from ..errors import GraphError, quoted
from ..graph.graph import Graph, Leaf, led_to
from .numbers import Numbers


class Tangents:
    """The tangents of all nodes of a run for the input `of`, in the order in which forward mode computes them.

    The tangent of a node is its derivative by that input: v̇ = Σ ∂v/∂u · u̇ over the operands u of v, from ȧ = 1 for
    the input a and 0 for any other (Griewank & Walther, Evaluating Derivatives, chapter 3; Baydin et al. 2018, table
    2). The local derivatives ∂v/∂u are those of the backward pass.

    `depends`   bool[n]: what lies on a way from the input to the output; everything else has the tangent 0
    `tangents`  float64[n]: nan where the value is undefined, 0 where the node does not depend on the input
    `nodes`     int32[k]: the operations among `depends`, in topological order
    `multiplications`  how many products of a local derivative and a tangent that takes: one for each edge from a node
                that depends on the input

    Raises GraphError where `of` is no input.
    """

    def __init__(self, numbers: Numbers, of: int) -> None:
        graph = numbers.graph
        check_input(graph, of)
        self.of = of
        carried = graph.carried
        consumers, operands = graph.consumers(), graph.operands
        self.depends = led_to(np.arange(len(graph)) == of, operands, consumers) & graph.carries_gradient
        self.nodes: Indices = np.flatnonzero(self.depends[graph.leaf_count :]).astype(np.int32) + graph.leaf_count
        taken = self.depends[operands] & carried
        self.multiplications = int(np.count_nonzero(taken))
        locals_in_order = numbers.backward.locals[graph.edges.walk_numbers()]
        tangents = [-0.0] * len(graph)  # -0.0 + x is x to the last bit for every x
        tangents[of] = 1.0
        for consumer, operand, local in zip(
            consumers[taken].tolist(), operands[taken].tolist(), locals_in_order[taken[carried]].tolist(), strict=True
        ):
            tangents[consumer] += local * tangents[operand]
        self.tangents: Floats = np.where(self.depends, np.array(tangents), 0.0)
        self.tangents[numbers.undefined_values] = np.nan

    def place(self, node: int) -> int:
        """Return how many of `nodes` come before a node."""
        return int(np.searchsorted(self.nodes, node))


def input_called(graph: Graph, label: str) -> int:
    """Return the input of that name; GraphError says which there are where it is none."""
    try:
        node = graph.find(label)
    except KeyError:
        raise GraphError(f"there is no input {quoted(label)}; {input_words(graph)}") from None
    check_input(graph, node)
    return node


def check_input(graph: Graph, node: int) -> None:
    """Raise GraphError where a node is no input: nothing is differentiated by it."""
    if not 0 <= node < graph.leaf_count or graph.codes[node] != Leaf.INPUT:
        raise GraphError(f"{graph.label(node)} is not an input; {input_words(graph)}")


def input_words(graph: Graph, most: int = 6) -> str:
    """List the inputs of a graph, at most so many of them."""
    inputs: list[int] = np.flatnonzero(graph.codes[: graph.leaf_count] == Leaf.INPUT).tolist()
    if not inputs:
        return "this graph has none"
    named = ", ".join(map(graph.label, inputs[:most]))
    more = f" and {len(inputs) - most} more" if len(inputs) > most else ""
    return f"the inputs are {named}{more}" if len(inputs) > 1 else f"the input is {named}"
