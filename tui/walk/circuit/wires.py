"""`Wires`: the wires of a layout as characters, so drawn that two of them are never taken for one.

Where two wires cross, the one that runs down passes over the one that runs across: `─│─`. What is joined has a corner
or a branch there, `┌ ├ ┼`, and that is always one and the same wire.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from .layout import Layout, Point

_STROKES = " ╴╸╷┐┑╻┒┓╶─╾┌┬┭┎┰┱╺╼━┍┮┯┏┲┳╵┘┙│┤┥╽┧┪└┴┵├┼┽┟╁╅┕┶┷┝┾┿┢╆╈╹┚┛╿┦┩┃┨┫┖┸┹┞╀╃┠╂╉┗┺┻┡╄╇┣╊╋"
"""The box-drawing characters by how thick their arms are (0, 1 light, 2 heavy): 27·up + 9·right + 3·down + left."""

UP, RIGHT, DOWN, LEFT = 1, 2, 4, 8
_ACROSS, _ALONG = RIGHT | LEFT, UP | DOWN


def stroke(light: int, heavy: int = 0) -> str:
    """Return the character with these arms, each a sum of `UP`, `RIGHT`, `DOWN` and `LEFT`; heavy ones win."""
    place = 0
    for arm in (UP, RIGHT, DOWN, LEFT):
        place = 3 * place + (2 if heavy & arm else 1 if light & arm else 0)
    return _STROKES[place]


_LIGHT = [stroke(arms) for arms in range(16)]


class Wires:
    """All wires of a layout, drawn once; `heavy` draws some of them again.

    `rows` are the rows of the drawing without boxes, as wide as the layout. `arms` is uint8[height, width]: the arms
    that are drawn in each cell, at a crossing those of the wire that passes over.
    """

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        shape = (layout.height, layout.width)
        arms, corner = np.zeros(shape, dtype=np.uint8), np.zeros(shape, dtype=np.bool_)
        for wire in layout.wires:
            _draw(wire, arms, corner)
        crossing = (arms == _ACROSS | _ALONG) & ~corner
        arms[crossing] = _ALONG
        self.arms = arms
        self.crossing = crossing
        characters = np.array(_LIGHT)[arms]
        self.rows = ["".join(row) for row in characters.tolist()]

    def heavy(self, edges: Iterable[int]) -> dict[Point, str]:
        """Return the cells of some wires with their characters, heavy where the wire runs."""
        thick: dict[Point, int] = {}
        for edge in edges:
            for (x, y), arms in _cells(self._layout.wires[edge]):
                thick[x, y] = thick.get((x, y), 0) | arms
        drawn: dict[Point, str] = {}
        for (x, y), arms in thick.items():
            seen = arms & _ALONG if self.crossing[y, x] else arms  # what runs across passes under
            if seen:
                drawn[x, y] = stroke(int(self.arms[y, x]), seen)
        return drawn


def _draw(wire: Sequence[Point], arms: np.ndarray, corner: np.ndarray) -> None:
    last = len(wire) - 1
    for place in range(last):
        (x, y), (to_x, to_y) = wire[place], wire[place + 1]
        if y == to_y:
            low, high = min(x, to_x), max(x, to_x)
            arms[y, low + 1 : high] |= _ACROSS
            arms[y, low] |= RIGHT
            arms[y, high] |= LEFT
        else:
            low, high = min(y, to_y), max(y, to_y)
            arms[low + 1 : high, x] |= _ALONG
            arms[low, x] |= DOWN
            arms[high, x] |= UP
        if place:
            corner[y, x] = True
    (x, y), (to_x, to_y) = wire[0], wire[last]
    arms[y, x] |= LEFT
    arms[to_y, to_x] |= RIGHT


def _cells(wire: Sequence[Point]) -> Iterable[tuple[Point, int]]:
    """Return the cells that a wire runs through, with the arms that it has there."""
    x, y = wire[0]
    yield (x, y), LEFT
    for to_x, to_y in wire[1:]:
        if y == to_y:
            step, ahead, behind = (1, RIGHT, LEFT) if to_x > x else (-1, LEFT, RIGHT)
        else:
            step, ahead, behind = (1, DOWN, UP) if to_y > y else (-1, UP, DOWN)
        while (x, y) != (to_x, to_y):
            yield (x, y), ahead
            x, y = (x + step, y) if y == to_y else (x, y + step)
            yield (x, y), behind
    yield (x, y), RIGHT
