"""`Format`: how a handout is written as a file."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable

from ...engine.rules.notation import Notation
from .blocks import Blank, Block, Heading, Math, NewPage, Paragraph, Part, Rows


class Format(ABC):
    """Writes blocks as text; `notations` are those that its formulas may be in, the usual one first."""

    notations: tuple[str, ...]

    @abstractmethod
    def document(self, title: str, blocks: Iterable[Block], notation: Notation) -> str:
        """Write a whole file; `notation` is the one that the formulas in the blocks are in.

        The title is not shown: it stands in the blocks too.
        """

    @abstractmethod
    def heading(self, heading: Heading) -> str:
        """Write a heading."""

    @abstractmethod
    def paragraph(self, paragraph: Paragraph) -> str:
        """Write a paragraph."""

    @abstractmethod
    def rows(self, rows: Rows) -> str:
        """Write lines that belong together."""

    @abstractmethod
    def new_page(self) -> str:
        """Write what begins a new page."""

    @abstractmethod
    def words(self, text: str) -> str:
        """Write words, whatever characters are in them."""

    @abstractmethod
    def math(self, text: str) -> str:
        """Write a formula within a line."""

    @abstractmethod
    def blank(self) -> str:
        """Write room for an answer."""

    def block(self, block: Block) -> str:
        """Write a block."""
        match block:
            case Heading():
                return self.heading(block)
            case Paragraph():
                return self.paragraph(block)
            case Rows():
                return self.rows(block)
            case NewPage():
                return self.new_page()

    def line(self, parts: Iterable[Part]) -> str:
        """Write the pieces of a line."""
        return "".join(self._part(part) for part in parts)

    def _part(self, part: Part) -> str:
        match part:
            case Math(text):
                return self.math(text)
            case Blank():
                return self.blank()
            case str():
                return self.words(part)
