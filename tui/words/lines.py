"""`Line`: a line of words as data, with the names of styles; widgets and the console know what these look like.

All text passes `printable` here: names come from files and from Python, and a terminal would obey what is in them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rich.cells import cell_len

from ...engine.errors import printable

STYLES: dict[str, str] = {
    "heading": "bold",
    "label": "dim",
    "name": "bold",
    "value": "bold green",
    "upstream": "bold cyan",
    "local": "bold yellow",
    "contribution": "bold magenta",
    "note": "italic",
    "undefined": "bold red",
    "unknown": "dim",
    "active": "bold magenta",
    "guide": "dim",
    "edge": "bold yellow",
    "selected": "underline",
}
"""Every style name that a piece may have, and how a plain console shows it."""

Piece = tuple[str, str]
"""Some text and its style name; an empty name is no style."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its pieces, and the label that stands before them.

    Where a line is wrapped its continuation begins below the first piece: past the label, or as far in as the line
    itself is.
    """

    pieces: tuple[Piece, ...] = ()
    label: Piece = ("", "")

    @property
    def plain(self) -> str:
        """The text without styles."""
        return self.label[0] + "".join(text for text, _ in self.pieces)

    @property
    def indent(self) -> int:
        """How many cells a continuation is indented."""
        if self.label[0]:
            return cell_len(self.label[0])
        plain = self.plain
        return len(plain) - len(plain.lstrip(" "))

    @property
    def styled(self) -> tuple[Piece, ...]:
        """The label and the pieces."""
        return (self.label, *self.pieces) if self.label[0] else self.pieces

    def indented(self, cells: int) -> Line:
        """Return the line moved to the right; an empty one stays empty."""
        if not self.plain:
            return self
        space = " " * cells
        if self.label[0]:
            return Line(self.pieces, (space + self.label[0], self.label[1]))
        return Line(((space, ""), *self.pieces))


def line(*parts: str | Piece) -> Line:
    """Make a line of plain parts and (part, style name) pairs."""
    return Line(_pieces(parts))


def labelled(label: str | Piece, width: int, *parts: str | Piece) -> Line:
    """Make a line with a label, filled up to so many cells; `label` alone has the style of labels."""
    text, style = (label, "label") if isinstance(label, str) else label
    return Line(_pieces(parts), (padded(printable(text), width), style))


def paragraphs(text: str, style: str = "") -> list[Line]:
    """Make a line of each line of a longer text."""
    return [line((part, style)) for part in text.strip().split("\n")]


def padded(text: str, cells: int) -> str:
    """Fill a text up with spaces; a Chinese character takes two cells."""
    return text + " " * (cells - cell_len(text))


def plain(lines: Iterable[Line]) -> str:
    """Return lines as text without styles."""
    return "\n".join(line.plain for line in lines)


def _pieces(parts: Iterable[str | Piece]) -> tuple[Piece, ...]:
    pairs = ((part, "") if isinstance(part, str) else part for part in parts)
    return tuple((printable(text), style) for text, style in pairs if text)
