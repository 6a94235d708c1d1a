"""`Curve`: the output of a graph as a function of one of its leaves, the others held, and its slope at a point."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..arrays import Flags, Floats
from ..graph.graph import Graph, led_to
from ..rules import array_rules
from ..rules.ops import OPS
from ..walk.trace import Trace

_REPORTED = 2000
"""Operations between two reports of how far it is."""


@dataclass(frozen=True, eq=False)
class Curve:
    """`y` is the output, float64[k], where the leaf is `x`, float64[k]; not finite where the output has no value."""

    x: Floats
    y: Floats

    @property
    def has_gaps(self) -> bool:
        """Whether the output has no value for some of `x`."""
        return not bool(np.isfinite(self.y).all())


@dataclass(frozen=True, slots=True)
class Kink:
    """An operation on the way to the output that stands at a corner or a jump of its own: there is no one slope."""

    node: int
    label: str
    is_jump: bool


def reached_from(graph: Graph, leaf: int) -> Flags:
    """Return which nodes are computed from a leaf, itself included: bool[n]."""
    return led_to(np.arange(len(graph)) == leaf, graph.operands, graph.consumers())


def curve(
    graph: Graph, values: Floats, leaf: int, x: Floats, report: Callable[[float], None] = lambda done: None
) -> Curve:
    """Compute the output for many values of one leaf at once, by the rules that the walk uses.

    `values`, float64[n], are those of a run: what does not hang on the leaf keeps its value. `report` is told which
    part is done, and may raise to stop.
    """
    reached = reached_from(graph, leaf)
    if not reached[graph.output]:
        return Curve(x, np.full(len(x), values[graph.output]))
    operations = np.flatnonzero(reached[graph.leaf_count :]) + graph.leaf_count
    last_use = np.arange(len(graph), dtype=np.int32)
    np.maximum.at(last_use, graph.operands, np.where(reached[graph.consumers()], graph.consumers(), 0))
    columns: dict[int, Floats] = {leaf: x}
    for done, node in enumerate(operations.tolist()):
        if done % _REPORTED == 0:
            report(done / len(operations))
        operands: list[int] = graph.operands_of(node).tolist()
        given = [columns[k] if reached[k] else np.full(len(x), values[k]) for k in operands]
        op = OPS[int(graph.codes[node])]
        with np.errstate(all="ignore"):
            if op.on_rows is not None:
                columns[node] = op.on_rows(np.array(given))
            else:
                columns[node] = array_rules.FORWARD[int(graph.codes[node])](*given)
        for operand in operands:
            if last_use[operand] == node:
                columns.pop(operand, None)
    return Curve(x, np.asarray(columns[graph.output], dtype=np.float64))


def kinks(trace: Trace, leaf: int, most: int = 3) -> list[Kink]:
    """Return operations between a leaf and the output that stand at a corner or a jump, at most so many."""
    graph = trace.graph
    codes = np.array([code for code, op in enumerate(OPS) if op.corners is not None])
    reached = reached_from(graph, leaf)
    consumers = np.flatnonzero(np.isin(graph.codes, codes) & reached & graph.carries_gradient)
    found: list[Kink] = []
    for node in consumers.tolist():
        operands: list[int] = graph.operands_of(node).tolist()
        numbers: list[float] = trace.values[operands].tolist()
        moving = [position for position, operand in enumerate(operands) if reached[operand]]
        slopes = next((s for s in (OPS[int(graph.codes[node])].corner(k, numbers) for k in moving) if s), None)
        if slopes is not None:
            found.append(Kink(node, graph.label(node), any(map(math.isinf, slopes))))
            if len(found) == most:
                break
    return found
