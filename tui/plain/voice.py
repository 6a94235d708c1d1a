"""`Voice`: how lines of words become text for an output that may hold few characters, or be listened to."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ...engine.rules.number_text import SUPERSCRIPTS
from ..words.lines import Line

_RAISED = re.compile(rf"[⁻]?[{SUPERSCRIPTS}]+")
_DIGITS = str.maketrans(SUPERSCRIPTS + "⁻", "0123456789-")

_ASCII = {
    "∂": "d", "·": "*", "×": "*", "≈": "~", "−": "-", "–": "-", "—": "-", "…": "...", "←": "<-", "→": "->", "∞": "inf",
    "√": "sqrt ", "Σ": "sum ", "∑": "sum ", "π": "pi", "σ": "sigma", "η": "eta", "Δ": "delta", "≤": "<=", "≥": ">=",
    "≠": "!=", "±": "+-", "✓": "+", "✗": "x", "⚠": "!", "“": '"', "”": '"', "‘": "'", "’": "'", "↗": "^", "˙": "_dot",
    "\u0307": "_dot", "\u00a0": " ", "⏎": "enter",
}  # fmt: skip
"""What is written for a character that the output cannot hold: what the program reads the same way, where it can."""


@dataclass(frozen=True)
class Voice:
    """Turns lines into text.

    `spoken` writes signs as words, for who listens. `encoding` is that of the output: a character that it does not have
    is written with those that it has.
    """

    spoken: bool = False
    encoding: str = "utf-8"

    def texts(self, lines: Iterable[Line]) -> Iterator[str]:
        """Return the text of each line, without styles."""
        return (self.text(each.plain) for each in lines)

    def text(self, text: str) -> str:
        """Return a text as it is to be written."""
        if self.spoken:
            from ..words.aloud import read_aloud

            text = read_aloud(text)
        return fitted(text, self.encoding)


def fitted(text: str, encoding: str) -> str:
    """Write what an encoding cannot hold in other words: ∂f/∂s as df/ds, s² as s^2, é as e.

    An encoding that is not known holds ASCII.
    """
    if text.isascii() or _holds(text, encoding):
        return text
    text = _RAISED.sub(
        lambda found: found[0] if _holds(found[0], encoding) else f"^{found[0].translate(_DIGITS)}", text
    )
    return "".join(letter if letter.isascii() or _holds(letter, encoding) else _letter(letter) for letter in text)


def _letter(letter: str) -> str:
    if letter in _ASCII:
        return _ASCII[letter]
    parts = "".join(_ASCII.get(part, part) for part in unicodedata.normalize("NFKD", letter))
    base = "".join(part for part in parts if part.isascii())
    if base:
        return base
    words = unicodedata.name(letter, "").split(" ")
    if "LETTER" in words and len(words) > words.index("LETTER") + 1:  # GREEK SMALL LETTER THETA
        name = words[words.index("LETTER") + 1]
        return name.capitalize() if "CAPITAL" in words else name.lower()
    return "?"


def _holds(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    except LookupError:
        return text.isascii()
    return True
