"""`Tape`: the growing record that a graph is cut from."""

from __future__ import annotations

from array import array
from bisect import bisect_right, insort
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from ..arrays import Codes, Flags, Floats, Indices
from ..errors import GraphError, listing, quoted
from ..rules.float_rules import FORWARD
from ..rules.ops import CODES, N_ARY, OPS, Op
from .graph import ARITIES, Graph, Leaf, led_to
from .names import NameBlock, Names

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from .array_record import ArrayNode

_SMALL = 200
"""With fewer nodes NumPy takes longer to begin than Python takes for all of them."""

_ARITIES = np.array(ARITIES, dtype=np.int32)


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
        """Blocks of names, in ascending order of their nodes; see `add_names`."""
        self.n_ary_operand_counts: dict[int, int] = {}
        """How many operands each n-ary operation has."""
        self.written: dict[int, str] = {}
        """The constant expressions that values of leaves were written as."""
        self.arrays: list[ArrayNode] = []
        """What was made as arrays, in recorded order."""

    def __len__(self) -> int:
        return len(self.codes)

    # ---- one node at a time

    def leaf(self, value: float, kind: Leaf, name: str | None = None, written: str = "") -> int:
        """Append a leaf and return its number.

        `written` is the constant expression that its value comes from, such as e or 1/3, where there is one.
        """
        if name is not None:
            self.names[len(self.codes)] = name
        if written:
            self.written[len(self.codes)] = written
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
        every i. The new nodes are called `name[1]`, `name[2]`, ...

        Raises GraphError when the operation does not take that many operands, or an operand does not exist.
        """
        _check_arity(OPS[code], len(operands))
        columns = np.broadcast_arrays(*map(_column, operands))
        count = columns[0].size
        return self.rows(code, np.stack([column.reshape(count) for column in columns], axis=1), name)

    def rows(self, code: int, rows: Indices, name: str | None = None) -> range:
        """Do as `operations`, with the operands of one operation in each row: int32[count, operands]."""
        from ..rules import array_rules  # a graph of a few nodes is made without columns

        op = OPS[code]
        _check_arity(op, rows.shape[1])
        values = self._values_of(rows.T)
        with np.errstate(all="ignore"):
            computed = array_rules.FORWARD[code](*values) if op.on_rows is None else op.on_rows(values)
        nodes = self._name_block(len(rows), name)
        if op.arity is N_ARY:
            self.n_ary_operand_counts.update(dict.fromkeys(nodes, int(rows.shape[1])))
        self._append(np.full(len(rows), code, dtype=np.int8), np.asarray(computed, dtype=np.float64), rows)
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

    def add_names(self, block: NameBlock) -> None:
        """Name consecutive nodes that no other block names."""
        insort(self.name_blocks, block, key=lambda other: other.first)

    def name_of(self, node: int) -> str | None:
        """Return what a node was called, if anything."""
        name = self.names.get(node)
        if name is None and self.name_blocks:
            place = bisect_right(self.name_blocks, node, key=lambda block: block.first) - 1
            block = self.name_blocks[max(place, 0)]
            name = block.name(node) if block.first <= node < block.stop else None
        return name

    def _values_of(self, nodes: Indices) -> Floats:
        if nodes.size and not 0 <= int(nodes.min()) <= int(nodes.max()) < len(self.codes):
            raise GraphError("an operand must be a node that the tape has already")
        return np.frombuffer(self.values)[nodes]  # a copy: an array that is being looked at cannot grow

    def _append(self, codes: Codes, values: Floats, operands: Indices | None = None) -> None:
        self.codes.frombytes(codes.tobytes())
        self.values.frombytes(values.tobytes())
        if operands is not None:
            self.operands.frombytes(operands.tobytes())

    def _name_block(self, count: int, prefix: str | None) -> range:
        first = len(self.codes)
        if prefix is not None and count:
            self.add_names(NameBlock(prefix, first, range(1, count + 1)))
        return range(first, first + count)

    # ---- looking back

    def is_one_graph(self) -> bool:
        """Say whether every node but the last has a consumer, so that all of them lead to the last."""
        if len(self.codes) < _SMALL:
            return len(set(self.operands)) >= len(self.codes) - 1  # the last node is nobody's operand
        consumed = np.zeros(len(self.codes), dtype=np.bool_)
        consumed[np.frombuffer(self.operands, dtype=np.int32)] = True
        return bool(consumed[:-1].all())

    def graph(self, output: int, also: Sequence[int] | Indices = ()) -> Graph:
        """Cut out the graph of one node: all that it depends on, leaves first, otherwise in recorded order.

        `also` are earlier nodes that stay with all that they depend on, whether the output needs them or not.
        Inputs of one name and one value are one variable and become one node. Raises GraphError where other nodes
        have the same name.
        """
        return self.cut(output, also)[0]

    def cut(self, output: int, also: Sequence[int] | Indices = ()) -> tuple[Graph, Indices]:
        """Do as `graph`; return the graph, and for each of its nodes the node of the tape that it is: int32[n]."""
        codes = np.frombuffer(self.codes[: output + 1], dtype=np.int8)
        counts = _ARITIES[codes]
        if self.n_ary_operand_counts:
            n_ary = np.fromiter(self.n_ary_operand_counts.keys(), dtype=np.int32)
            recorded = n_ary <= output
            counts[n_ary[recorded]] = np.fromiter(self.n_ary_operand_counts.values(), dtype=np.int32)[recorded]
        operands = np.frombuffer(self.operands[: int(counts.sum())], dtype=np.int32)
        consumers = np.repeat(np.arange(output + 1, dtype=np.int32), counts)
        kept_for = np.arange(output + 1) == output
        kept_for[_column(also)] = True
        needed = led_to(kept_for, consumers[::-1], operands[::-1])
        again = self._variables_named_again(needed)
        needed[list(again)] = False
        leaves, operations = (np.flatnonzero(needed & side) for side in (codes < 0, codes >= 0))
        kept = np.concatenate([leaves, operations])
        number = np.empty(output + 1, dtype=np.int32)
        number[kept] = np.arange(len(kept), dtype=np.int32)
        number[list(again)] = number[list(again.values())]
        names, arrays = self._names(number, needed), self._arrays(codes, number, needed, again)
        if arrays:
            from .array_record import with_names_of_results

            arrays, names = with_names_of_results(arrays, names)
        graph = Graph(
            codes=codes[kept],
            operand_offsets=np.concatenate([[0], np.cumsum(counts[kept])]).astype(np.int32),
            operands=number[operands[needed[consumers]]],  # leaves own no edge, so recorded order is the new order
            leaf_values=np.frombuffer(self.values[: output + 1])[leaves],
            names=names,
            written={int(number[k]): text for k, text in self.written.items() if k < len(needed) and needed[k]},
            arrays=arrays,
        )
        return graph, kept.astype(np.int32)

    def _variables_named_again(self, needed: Flags) -> dict[int, int]:
        """Map each input that has the name and the value of an earlier one to that earlier one."""
        again: dict[int, int] = {}
        for name, nodes in Names(self.names, self.name_blocks).repeated().items():
            own = [node for node in nodes if node < len(needed) and needed[node]]
            kinds, values = {self.codes[node] for node in own}, [repr(self.values[node]) for node in own]
            if len(own) > 1 and (len(kinds) > 1 or len(set(values)) > 1 or max(kinds) >= 0):
                raise GraphError(
                    f"{len(own)} nodes are called {quoted(name)}, with the values {listing(values)}: "
                    "give each a name of its own, or make one and use it everywhere"
                )
            if kinds == {Leaf.INPUT}:
                again.update(dict.fromkeys(own[1:], own[0]))
        return again

    def _arrays(self, codes: Codes, number: Indices, needed: Flags, again: dict[int, int]) -> tuple[ArrayNode, ...]:
        if not self.arrays:
            return ()
        from .array_record import cut_arrays

        present = needed.copy()
        present[list(again)] = True
        return cut_arrays(self.arrays, codes, number, present)

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
