"""`Model`: a loss over m samples as one graph of scalar nodes, and where its parameters and data stand in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ..arrays import Floats, Indices
from ..graph.graph import Graph, Leaf
from ..graph.tape import Tape
from .formulas import Formulas, Node


@dataclass(frozen=True, eq=False)
class Model:
    """A graph for the loss of m samples.

    `parameters` is int32[p], the leaf of each of `formulas.parameters`; `columns` holds int32[m] for each data
    column, the leaf of each sample's value; `predictions` is int32[m], the node of each sample's prediction. Without
    data there are no samples, and the loss is one of the parameters alone.
    """

    formulas: Formulas
    graph: Graph
    parameters: Indices
    columns: Mapping[str, Indices]
    predictions: Indices

    @classmethod
    def build(cls, formulas: Formulas, parameters: Mapping[str, float], columns: Mapping[str, Floats]) -> Model:
        """Make the graph for parameters that start at these values, and for these samples (float64[m] a column)."""
        tape = Tape()
        nodes: dict[str, Node] = {name: tape.leaf(parameters[name], Leaf.INPUT, name) for name in formulas.parameters}
        for name, column in columns.items():
            leaves = tape.leaves(column, Leaf.DATA, name)
            nodes[name] = np.arange(leaves.start, leaves.stop, dtype=np.int32)
        samples = len(next(iter(columns.values()), ()))
        graph = tape.graph(*formulas.record(tape, nodes))
        return cls(
            formulas,
            graph,
            np.array([graph.find(name) for name in formulas.parameters], dtype=np.int32),
            {name: _numbered(graph, name, samples) for name in columns},
            _numbered(graph, formulas.prediction, samples) if formulas.prediction else np.empty(0, np.int32),
        )

    def of_first(self, samples: int) -> Model:
        """Make the model for the first few of the samples, such as a batch needs; its leaves can be filled anew."""
        start = dict(zip(self.formulas.parameters, self.graph.leaf_values[self.parameters].tolist(), strict=True))
        columns = {name: self.graph.leaf_values[leaves[:samples]] for name, leaves in self.columns.items()}
        return Model.build(self.formulas, start, columns)

    def leaf_values(self, parameters: Floats, columns: Mapping[str, Floats] | None = None) -> Floats:
        """Return the graph's leaves, float64[leaf_count], with other parameters (float64[p]) and other samples."""
        values = self.graph.leaf_values.copy()
        values[self.parameters] = parameters
        for name, column in (columns or {}).items():
            values[self.columns[name]] = column
        return values


def _numbered(graph: Graph, name: str, samples: int) -> Indices:
    """Return the nodes called name[1] to name[samples]; they were recorded as one block, and all are used."""
    first = graph.find(f"{name}[1]")
    return np.arange(first, first + samples, dtype=np.int32)
