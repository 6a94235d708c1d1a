"""What can go wrong, said in sentences: one small family of exceptions."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


class GradwalkError(Exception):
    """Anything a user of gradwalk can cause and mend; `str(error)` is the whole message.

    The message is fit for a terminal, whatever was in the text it quotes.
    """

    def __str__(self) -> str:
        return printable(super().__str__())


@dataclass(eq=False)
class ExpressionError(GradwalkError):
    """An expression that cannot be read.

    `position` and `length` mark the offending characters of `text`; `hint` says what would be right.
    """

    message: str
    text: str
    position: int
    length: int = 1
    hint: str = ""

    def __str__(self) -> str:
        lines = [self.message, *excerpt(self.text, self.position, self.length), *indented(self.hint)]
        return printable("\n".join(lines))


@dataclass(eq=False)
class ScenarioError(GradwalkError):
    """A scenario file that cannot be opened.

    `key` names the table and key (`graph.s`); `line` and `column` count from 1 and are 0 where no place in
    the text can be named. `excerpt` is the text to show and `length` how many of its characters offend, from
    `position` (counted from 0) on; none are marked where `length` is 0.
    """

    message: str
    path: str
    key: str = ""
    line: int = 0
    column: int = 0
    excerpt: str = ""
    position: int = 0
    length: int = 0
    hint: str = ""

    def __str__(self) -> str:
        place = ":".join([self.path, *(str(n) for n in (self.line, self.column) if n)])
        subject = f"{shortened(self.key)}: " if self.key else ""
        lines = [f"{place}: {subject}{self.message}"]
        if self.excerpt or self.length:
            lines += excerpt(self.excerpt, self.position, self.length)
        return printable("\n".join([*lines, *indented(self.hint)]))


class GraphError(GradwalkError):
    """A graph that cannot be built, such as one that mixes two tapes."""


class CutGraphError(GradwalkError, TypeError):
    """A use of a recorded number that would go on with a plain one, so that the gradient would be cut off there."""


class CycleError(GradwalkError):
    """Nodes that need each other; `cycle` lists their names in order, the first one again at the end."""

    def __init__(self, cycle: list[str]) -> None:
        self.cycle = cycle
        shown = [*cycle[:6], "…", cycle[-1]] if len(cycle) > 8 else cycle
        super().__init__(f"a cycle: {' → '.join(shown)}; a node cannot depend on itself")


def excerpt(line: str, position: int, length: int, width: int = 72) -> list[str]:
    """Cut `line` to at most `width` terminal cells around `position`; underline `length` characters with carets."""
    line = "".join(c if c.isprintable() else " " for c in line)
    position = min(position, len(line))
    start = max(0, min(position - width // 2, len(line) - width))
    while _cells(line[start:position]) > width // 2 and start < position:
        start += 1
    end = min(len(line), start + width)
    while _cells(line[start:end]) > width:
        end -= 1
    before, after = "…" if start else "", "…" if end < len(line) else ""
    window = [f"    {before}{line[start:end]}{after}"]
    if length > 0:
        marked = _cells(line[position : min(position + length, end)])
        window.append(" " * (4 + len(before) + _cells(line[start:position])) + "^" * max(1, marked))
    return window


def _cells(text: str) -> int:
    """Return how many terminal cells a text takes: Chinese characters take two, combining accents none."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def printable(text: str) -> str:
    """Replace what a terminal would obey or could not show, such as an escape character, by its code."""
    return "".join(c if c.isprintable() or c == "\n" else c.encode("unicode_escape").decode("ascii") for c in text)


def shortened(text: str, limit: int = 60) -> str:
    """Cut a long text, so that a message stays one."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def quoted(text: str) -> str:
    """Quote what a user wrote, cut where it is long."""
    return f'"{shortened(text)}"'


def listing(words: Iterable[str], limit: int = 16) -> str:
    """List words with commas, cut where they are many."""
    words = list(words)
    shown = [shortened(word, 24) for word in words[:limit]]
    return ", ".join([*shown, "…"] if len(words) > limit else shown)


def indented(hint: str) -> list[str]:
    """Return the hint as an indented line, or nothing."""
    return [f"    {hint}"] if hint else []


def did_you_mean(word: str, known: Iterable[str], otherwise: str = "", likeness: float = 0.6) -> str:
    """Suggest the known word nearest to `word`, or say `otherwise` where none has that `likeness` (0 to 1)."""
    near: Sequence[str] = difflib.get_close_matches(word, list(known), n=1, cutoff=likeness)
    return f"did you mean {quoted(near[0])}?" if near else otherwise
