"""`Graph`: a scalar computational graph as data. `Tape`: the growing record it is cut from."""

from __future__ import annotations

import functools
import re
from array import array
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .edges import Edges, Flags, Floats, Indices
from .errors import GraphError
from .float_rules import FORWARD
from .names import NameBlock, Names
from .ops import CODES, N_ARY, OPS, Op
from .symbolic import Symbol, format_number, formula_text

SHOWN_OPERANDS = 6
"""An operation of more operands is printed with the first three and the last one only."""

_ELLIPSIS = Symbol("…")
_UNNAMED = re.compile(r"(?P<prefix>t+)(?P<leaf>leaf)?(?P<number>[1-9][0-9]{0,9})")


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

    The leaves come first, then the operations, every one after its operands; the output is the last node
    and everything else leads to it. Flat arrays hold it:

    `codes`            int8[n]: place in `ops.OPS` of an operation, or a `Leaf`
    `operand_offsets`  int32[n + 1] and
    `operands`         int32[edges]: node i has the operands `operands[operand_offsets[i]:operand_offsets[i + 1]]`
    `leaf_values`      float64[leaf_count]
    `names`            the nodes that have one; unnamed operations are called t1, t2, ... in topological order
    """

    codes: NDArray[np.int8]
    operand_offsets: Indices
    operands: Indices
    leaf_values: Floats
    names: Names

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
        """The node everything leads to: the last one."""
        return len(self.codes) - 1

    @functools.cached_property
    def carries_gradient(self) -> Flags:
        """bool[n]: inputs do, constants and data do not, an operation does when one of its operands does."""
        return led_to(self.codes == Leaf.INPUT, self.operands, self.consumers())

    @functools.cached_property
    def edges(self) -> Edges:
        """The edges of the backward pass, in walk order."""
        return Edges.of(self.operand_offsets, self.operands, self.carries_gradient)

    def consumers(self) -> Indices:
        """Return the node that each entry of `operands` is an operand of: int32[edges]."""
        return np.repeat(np.arange(len(self), dtype=np.int32), np.diff(self.operand_offsets))

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

    # ---- what nodes are called

    def label(self, node: int) -> str:
        """Return what a node is called: its name, the number it is, or its place among the unnamed."""
        name = self.names.get(node)
        if name is not None:
            return name
        if self.codes[node] == Leaf.CONSTANT:
            return format_number(float(self.leaf_values[node]))
        if node < self.leaf_count:
            return f"{self._unnamed_prefix}leaf{node + 1}"
        return f"{self._unnamed_prefix}{self._unnamed_operations(node)}"

    def find(self, label: str) -> int:
        """Return the node that is called `label`; KeyError if there is none, or if it is only a number."""
        node = self.names.find(label)
        if node is None and (unnamed := _UNNAMED.fullmatch(label)):
            number = int(unnamed["number"])
            operations = range(self.leaf_count, len(self))
            if unnamed["leaf"]:
                node = min(number, self.leaf_count) - 1
            elif number <= self._unnamed_operations(self.output):
                node = operations[bisect_left(operations, number, key=self._unnamed_operations)]
        if node is None or self.label(node) != label:
            raise KeyError(label)
        return node

    def expression(self, node: int) -> str:
        """Return a node's operation with its operands' labels, such as `a + t1`; a leaf is its own label."""
        return self._expressions(node)

    @functools.cached_property
    def _expressions(self) -> Callable[[int], str]:
        """Prints expressions and keeps the last ones: a screen asks for those of its rows again at every step."""

        @functools.lru_cache(maxsize=1024)
        def printed(node: int) -> str:
            return self.label(node) if self.codes[node] < 0 else self.formula(node, self.symbol)

        return printed

    def formula(self, node: int, symbol: Callable[[int], Symbol]) -> str:
        """Print the operation of a node with `symbol(k)` for each operand k; many are cut to `sum(a, b, c, …, z)`."""
        operands = self.operands_of(node)
        shown = operands if len(operands) <= SHOWN_OPERANDS else operands[[0, 1, 2, -1]]
        symbols = list(map(symbol, shown.tolist()))  # a hundred thousand others are not even looked at
        if len(symbols) < len(operands):
            symbols.insert(-1, _ELLIPSIS)
        return formula_text(OPS[int(self.codes[node])].forward(*symbols))

    def partial_formula(self, node: int, position: int, symbol: Callable[[int], Symbol]) -> str:
        """Print the local derivative of a node by the operand at `position`, with `symbol(k)` for each node k."""
        operands = self.operands_of(node)
        symbols = list(map(symbol, operands[:SHOWN_OPERANDS].tolist()))
        symbols += [_ELLIPSIS] * (len(operands) - len(symbols))  # all that counts in a long sum is how long it is
        return formula_text(OPS[int(self.codes[node])].partial(position)(*symbols, out=symbol(node)))

    def symbol(self, node: int) -> Symbol:
        """Return a node as an operand of a printed formula."""
        if self.codes[node] == Leaf.CONSTANT and node not in self.names:
            return Symbol.of_number(float(self.leaf_values[node]), literal=True)
        return Symbol(self.label(node))

    def _unnamed_operations(self, last: int) -> int:
        """Count the unnamed operations up to and including the node `last`."""
        named = self.names.count_before(last + 1) - self._named_leaves
        return last + 1 - self.leaf_count - named

    @functools.cached_property
    def _named_leaves(self) -> int:
        return self.names.count_before(self.leaf_count)

    @functools.cached_property
    def _unnamed_prefix(self) -> str:
        taken = [match["prefix"] for match in map(_UNNAMED.fullmatch, self.names.single.values()) if match]
        return max(taken, key=len) + "t" if taken else "t"


class Tape:
    """A growing record of leaves and operations, values included: 17 bytes a node and no closures.

    Nodes are numbered as they come, so every node follows its operands. `graph(node)` cuts out what that
    node depends on. `Scalar` appends to a tape behind its operators, the scenario reader node by node, and
    whoever has a column of data in whole blocks (`leaves`, `operations`, `fold`), which costs a fiftieth.
    """

    def __init__(self) -> None:
        self.codes = array("b")
        self.operands = array("i")
        self.values = array("d")
        self.names: dict[int, str] = {}
        self.name_blocks: list[NameBlock] = []
        self.n_ary_operand_counts: dict[int, int] = {}
        """How many operands each n-ary operation has."""

    def __len__(self) -> int:
        return len(self.codes)

    # ---- one node at a time

    def leaf(self, value: float, kind: Leaf, name: str | None = None) -> int:
        """Append a leaf and return its number."""
        if name is not None:
            self.names[len(self.codes)] = name
        self.codes.append(kind)
        self.values.append(value)
        return len(self.codes) - 1

    def unary(self, code: int, operand: int) -> int:
        """Append an operation of one earlier node, compute its value, and return its number."""
        values = self.values
        value = FORWARD[code](values[operand])
        self.codes.append(code)
        self.operands.append(operand)
        values.append(value)
        return len(values) - 1

    def binary(self, code: int, left: int, right: int) -> int:
        """Append an operation of two earlier nodes, compute its value, and return its number."""
        values = self.values
        value = FORWARD[code](values[left], values[right])
        self.codes.append(code)
        self.operands.append(left)
        self.operands.append(right)
        values.append(value)
        return len(values) - 1

    def operation(self, code: int, operands: Sequence[int], name: str | None = None) -> int:
        """Append any operation on earlier nodes, compute its value, and return its number.

        Raises GraphError when the operation does not take that many operands.
        """
        _check_arity(OPS[code], len(operands))
        value = FORWARD[code](*[self.values[operand] for operand in operands])
        node = len(self.codes)
        if OPS[code].arity is N_ARY:
            self.n_ary_operand_counts[node] = len(operands)
        if name is not None:
            self.names[node] = name
        self.codes.append(code)
        self.operands.extend(operands)
        self.values.append(value)
        return node

    # ---- whole blocks

    def leaves(self, values: ArrayLike, kind: Leaf, name: str | None = None) -> range:
        """Append one leaf for each of `values` and return their numbers.

        They are called `name[1]`, `name[2]`, ...
        """
        column = np.asarray(values, dtype=np.float64)
        nodes = self._name_block(len(column), name)
        self._append(np.full(len(column), kind, dtype=np.int8), column)
        return nodes

    def operations(self, code: int, *operands: Sequence[int] | Indices | int, name: str | None = None) -> range:
        """Append one operation for each row of the operands' columns and return their numbers.

        A column is a range, a sequence or an array of earlier nodes, all of the same length; a single node
        stands for a column of itself. `tape.operations(MUL, tape.leaves(x, Leaf.DATA), w)` is x[i]·w for
        every i. The new nodes are called `name[1]`, `name[2]`, ... Values may differ by an ulp or two from
        those that `operation` computes where NumPy's function is not Python's.

        Raises GraphError when the operation does not take that many operands, or an operand does not exist.
        """
        op = OPS[code]
        _check_arity(op, len(operands))
        columns = np.broadcast_arrays(*map(_column, operands))
        count = columns[0].size
        rows = np.stack([column.reshape(count) for column in columns], axis=1)
        values = self._values_of(rows.T)
        with np.errstate(all="ignore"):
            computed = op.forward(*values) if op.on_rows is None else op.on_rows(values)
        nodes = self._name_block(count, name)
        if op.arity is N_ARY:
            self.n_ary_operand_counts.update(dict.fromkeys(nodes, len(operands)))
        self._append(np.full(count, code, dtype=np.int8), np.asarray(computed, dtype=np.float64), rows)
        return nodes

    def fold(self, terms: Sequence[int] | Indices, name: str | None = None) -> int:
        """Append the additions ((t0 + t1) + t2) + ... of earlier nodes and return the last one, called `name`.

        A single term is its own sum. Raises GraphError when there is no term, or one that does not exist.
        """
        column = _column(terms)
        if not len(column):
            raise GraphError("a sum needs at least one term")
        values = self._values_of(column)
        if len(column) == 1:
            return int(column[0])
        with np.errstate(all="ignore"):
            sums = np.add.accumulate(values)[1:]
        first = len(self.codes)
        rows = np.empty((len(sums), 2), dtype=np.int32)
        rows[:, 0] = np.arange(first - 1, first - 1 + len(sums))
        rows[0, 0] = column[0]
        rows[:, 1] = column[1:]
        self._append(np.full(len(sums), CODES["add"], dtype=np.int8), sums, rows)
        if name is not None:
            self.names[len(self.codes) - 1] = name
        return len(self.codes) - 1

    def _values_of(self, nodes: Indices) -> Floats:
        if nodes.size and not 0 <= int(nodes.min()) <= int(nodes.max()) < len(self.codes):
            raise GraphError("an operand must be a node that the tape has already")
        return np.frombuffer(self.values)[nodes]  # a copy: an array that is being looked at cannot grow

    def _append(self, codes: NDArray[np.int8], values: Floats, operands: Indices | None = None) -> None:
        self.codes.frombytes(codes.tobytes())
        self.values.frombytes(values.tobytes())
        if operands is not None:
            self.operands.frombytes(operands.tobytes())

    def _name_block(self, count: int, prefix: str | None) -> range:
        first = len(self.codes)
        if prefix is not None and count:
            self.name_blocks.append(NameBlock(prefix, first, range(1, count + 1)))
        return range(first, first + count)

    # ---- looking back

    def is_one_graph(self) -> bool:
        """Say whether every node but the last has a consumer, so that all of them lead to the last."""
        consumed = np.zeros(len(self.codes), dtype=np.bool_)
        consumed[np.frombuffer(self.operands, dtype=np.int32)] = True
        return bool(consumed[:-1].all())

    def graph(self, output: int) -> Graph:
        """Cut out the graph of one node: all that it depends on, leaves first, otherwise in recorded order."""
        codes = np.frombuffer(self.codes[: output + 1], dtype=np.int8)
        counts = _ARITIES[codes]
        if self.n_ary_operand_counts:
            n_ary = np.fromiter(self.n_ary_operand_counts.keys(), dtype=np.int32)
            recorded = n_ary <= output
            counts[n_ary[recorded]] = np.fromiter(self.n_ary_operand_counts.values(), dtype=np.int32)[recorded]
        operands = np.frombuffer(self.operands[: int(counts.sum())], dtype=np.int32)
        consumers = np.repeat(np.arange(output + 1, dtype=np.int32), counts)
        needed = led_to(np.arange(output + 1) == output, consumers[::-1], operands[::-1])
        leaves, operations = (np.flatnonzero(needed & side) for side in (codes < 0, codes >= 0))
        kept = np.concatenate([leaves, operations])
        number = np.empty(output + 1, dtype=np.int32)
        number[kept] = np.arange(len(kept), dtype=np.int32)
        return Graph(
            codes=codes[kept],
            operand_offsets=np.concatenate([[0], np.cumsum(counts[kept])]).astype(np.int32),
            operands=number[operands[needed[consumers]]],  # leaves own no edge, so recorded order is the new order
            leaf_values=np.frombuffer(self.values[: output + 1])[leaves],
            names=self._names(number, needed),
        )

    def _names(self, number: Indices, needed: Flags) -> Names:
        single = {int(number[k]): name for k, name in self.names.items() if k < len(needed) and needed[k]}
        blocks = [block.renumbered(number, needed) for block in self.name_blocks]
        return Names(single, sorted((block for block in blocks if block), key=lambda block: block.first))


def _check_arity(op: Op, operand_count: int) -> None:
    if operand_count != op.arity and (op.arity is not N_ARY or not operand_count):
        raise GraphError(f"{op.name} takes {op.arity or 'at least 1'} operands, not {operand_count}")


def _column(nodes: Sequence[int] | Indices | int) -> Indices:
    if isinstance(nodes, range):
        return np.arange(nodes.start, nodes.stop, nodes.step, dtype=np.int32)
    return np.asarray(nodes, dtype=np.int32)


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
