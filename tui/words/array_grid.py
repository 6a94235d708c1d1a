"""`Grid`: the entries of an array of any number of axes as rows and columns; and the part of them that is in view."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

Place = tuple[int, int]
"""A row and a column of a grid."""

GAP = 2
"""Cells before each number: for the mark of the entry that keys are about, and so that numbers stand apart."""


@dataclass(frozen=True, slots=True)
class Grid:
    """The last axis of an array goes to the right, all axes before it go down; a vector is one row.

    >>> grid = Grid((2, 3, 4))
    >>> grid.rows, grid.columns, grid.index((4, 1)), grid.place((1, 1, 1))
    (6, 4, (1, 1, 1), (4, 1))
    """

    shape: tuple[int, ...]

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return prod(self.shape[:-1])

    @property
    def columns(self) -> int:
        """How many columns there are; a single number is one."""
        return self.shape[-1] if self.shape else 1

    def within(self, place: Place) -> Place:
        """Return the place itself, or the nearest one that there is."""
        row, column = place
        return max(0, min(row, self.rows - 1)), max(0, min(column, self.columns - 1))

    def index(self, place: Place) -> tuple[int, ...]:
        """Return the index in the array of what stands at a place."""
        row, column = place
        if not self.shape:
            return ()
        return (*self._row_index(row), column)

    def place(self, index: tuple[int, ...]) -> Place:
        """Return where the entry of an index stands."""
        if not index:
            return 0, 0
        row = 0
        for at, length in zip(index[:-1], self.shape[:-1], strict=True):
            row = row * length + at
        return row, index[-1]

    def row_label(self, row: int) -> str:
        """Name a row by its index, `1,0` where two axes go down; a vector and a single number have no name."""
        return ",".join(map(str, self._row_index(row)))

    def _row_index(self, row: int) -> tuple[int, ...]:
        index: list[int] = []
        for length in reversed(self.shape[:-1]):
            row, at = divmod(row, length)
            index.append(at)
        return tuple(reversed(index))


@dataclass(frozen=True, slots=True)
class Window:
    """The rows and columns of a grid that are in view."""

    rows: range
    columns: range

    def is_whole(self, grid: Grid) -> bool:
        """Say whether nothing of the grid is left out."""
        return len(self.rows) == grid.rows and len(self.columns) == grid.columns


def window(grid: Grid, height: int, width: int, before: Window | None, shown: Place) -> Window:
    """Return what is in view where so many rows and columns fit: as before, moved no more than `shown` needs."""
    row, column = grid.within(shown)
    rows = _moved(before.rows.start if before else 0, height, grid.rows, row)
    return Window(rows, _moved(before.columns.start if before else 0, width, grid.columns, column))


def _moved(first: int, room: int, count: int, shown: int) -> range:
    room = max(1, min(room, count))
    first = max(0, min(first, count - room))
    first = min(first, shown) if shown < first else max(first, shown - room + 1)
    return range(first, first + room)
