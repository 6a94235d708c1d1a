"""`TooSmall`: what a screen shows, instead of all else, in a window below the least size."""

from __future__ import annotations

from textual.geometry import Size
from textual.widgets import Static

from ...engine.errors import printable

LEAST_WIDTH, LEAST_HEIGHT = 60, 20

_NEEDED = f"gradwalk needs a window of {LEAST_WIDTH}x{LEAST_HEIGHT}: make it larger"


class TooSmall(Static):
    """A plain message; the style sheet shows it where the breakpoints say that a window is too small."""

    def __init__(self) -> None:
        super().__init__(_NEEDED, markup=False)
        self._more = ""

    def say(self, more: str) -> None:
        """Say something more below it."""
        if more != self._more:
            self._more = more
            self.update(f"{_NEEDED}\n{printable(more)}")


def is_too_small(size: Size) -> bool:
    """Say whether a window is below the least size."""
    return size.width < LEAST_WIDTH or size.height < LEAST_HEIGHT
