"""Random graphs of every shape, as data: hypothesis makes and shrinks them, the tests put them on a tape."""

from collections.abc import Sequence
from dataclasses import dataclass

import hypothesis.strategies as st
import numpy as np
from gradwalk.engine.graph.graph import Graph, Leaf
from gradwalk.engine.graph.tape import Tape
from gradwalk.engine.rules.ops import CODES, N_ARY, OPS

ALL = tuple(op.name for op in OPS)

AWKWARD = (0.0, -0.0, 1.0, -1.0, 2.0, -0.5, 3.25, 1e-3, 1e154, -1e154, 1e308, 5e-324, -1e-200)
"""Numbers whose sums, products and quotients overflow, vanish or do not exist."""

HARD = (
    *AWKWARD, 1.7976931348623157e308, -1e308, 2.2250738585072014e-308, 1e-310, 1e16, 1e-8, 0.1, 37.0, 700.0,
    709.782712893384, -708.4, -745.1, 1.5707963267948966,
)  # fmt: skip
"""These, and numbers on the edges of exp, ln, tanh and powers."""


@dataclass(frozen=True)
class RandomGraph:
    """A program for a tape. Operands are counted from any earlier node, modulo how many there are.

    A line is ("one", op, operands), ("fold", "add", terms) or ("rows", op, operands): the last makes one
    operation for each of `width` rows, whose operands lie `k` nodes apart for row k, or are one and the same.
    """

    leaves: tuple[tuple[float, Leaf], ...]
    lines: tuple[tuple[str, str, tuple[int, ...]], ...]
    width: int

    def graph(self) -> Graph:
        tape, output = self.recorded()
        return tape.graph(output)

    def recorded(self) -> tuple[Tape, int]:
        """Return the tape and the output on it."""
        tape = Tape()
        nodes = [tape.leaf(value, kind) for value, kind in self.leaves]
        nodes += tape.leaves([value / 4 for value in range(self.width)], Leaf.INPUT)
        for shape, name, operands in self.lines:
            picked = [nodes[k % len(nodes)] for k in operands]
            if shape == "fold":
                nodes.append(tape.fold(picked))
            elif shape == "rows":
                columns = [self._column(nodes, k) for k in operands]
                nodes += tape.operations(CODES[name], *columns)
            else:
                nodes.append(tape.operation(CODES[name], picked))
        last = nodes[-self.width :]
        return tape, tape.operation(CODES["sum"], [*last, nodes[-1]])

    def _column(self, nodes: Sequence[int], k: int) -> np.ndarray | int:
        if k % 3 == 0:
            return nodes[k % len(nodes)]
        return np.array([nodes[(k + row * (k % 4)) % len(nodes)] for row in range(self.width)], dtype=np.int32)


def random_graphs(ops: Sequence[str] = ALL, numbers: Sequence[float] = AWKWARD) -> st.SearchStrategy[RandomGraph]:
    def line(name: str) -> st.SearchStrategy[tuple[str, str, tuple[int, ...]]]:
        arity = OPS[CODES[name]].arity
        counts = (1, 9) if arity is N_ARY else (arity, arity)
        operands = st.lists(st.integers(0, 60), min_size=counts[0], max_size=counts[1]).map(tuple)
        return st.tuples(st.sampled_from(["one", "one", "rows"]), st.just(name), operands)

    fold = st.tuples(st.just("fold"), st.just("add"), st.lists(st.integers(0, 60), min_size=2, max_size=9).map(tuple))
    leaf = st.tuples(st.sampled_from(numbers), st.sampled_from([Leaf.INPUT, Leaf.INPUT, Leaf.CONSTANT, Leaf.DATA]))
    return st.builds(
        RandomGraph,
        leaves=st.lists(leaf, min_size=1, max_size=5).map(tuple),
        lines=st.lists(st.one_of(st.sampled_from(ops).flatmap(line), fold), min_size=1, max_size=14).map(tuple),
        width=st.integers(1, 12),
    )
