"""`PathFactor`: what there is to say about each factor of a path, and what paths share."""

from __future__ import annotations

import functools
import math
import operator
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ..rules.formula import Formula, Name, Number
from ..rules.ops import CODES
from .contributions import step_of
from .equation import Equation, equation
from .local import Locals
from .path_table import PathTable
from .paths import Path
from .trace import Trace

MOST_FACTORS = 40
"""A product of more factors than these is not written out."""

LONG = 1_000
"""In a path of more edges than these the additions of a sum are factors each."""

_ADD = CODES["add"]


@dataclass(frozen=True, slots=True)
class PathFactor:
    """One factor of a path: the local derivative of `consumer` by its operand at `position`.

    `operand` is what it is by, `name` what the step calls it (`∂r/∂s`), `formula` its rule (`-1/s²`), `local` the
    number, not finite where it does not exist. `edges` is the one edge, or the several of a sum that is written as
    unnamed additions of two, each with the factor 1: then `consumer` is the sum and `operand` one of its terms.
    `step` is the number of the backward step that completes it. `is_ambiguous` says that the operand stands in the
    consumer at several places, so that several factors have this name. `is_in_several` says that more than one of the
    listed paths has the factor; `other_input` is an input, not the path's own node, whose gradient needs it too, None
    where there is none.
    """

    edges: tuple[int, ...]
    step: int
    consumer: int
    position: int
    operand: int
    name: str
    formula: str
    local: float
    is_ambiguous: bool
    is_in_several: bool
    other_input: int | None


def factors_of(trace: Trace, path: Path, several: frozenset[int] = frozenset()) -> list[PathFactor]:
    """Return the factors of a path, the one out of the output first; `several` are the `shared_edges` of a list."""
    return [_factor(trace, edges, path.nodes[-1], several) for edges in _factor_edges(trace, path)]


def ends_of(trace: Trace, path: Path, several: frozenset[int], most: int) -> tuple[list[PathFactor], int]:
    """Return the factors of a path as `factors_of` does, and 0; where they are more than `most`, about the same number
    from each end, which may be a few less, and how many are left out between.
    """
    of_factors = list(_factor_edges(trace, path)) if len(path.edges) <= LONG else [(edge,) for edge in path.edges]
    left_out = 0
    if len(of_factors) > most:
        end = most // 2 - 2
        left_out = len(of_factors) - 2 * end
        of_factors[end:-end] = []
    return [_factor(trace, edges, path.nodes[-1], several) for edges in of_factors], left_out


def product_of(trace: Trace, path: Path, digits: int = 0) -> Equation | None:
    """Write the product along a path, of numbers alone; None where it has none, or more than `MOST_FACTORS` of them.

    Where it is the only path, the closed form of the gradient stands beside it, if there is one.
    It has at least so many significant `digits`; with 0 numbers are written for reading.
    """
    if not 0 < len(path.edges) <= MOST_FACTORS:
        return None
    numbers = [_local(trace, edge) for edge in path.edges]
    factors: list[Formula] = [Number(number) if math.isfinite(number) else Name("undefined") for number in numbers]
    formula = functools.reduce(operator.mul, factors)
    is_only = PathTable.of(trace.numbers).counts[path.nodes[-1]] == 1
    closed = trace.numbers.closed.gradient(path.nodes[-1]) if is_only else None
    undefined = path.is_undefined
    return equation(formula, path.product, trace.numbers.notation, undefined=undefined, digits=digits, closed=closed)


def shared_edges(listed: Iterable[Path]) -> frozenset[int]:
    """Return the edges that more than one of some paths goes along."""
    uses = Counter(edge for path in listed for edge in path.edges)
    return frozenset(edge for edge, times in uses.items() if times > 1)


def _factor_edges(trace: Trace, path: Path) -> Iterator[tuple[int, ...]]:
    """Yield the edges of each factor: those of a sum of several terms together."""
    run: list[int] = []
    for edge, node in zip(path.edges, path.nodes, strict=False):
        if run and not _is_within_sum(trace, node):
            yield from _together(trace, run)
            run = []
        run.append(edge)
    if run:
        yield from _together(trace, run)


def _is_within_sum(trace: Trace, node: int) -> bool:
    """Say whether a node is an unnamed addition that is used once, in another addition."""
    graph = trace.graph
    if graph.codes[node] != _ADD or node in graph.names or graph.edges.write_count(node) != 1:
        return False
    return bool(graph.codes[graph.edges.consumer(graph.edges.write(node, 0))] == _ADD)


def _together(trace: Trace, run: list[int]) -> Iterator[tuple[int, ...]]:
    """Yield edges as one factor, or each alone where the last operand reaches the sum, or the output, in other ways."""
    graph = trace.graph
    term = graph.edges.targets.item(run[-1])
    top = graph.edges.consumer(run[0])
    uses = graph.edges.into(term).tolist()
    if len(run) > 1 and len(uses) > 1 and (top == graph.output or sum(_sum_at(trace, use) == top for use in uses) > 1):
        yield from ((edge,) for edge in run)
    else:
        yield tuple(run)


def _sum_at(trace: Trace, edge: int) -> int:
    """Return the node at which the sum ends that an edge leads into."""
    node = trace.graph.edges.consumer(edge)
    while _is_within_sum(trace, node):
        node = trace.graph.edges.consumer(trace.graph.edges.write(node, 0))
    return node


def _factor(trace: Trace, edges: tuple[int, ...], node: int, several: frozenset[int]) -> PathFactor:
    graph, locals_ = trace.graph, Locals(trace.numbers)
    first_key = trace.key(step_of(trace, edges[0]))
    consumer, position = first_key.node, first_key.position
    operand = graph.edges.targets.item(edges[-1])
    places = (graph.operands_of(graph.edges.consumer(edges[-1])) == operand).sum()
    first, last = PathTable.of(trace.numbers).inputs_behind
    others = [leaf for leaf in (first[operand], last[operand]) if leaf not in (node, -1)]
    is_shared = first[operand] != last[operand]
    return PathFactor(
        edges=edges,
        step=step_of(trace, edges[-1]),
        consumer=consumer,
        position=position,
        operand=operand,
        name=locals_.name(consumer, operand),
        formula=locals_.formula(consumer, position),
        local=math.prod(_local(trace, edge) for edge in edges),
        is_ambiguous=int(places) > 1,
        is_in_several=all(edge in several for edge in edges),
        other_input=others[0] if is_shared and others else None,
    )


def _local(trace: Trace, edge: int) -> float:
    """Return the local derivative along an edge, as its step has it."""
    key = trace.key(step_of(trace, edge))
    return Locals(trace.numbers).value(key.node, key.position)
