"""What can be a name in expressions, and when two names are the same."""

from __future__ import annotations

import itertools
import math
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from ..errors import Problems
from ..rules.number_text import SUPERSCRIPTS
from ..rules.ops import OPS

T = TypeVar("T")

CONSTANTS: dict[str, float] = {"e": math.e, "pi": math.pi, "π": math.pi}
"""Names that mean a number unless a scenario defines them itself."""

FUNCTIONS: tuple[str, ...] = tuple(op.name for op in OPS if not op.infix)
"""The operations that an expression calls by name."""

PYTHON_WORDS = frozenset({"lambda", "for", "if", "else", "in", "and", "or", "not", "import", "is", "await", "yield"})
"""Words that are no names, so that an error can say that they are no part of an expression."""

_MARKS = "".join(
    f"{run[0]}-{run[-1]}"
    for is_mark, group in itertools.groupby(map(chr, range(0x300, 0x1200)), lambda c: unicodedata.category(c)[0] == "M")
    if is_mark and (run := [*group])
)
"""Ranges of the marks, which take a tenth of the time of single characters to compile."""

_LETTER = rf"(?:(?![{SUPERSCRIPTS}¼½¾⅐-⅟↉])\w)"
NAME = re.compile(rf"(?!\d){_LETTER}(?:{_LETTER}|[{_MARKS}\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20f0])*")
"""Text that may be a name: letters, digits, _ and the marks on letters; `is_name` looks closer."""

_ALIKE = ("aаα", "cсϲ", "eеε", "iіι", "jј", "kкκ", "nη", "oоο", "pрρ", "sѕ", "uυ", "vν", "wω", "xхχ", "yуγ", "Oо0")
"""Letters that are taken for each other: Latin first, then Cyrillic and Greek."""


def normal(name: str) -> str:
    """Return the one spelling of a name (Unicode's NFKC): µ and μ are the same, as is é of one character or two.

    Raised and lowered characters stay, since nobody takes x₁ for x1.
    """
    if name.isascii():
        return name
    parts = re.split(r"([\u1d2c-\u1d6a\u2070-\u209c])", name)
    return "".join(part if place % 2 else unicodedata.normalize("NFKC", part) for place, part in enumerate(parts))


def with_normal_names(values: Mapping[str, T]) -> dict[str, T]:
    """Return a mapping with the one spelling of each of its names.

    Of several names that are the same one gets it, and the others stay as written, so that `refuse_doubles` finds them.
    """
    gets_it = {normal(name): name for name in reversed([*values])}
    gets_it.update({name: name for name in values if normal(name) == name})
    return {normal(name) if gets_it[normal(name)] == name else name: value for name, value in values.items()}


def refuse_doubles(problems: Problems, table: str, names: Iterable[str]) -> None:
    """Keep a problem for each of the names of a table that is another one's in other characters."""
    first: dict[str, str] = {}
    for name in names:
        if (same := first.setdefault(normal(name), name)) != name:
            hint = f"{same} and {name} are one name, in other characters"
            problems.add("defined twice", table, name, hint=hint)


def is_name(text: str) -> bool:
    """Say whether a text can be a name: not ½ or ①, which are numbers."""
    return bool(NAME.fullmatch(text) and NAME.fullmatch(normal(text)))


@dataclass(frozen=True, slots=True)
class NameProblem:
    """Why something cannot be a name, and what could be."""

    message: str
    hint: str


def name_problem(name: str) -> NameProblem | None:
    """Say why something cannot be the name of an input, a parameter or a node; None where it can."""
    if not is_name(name):
        return NameProblem("this is not a name", "a name has letters, digits and _, and starts with a letter")
    if name in FUNCTIONS or name in PYTHON_WORDS:
        reason = "a function" if name in FUNCTIONS else "a word of Python"
        return NameProblem(f"this name is taken: it is {reason}", f"{name}_1 is free")
    return None


def look_alike(name: str, known: Iterable[str]) -> str:
    """Say which letter of a name is another one in a known name that looks the same; empty where there is none."""
    for other in known:
        pairs = [pair for pair in zip(name, other, strict=False) if pair[0] != pair[1]]
        if len(name) == len(other) and pairs and all(any(a in like and b in like for like in _ALIKE) for a, b in pairs):
            mine, theirs = (unicodedata.name(letter) for letter in pairs[0])
            return f"{other} is written with {theirs}, and this with {mine}"
    return ""
