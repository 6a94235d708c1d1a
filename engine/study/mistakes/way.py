"""`AskedWay`: the number that a question asks for, and the part of the walk that it is computed from."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence

from ...rules.ops import CODES
from ...walk.local import Locals
from ...walk.trace import Trace
from ..asked import Asked
from ..task import TaskKind

MOST_EDGES = 5_000
"""So many edges are walked along, those nearest to what is asked; the gradients behind them are taken to be right."""

MOST_PLACES = 300
"""At so many edges mistakes are looked for, at those nearest to what is asked."""

FEW = 4
"""So many contributions are added up at one go; of more, each is asked for after those before it were shown."""

OTHERS = 100
"""How far away the earlier of many contributions seem."""

MOST_NODES = 400
"""So many forward steps are looked at; in a larger graph only the one that is asked for."""

_MEAN = CODES["mean"]

Hop = tuple[int, int, int, float]
"""An edge of the backward pass, its consumer, its operand and its local derivative."""


def route(trace: Trace, edges: Iterable[int]) -> tuple[Hop, ...]:
    """Return what a pass needs to know of edges."""
    of, targets, locals_ = trace.graph.edges.consumer, trace.graph.edges.targets, trace.backward.locals
    return tuple((edge, of(edge), targets.item(edge), locals_.item(edge)) for edge in edges)


class AskedWay(Asked):
    """A number of a walk that is asked for, and the way that it is computed along."""

    @functools.cached_property
    def own_edges(self) -> Sequence[int]:
        """The edges whose contributions are added up to the asked number, in walk order; of many the last ones."""
        if self.edge is None:
            return ()
        if self.kind is not TaskKind.GRADIENT:
            return (self.edge,)
        into = self.trace.graph.edges.into(self.node)
        taken = into[into <= self.edge]
        return taken[-MOST_EDGES:].tolist()

    @functools.cached_property
    def way(self) -> dict[int, int]:
        """The edges that the number is computed from, in walk order, each with its distance from the asked step.

        They are all edges between the node and the output, or the nearest `MOST_EDGES` of them: where the edges into a
        node would be too many, its gradient is taken as it is.
        """
        edges = self.trace.graph.edges
        if self.edge is None or self.kind is TaskKind.LOCAL_DERIVATIVE:
            return dict.fromkeys(self.own_edges, 0)
        found = dict.fromkeys(self.own_edges, 1 if len(self.own_edges) <= FEW else OTHERS)
        found[self.edge] = 0
        nearest: dict[int, list[int]] = {}
        for edge, distance in found.items():
            nearest.setdefault(distance, []).append(edges.consumer(edge))
        known = {self.trace.graph.output}
        distance = 0
        while nearest:
            behind = nearest.setdefault(distance + 1, [])
            for node in dict.fromkeys(nearest.pop(distance, ())):
                if node in known:
                    continue
                known.add(node)
                if len(found) + edges.write_count(node) > MOST_EDGES:
                    continue
                for edge in edges.into(node).tolist():
                    found.setdefault(edge, distance + 1)
                    behind.append(edges.consumer(edge))
            distance += 1
            if not behind:
                del nearest[distance]
                distance = min(nearest, default=0)
        return dict(sorted(found.items()))

    @functools.cached_property
    def places(self) -> dict[int, int]:
        """The edges where a mistake is looked for, each with its distance: the nearest ones, and one of each mean."""
        if len(self.way) <= MOST_PLACES:
            return self.way
        graph = self.trace.graph
        nearest = dict(sorted(self.way.items(), key=lambda each: each[1])[:MOST_PLACES])
        means = {consumer: edge for edge, consumer, _, _ in self.route if graph.codes.item(consumer) == _MEAN}
        return nearest | {edge: self.way[edge] for edge in means.values()}

    @functools.cached_property
    def route(self) -> tuple[Hop, ...]:
        """The same edges, as a pass takes them."""
        return route(self.trace, self.way)

    @functools.cached_property
    def known(self) -> dict[int, float]:
        """What had accumulated at the node before the first of its own edges, by the node; nothing where none did."""
        edges = self.trace.graph.edges
        before = edges.writes_before(self.node, self.own_edges[0]) if self.own_edges else 0
        if not before:
            return {}
        return {self.node: self.trace.backward.accumulated.item(edges.write(self.node, before - 1))}

    @functools.cached_property
    def nodes(self) -> dict[int, int]:
        """The operations that a value is computed from, its own included, each with its distance from it."""
        graph = self.trace.graph
        if self.kind is not TaskKind.VALUE:
            return {}
        found = {self.node: 0}
        if len(graph) > MOST_NODES:
            return found
        nearest = [self.node]
        distance = 0
        while nearest:
            distance += 1
            behind = [operand for node in nearest for operand in graph.operands_of(node).tolist()]
            nearest = [node for node in dict.fromkeys(behind) if node >= graph.leaf_count and node not in found]
            found.update(dict.fromkeys(nearest, distance))
        return dict(sorted(found.items()))

    @property
    def is_complete(self) -> bool:
        """Whether it is what a name such as `∂f/∂s` stands for, and no part of it."""
        return self.is_whole or self.kind in (TaskKind.VALUE, TaskKind.LOCAL_DERIVATIVE)

    @property
    def name(self) -> str:
        """What is asked for, in words: `s`, `∂s/∂l`, `∂f/∂s`, `the contribution along ∂s/∂l`.

        A gradient that is not complete says so, `∂f/∂s after 1 of its 2 contributions`: it may have another sign.
        """
        graph, notation = self.trace.graph, self.trace.numbers.notation
        label = notation.label(graph.label(self.node))
        if self.kind is TaskKind.VALUE:
            return label
        if self.edge is not None and self.kind is not TaskKind.GRADIENT:
            local = Locals(self.trace.numbers).name(graph.edges.consumer(self.edge), self.node)
            return local if self.kind is TaskKind.LOCAL_DERIVATIVE else f"the contribution along {local}"
        gradient = notation.derivative(notation.label(graph.label(graph.output)), label)
        if self.is_complete:
            return gradient
        return f"{gradient} after {self.contribution_number} of its {self.contribution_count} contributions"
