"""`Scope`: the names that an answer about a walk may use, and the numbers that they stand for there."""

from __future__ import annotations

import itertools

from ..errors import ExpressionError, GradwalkError, did_you_mean, listing, quoted
from ..graph.graph import Graph, Leaf
from ..language.expression import Expression, NameUse
from .answer import constant_of
from .asked import Asked
from .task import TaskKind

_MOST_NAMES = 50
"""So many names at most are looked at for one that is meant."""


class Scope:
    """The names that may stand in an answer: those of all nodes, and for a value only of those computed before it.

    It says of a text whether it is a name of the walk at all, so that a million of them need not be listed.
    """

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self._graph = asked.graph

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self.find(name) is not None

    def find(self, name: str) -> int | None:
        """Return the node that is called so, None where there is none."""
        try:
            return self._graph.find(name)
        except KeyError:
            return None

    def value_of(self, used: NameUse, expression: Expression) -> float:
        """Return what a name stands for at this walk; ExpressionError where it stands for nothing that is known."""
        node = self.find(used.name)
        if node is None:
            return constant_of(used, expression, names_of(self._graph))
        if self._asked.kind is TaskKind.VALUE and node >= self._asked.node:
            message = f"{quoted(used.name)} is not known yet"
            hint = f"{used.name} is computed after {self._graph.label(self._asked.node)}"
            if node == self._asked.node:
                message, hint = f"{quoted(used.name)} is what is asked for", "write what it is computed from"
            raise ExpressionError(message, expression.text, used.position, used.length, hint)
        return self._asked.trace.values.item(node)


def find_node(graph: Graph, label: str) -> int:
    """Return the node that is called so; GradwalkError, which suggests one, where there is none."""
    try:
        return graph.find(label)
    except KeyError:
        names = names_of(graph)
        hint = did_you_mean(label, names, f"its nodes are {listing(names)}")
        raise GradwalkError(f"the walk has no node {quoted(label)}; {hint}") from None


def names_of(graph: Graph) -> list[str]:
    """Return what the nodes are called that have a name, or that an expression can name; the first of many."""
    nodes = (node for node in range(len(graph)) if node >= graph.leaf_count or graph.codes[node] != Leaf.CONSTANT)
    return [graph.label(node) for node in itertools.islice(nodes, _MOST_NAMES)]
