"""What can go wrong, said in sentences: one small family of exceptions."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass


class GradwalkError(Exception):
    """Anything a user of gradwalk can cause and mend; `str(error)` is the whole message."""


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
        return "\n".join([self.message, *excerpt(self.text, self.position, self.length), *indented(self.hint)])


@dataclass(eq=False)
class ScenarioError(GradwalkError):
    """A scenario file that cannot be opened.

    `key` names the table and key (`graph.s`); `line` and `column` count from 1 and are 0 where no place
    in the text can be named; `line_text` is that line, and `length` how many of its characters offend.
    """

    message: str
    path: str
    key: str = ""
    line: int = 0
    column: int = 0
    length: int = 1
    line_text: str = ""
    hint: str = ""

    def __str__(self) -> str:
        place = ":".join([self.path, *(str(n) for n in (self.line, self.column) if n)])
        subject = f"{self.key}: " if self.key else ""
        lines = [f"{place}: {subject}{self.message}"]
        if self.line:
            lines += excerpt(self.line_text, max(self.column - 1, 0), self.length if self.column else 0)
        return "\n".join([*lines, *indented(self.hint)])


class GraphError(GradwalkError):
    """A graph that cannot be built, such as one that mixes two tapes."""


class CycleError(GradwalkError):
    """Nodes that need each other; `cycle` lists their names in order, the first one again at the end."""

    def __init__(self, cycle: list[str]) -> None:
        self.cycle = cycle
        super().__init__(f"a cycle: {' -> '.join(cycle)}; a node cannot depend on itself")


def excerpt(line: str, position: int, length: int, width: int = 72) -> list[str]:
    """Cut `line` to a window around `position` and underline `length` characters with carets."""
    line = "".join(c if c.isprintable() else " " for c in line)
    start = max(0, min(position - width // 2, len(line) - width))
    before = "…" if start else ""
    after = "…" if len(line) > start + width else ""
    window = [f"    {before}{line[start : start + width]}{after}"]
    if length > 0:
        shown = max(1, min(length, start + width - position))
        window.append(" " * (4 + len(before) + position - start) + "^" * shown)
    return window


def indented(hint: str) -> list[str]:
    """Return the hint as an indented line, or nothing."""
    return [f"    {hint}"] if hint else []


def did_you_mean(word: str, known: Iterable[str], otherwise: str = "") -> str:
    """Suggest the known word nearest to `word`, or say `otherwise` where none is near."""
    near = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f'did you mean "{near[0]}"?' if near else otherwise
