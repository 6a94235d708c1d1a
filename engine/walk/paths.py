"""`paths_of`: the routes from a node to the output, the largest first, and what computing each alone would cost.

The gradient of a node is the sum over all its paths of the products of their local derivatives (the chain rule of
several variables, multiplied out).
"""

from __future__ import annotations

import functools
import heapq
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
from .path_table import MOST_PATHS, NO_RANK, PathTable, Rank
from .trace import Trace

MOST_EDGES = 200_000
"""How many edges a search goes along; where that is not enough, it ends with the paths that it has."""


MOST_FACTORS = 40
"""A product of more factors than these is not written out."""

LONG = 1_000
"""In a path of more edges than these the additions of a sum are factors each."""

_ADD = CODES["add"]


@dataclass(frozen=True, slots=True)
class Path:
    """A route between a node and the output, and the product of the local derivatives along it.

    `edges` are edges of the backward pass in its order, the one out of the output first; `nodes` are what they
    connect, from the output to the node, one more than the edges. `product` is multiplied in that order without
    overflow on the way: nan where a factor is undefined, infinite where the product itself is too large for a float.
    """

    edges: tuple[int, ...]
    nodes: tuple[int, ...]
    product: float

    @property
    def is_undefined(self) -> bool:
        """Whether the product does not exist as a float."""
        return not math.isfinite(self.product)


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


@dataclass(frozen=True, slots=True)
class Work:
    """Multiplications of local derivatives, of the paths alone and of one backward pass.

    A path of n factors takes n - 1 of them. `of_node` is that of all paths of the node, each computed alone,
    `of_inputs` the same for all `inputs` that the output uses; `MOST_PATHS` stands for so many or more. `backward` is
    what one backward pass takes for the gradients of all nodes: one for each edge but those out of the output, where
    the upstream gradient is the seed, 1, which the paths are not multiplied by either.
    """

    of_node: int
    of_inputs: int
    inputs: int
    backward: int


@dataclass(frozen=True, slots=True)
class PathList:
    """The paths of a node, as many as were asked for.

    `count` is how many there are, `MOST_PATHS` where they are so many or more. `paths` are the largest, by the size of
    the product, those that are undefined before all others. `gradient` is what all of them add up to, nan where
    it does not exist, `rest` what those that are not listed add up to: the gradient without the listed ones.
    `is_cut` says that the search ended early: the listed paths are the largest, but fewer than were asked for.
    """

    node: int
    count: int
    paths: tuple[Path, ...]
    gradient: float
    rest: float
    is_cut: bool

    @property
    def is_complete(self) -> bool:
        """Whether all paths are listed."""
        return len(self.paths) == self.count


class PathSearch(Iterator[Path]):
    """Finds the paths of a node one after the other, the largest first; those of one size in any order.

    A path is the best way on from some node, taken after the best path but for one other edge: so each found path
    leads to the next ones, and no more than are asked for are looked at. `is_cut` says that it gave up,
    after `MOST_EDGES`. Sizes are compared by logarithms, to twelve digits or so.
    """

    def __init__(self, table: PathTable, node: int) -> None:
        self.is_cut = False
        self._table = table
        self._edges_left = MOST_EDGES
        self._serial = 0
        self._found: list[_Candidate] = []
        if table.counts[node]:
            self._push(NO_RANK, None, node, -1)

    def __next__(self) -> Path:
        """Return the next path; StopIteration where there is none, or the search gives up."""
        if not self._found or self._edges_left <= 0:
            self.is_cut = bool(self._found)
            raise StopIteration
        loss, _, before, node, place = heapq.heappop(self._found)
        table, way = self._table, before
        if place >= 0:
            self._push_alternative(loss, before, node, place + 1)
            edge = table.alternatives(node)[place][1]
            way, node = (edge, before), table.consumers.item(edge)
        while (edge := table.best_edges[node]) >= 0:
            self._push_alternative(loss, way, node, 0)
            way, node = (edge, way), table.consumers.item(edge)
            self._edges_left -= 1
        return path_along(table, _unlinked(way))

    def _push_alternative(self, loss: Rank, before: _Way, node: int, place: int) -> None:
        """Add the path that takes another edge at `node`; place 0 is the one with the least loss."""
        if len(self._table.edges.into(node)) <= place + 1:
            return
        alternatives = self._table.alternatives(node)
        more = alternatives[place][0]
        if place:  # the loss is that of the alternative before, which is replaced
            less = alternatives[place - 1][0]
            loss = loss[0] - less[0], loss[1] - less[1], loss[2] - less[2]
        self._push((loss[0] + more[0], loss[1] + more[1], loss[2] + more[2]), before, node, place)

    def _push(self, loss: Rank, before: _Way, node: int, place: int) -> None:
        self._serial -= 1  # of equal ones the last found first: a path is finished before others are looked for
        heapq.heappush(self._found, (loss, self._serial, before, node, place))


_Way = tuple[int, "_Way"] | None
"""The edges from a node on, last first, linked so that paths share what they have in common."""

_Candidate = tuple[Rank, int, _Way, int, int]
"""How much smaller than the largest path; a number; the way to a node; the node; its alternative, -1 for the best."""


def path_along(table: PathTable, edges: Iterable[int]) -> Path:
    """Return the path along edges, the one out of the output first."""
    way = tuple(edges)
    nodes = (table.graph.output, *(table.edges.targets.item(edge) for edge in way))
    return Path(way, nodes, _product(table.locals.item(edge) for edge in way))


def paths_of(trace: Trace, node: int, limit: int) -> PathList:
    """Find the largest paths of a node, `limit` at most.

    A node without a gradient, or that the output does not use, has none; the output has one, without a factor.
    """
    table = PathTable.of(trace.numbers)
    search = PathSearch(table, node)
    found = [path for path, _ in zip(search, range(limit), strict=False)]
    found.sort(key=lambda path: -math.inf if math.isnan(path.product) else -abs(path.product))
    count = table.counts[node] if trace.graph.carries_gradient[node] or node == trace.graph.output else 0
    gradient = float(trace.backward.gradients[node])
    if trace.numbers.output_undefined or not math.isfinite(gradient):
        gradient = rest = math.nan
    elif len(found) == count:
        rest = 0.0
    else:
        rest = _without(gradient, [path.product for path in found])
    return PathList(node, count, tuple(found), gradient, rest, search.is_cut and len(found) < min(limit, count))


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
    numbers = [trace.backward.locals.item(edge) for edge in path.edges]
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


def work_of(trace: Trace, node: int) -> Work:
    """Count what the paths of a node cost, and those of all inputs, if each is computed alone."""
    table, graph = PathTable.of(trace.numbers), trace.graph

    def alone(node: int) -> int:
        if MOST_PATHS in (table.counts[node], table.lengths[node]):
            return MOST_PATHS
        return table.lengths[node] - table.counts[node] if table.lengths[node] else 0

    of_inputs = min(sum(map(alone, table.inputs)), MOST_PATHS)
    backward = len(graph.edges) - len(graph.edges.of_consumer(graph.output))
    return Work(alone(node), of_inputs, len(table.inputs), backward)


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
        local=_product(trace.backward.locals.item(edge) for edge in edges),
        is_ambiguous=int(places) > 1,
        is_in_several=all(edge in several for edge in edges),
        other_input=others[0] if is_shared and others else None,
    )


def _product(factors: Iterable[float]) -> float:
    mantissa, exponent = 1.0, 0
    for factor in factors:
        part, more = math.frexp(factor)
        mantissa, again = math.frexp(mantissa * part)
        exponent += more + again
    if not math.isfinite(mantissa):
        return math.nan
    try:
        return math.ldexp(mantissa, exponent)
    except OverflowError:
        return math.copysign(math.inf, mantissa)


def _without(total: float, parts: list[float]) -> float:
    """Return a sum without some of its terms, nan where that does not exist."""
    if not all(map(math.isfinite, parts)):
        return math.nan
    try:
        return math.fsum([total, *(-part for part in parts)])
    except OverflowError:
        return math.nan


def _unlinked(way: _Way) -> list[int]:
    edges: list[int] = []
    while way is not None:
        edge, way = way
        edges.append(edge)
    return edges
