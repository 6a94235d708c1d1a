"""Text drawn with blocks, in the largest of a few sizes that fits. No widget."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

# fmt: off
_GLYPHS: dict[str, str] = {
    "0": "###/#.#/#.#/#.#/###", "1": ".#./##./.#./.#./###", "2": "###/..#/###/#../###", "3": "###/..#/.##/..#/###",
    "4": "#.#/#.#/###/..#/..#", "5": "###/#../###/..#/###", "6": "###/#../###/#.#/###", "7": "###/..#/..#/.#./.#.",
    "8": "###/#.#/###/#.#/###", "9": "###/#.#/###/..#/###",
    "+": ".../.#./###/.#./...", "-": ".../.../###/.../...", "=": ".../###/.../###/...", "≈": ".#.#/#.#./..../.#.#/#.#.",
    "·": "././#/./.", ".": "././././#", " ": "././././.",
    "(": ".#/#./#./#./.#", ")": "#./.#/.#/.#/#.", "/": "..#/..#/.#./#../#..", "?": "##./..#/.#./.../.#.",
    "a": ".../##./.##/#.#/###", "d": "..#/..#/###/#.#/###", "e": "###/#.#/###/#../###", "f": ".##/#../##./#../#..",
    "i": "#/./#/#/#", "n": ".../##./#.#/#.#/#.#", "u": ".../#.#/#.#/#.#/###", "y": "#.#/#.#/###/..#/##.",
    "t": ".#./###/.#./.#./.##", "←": "..../.#../####/.#../....",
}
# fmt: on

ROWS = 5
"""Rows of dots of a glyph."""


@dataclass(frozen=True, slots=True)
class Size:
    """A size of the drawing: how many cells wide and rows high a dot is; the smallest has two dots in a row."""

    columns: int
    rows: float

    @property
    def height(self) -> int:
        """The rows that a glyph takes."""
        return -int(-ROWS * self.rows // 1)

    def width(self, text: str) -> int:
        """Return how many cells a text takes."""
        return self.columns * max(0, sum(len(_dots(character)[0]) + 1 for character in text) - 1)


SIZES = (Size(6, 3), Size(4, 2), Size(2, 1), Size(1, 0.5))
"""The sizes, the largest first."""


def can_be_drawn(text: str) -> bool:
    """Say whether there is a glyph for each character."""
    return all(character in _GLYPHS for character in text)


def fitting(texts: Sequence[str], width: int, height: int) -> Size | None:
    """Return the largest size in which each of the texts fits into the width and the height; None where none does."""
    for size in SIZES:
        if size.height <= height and all(size.width(text) <= width for text in texts):
            return size
    return None


def drawn(text: str, size: Size) -> list[str]:
    """Draw a text as rows of blocks, all of one width."""
    dots = [".".join(_dots(character)[row] for character in text) for row in range(ROWS)]
    if size.rows >= 1:
        rows = ["".join("█" * size.columns if dot == "#" else " " * size.columns for dot in row) for row in dots]
        return [row for row in rows for _ in range(int(size.rows))]
    dots.append("." * len(dots[0]))
    halves = {("#", "#"): "█", ("#", "."): "▀", (".", "#"): "▄", (".", "."): " "}
    return ["".join(halves[pair] for pair in zip(*dots[row : row + 2], strict=True)) for row in range(0, ROWS, 2)]


def _dots(character: str) -> list[str]:
    return _GLYPHS[character].split("/")
