"""`Names`: what the nodes of a graph are called, a million of them as cheaply as one."""

from __future__ import annotations

import functools
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ..arrays import Flags, Indices

UNNAMED = re.compile(r"(?P<prefix>t+)(?P<leaf>leaf)?(?P<number>[1-9][0-9]{0,9})")
"""What nodes without a name are called: `t1`, `t2`, ... and, where they are leaves, `tleaf1`, ..."""

_NUMBERED = re.compile(r"(?P<prefix>.+)\[(?P<numbers>(?:0|[1-9][0-9]{0,9})(?:,(?:0|[1-9][0-9]{0,9}))*)\]")


@dataclass(frozen=True, slots=True)
class NameBlock:
    """Consecutive nodes called `prefix[1]`, `prefix[2]`, ...: no string is kept for any of them.

    `first` is the first of the nodes; `numbers` holds the number in the brackets of each, ascending. Those of an array
    of the shape `shape` are called `prefix[0,0]`, `prefix[0,1]`, ... by their indices; then `numbers` holds the place
    of each among all entries, counted from 0, row by row.
    """

    prefix: str
    first: int
    numbers: Sequence[int]
    shape: tuple[int, ...] = ()

    @property
    def stop(self) -> int:
        """The node after the last one."""
        return self.first + len(self.numbers)

    def name(self, node: int) -> str:
        """Return what a node of the block is called."""
        return self.name_of(self.numbers[node - self.first])

    def name_of(self, number: int) -> str:
        """Return what the node is called that `numbers` has this number for."""
        if not self.shape:
            return f"{self.prefix}[{number}]"
        indices: list[str] = []
        for length in reversed(self.shape):
            number, index = divmod(number, length)
            indices.append(str(index))
        return f"{self.prefix}[{','.join(reversed(indices))}]"

    def find(self, indices: Sequence[int]) -> int | None:
        """Return the node with these numbers in its brackets, or None."""
        if len(indices) != max(len(self.shape), 1):
            return None
        number = indices[0]
        if self.shape:
            if any(index >= length for index, length in zip(indices, self.shape, strict=True)):
                return None
            number = 0
            for index, length in zip(indices, self.shape, strict=True):
                number = number * length + index
        place = bisect_left(self.numbers, number)
        found = place < len(self.numbers) and self.numbers[place] == number
        return self.first + place if found else None

    def renumbered(self, new_number: Indices, kept: Flags) -> NameBlock | None:
        """Return the block after some nodes are dropped and the others moved together; None if none is left."""
        places = np.flatnonzero(kept[self.first : self.stop])
        if not len(places):
            return None
        whole = len(places) == len(self.numbers)
        numbers = self.numbers if whole else [self.numbers[place] for place in places.tolist()]
        return NameBlock(self.prefix, int(new_number[self.first + int(places[0])]), numbers, self.shape)


class Names(Mapping[int, str]):
    """The names of nodes: single ones, which win, and blocks of numbered ones. Immutable.

    `blocks` do not overlap and stand in ascending order of their nodes. Looking up a node or a name takes a
    time that does not grow with the size of a block.
    """

    def __init__(self, single: dict[int, str], blocks: Sequence[NameBlock] = ()) -> None:
        self.single = single
        self.blocks = blocks

    def in_blocks(self, count: int) -> Flags:
        """Mark which of the first `count` nodes a block names: bool[count]."""
        marked = np.zeros(count, dtype=np.bool_)
        for block in self.blocks:
            marked[block.first : block.stop] = True
        return marked

    def named(self, count: int) -> Flags:
        """Mark which of the first `count` nodes, all that there are, have a name: bool[count]."""
        marked = self.in_blocks(count)
        marked[list(self.single)] = True
        return marked

    def __getitem__(self, node: int) -> str:
        name = self.single.get(node)
        if name is not None:
            return name
        block = self._block_of(node)
        if block is None:
            raise KeyError(node)
        return block.name(node)

    def __iter__(self) -> Iterator[int]:
        yield from self.single
        for block in self.blocks:
            yield from (node for node in range(block.first, block.stop) if node not in self.single)

    def __len__(self) -> int:
        return len(self._outside_blocks) + self._sizes[-1]

    def find(self, name: str) -> int | None:
        """Return the node called `name`, the first one where several are, or None."""
        if (node := self._nodes.get(name)) is not None:
            return node
        if numbered := _NUMBERED.fullmatch(name):
            numbers = [*map(int, numbered["numbers"].split(","))]
            for block in self.blocks:
                node = block.find(numbers) if block.prefix == numbered["prefix"] else None
                if node is not None and node not in self.single:
                    return node
        return None

    def repeated(self) -> dict[str, list[int]]:
        """Return the names that several nodes have, each with these nodes in ascending order."""
        if not self.blocks and len(set(self.single.values())) == len(self.single):
            return {}
        prefixes = {block.prefix for block in self.blocks}
        numbered = map(_NUMBERED.fullmatch, self._nodes if prefixes else ())
        if (
            len(self._nodes) == len(self.single)
            and len(prefixes) == len(self.blocks)
            and not any(match and match["prefix"] in prefixes for match in numbered)
        ):
            return {}  # told without looking at every name
        nodes: dict[str, list[int]] = {}
        for node, name in self.items():
            nodes.setdefault(name, []).append(node)
        return {name: sorted(own) for name, own in nodes.items() if len(own) > 1}

    def of_leaves(self, leaves: Iterable[int]) -> list[str]:
        """Return what all the leaves of a graph are called, given in order."""
        known = self.get if self.blocks else self.single.get
        unnamed = f"{self.unnamed_prefix}leaf"
        return [known(leaf) or f"{unnamed}{place}" for place, leaf in enumerate(leaves, 1)]

    def unnamed_leaf(self, leaf: int) -> str:
        """Return what the leaf number `leaf` of a graph is called where it has no name."""
        return f"{self.unnamed_prefix}leaf{leaf + 1}"

    @functools.cached_property
    def unnamed_prefix(self) -> str:
        """A `t`, or more of them where somebody's own names look like those of the unnamed."""
        taken = [match["prefix"] for match in map(UNNAMED.fullmatch, self.single.values()) if match]
        return max(taken, key=len) + "t" if taken else "t"

    def count_before(self, node: int) -> int:
        """Return how many of the nodes before `node` have a name."""
        count = bisect_left(self._outside_blocks, node)
        place = bisect_right(self._firsts, node) - 1
        if place >= 0:
            count += self._sizes[place] + min(node, self.blocks[place].stop) - self.blocks[place].first
        return count

    def _block_of(self, node: int) -> NameBlock | None:
        place = bisect_right(self._firsts, node) - 1
        return self.blocks[place] if place >= 0 and node < self.blocks[place].stop else None

    @functools.cached_property
    def _firsts(self) -> list[int]:
        return [block.first for block in self.blocks]

    @functools.cached_property
    def _sizes(self) -> list[int]:
        """How many nodes lie in the blocks before each block, and in all of them."""
        sizes = [0]
        for block in self.blocks:
            sizes.append(sizes[-1] + len(block.numbers))
        return sizes

    @functools.cached_property
    def _outside_blocks(self) -> list[int]:
        return sorted(node for node in self.single if self._block_of(node) is None)

    @functools.cached_property
    def _nodes(self) -> dict[str, int]:
        return {name: node for node, name in reversed(self.single.items())}
