"""`Graph`: a scalar computational graph as data."""

from __future__ import annotations

import functools
from bisect import bisect_left
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import IntEnum
from typing import TYPE_CHECKING

import numpy as np

from ..arrays import Codes, Flags, Floats, Indices
from ..rules.formula import LEFT_OUT, Formula, Name, Number, Origin, formula_of
from ..rules.functions import Rule
from ..rules.notation import Notation
from ..rules.number_text import format_number
from ..rules.ops import OPS, Op
from ..rules.printers.unicode import NOTATION as UNICODE
from . import origin
from .edges import Edges
from .names import UNNAMED, Names

if TYPE_CHECKING:
    from .array_record import ArrayNode, SourceLine

SHOWN_OPERANDS = 6
"""An operation of more operands is printed with the first three and the last one only."""


class Leaf(IntEnum):
    """What a node without operands is; stored where an operation has its code, so all are negative."""

    INPUT = -1
    """A value with a gradient: an input of the function, a parameter of a model."""
    CONSTANT = -2
    """A literal number; it carries no gradient."""
    DATA = -3
    """A data point; it carries no gradient."""


ARITIES: tuple[int, ...] = (*(op.arity or 0 for op in OPS), *(0 for _ in Leaf))
"""How many operands each code has, a leaf's included (it indexes from the end); 0 for an n-ary operation."""

_ARITIES = np.array(ARITIES, dtype=np.int32)


@dataclass(frozen=True, eq=False)
class Graph:
    """An immutable scalar computational graph of n nodes, in topological order.

    The leaves come first, then the operations, every one after its operands; the output is the last node.
    Everything else leads to it, but for `other_ends` and what leads to them alone. Flat arrays hold it:

    `codes`            int8[n]: place in `ops.OPS` of an operation, or a `Leaf`
    `operand_offsets`  int32[n + 1] and
    `operands`         int32[edges]: node i has the operands `operands[operand_offsets[i]:operand_offsets[i + 1]]`
    `leaf_values`      float64[leaf_count]
    `names`            the nodes that have one; unnamed operations are called t1, t2, ... in topological order
    `written`          the constant expression that a leaf's value was written as, such as e or 1/3, where it was
    `provenance`       what the nodes come from, where it is the graph of another one's derivative
    `arrays`           which nodes were made together as arrays, where they were: every array after its operands
    """

    codes: Codes
    operand_offsets: Indices
    operands: Indices
    leaf_values: Floats
    names: Names
    written: Mapping[int, str] = field(default_factory=dict[int, str])
    provenance: Provenance | None = None
    arrays: tuple[ArrayNode, ...] = ()

    def __post_init__(self) -> None:
        for column in (self.codes, self.operand_offsets, self.operands, self.leaf_values):
            column.setflags(write=False)

    def __len__(self) -> int:
        return len(self.codes)

    @property
    def leaf_count(self) -> int:
        """How many nodes have no operands; they are the first ones."""
        return len(self.leaf_values)

    @property
    def output(self) -> int:
        """The node that everything leads to, but for `other_ends` and what leads to them alone: the last one."""
        return len(self.codes) - 1

    @functools.cached_property
    def carries_gradient(self) -> Flags:
        """bool[n]: inputs do, constants and data do not, an operation does between an input and the output.

        What is only watched does not lead to the output, so no gradient of the output runs through it.
        """
        behind_inputs = led_to(self.codes == Leaf.INPUT, self.operands, self.consumers())
        if len(self.other_ends) and int(self.other_ends[-1]) >= self.leaf_count:
            output = np.arange(len(self)) == self.output
            leads = led_to(output, self.consumers()[::-1], self.operands[::-1])
            behind_inputs[self.leaf_count :] &= leads[self.leaf_count :]
        return behind_inputs

    @functools.cached_property
    def carried(self) -> Flags:
        """bool[edges]: which entries of `operands` the backward pass hands a contribution to."""
        carried = self.carries_gradient[self.operands]
        return carried & self.carries_gradient[self.consumers()] if len(self.other_ends) else carried

    @functools.cached_property
    def other_ends(self) -> Indices:
        """The nodes besides the output that nothing uses: inputs that it does not need, and what is only watched."""
        used = np.zeros(len(self), dtype=np.bool_)
        used[self.operands] = True
        used[self.output] = True
        return np.flatnonzero(~used).astype(np.int32)

    @functools.cached_property
    def edges(self) -> Edges:
        """The edges of the backward pass, in walk order."""
        return Edges.of(self.operand_offsets, self.operands, self.carried)

    def consumers(self) -> Indices:
        """Return the node that each entry of `operands` is an operand of: int32[edges]."""
        return np.repeat(np.arange(len(self), dtype=np.int32), np.diff(self.operand_offsets))

    def edge(self, consumer: int, position: int) -> int:
        """Return the edge of the backward pass from a consumer to its operand at a position, which carries a gradient.

        It is the number of the edge in walk order.
        """
        own, operands = self.edges.of_consumer(consumer), self.operands_of(consumer)
        if len(own) == len(operands):
            return own.start + position
        return own.start + int(np.count_nonzero(self.carries_gradient[operands[:position]]))

    def op(self, node: int) -> Op | None:
        """Return the operation of a node, or None for a leaf."""
        code = int(self.codes[node])
        return OPS[code] if code >= 0 else None

    def operands_of(self, node: int) -> Indices:
        """Return the operands of a node, in order; a node may occur twice, as in x·x."""
        return self.operands[int(self.operand_offsets[node]) : int(self.operand_offsets[node + 1])]

    def n_ary_operand_counts(self) -> dict[int, int]:
        """Return how many operands each n-ary operation has."""
        nodes = np.flatnonzero((self.codes >= 0) & (_ARITIES[self.codes] == 0))
        counts = self.operand_offsets[nodes + 1] - self.operand_offsets[nodes]
        return dict(zip(nodes.tolist(), counts.tolist(), strict=True))

    def array_of(self, node: int) -> int:
        """Return the place in `arrays` of the array that a node was made for, or given in; -1 where there is none."""
        return int(self.arrays_of_nodes[node]) if self.arrays else -1

    def source(self, node: int) -> SourceLine | None:
        """Return the line of somebody's code that a node comes from, None where that is not known."""
        place = self.array_of(node)
        return self.arrays[place].source if place >= 0 else None

    @functools.cached_property
    def arrays_of_nodes(self) -> Indices:
        """The place in `arrays` of the array that each node was made for, or given in, else -1: int32[n]."""
        from .array_record import arrays_of_nodes

        return arrays_of_nodes(self.arrays, len(self))

    # ---- the same graph from other values

    def with_leaf_values(self, leaf_values: Floats, written: Mapping[int, str] | None = None) -> Graph:
        """Return the same graph with other values in its leaves, float64[leaf_count].

        `written` says anew which constant expressions they were written as. What follows from the structure alone, and
        is known already, is not worked out again.
        """
        graph = replace(self, leaf_values=leaf_values, written=self.written if written is None else written)
        known = ("carries_gradient", "carried", "other_ends", "edges", "_named_leaves", "arrays_of_nodes")
        graph.__dict__.update({name: self.__dict__[name] for name in known if name in self.__dict__})
        return graph

    def same_structure(self, other: Graph) -> bool:
        """Say whether two graphs are the same but for the values of their leaves."""
        names, others = self.names, other.names
        return self is other or (
            np.array_equal(self.codes, other.codes)
            and np.array_equal(self.operand_offsets, other.operand_offsets)
            and np.array_equal(self.operands, other.operands)
            and (names is others or (names.single == others.single and list(names.blocks) == list(others.blocks)))
        )

    # ---- what nodes are called

    def label(self, node: int) -> str:
        """Return what a node is called: its name, the number it is, or its place among the unnamed."""
        name = self.names.get(node)
        if name is not None:
            return name
        if self.codes[node] == Leaf.CONSTANT:
            return format_number(float(self.leaf_values[node]))
        if node < self.leaf_count:
            return self.names.unnamed_leaf(node)
        return f"{self.names.unnamed_prefix}{self._unnamed_operations(node)}"

    def find(self, label: str) -> int:
        """Return the node that is called `label`; KeyError if there is none, or if it is only a number."""
        node = self.names.find(label)
        if node is None and (unnamed := UNNAMED.fullmatch(label)):
            number = int(unnamed["number"])
            operations = range(self.leaf_count, len(self))
            if unnamed["leaf"]:
                node = min(number, self.leaf_count) - 1
            elif number <= self._unnamed_operations(self.output):
                node = operations[bisect_left(operations, number, key=self._unnamed_operations)]
        if node is None or self.label(node) != label:
            raise KeyError(label)
        return node

    def expression(self, node: int, notation: Notation = UNICODE) -> str:
        """Return a node's operation with its operands' labels, such as `a + t1`; a leaf is its own label."""
        return self._expressions(node, notation)

    @functools.cached_property
    def _expressions(self) -> Callable[[int, Notation], str]:
        """Prints expressions and keeps the last ones: a screen asks for those of its rows again at every step."""

        @functools.lru_cache(maxsize=1024)
        def printed(node: int, notation: Notation) -> str:
            if self.codes[node] < 0:
                return notation.label(self.label(node))
            return notation.formula(self.formula(node, self.operand))

        return printed

    def formula(self, node: int, operand: Callable[[int], Formula]) -> Formula:
        """Return the operation of a node with `operand(k)` for each operand k; many are cut to `sum(a, b, c, …, z)`."""
        operands = self.operands_of(node)
        shown = operands if len(operands) <= SHOWN_OPERANDS else operands[[0, 1, 2, -1]]
        formulas = list(map(operand, shown.tolist()))  # a hundred thousand others are not even looked at
        if len(formulas) < len(operands):
            formulas.insert(-1, LEFT_OUT)
        return formula_of(OPS[int(self.codes[node])].forward(*formulas))

    def partial_formula(self, node: int, position: int, operand: Callable[[int], Formula]) -> Formula:
        """Return the local derivative of a node by the operand at `position`, with `operand(k)` for each node k."""
        operands = self.operands_of(node)
        formulas = list(map(operand, operands[:SHOWN_OPERANDS].tolist()))
        formulas += [LEFT_OUT] * (len(operands) - len(formulas))  # all that counts in a long sum is how long it is
        return formula_of(self.partial(node, position)(*formulas, out=operand(node)))

    def partial(self, node: int, position: int) -> Rule:
        """Return the rule of the local derivative of a node by the operand at `position`."""
        alone = int(np.count_nonzero(self.carries_gradient[self.operands_of(node)])) == 1
        return OPS[int(self.codes[node])].partial(position, alone=alone)

    def operand(self, node: int) -> Formula:
        """Return a node as an operand of a formula."""
        if self.codes[node] == Leaf.CONSTANT and node not in self.names:
            return Number(float(self.leaf_values[node]), Origin.LITERAL)
        return Name(self.label(node))

    def _unnamed_operations(self, last: int) -> int:
        """Count the unnamed operations up to and including the node `last`."""
        named = self.names.count_before(last + 1) - self._named_leaves
        return last + 1 - self.leaf_count - named

    @functools.cached_property
    def _named_leaves(self) -> int:
        return self.names.count_before(self.leaf_count)


@dataclass(frozen=True, eq=False)
class Provenance:
    """What each node of a derivative's graph comes from.

    The graph computes the derivative of the output of `of` by its input `by`; of `function` by all of `variables`, one
    after the other, where that was a derivative itself. `sources` is int32[n]: the node of `of` that a node is, -1 for
    what the derivative has added; `origins` says of each of those which things of the walk over `of` it stands for.
    """

    of: Graph
    by: int
    function: str
    variables: tuple[str, ...]
    sources: Indices
    origins: Mapping[int, tuple[origin.Origin, ...]]

    def origins_of(self, node: int) -> tuple[origin.Origin, ...]:
        """Return what a node stands for in the walk over `of`; nothing for what is of no edge and no node."""
        source = self.sources.item(node)
        return (origin.Origin(origin.OriginKind.VALUE, source),) if source >= 0 else self.origins.get(node, ())


def led_to(roots: Flags, sources: Indices, targets: Indices) -> Flags:
    """Mark the roots and all nodes that they lead to over the edges from `sources[i]` to `targets[i]`.

    The edges stand in topological order: those into a node come before those out of it. Of most graphs
    nearly everything is reached, so the first guess is all, and a few rounds of array arithmetic take away
    what nothing leads to; where that goes deep, one pass over the edges marks what is reached.
    """
    reached = np.ones_like(roots)
    for _ in range(8):
        supported = roots.copy()
        supported[targets[reached[sources]]] = True
        if np.array_equal(supported, reached):
            return reached
        reached = supported
    marked = bytearray(roots)
    for source, target in zip(sources.tolist(), targets.tolist(), strict=True):
        if marked[source]:
            marked[target] = True
    return np.frombuffer(marked, dtype=np.bool_)
