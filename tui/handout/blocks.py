"""What a handout is made of; a format says how each is written."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Math:
    """A formula, in the notation of the format."""

    text: str


@dataclass(frozen=True, slots=True)
class Blank:
    """Room to write a number or a formula by hand."""


Part = str | Math | Blank
"""A piece of a line; a text is words."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; `level` is 1 for the title, 2 for a part, 3 for a step."""

    level: int
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Words; `is_note` says that they are the author's at a step."""

    parts: tuple[Part, ...]
    is_note: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A line with a label, which may be empty."""

    label: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """Lines that belong together."""

    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class NewPage:
    """What follows stands on a page of its own."""


Block = Heading | Paragraph | Rows | NewPage
