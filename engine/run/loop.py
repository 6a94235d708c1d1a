"""Run a graph once: every value, then every contribution of the backward pass.

The backward pass is the chain rule and nothing else: take a node's gradient (its upstream gradient),
multiply by the local derivative of each edge, add the product to the operand's gradient. No recursion, so
depth costs nothing. `plan.py` computes the same numbers for a graph that is run again and again.
"""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ..arrays import Floats
from ..graph.edges import Edges
from ..graph.graph import ARITIES, Graph, Leaf
from ..graph.names import Names
from ..graph.tape import Tape
from ..rules.float_rules import CONSTANT_PARTIALS, FORWARD, PARTIALS, PARTIALS_ALONE

_FIRST_LEAF_CODE = min(Leaf) % 256
"""As an unsigned byte the code of a leaf is at least this, that of an operation is less."""

_INPUT = Leaf.INPUT % 256

_IS_LEAF = bytes(code >= _FIRST_LEAF_CODE for code in range(256))
"""By code as an unsigned byte: 1 for a leaf."""

_LEAF_CARRIES = bytes(code < _FIRST_LEAF_CODE or code == _INPUT for code in range(256))
"""By code as an unsigned byte: 0 for a leaf without a gradient."""


@dataclass(frozen=True, eq=False)
class BackwardRun:
    """All of a backward pass over `edges`, which are in walk order.

    `gradients`      float64[n]: ∂output/∂node, complete; 0 for what carries no gradient
    `locals`         float64[edges]: the local derivative, ∂consumer/∂operand

    The rest follows from these two, number for number as the pass computed it.
    """

    edges: Edges
    gradients: Floats
    locals: Floats

    @functools.cached_property
    def contributions(self) -> Floats:
        """float64[edges]: upstream gradient times local derivative."""
        with np.errstate(all="ignore"):
            return self.gradients[self.edges.consumers()] * self.locals

    @functools.cached_property
    def accumulated(self) -> Floats:
        """float64[edges]: the operand's gradient after this contribution."""
        with np.errstate(all="ignore"):
            return self.edges.running_sums(self.contributions)


@dataclass(frozen=True, eq=False)
class Run:
    """Everything a walk shows: `values`, float64[n], and the backward pass."""

    values: Floats
    backward: BackwardRun


def forward(graph: Graph, leaf_values: Floats | None = None) -> Floats:
    """Return the value of every node: float64[n]. Undefined results are nan or infinite (IEEE 754)."""
    values: list[float] = (graph.leaf_values if leaf_values is None else leaf_values).tolist()
    operands: list[int] = graph.operands.tolist()
    stops: list[int] = graph.operand_offsets[graph.leaf_count + 1 :].tolist()
    codes: list[int] = graph.codes[graph.leaf_count :].tolist()
    start = 0
    for code, stop in zip(codes, stops, strict=True):
        if stop - start == 2:
            values.append(FORWARD[code](values[operands[start]], values[operands[start + 1]]))
        else:
            values.append(FORWARD[code](*[values[operand] for operand in operands[start:stop]]))
        start = stop
    return np.array(values, dtype=np.float64)


def backward(graph: Graph, values: Floats, seed: float = 1.0) -> BackwardRun:
    """Run the backward pass from ∂output/∂output = `seed` and keep every number of it."""
    gradients, local_derivatives = chain_rule(
        graph.codes.tobytes(),
        graph.operands.tolist(),
        graph.n_ary_operand_counts(),
        graph.carries_gradient.tobytes(),
        values.tolist(),
        seed,
    )
    complete = np.where(graph.carries_gradient, gradients, 0.0)
    complete[graph.other_ends] = 0.0
    complete[graph.output] = seed
    return BackwardRun(graph.edges, complete, np.array(local_derivatives, dtype=np.float64))


class Loop:
    """A graph that is run again and again by the loop: does what a `Plan` does, and suits a deep graph better.

    `leaf_values` is float64[leaf_count]: write there, then `run`.
    """

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.leaf_values: Floats = graph.leaf_values.copy()
        nothing = BackwardRun(graph.edges, np.zeros(len(graph)), np.zeros(len(graph.edges)))
        self._last = Run(np.zeros(len(graph)), nothing)

    def run(self, leaf_values: Floats | None = None, seed: float = 1.0) -> float:
        """Run forward and backward, with other `leaf_values` (float64[leaf_count]) if given; return the output."""
        if leaf_values is not None:
            self.leaf_values[:] = leaf_values
        values = forward(self.graph, self.leaf_values)
        self._last = Run(values, backward(self.graph, values, seed))
        return float(values[-1])

    @property
    def leaf_gradients(self) -> Floats:
        """∂output/∂leaf of the last run: float64[leaf_count]; 0 for what carries no gradient."""
        return self.gradients[: self.graph.leaf_count]

    @property
    def values(self) -> Floats:
        """The value of every node in the last run: float64[n]."""
        return self._last.values

    @property
    def gradients(self) -> Floats:
        """∂output/∂node for every node in the last run: float64[n]; 0 for what carries no gradient."""
        return self._last.backward.gradients

    def record(self) -> Run:
        """Return everything that a walk of the last run shows; it stays when the loop runs again."""
        return self._last


def input_gradients(tape: Tape, output: int, seed: float = 1.0) -> dict[str, float]:
    """Return ∂output/∂input · `seed` of each input that `output` depends on, by what the graph calls it.

    It is nan where a walk calls it undefined: all of them where a value is not finite, or else those that are not.
    Runs straight over the tape where all that it holds leads to `output`; otherwise over the graph cut out. Raises
    GraphError where nodes have the same name and are not one variable.
    """
    names = Names(tape.names, tape.name_blocks)
    if output == len(tape) - 1 and tape.is_one_graph() and not names.repeated():
        codes, values = tape.codes.tobytes(), tape.values.tolist()
        operands, n_ary = tape.operands.tolist(), tape.n_ary_operand_counts
        gradients, _ = chain_rule(codes, operands, n_ary, codes.translate(_LEAF_CARRIES), values, seed)
    else:
        graph = tape.graph(output)
        codes, names, numbers = graph.codes.tobytes(), graph.names, forward(graph)
        values, gradients = numbers.tolist(), backward(graph, numbers, seed).gradients.tolist()
    leaves = list(itertools.compress(range(len(codes)), codes.translate(_IS_LEAF)))
    labels = names.of_leaves(leaves)
    partials = {label: gradients[leaf] for label, leaf in zip(labels, leaves, strict=True) if codes[leaf] == _INPUT}
    if not _all_finite(values):
        return dict.fromkeys(partials, math.nan)
    if not _all_finite(partials.values()):
        return {label: partial if math.isfinite(partial) else math.nan for label, partial in partials.items()}
    return partials


def _all_finite(numbers: Collection[float]) -> bool:
    return math.isfinite(sum(numbers)) or all(map(math.isfinite, numbers))


def chain_rule(  # noqa: C901, PLR0912 - a call for each edge would take as long as all of it
    codes: bytes,
    operands: Sequence[int],
    n_ary_operand_counts: Mapping[int, int],
    carries: bytes,
    values: Sequence[float],
    seed: float,
) -> tuple[list[float], list[float]]:
    """Take the backward pass from the last node; the columns are those of a `Tape`.

    `carries` has a byte a node, 0 for those that carry no gradient, among them all operations that do not lead to the
    last node. Returns the gradient of each node (meaningless where none is carried) and the local derivative of each
    edge, in walk order.
    """
    gradients = [-0.0] * len(codes)  # -0.0 + x is x to the last bit for every x, and 0.0 + -0.0 is not
    gradients[-1] = seed
    local_derivatives: list[float] = []
    keep = local_derivatives.append
    operands = list(operands)  # taken from its end
    take = operands.pop
    consumer = len(codes)
    for code in reversed(codes):
        consumer -= 1
        if code >= _FIRST_LEAF_CODE:
            continue
        arity = ARITIES[code]
        if arity == 2:
            right, left = take(), take()
            if not carries[consumer]:
                continue
            upstream, constants = gradients[consumer], CONSTANT_PARTIALS[code]
            if constants:
                by_left, by_right = constants
            else:
                a, b, out = values[left], values[right], values[consumer]
                by_left, by_right = (PARTIALS if carries[left] and carries[right] else PARTIALS_ALONE)[code]
                by_left = by_left(a, b, out) if carries[left] else 0.0
                by_right = by_right(a, b, out) if carries[right] else 0.0
            if carries[left]:
                keep(by_left)
                gradients[left] += upstream * by_left
            if carries[right]:
                keep(by_right)
                gradients[right] += upstream * by_right
        elif arity == 1:
            operand = take()
            if carries[consumer]:
                local = PARTIALS[code][0](values[operand], values[consumer])
                keep(local)
                gradients[operand] += gradients[consumer] * local
        else:
            first = len(operands) - (arity or n_ary_operand_counts[consumer])
            own = operands[first:]
            del operands[first:]
            if carries[consumer]:
                for operand, local in _many_partials(code, own, carries, values, values[consumer]):
                    keep(local)
                    gradients[operand] += gradients[consumer] * local
    return gradients, local_derivatives


def _many_partials(
    code: int, operands: Sequence[int], carries: bytes, values: Sequence[float], out: float
) -> Iterator[tuple[int, float]]:
    """Yield each operand that carries a gradient with the local derivative by it, for an operation of any arity."""
    arguments = [*(values[operand] for operand in operands), out]
    partials = (PARTIALS_ALONE if sum(carries[operand] > 0 for operand in operands) == 1 else PARTIALS)[code]
    local = partials[0](*arguments)  # an n-ary operation has one for all its operands
    for position, operand in enumerate(operands):
        if carries[operand]:
            yield operand, partials[position](*arguments) if len(partials) > 1 else local
