"""A handout as one HTML page, which is well-formed XML too: it needs no other file, no script and no network."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from ....engine.rules.notation import Notation
from ..blocks import Block, Heading, Paragraph, Row, Rows
from ..format import Format

_STYLE = """\
:root { color-scheme: light dark; }
body { max-width: 46rem; margin: 2rem auto; padding: 0 1rem; font: 1rem/1.5 system-ui, sans-serif; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.3rem; margin-top: 2.2rem; }
h3 { font-size: 1.05rem; margin: 1.6rem 0 .3rem; break-after: avoid; }
.math { font-family: "Cambria Math", "STIX Two Math", "DejaVu Serif", serif; white-space: pre-wrap; }
dl, ul { margin: .2rem 0 .2rem 1.2rem; padding: 0; break-inside: avoid; }
ul { list-style: none; }
dl > div { display: flex; gap: 1rem; } dt { flex: none; width: 11rem; opacity: .75; } dd { margin: 0; }
.note { border-left: 3px solid; padding-left: .8rem; opacity: .85; }
.blank { display: inline-block; min-width: 8rem; border-bottom: 1px solid; height: 1.4em; }
.new-page { break-before: page; border: 0; }
"""


class Html(Format):
    """Formulas are text, as on the screen."""

    notations = ("unicode",)

    def document(self, title: str, blocks: Iterable[Block], notation: Notation) -> str:
        """Write the page."""
        body = "\n".join(self.block(block) for block in blocks)
        head = f'<meta charset="utf-8" />\n<title>{escape(title)}</title>\n<style>\n{_STYLE}</style>'
        viewport = '<meta name="viewport" content="width=device-width, initial-scale=1" />'
        return (
            f'<!DOCTYPE html>\n<html lang="en">\n<head>\n{head}\n{viewport}\n</head>\n'
            f"<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
        )

    def heading(self, heading: Heading) -> str:
        """Write h1, h2 or h3."""
        return f"<h{heading.level}>{self.line(heading.parts)}</h{heading.level}>"

    def paragraph(self, paragraph: Paragraph) -> str:
        """Write a paragraph."""
        note = ' class="note"' if paragraph.is_note else ""
        return f"<p{note}>{self.line(paragraph.parts)}</p>"

    def rows(self, rows: Rows) -> str:
        """Write rows with labels as a list of descriptions."""
        if not any(row.label for row in rows.rows):
            return f"<ul>\n{''.join(map(self._item, rows.rows))}</ul>"
        return f"<dl>\n{''.join(map(self._described, rows.rows))}</dl>"

    def new_page(self) -> str:
        """Write the rule that begins a page."""
        return '<hr class="new-page" />'

    def words(self, text: str) -> str:
        """Escape what HTML would read."""
        return escape(text)

    def math(self, text: str) -> str:
        """Write a formula."""
        return f'<span class="math">{escape(text)}</span>'

    def blank(self) -> str:
        """Write a line to write on."""
        return '<span class="blank" role="img" aria-label="blank"></span>'

    def _item(self, row: Row) -> str:
        return f"<li>{self.line(row.parts)}</li>\n"

    def _described(self, row: Row) -> str:
        return f"<div><dt>{escape(row.label)}</dt><dd>{self.line(row.parts)}</dd></div>\n"


FORMAT = Html()
