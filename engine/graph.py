"""`Graph`: a scalar computational graph as data. `Tape`: the growing record it is cut from."""

from __future__ import annotations

import functools
from array import array
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from .errors import GraphError
from .ops import N_ARY, OPS, Op, evaluate
from .symbolic import Symbol, format_number, formula_text

Floats = NDArray[np.float64]
Indices = NDArray[np.int32]


class Leaf(IntEnum):
    """What a node without operands is; stored where an operation has its code, so all are negative."""

    INPUT = -1
    """A value with a gradient: an input of the function, a parameter of a model."""
    CONSTANT = -2
    """A literal number; it carries no gradient."""
    DATA = -3
    """A data point; it carries no gradient."""


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
    names: Mapping[int, str] = field(default_factory=dict[int, str])

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
    def carries_gradient(self) -> NDArray[np.bool_]:
        """bool[n]: inputs do, constants and data do not, an operation does when one of its operands does."""
        carries = bytearray(len(self))
        codes, offsets, operands = self.codes.tolist(), self.operand_offsets.tolist(), self.operands.tolist()
        for node, code in enumerate(codes):
            if code >= 0:
                carries[node] = any(carries[k] for k in operands[offsets[node] : offsets[node + 1]])
            else:
                carries[node] = code == Leaf.INPUT
        return np.frombuffer(carries, dtype=np.bool_)

    def op(self, node: int) -> Op | None:
        """Return the operation of a node, or None for a leaf."""
        code = int(self.codes[node])
        return OPS[code] if code >= 0 else None

    def operands_of(self, node: int) -> Indices:
        """Return the operands of a node, in order; a node may occur twice, as in x·x."""
        return self.operands[int(self.operand_offsets[node]) : int(self.operand_offsets[node + 1])]

    def label(self, node: int) -> str:
        """Return what a node is called: its name, the number it is, or its place among the unnamed."""
        name = self.names.get(node)
        if name is not None:
            return name
        if self.codes[node] == Leaf.CONSTANT:
            return format_number(float(self.leaf_values[node]))
        if node < self.leaf_count:
            return f"{self._unnamed_prefix}leaf{node + 1}"
        earlier_named = bisect_left(self._named_operations, node)
        return f"{self._unnamed_prefix}{node - self.leaf_count - earlier_named + 1}"

    def find(self, label: str) -> int:
        """Return the node that is called `label`; KeyError if there is none."""
        for node, name in self.names.items():
            if name == label:
                return node
        for node in range(self.leaf_count, len(self)):
            if node not in self.names and self.label(node) == label:
                return node
        raise KeyError(label)

    def expression(self, node: int) -> str:
        """Return a node's operation with its operands' labels, such as `a + t1`; a leaf is its own label."""
        op = self.op(node)
        if op is None:
            return self.label(node)
        return formula_text(op.forward(*(self.symbol(k) for k in self.operands_of(node).tolist())))

    def symbol(self, node: int) -> Symbol:
        """Return a node as an operand of a printed formula."""
        if self.codes[node] == Leaf.CONSTANT and node not in self.names:
            return Symbol.of_number(float(self.leaf_values[node]), literal=True)
        return Symbol(self.label(node))

    @functools.cached_property
    def _named_operations(self) -> list[int]:
        return sorted(node for node in self.names if node >= self.leaf_count)

    @functools.cached_property
    def _unnamed_prefix(self) -> str:
        prefix = "t"
        while any(name.startswith(prefix) and name[len(prefix) :].isdigit() for name in self.names.values()):
            prefix += "t"
        return prefix


class Tape:
    """A growing record of leaves and operations, values included: 17 bytes a node and no closures.

    Nodes are numbered as they come, so every node follows its operands. `graph(node)` cuts out what that
    node depends on. `Scalar` appends to a tape behind its operators; the scenario reader appends directly.
    """

    def __init__(self) -> None:
        self.codes = array("b")
        self.operands = array("i")
        self.values = array("d")
        self.names: dict[int, str] = {}
        self._operand_counts: dict[int, int] = {}

    def __len__(self) -> int:
        return len(self.codes)

    def leaf(self, value: float, kind: Leaf, name: str | None = None) -> int:
        """Append a leaf and return its number."""
        if name is not None:
            self.names[len(self.codes)] = name
        self.codes.append(kind)
        self.values.append(value)
        return len(self.codes) - 1

    def operation(self, code: int, operands: Sequence[int], name: str | None = None) -> int:
        """Append an operation on earlier nodes, compute its value, and return its number.

        Raises GraphError when the operation does not take that many operands.
        """
        op = OPS[code]
        if op.arity is N_ARY:
            self._operand_counts[len(self.codes)] = len(operands)
        if len(operands) != op.arity and (op.arity is not N_ARY or not operands):
            raise GraphError(f"{op.name} takes {op.arity or 'at least 1'} operands, not {len(operands)}")
        value = evaluate(op.forward, *[self.values[k] for k in operands])
        if name is not None:
            self.names[len(self.codes)] = name
        self.codes.append(code)
        self.operands.extend(operands)
        self.values.append(value)
        return len(self.codes) - 1

    def graph(self, output: int) -> Graph:
        """Cut out the graph of one node: all that it depends on, leaves first, otherwise in recorded order."""
        offsets = self._offsets(output + 1)
        codes = np.frombuffer(self.codes[: output + 1], dtype=np.int8)
        operands = np.frombuffer(self.operands[: offsets[-1]], dtype=np.int32)
        needed = _reachable(output, offsets, operands)
        kept_leaves, kept_operations = (np.flatnonzero(needed & side) for side in (codes < 0, codes >= 0))
        kept = np.concatenate([kept_leaves, kept_operations])
        number = np.empty(output + 1, dtype=np.int32)
        number[kept] = np.arange(len(kept), dtype=np.int32)
        counts = np.diff(offsets)
        edge_kept = np.repeat(needed, counts)  # leaves own no edge, so recorded order is the new order
        return Graph(
            codes=codes[kept],
            operand_offsets=np.concatenate([[0], np.cumsum(counts[kept])]).astype(np.int32),
            operands=number[operands[edge_kept]],
            leaf_values=np.frombuffer(self.values[: output + 1])[kept_leaves],
            names={int(number[node]): name for node, name in self.names.items() if node <= output and needed[node]},
        )

    def _offsets(self, length: int) -> NDArray[np.int64]:
        arity = np.array([op.arity or 0 for op in OPS] + [0] * len(Leaf), dtype=np.int64)
        counts = arity[np.frombuffer(self.codes[:length], dtype=np.int8)]  # leaf codes index from the end
        for node, count in self._operand_counts.items():
            if node < length:
                counts[node] = count
        return np.concatenate([[0], np.cumsum(counts)])


def _reachable(output: int, offsets: NDArray[np.int64], operands: Indices) -> NDArray[np.bool_]:
    """Mark what `output` depends on: one pass backwards, since operands precede their consumers."""
    needed = bytearray(output + 1)
    needed[output] = True
    bounds, flat = offsets.tolist(), operands.tolist()
    for node in range(output, -1, -1):
        if needed[node]:
            for operand in flat[bounds[node] : bounds[node + 1]]:
                needed[operand] = True
    return np.frombuffer(needed, dtype=np.bool_)
