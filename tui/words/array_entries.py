"""`Entries`: one array of numbers that a moment offers to look at, and how each of them reads."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from rich.cells import cell_len

from ...engine.arrays import Floats, Indices
from ...engine.rules.number_text import format_number
from .array_grid import GAP, Grid, Place
from .walk import UNKNOWN

LEAST_CELL, USUAL_CELL = 7, 10
"""Cells of a number at least; and in an array too large to look for its longest one."""

_MEASURED = 2_000
"""Entries whose longest number gives the width of all columns."""

SHADES = (0.1, 0.5)
"""Parts of the largest size in an array, from which on an entry has another shade."""

NONE = "·"
"""Stands for an entry that the graph does not have, or that carries no gradient."""


@dataclass(frozen=True, eq=False)
class Entries:
    """An array to look at.

    `tab` is what it is called among the others of its moment, `symbol` what it stands for, as it is written:
    `∂loss/∂W1`. `numbers` are its entries, None where the walk has not reached them; nan is an entry that is
    undefined. `nodes` are the nodes of the entries (see `ArrayNode.entries`), `style` is the style name of its numbers,
    and `is_gradient` says that they are gradients, or contributions to them, and no values. `array` is the place of
    the array in the walk.
    """

    tab: str
    symbol: str
    numbers: Floats | None
    nodes: Indices
    style: str
    is_gradient: bool
    array: int

    @property
    def shape(self) -> tuple[int, ...]:
        """The lengths of its axes."""
        return self.nodes.shape

    @property
    def grid(self) -> Grid:
        """Its rows and columns."""
        return Grid(self.shape)

    @cached_property
    def largest(self) -> float:
        """The size of the largest entry, 0 where there is none."""
        if self.numbers is None:
            return 0.0
        finite = np.abs(self.numbers[np.isfinite(self.numbers)])
        return float(finite.max()) if finite.size else 0.0

    def node(self, place: Place) -> int:
        """Return the node at a place; -1 where the graph does not have the entry."""
        return int(self.nodes[self.grid.index(place)]) if self.nodes.size else -1

    def number(self, place: Place) -> float | None:
        """Return the number at a place, None where it is not known or not there."""
        if self.numbers is None or self.node(place) < 0:
            return None
        return float(self.numbers[self.grid.index(place)])

    def text(self, place: Place, digits: int = 0) -> str:
        """Write the number at a place; `digits` are as in `words.walk.number`."""
        number = self.number(place)
        if number is not None:
            return format_number(number, digits)
        return UNKNOWN if self.node(place) >= 0 else NONE

    def entry_symbol(self, place: Place) -> str:
        """Write which entry stands at a place: `∂loss/∂W1[0,2]`."""
        index = ",".join(map(str, self.grid.index(place)))
        return f"{self.symbol}[{index}]" if index else self.symbol

    def style_of(self, place: Place) -> str:
        """Return the style name of the number at a place."""
        number = self.number(place)
        if number is None:
            return "unknown"
        return self.style if np.isfinite(number) else "undefined"

    def shade(self, place: Place) -> int:
        """Say how large an entry is beside the largest: 1 to 3, with its sign; 0 for a zero, or where there is none."""
        number = self.number(place)
        if not number or not np.isfinite(number) or not self.largest:
            return 0
        level = 1 + sum(abs(number) >= part * self.largest for part in SHADES)
        return level if number > 0 else -level

    def cell_width(self, digits: int = 0) -> int:
        """Return how many cells its numbers take: as many as the longest one, where there are few."""
        if self.numbers is None:
            return LEAST_CELL
        if self.numbers.size > _MEASURED:
            return max(USUAL_CELL, digits + 6)
        numbers = self.numbers[self.nodes >= 0].tolist()
        return max(LEAST_CELL, *(cell_len(format_number(number, digits)) for number in numbers), 0)


def fitting(entries: Entries, width: int, digits: int = 0) -> tuple[int, int]:
    """Return the cells that the names of rows take, and how many columns fit beside them into `width` cells."""
    grid = entries.grid
    label = max((cell_len(grid.row_label(row)) for row in (0, grid.rows - 1) if grid.rows), default=0)
    return label, max(1, (width - label) // (entries.cell_width(digits) + GAP))
