"""`ArrayNode`: which nodes of a graph were made together, as one array, by one operation on arrays."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from ..arrays import Codes, Flags, Indices
from .names import NameBlock, Names

ABSENT = -1
"""Stands for a node that is not in the graph, and for an operand of which no entry is."""


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A line of somebody's code: line `number` of the file `path`, counted from 1, within `function`.

    `text` is what stands there, without the blanks around it; "" where the file cannot be read.
    """

    path: str
    number: int
    text: str = ""
    function: str = ""


@dataclass(frozen=True, eq=False)
class ArrayNode:
    """An array of nodes: one that was given, or the result of one operation on arrays.

    `operation`   its name in `ARRAY_OPS`, "" for an array that was given
    `entries`     int32 in the array's shape: the node of each entry; ABSENT where the graph does not have it
    `operands`    the places of its operands in the record; ABSENT where the graph has no entry of one
    `parameters`  what else the operation was given, such as the axis of a sum
    `first`, `stop`  the operation nodes made for it are `range(first, stop)`: its entries, and what leads to them
                  from the entries of its operands; empty where entries were only picked, as in a transpose
    `name`        what it is called, "" where it has no name
    `source`      the line that made it, None where that is not known
    `scope`       what it was made within, the outermost first: a function or a module that has a name
    """

    operation: str
    entries: Indices
    operands: tuple[int, ...] = ()
    parameters: Mapping[str, Any] = field(default_factory=dict[str, Any])
    first: int = 0
    stop: int = 0
    name: str = ""
    source: SourceLine | None = None
    scope: tuple[str, ...] = ()

    @property
    def shape(self) -> tuple[int, ...]:
        """The lengths of its axes; () for a single number."""
        return self.entries.shape


def cut_arrays(arrays: Sequence[ArrayNode], codes: Codes, number: Indices, present: Flags) -> tuple[ArrayNode, ...]:
    """Return the arrays that a graph consists of, after it was cut out of a tape.

    `number` is the new number of each node of the tape that the graph has, those which are `present`; `codes` tells
    the tape's operations from its leaves. An array stays where one of its nodes does, and where one is made of it that
    stays.
    """
    kept = [False] * len(arrays)
    for place in range(len(arrays) - 1, -1, -1):
        node = arrays[place]
        made = present[node.first : node.stop] if node.operation else present[_within(node.entries, len(present))]
        kept[place] = kept[place] or bool(made.any())
        if kept[place]:
            for operand in node.operands:
                kept[operand] = True
    places = np.where(kept, np.cumsum(kept) - 1, ABSENT).tolist()
    return tuple(_cut(node, places, codes, number, present) for node, stays in zip(arrays, kept, strict=True) if stays)


def _cut(node: ArrayNode, places: list[int], codes: Codes, number: Indices, present: Flags) -> ArrayNode:
    is_there = (node.entries >= 0) & (node.entries < len(present))
    within = np.where(is_there, node.entries, 0)
    entries = np.where(is_there & present[within], number[within], ABSENT).astype(np.int32)
    own = slice(node.first, node.stop)
    made = number[own][present[own] & (codes[own] >= 0)]
    return replace(
        node,
        entries=entries,
        operands=tuple(places[operand] for operand in node.operands),
        first=int(made[0]) if made.size else 0,
        stop=int(made[-1]) + 1 if made.size else 0,
    )


def with_names_of_results(arrays: Sequence[ArrayNode], names: Names) -> tuple[tuple[ArrayNode, ...], Names]:
    """Call the results that have a name by it, and their entries: `h[0,1]` by the indices, counted from 0.

    Where another array or node is called `h` already, it becomes `h_2`, `h_3` and so on. Entries that have a name, or
    were made for another array, keep what they are called.
    """
    taken = {*names.single.values(), *(block.prefix for block in names.blocks)}
    single, blocks, result = dict(names.single), [*names.blocks], [*arrays]
    numbered: dict[str, Iterator[str]] = {}
    for place, array in enumerate(arrays):
        if not array.operation or not array.name:
            continue
        candidates = numbered.setdefault(array.name, _numbered(array.name))
        name = next(each for each in candidates if each not in taken)
        taken.add(name)
        result[place] = replace(array, name=name)
        flat = array.entries.ravel()
        places = np.flatnonzero(flat >= 0)
        nodes = flat[places]
        first, last = (int(nodes[0]), int(nodes[-1])) if len(nodes) else (0, -1)
        if last < first or first < array.first or last >= array.stop:
            continue
        if not array.shape:
            single.setdefault(first, name)
        elif last - first == len(nodes) - 1 and bool((np.diff(nodes) == 1).all()):
            blocks.append(NameBlock(name, first, places.tolist(), array.shape))
    blocks.sort(key=lambda block: block.first)
    return tuple(result), Names(single, blocks)


def _numbered(name: str) -> Iterator[str]:
    yield name
    yield from (f"{name}_{number}" for number in itertools.count(2))


def _within(entries: Indices, count: int) -> Indices:
    flat = entries.ravel()
    return flat[(flat >= 0) & (flat < count)]


def arrays_of_nodes(arrays: Sequence[ArrayNode], count: int) -> Indices:
    """Return the place of the array that each of `count` nodes was made for, or given in: int32[count], else ABSENT."""
    found: Indices = np.full(count, ABSENT, dtype=np.int32)
    for place, node in enumerate(arrays):
        if node.operation:
            found[node.first : node.stop] = place
        else:
            within = _within(node.entries, count)
            found[within[found[within] == ABSENT]] = place
    return found
