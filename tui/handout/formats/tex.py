"""A handout as LaTeX: pdfTeX, XeTeX and LuaTeX compile it, with nothing but amsmath."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ....engine.rules.notation import Notation
from ....engine.rules.printers.latex import GREEK
from ..blocks import Block, Heading, Paragraph, Row, Rows
from ..format import Format

_PREAMBLE = r"""
\documentclass[a4paper,11pt]{article}
\usepackage[margin=25mm]{geometry}
\usepackage{amsmath}
\usepackage{iftex}
\ifPDFTeX
  \usepackage[T1]{fontenc}
  \usepackage[utf8]{inputenc}
  \usepackage{lmodern}
%(declared)s\else
  \usepackage{fontspec}
\fi
\setlength{\parindent}{0pt}
\setlength{\parskip}{4pt plus 2pt}
\sloppy
\newcommand{\blank}{\underline{\hspace{30mm}}}
\newcommand{\handoutrow}[2]{\par\hangindent=4mm\hspace*{4mm}#1#2\par}
\newcommand{\handoutlabel}[1]{\makebox[42mm][l]{\small #1}}
\begin{document}
""".lstrip()

_SIGNS = {
    "\\": r"\textbackslash{}", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}", "<": r"\(<\)", ">": r"\(>\)",
    "|": r"\(|\)", '"': r"\textquotedbl{}", "∂": r"\(\partial\)", "∇": r"\(\nabla\)", "·": r"\(\cdot\)",
    "×": r"\(\times\)", "÷": r"\(\div\)", "±": r"\(\pm\)", "−": r"\(-\)", "→": r"\(\to\)", "←": r"\(\leftarrow\)",
    "↑": r"\(\uparrow\)", "↓": r"\(\downarrow\)", "⇒": r"\(\Rightarrow\)", "≈": r"\(\approx\)", "≠": r"\(\neq\)",
    "≤": r"\(\leq\)", "≥": r"\(\geq\)", "∞": r"\(\infty\)", "√": r"\(\surd\)", "∑": r"\(\sum\)", "∏": r"\(\prod\)",
    "∈": r"\(\in\)", "½": r"\(\tfrac12\)", "¼": r"\(\tfrac14\)", "¾": r"\(\tfrac34\)", "…": r"\ldots{}", "–": "--",
    "—": "---", "“": "``", "”": "''", "‘": "`", "’": "'", "\u00a0": "~", "ẋ": r"\(\dot{x}\)", "°": r"\(^\circ\)",
}  # fmt: skip
_SIGNS.update({sign: rf"\{sign}" for sign in "{}$&#%_"})
_SIGNS.update({sign: rf"\(^{{{plain}}}\)" for sign, plain in zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺ᵀⁿ", "0123456789-+Tn", strict=True)})
_SIGNS.update({sign: rf"\(_{{{plain}}}\)" for sign, plain in zip("₀₁₂₃₄₅₆₇₈₉", "0123456789", strict=True)})
_SIGNS.update({sign: rf"\(\{name}\)" for sign, name in GREEK.items()})
_TOGETHER = re.compile(r"\\\)\\\(")
_HEADINGS = {1: r"\section*", 2: r"\subsection*", 3: r"\subsubsection*"}
_PRINTED_BY_PDFTEX = re.compile(r"[\x00-\u017e]")


class Tex(Format):
    """Each formula is one within a line, so that a long one breaks at its signs."""

    notations = ("latex",)

    def document(self, title: str, blocks: Iterable[Block], notation: Notation) -> str:
        """Write the file.

        Of a character that pdfTeX cannot print, such as 重, its code point is printed; XeTeX and LuaTeX print it where
        their font has it.
        """
        body = "\n\n".join(self.block(block) for block in blocks)
        others = sorted(set(_PRINTED_BY_PDFTEX.sub("", body)))
        declared = "".join(
            rf"  \DeclareUnicodeCharacter{{{ord(sign):04X}}}{{[U+{ord(sign):04X}]}}" "\n" for sign in others
        )
        return f"{_PREAMBLE % {'declared': declared}}\n{body}\n\n\\end{{document}}\n"

    def heading(self, heading: Heading) -> str:
        """Write a heading without a number."""
        return f"{_HEADINGS[heading.level]}{{{self.line(heading.parts)}}}"

    def paragraph(self, paragraph: Paragraph) -> str:
        """Write a paragraph."""
        text = self.line(paragraph.parts)
        return rf"\begin{{quote}}\small {text}\end{{quote}}" if paragraph.is_note else text

    def rows(self, rows: Rows) -> str:
        """Write each row as a paragraph."""
        return "\n".join(map(self._row, rows.rows))

    def new_page(self) -> str:
        """Begin a page."""
        return r"\newpage"

    def words(self, text: str) -> str:
        """Escape what TeX would read, and write signs by their names."""
        return _TOGETHER.sub("", "".join(_SIGNS.get(sign, sign) for sign in text))

    def math(self, text: str) -> str:
        """Write a formula in full size."""
        return rf"\(\displaystyle {text}\)"

    def blank(self) -> str:
        """Write a line to write on."""
        return r"\blank{}"

    def _row(self, row: Row) -> str:
        label = rf"\handoutlabel{{{self.words(row.label)}}}" if row.label else ""
        return rf"\handoutrow{{{label}}}{{{self.line(row.parts)}}}"


FORMAT = Tex()
