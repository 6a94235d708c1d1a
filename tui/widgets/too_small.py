"""`TooSmall`: what a screen shows, instead of all else, in a window below the least size."""

from __future__ import annotations

from textual.geometry import Size
from textual.widgets import Static

LEAST_WIDTH, LEAST_HEIGHT = 60, 20


class TooSmall(Static):
    """A plain message; the style sheet shows it where the breakpoints say that a window is too small."""

    def __init__(self) -> None:
        super().__init__(f"gradwalk needs a window of {LEAST_WIDTH}x{LEAST_HEIGHT}: make it larger", markup=False)


def is_too_small(size: Size) -> bool:
    """Say whether a window is below the least size."""
    return size.width < LEAST_WIDTH or size.height < LEAST_HEIGHT
