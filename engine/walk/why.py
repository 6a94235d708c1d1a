"""`explain`: why a gradient is what it is, or why a number does not exist, as data.

A gradient is the sum of the products along its paths. So it is small, zero or huge because of factors on the few paths
that carry it, or because paths cancel. Shares are of the sum of all |product|, which one pass with |local| finds
(`PathTable.absolute_sums`), however many paths there are.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterable

import numpy as np

from ..language.step_key import StepKey, StepKind
from .causes import Cause, FactorCause, cause_of
from .contributions import step_of
from .explanations import (
    ENOUGH,
    LARGE,
    SMALL,
    Blocked,
    Cancelled,
    Carried,
    Explanation,
    GradientUndefined,
    IsOutput,
    NoGradient,
    Size,
    Unused,
    ValueUndefined,
    Vanished,
)
from .path_table import PathTable
from .paths import Path, PathSearch
from .trace import Trace

MOST_EXAMINED = 1_000
"""How many paths are looked at to get there."""

CANCELLED = 0.1
"""Paths cancel where the gradient is less than this part of the sum of all |product|."""

_ROUNDING = 1e-14
"""What is left of a sum may be rounding alone where it is less than this part of the sum of the sizes."""


MOST_OF_CUT = 6
"""So many factors of a cut are kept."""


def explain(trace: Trace, node: int) -> Explanation:
    """Say why the gradient of a node is what it is at the end of the walk, or why it or its value does not exist."""
    numbers, graph = trace.numbers, trace.graph
    if numbers.undefined_values[node]:
        return _value_undefined(trace, node, node)
    if node != graph.output and not graph.carries_gradient[node]:
        return NoGradient(node)
    if numbers.output_undefined:
        return _value_undefined(trace, node, graph.output)
    if node == graph.output:
        return IsOutput(node)
    table = PathTable.of(numbers)
    if not table.counts[node]:
        return Unused(node)
    gradient = trace.backward.gradients.item(node)
    if not math.isfinite(gradient):
        return _gradient_undefined(trace, table, node)
    if table.is_surely_zero(node):
        return _blocked(trace, table, node)
    sizes = table.absolute_sums.item(node)
    if sizes == 0:
        return _vanished(trace, table, node)
    if abs(gradient) < CANCELLED * min(sizes, sys.float_info.max):
        return _cancelled(table, node, gradient, sizes)
    return _carried(trace, table, node, gradient, sizes)


def _carried(trace: Trace, table: PathTable, node: int, gradient: float, sizes: float) -> Carried:
    paths: list[Path] = []
    share = 0.0
    for path in PathSearch(table, node):
        paths.append(path)
        share += abs(path.product) / sizes
        if not share < ENOUGH or len(paths) >= MOST_EXAMINED:
            break
        few = len(paths) == MOST_OF_CUT
        if few and share + abs(path.product) / sizes * MOST_EXAMINED < ENOUGH:  # all that are looked at would not do
            break
    size = Size.SMALL if abs(gradient) < SMALL else Size.LARGE if abs(gradient) > LARGE else Size.ORDINARY
    smallest, largest = _extremes(trace, paths)
    logs = [math.log(abs(table.locals.item(edge))) for edge in paths[0].edges]
    alike = [log for log in logs if (log < 0 if size is Size.SMALL else log > 0)]
    of_many = size is not Size.ORDINARY and bool(alike) and max(map(abs, alike)) < abs(sum(alike)) / 2
    known = share if math.isfinite(sizes) else math.nan
    return Carried(
        node=node,
        gradient=gradient,
        size=size,
        count=table.counts[node],
        paths=tuple(paths),
        sizes=sizes,
        share=known,
        smallest=smallest,
        largest=largest,
        alike=len(alike),
        is_of_many=of_many,
    )


def _extremes(trace: Trace, paths: Iterable[Path]) -> tuple[FactorCause, FactorCause]:
    """Return the smallest and the largest factor on some paths; of equal ones not one that passes gradients on."""
    edges = np.array(sorted({edge for path in paths for edge in path.edges}))
    sizes = np.abs(trace.backward.locals[edges])
    found: list[FactorCause] = []
    for extreme in (sizes.min(), sizes.max()):
        causes = [cause_of(trace, edge) for edge in edges[sizes == extreme][:MOST_OF_CUT].tolist()]
        found.append(next((cause for cause in causes if cause.cause is not Cause.PASSED), causes[0]))
    return found[0], found[1]


def _cancelled(table: PathTable, node: int, gradient: float, sizes: float) -> Cancelled:
    found = [path for path, _ in zip(PathSearch(table, node), range(MOST_OF_CUT * 10), strict=False)]
    of_a_sign = [[path for path in found if path.product > 0], [path for path in found if path.product < 0]]
    half = MOST_OF_CUT // 2
    paths = tuple(path for paths in of_a_sign for path in paths[:half])
    is_rounding = 0 < abs(gradient) < _ROUNDING * min(sizes, sys.float_info.max)
    if gradient == 0 and len(found) == table.counts[node]:
        is_rounding = math.fsum(path.product for path in found) != 0
    return Cancelled(
        node, gradient, table.counts[node], (sizes + gradient) / 2, (gradient - sizes) / 2, paths, is_rounding
    )


def _vanished(trace: Trace, table: PathTable, node: int) -> Vanished:
    path = next(PathSearch(table, node))
    smallest, _ = _extremes(trace, [path])
    return Vanished(node, table.counts[node], path, table.log10(node), smallest, len(path.edges))


def _blocked(trace: Trace, table: PathTable, node: int) -> Blocked:
    """Find the factors 0 nearest to the output, or those nearest to the node where these are fewer."""
    far = _cut(table, node, lambda edge: not table.best_ranks[table.consumers.item(edge)][1])
    near = _cut(table, node, lambda edge: table.locals.item(edge) == 0)
    cut = sorted(far if len(far) <= len(near) else near)
    causes = tuple(cause_of(trace, edge) for edge in cut[:MOST_OF_CUT])
    return Blocked(node, table.counts[node], causes, len(cut), table.best_ranks[node][1])


def _cut(table: PathTable, node: int, cuts: Callable[[int], bool]) -> set[int]:
    """Return the edges that `cuts` says yes to and that a path meets first, from the node on."""
    cut: set[int] = set()
    seen, todo = {node}, [node]
    while todo:
        for edge in table.edges.into(todo.pop()).tolist():
            consumer = table.consumers.item(edge)
            if cuts(edge):
                cut.add(edge)
            elif consumer not in seen:
                seen.add(consumer)
                todo.append(consumer)
    return cut


def _value_undefined(trace: Trace, node: int, end: int) -> ValueUndefined:
    """Go back from `end` over values that do not exist to the first node, in walk order, whose operands do."""
    undefined, graph = trace.undefined_values, trace.graph
    next_on_way: dict[int, int] = {end: end}
    todo, origins = [end], list[int]()
    for found in todo:  # grows while it is gone through: the nearest first, so ways are short
        operands: list[int] = [operand for operand in graph.operands_of(found).tolist() if undefined[operand]]
        if not operands:
            origins.append(found)
        for operand in operands:
            if operand not in next_on_way:
                next_on_way[operand] = found
                todo.append(operand)
    first = min(origins)
    step = trace.number(StepKey(StepKind.VALUE, first))
    reason = None if step is None else trace.step(step).undefined
    return ValueUndefined(node, end != node, first, step, reason, _way(first, end, next_on_way))


def _gradient_undefined(trace: Trace, table: PathTable, node: int) -> GradientUndefined:
    """Go up from the node over gradients that do not exist to the first step, in walk order, that made one of them."""
    gradients, undefined = trace.backward.gradients, trace.undefined_contributions
    next_on_way: dict[int, int] = {node: node}
    todo, origins = [node], list[int]()
    for found in todo:
        edges: list[int] = table.edges.into(found).tolist()
        bad = [edge for edge in edges if undefined[edge]]
        if not bad:  # the sum is too large for a float
            origins.append(next(edge for edge in edges if not math.isfinite(trace.backward.accumulated.item(edge))))
        for edge in bad:
            consumer = table.consumers.item(edge)
            if math.isfinite(gradients.item(consumer)):
                origins.append(edge)
            elif consumer not in next_on_way:
                next_on_way[consumer] = found
                todo.append(consumer)
    edge = min(origins)
    consumer, operand = table.consumers.item(edge), table.edges.targets.item(edge)
    step = step_of(trace, edge)
    upstream = gradients.item(consumer)
    unused = explain(trace, consumer) if upstream == 0 else None
    return GradientUndefined(
        node=node,
        step=step,
        consumer=consumer,
        operand=operand,
        upstream=upstream,
        local=trace.backward.locals.item(edge),
        reason=trace.step(step).undefined,
        way=_way(operand, node, next_on_way),
        unused=unused if isinstance(unused, Blocked | Vanished | Cancelled) else None,
    )


def _way(first: int, last: int, next_on_way: dict[int, int]) -> tuple[int, ...]:
    way = [first]
    while way[-1] != last:
        way.append(next_on_way[way[-1]])
    return tuple(way)
