"""What is asked for at other values than the walk's own: how sure its number is, and whether a formula holds there."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from decimal import Decimal

import numpy as np

from ..arrays import Floats
from ..checking.equivalence import Agreement, Comparison, compare
from ..checking.precise_walk import DIGITS, PreciseWalk, computed, constant_named, leaf_number
from ..graph.graph import Graph, Leaf
from ..language.expression import NameUse
from ..rules.number_text import format_number
from ..rules.ops import OPS
from ..rules.precise import Precise, precision
from ..run.loop import Run, backward, forward
from ..walk.trace import Trace
from .answer import Answer
from .asked import Asked
from .task import TaskKind

MOST_NODES = 20_000
"""A larger graph is not run again for one answer."""

MOST_LEAVES = 200
"""Where more leaves than these could have other values, no formula is tried out."""

_REMAINS = Decimal("1e-35")
"""Less than this may be what is left where equal numbers are subtracted in as many digits as are computed with."""

_MADE_OF_ROUNDING = 0.1
_RUNS = 6
_HALF_ULP = 2.0**-53


class NearbyRuns:
    """A walk run again with each leaf off by half a unit in its last place, up or down at random.

    That moves a number about as far as rounding does (a stochastic estimate; Chesneaux and Vignes 1988). A run that
    crosses a corner, such as that of relu at 0, says nothing: it has the slope of the other side.
    """

    def __init__(self, trace: Trace) -> None:
        graph = trace.graph
        signs = np.random.default_rng(len(graph))
        values = trace.values[: graph.leaf_count]
        sides = _sides(graph, trace.values)
        off = (values * (1 + signs.choice([-2, 2], len(values)) * _HALF_ULP) for _ in range(_RUNS))
        self._runs = [run for run in (_run(graph, each) for each in off) if _sides(graph, run.values) == sides]

    def noise(self, asked: Asked) -> float:
        """Return what `rounding_noise` does, of a number of this walk."""
        if not asked.exists or asked.leaf is not None:
            return 0.0
        numbers = (asked.number_in(run) for run in self._runs)
        return 2 * max((abs(number - asked.right) for number in numbers if math.isfinite(number)), default=0.0)


def rounding_noise(asked: Asked) -> float:
    """Return how far rounding may have taken the walk's number from what mathematics has, by trying it out.

    0 where nothing moves when the walk is run again near by, and where the graph is too large for that.
    """
    if not asked.exists or len(asked.graph) > MOST_NODES or asked.leaf is not None:
        return 0.0
    return NearbyRuns(asked.trace).noise(asked)


def _sides(graph: Graph, values: Floats) -> list[float]:
    """Return on which side of its corner each operation stands that has one: -1 or 1, and 0 on the corner itself."""
    sides: list[float] = []
    for code, op in enumerate(OPS):
        if op.corners is not None:
            for node in np.flatnonzero(graph.codes == code).tolist():
                operands = values[graph.operands_of(node)].tolist()
                sides.append(float(np.sign(op.corners.side(*operands))))
    return sides


def _run(graph: Graph, leaf_values: Floats) -> Run:
    moved = graph.with_leaf_values(leaf_values)
    values = forward(moved)
    return Run(values, backward(moved, values))


def number_at(asked: Asked, walk: PreciseWalk) -> Precise | None:
    """Return what is asked for in a walk at other values."""
    edge = asked.edge
    if asked.kind is TaskKind.VALUE:
        return walk.value(asked.node)
    if edge is None:
        return Precise(1 if asked.leaf is None else 0)
    if asked.kind is TaskKind.LOCAL_DERIVATIVE:
        return walk.local(asked.key.node, asked.key.position)
    return walk.contribution(edge) if asked.kind is TaskKind.CONTRIBUTION else walk.accumulated(edge)


def remark(asked: Asked, answer: Answer) -> str:
    """Say of a right answer with names in it where it would not be right, and what the walk has in its place.

    Empty where it is right everywhere, and where that cannot be known.
    """
    expression = answer.expression
    if answer.value is not None and abs(answer.value - asked.right) > _MADE_OF_ROUNDING * abs(asked.right):
        return f"The walk has {format_number(asked.right)} in its place, which is made of rounding."
    if expression is None or not answer.names:
        return ""
    comparison = compared(asked, answer)
    if comparison.agreement is Agreement.DIFFERENT and comparison.differs_at is not None:
        return f"As a formula it is right at this point only, and not at {point_text(comparison.differs_at)}."
    return ""


def in_many_digits(asked: Asked, answer: Answer) -> tuple[Decimal | None, Decimal | None]:
    """Return what is asked for and what an answer stands for at this walk, in many digits; None where that is unknown.

    Floats lose digits where nearly equal numbers are subtracted, in the walk or in an answer written another way.
    """
    graph = asked.graph
    if len(graph) > MOST_NODES or graph.leaf_count > MOST_LEAVES:
        return None, None
    with precision(DIGITS):
        walk = PreciseWalk(graph, {leaf: leaf_number(graph, leaf) for leaf in range(graph.leaf_count)})
        expected = number_at(asked, walk)
        given = None if answer.expression is None else computed(answer.expression, _values_of(walk, answer))
    return None if expected is None else expected.number, None if given is None else given.number


def are_remains(expected: Decimal, given: Decimal) -> bool:
    """Say whether two numbers in many digits may both be what is left of a difference of equal numbers, that is 0."""
    return abs(expected) < _REMAINS and abs(given) < _REMAINS


def _values_of(walk: PreciseWalk, answer: Answer) -> Callable[[NameUse], Precise | None]:
    def value_of(used: NameUse) -> Precise | None:
        return walk.value(walk.graph.find(used.name)) if used.name in answer.names else constant_named(used.name)

    return value_of


def compared(asked: Asked, answer: Answer) -> Comparison:
    """Compare an answer, as a formula in the walk's names, with what is asked for where leaves have other values."""
    graph, expression = asked.graph, answer.expression
    codes = graph.codes[: graph.leaf_count]
    free = [leaf for leaf in range(graph.leaf_count) if codes[leaf] != Leaf.CONSTANT]
    if expression is None or len(free) > MOST_LEAVES or len(graph) > MOST_NODES:
        return Comparison(Agreement.UNKNOWN)
    nodes = {graph.label(leaf): leaf for leaf in free}

    def both(point: Mapping[str, Precise]) -> tuple[Precise | None, Precise | None]:
        walk = PreciseWalk(graph, {nodes[name]: value for name, value in point.items()})

        expected = number_at(asked, walk)
        return expected, None if expected is None else computed(expression, _values_of(walk, answer))

    here = {name: asked.trace.values.item(leaf) for name, leaf in nodes.items()}
    return compare(both, here, rounding=answer.rounding)


def point_text(point: Mapping[str, float], most: int = 4) -> str:
    """Write a point: `a = 1.2, b = -3`."""
    shown = [f"{name} = {format_number(value)}" for name, value in list(point.items())[:most]]
    return ", ".join([*shown, "…"] if len(point) > most else shown)
