"""`paths_of`: the routes from a node to the output, the largest first, and what computing each alone would cost.

The gradient of a node is the sum over all its paths of the products of their local derivatives (the chain rule of
several variables, multiplied out).
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .path_table import MOST_PATHS, NO_RANK, PathTable, Rank
from .trace import Trace

MOST_EDGES = 200_000
"""How many edges a search goes along; where that is not enough, it ends with the paths that it has."""


@dataclass(frozen=True, slots=True)
class Path:
    """A route between a node and the output, and the product of the local derivatives along it.

    `edges` are edges of the backward pass in its order, the one out of the output first; `nodes` are what they
    connect, from the output to the node, one more than the edges. `product` is multiplied in that order without
    overflow on the way: nan where a factor or the output is undefined, infinite where the product itself is too large
    for a float.
    """

    edges: tuple[int, ...]
    nodes: tuple[int, ...]
    product: float

    @property
    def is_undefined(self) -> bool:
        """Whether the product does not exist as a float."""
        return not math.isfinite(self.product)


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
    product = math.nan if table.output_undefined else _product(table.locals.item(edge) for edge in way)
    return Path(way, nodes, product)


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
