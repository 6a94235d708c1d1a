"""A handout as Markdown (CommonMark): formulas as code, or between dollar signs where they are LaTeX."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ....engine.rules.notation import Notation
from ....engine.rules.printers.latex import Latex
from ..blocks import Block, Heading, Paragraph, Row, Rows
from ..format import Format

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|$~&!])")
_AT_THE_START = re.compile(r"^(\d+)([.)])|^([-+=])")
_NEW_PAGE = '<div style="break-before: page"></div>'
_BLANK = r"\_" * 12


class Markdown(Format):
    """Headings, paragraphs and lists; an author's note is a quotation."""

    notations = ("unicode", "text", "latex")

    def __init__(self, *, is_latex: bool = False) -> None:
        self._is_latex = is_latex

    def document(self, title: str, blocks: Iterable[Block], notation: Notation) -> str:
        """Write the file."""
        written = Markdown(is_latex=isinstance(notation, Latex))
        return "\n\n".join(map(written.block, blocks)) + "\n"

    def heading(self, heading: Heading) -> str:
        """Write # and more."""
        return f"{'#' * heading.level} {self.line(heading.parts)}"

    def paragraph(self, paragraph: Paragraph) -> str:
        """Write a paragraph."""
        text = self.line(paragraph.parts)
        text = _AT_THE_START.sub(lambda found: rf"{found[1]}\{found[2]}" if found[1] else rf"\{found[3]}", text)
        return f"> {text}" if paragraph.is_note else text

    def rows(self, rows: Rows) -> str:
        """Write a list."""
        return "\n".join(map(self._item, rows.rows))

    def new_page(self) -> str:
        """Write what browsers and printers take as one."""
        return _NEW_PAGE

    def words(self, text: str) -> str:
        """Escape what Markdown would read."""
        return _SPECIAL.sub(r"\\\1", text)

    def math(self, text: str) -> str:
        """Write a formula; what stands before a blank keeps its space outside."""
        inner = text.strip()
        if not inner:
            return text
        before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
        return f"{before}{self._formula(inner)}{after}"

    def blank(self) -> str:
        """Write a line to write on."""
        return _BLANK

    def _formula(self, text: str) -> str:
        if self._is_latex:
            return f"${text}$"
        fence = "`" * (1 + max(map(len, re.findall("`+", text)), default=0))
        return f"{fence}{text}{fence}"

    def _item(self, row: Row) -> str:
        label = f"{self.words(row.label)}: " if row.label else ""
        return f"- {label}{self.line(row.parts)}"


FORMAT = Markdown()
