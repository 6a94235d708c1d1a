"""`EpochColumn`: a number of every epoch as an array that grows with the history instead of being made anew.

A plot that is drawn ten times a second would otherwise spend all its time on copying a million epochs.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ...engine.arrays import Floats
from ...engine.training.history import Epoch, History

_FIRST_ROOM = 256


class EpochColumn:
    """What `read` finds in each epoch of a history that another thread may add to."""

    def __init__(self, history: History, read: Callable[[Epoch], Floats | float]) -> None:
        self._history = history
        self._read = read
        self._rows: Floats = np.empty((_FIRST_ROOM, *np.shape(read(history[0]))))
        self._known = 0
        self._last: Epoch | None = None

    def until(self, epoch: int) -> Floats:
        """Return the numbers of the epochs 0 to `epoch`, float64[epoch + 1, ...], good until the next call."""
        epochs = self._history.epochs
        if self._known > len(epochs) or (self._known and epochs[self._known - 1] is not self._last):
            self._known = 0  # epochs were forgotten, and others may have come in their place
        new = epochs[self._known :]
        if new:
            known = self._known + len(new)
            if known > len(self._rows):
                rows = np.empty((2 * known, *self._rows.shape[1:]))
                rows[: self._known] = self._rows[: self._known]
                self._rows = rows
            self._rows[self._known : known] = np.array([self._read(epoch) for epoch in new])
            self._known, self._last = known, new[-1]
        return self._rows[: epoch + 1]
