"""Reading a drawn circuit back: which pins are joined, as an eye finds out that follows the lines."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence

from gradwalk.tui.walk.circuit.layout import Size

Cell = tuple[int, int]
STEPS = {"UP": (0, -1), "DOWN": (0, 1), "LEFT": (-1, 0), "RIGHT": (1, 0)}
OPPOSITE = {"UP": "DOWN", "DOWN": "UP", "LEFT": "RIGHT", "RIGHT": "LEFT"}
ARROWS = "▶◀"


def arms(character: str) -> set[str]:
    """Return the sides to which a character has a line, by what Unicode calls it."""
    if character in ARROWS:
        return {"LEFT", "RIGHT"}
    if character == " ":
        return set()
    name = unicodedata.name(character)
    assert name.startswith("BOX DRAWINGS"), f"{character!r} is no line"
    words = name.replace("HORIZONTAL", "LEFT RIGHT").replace("VERTICAL", "UP DOWN").split()
    return {word for word in words if word in STEPS}


def is_upright(character: str) -> bool:
    """Say whether a character is a line from above to below and nothing else: others pass under it."""
    return arms(character) == {"UP", "DOWN"}


def boxes_of(x: Sequence[int], y: Sequence[int], sizes: Sequence[Size]) -> dict[Cell, int]:
    """Return the box that covers each cell, having seen that no two do."""
    covered: dict[Cell, int] = {}
    for box, size in enumerate(sizes):
        for column in range(x[box], x[box] + size.width):
            for row in range(y[box], y[box] + size.height):
                assert (column, row) not in covered, "two boxes stand on each other"
                covered[column, row] = box
    return covered


def joined(rows: Sequence[str], covered: Mapping[Cell, int], start: Cell) -> set[tuple[int, int, str]]:
    """Follow the lines from a cell to all boxes that they touch; return the boxes, the rows, and the sides touched."""

    def at(cell: Cell) -> str:
        x, y = cell
        return rows[y][x] if 0 <= y < len(rows) and 0 <= x < len(rows[y]) else " "

    found: set[tuple[int, int, str]] = set()
    seen, waiting = {start}, [start]
    assert arms(at(start)), "no wire begins here"
    while waiting:
        cell = waiting.pop()
        for side in arms(at(cell)):
            x, y = cell
            step_x, step_y = STEPS[side]
            x, y = x + step_x, y + step_y
            while step_x and (x, y) not in covered and is_upright(at((x, y))):
                x += step_x
            if (x, y) in covered:
                assert step_x, "a wire runs into a box from above or below"
                found.add((covered[x, y], y, OPPOSITE[side]))
                continue
            assert OPPOSITE[side] in arms(at((x, y))), f"a loose end at column {x}, row {y}"
            if (x, y) not in seen:
                seen.add((x, y))
                waiting.append((x, y))
    return found
