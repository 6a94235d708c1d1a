"""`Sight`: which rows of a tree are in sight, as the branches that are shut."""

from __future__ import annotations

import numpy as np

from ....engine.arrays import Indices as Rows


class Sight:
    """All rows but those below a shut branch; a fold costs what there is of shut branches, not of rows.

    `shut` are the rows of the shut branches that no other one hides, ascending, `stop` the row after the last one
    that each hides: both int32[k]. A position counts the rows in sight.
    """

    def __init__(self, shut: Rows, stop: Rows, row_count: int) -> None:
        self.shut = shut
        self.stop = stop
        self._row_count = row_count
        self._hidden: Rows = np.zeros(len(shut) + 1, dtype=np.int32)
        np.cumsum(stop - shut - 1, out=self._hidden[1:])
        self._positions: Rows = shut - self._hidden[:-1]

    def __len__(self) -> int:
        return self._row_count - int(self._hidden[-1])

    def hiding(self, row: int) -> int:
        """Return the shut branch that hides a row; -1 where it is in sight."""
        place = int(np.searchsorted(self.shut, np.int32(row))) - 1
        return int(self.shut[place]) if place >= 0 and row < self.stop[place] else -1

    def position(self, row: int) -> int:
        """Return the position of a row, or of the shut branch that hides it."""
        place = int(np.searchsorted(self.shut, np.int32(row)))
        if place and row < self.stop[place - 1]:
            return int(self._positions[place - 1])
        return row - int(self._hidden[place])

    def rows(self, first: int, stop: int) -> Rows:
        """Return the rows at the positions from `first` on and before `stop`, as far as there are any."""
        positions = np.arange(max(0, first), min(stop, len(self)), dtype=np.int32)
        return positions + self._hidden[np.searchsorted(self._positions, positions)]

    def row(self, position: int) -> int:
        """Return the row at a position, or at the nearer end."""
        position = max(0, min(position, len(self) - 1))
        return position + int(self._hidden[np.searchsorted(self._positions, np.int32(position))])

    def replaced(self, first: int, end: int, shut: Rows, stop: Rows) -> Sight:
        """Return the sight in which, of the rows from `first` on and before `end`, just these branches are shut."""
        low, high = np.searchsorted(self.shut, np.array([first, end], dtype=np.int32)).tolist()
        return Sight(
            np.concatenate([self.shut[:low], shut, self.shut[high:]]),
            np.concatenate([self.stop[:low], stop, self.stop[high:]]),
            self._row_count,
        )
