"""`Card`: what a list shows of a scenario, read from the beginning of its file; no graph is made."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_TABLE = re.compile(r"^[ \t]*\[", re.MULTILINE)
_CUTS = 8
"""How many lines that look like the head of a table are tried: such a line may belong to a text of several lines."""

LAST = 1000
"""The place of a scenario that names none, as in the formats of scenario files."""


@dataclass(frozen=True)
class Card:
    """What the library shows of a scenario.

    `path` is the whole path of its file, None where it is built in; `section` is the heading that it stands under,
    empty for none. `problem` says why the file cannot be opened; it is empty where nothing is known to be wrong.
    """

    name: str
    title: str
    summary: str
    order: int
    section: str = ""
    path: Path | None = None
    problem: str = ""

    @property
    def place(self) -> str:
        """What opens it: the name of a built-in scenario, or a path."""
        return self.name if self.path is None else str(self.path)


def read_card(text: str, name: str, path: Path | None = None, section: str = "") -> Card:
    """Return the card of a scenario file, called `name`, that begins with `text`.

    `section` is the heading where the file names none. A text that is no TOML gives a card with a problem.
    """
    try:
        keys = _head(text)
    except tomllib.TOMLDecodeError as error:
        return Card(name, name, "", LAST, section, path, f"this is no TOML: {error}")
    title, summary, own, order = (keys.get(key) for key in ("title", "summary", "section", "order"))
    right = isinstance(title, str) and isinstance(summary, str | None) and isinstance(own, str | None)
    if not right or not isinstance(order, int | None):
        problem = "it has no title" if title is None else "title, summary and section are texts, order is a number"
        return Card(name, str(title or name), "", LAST, section, path, problem)
    return Card(name, str(title), summary or "", LAST if order is None else order, own or section, path)


def in_sections(cards: Iterable[Card]) -> list[Card]:
    """Return cards with those of one section together; a section comes where its first card does."""
    sections: dict[str, list[Card]] = {}
    for card in cards:
        sections.setdefault(card.section, []).append(card)
    return [card for section in sections.values() for card in section]


def _head(text: str) -> dict[str, Any]:
    """Return the keys before the first table; TOMLDecodeError where they, or what follows, cannot be read."""
    for cut, found in zip(range(_CUTS), _TABLE.finditer(text), strict=False):
        try:
            return tomllib.loads(text[: found.start()])
        except tomllib.TOMLDecodeError:
            if cut == _CUTS - 1:
                raise
    return tomllib.loads(text)
