"""`Window`: which part of a drawing is in view. Numbers only: no widget, and no drawing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Bounds(NamedTuple):
    """A part of a drawing: its first column and row, and those after its last."""

    left: int
    top: int
    right: int
    bottom: int


@dataclass(slots=True)
class Window:
    """The column and the row of a drawing that stand at the left and at the top of a view, and how large that is."""

    left: int = 0
    top: int = 0
    width: int = 0
    height: int = 0

    def fits(self, bounds: Bounds) -> bool:
        """Say whether there is room for a part of the drawing."""
        return bounds.right - bounds.left <= self.width and bounds.bottom - bounds.top <= self.height

    def shows(self, bounds: Bounds) -> bool:
        """Say whether a part of the drawing is in view from side to side."""
        across = self.left <= bounds.left and bounds.right <= self.left + self.width
        return across and self.top <= bounds.top and bounds.bottom <= self.top + self.height

    def centre(self, bounds: Bounds) -> None:
        """Put the middle of a part of the drawing into the middle of the view."""
        self.left = (bounds.left + bounds.right - self.width) // 2
        self.top = (bounds.top + bounds.bottom - self.height) // 2

    def clamp(self, width: int, height: int) -> None:
        """Keep a drawing of this size in view: in the middle where it fits, and else without much space beside it."""
        self.left = _clamped(self.left, width, self.width, 2)
        self.top = _clamped(self.top, height, self.height, 1)

    def beyond(self, width: int, height: int) -> tuple[bool, bool, bool, bool]:
        """Say whether a drawing of this size goes on at the left, above, below and at the right."""
        return self.left > 0, self.top > 0, self.top + self.height < height, self.left + self.width < width


def _clamped(start: int, length: int, room: int, margin: int) -> int:
    if length <= room:
        return -((room - length) // 2)
    return max(-margin, min(start, length - room + margin))
