"""`Target`: what there is to edit at a node of a graph."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..definition import Definition
from ..graph.graph import Graph, Leaf
from .edit import written_value


@dataclass(frozen=True, slots=True)
class Target:
    """What is written under `name`, an input or a node; `within` says that the node asked for is a part of it."""

    name: str
    text: str
    is_input: bool
    within: bool = False


def target(graph: Graph, node: int, definition: Definition | None) -> Target | None:
    """Return what there is to edit at a node; None where there is nothing.

    What has no name of its own belongs to the expression that it is a part of. Without a definition, of a graph from
    Python or of a training, there are only the values that it starts from.
    """
    if definition is None:
        if graph.codes[node] not in (Leaf.INPUT, Leaf.DATA):
            return None
        return Target(graph.label(node), written_value(float(graph.leaf_values[node])), is_input=True)
    written = node
    while graph.names.get(written) not in definition.nodes and graph.names.get(written) not in definition.inputs:
        edges = np.flatnonzero(graph.operands == written)
        if not len(edges):
            return None
        written = int(np.searchsorted(graph.operand_offsets, int(edges[0]), side="right")) - 1
    name = graph.names[written]
    is_input = name in definition.inputs
    value = definition.inputs[name] if is_input else definition.nodes[name]
    return Target(name, written_value(value), is_input, within=written != node)


def input_to_slide(graph: Graph, selected: int | None) -> int | None:
    """Return the selected input, or the first that there is; None where there is none.

    Parameters of a model are inputs; data points and constants are not.
    """
    if selected is not None and graph.codes[selected] == Leaf.INPUT:
        return selected
    inputs = np.flatnonzero(graph.codes[: graph.leaf_count] == Leaf.INPUT)
    return int(inputs[0]) if len(inputs) else None
