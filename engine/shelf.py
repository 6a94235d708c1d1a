"""A shelf of one's own: the cards of scenario files that lie in folders, or are named one by one."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from .card import LAST, Card, in_sections, read_card
from .errors import GradwalkError, quoted
from .library import built_in_names, library, load

MOST_FILES = 2_000
"""So many files are listed; those that would follow are left out, and `Listing.cut` says so."""

_MOST_ENTRIES = 100_000
"""In so many files and folders scenarios are looked for, so that a disk's root is no trap."""

_DEEPEST = 8
"""So many folders below the one that was named are looked into."""

_HEAD = 65_536
"""Bytes of a file that a card is read from."""

_OF_A_SCENARIO = re.compile(
    r"^[ \t]*(\[+[ \t]*(inputs|graph|exercise|notes|data|parameters|layers|prediction|loss|training)\b|title[ \t]*=)",
    re.MULTILINE,
)

_OF_A_COURSE = re.compile(r"^[ \t]*\[\[[ \t]*lesson[ \t]*\]\]", re.MULTILINE)

Stamp = tuple[int, int]
"""When a file was written, and its size: with another one it is read anew."""


@dataclass(frozen=True)
class Listing:
    """The cards of a shelf, those of one section together; `cut` says that there are more files than are listed."""

    places: tuple[str, ...]
    cards: tuple[Card, ...]
    cut: bool = False


class Shelf:
    """Reads the cards of a shelf: what `places` name, which are folders, files, and built-in scenarios.

    A card that has been read is kept until its file changes, so that looking again costs little.
    """

    adds = False
    """Whether it stands beside what is built in, and holds that too."""

    def __init__(self, places: Sequence[str]) -> None:
        self.places = tuple(places)
        self._read: dict[Path, tuple[Stamp, Card | None]] = {}
        self._checked: dict[Path, Stamp] = {}

    def listing(self) -> Listing:
        """Return what lies there now.

        In a folder, its own files come first, then those of each folder in it, which is a section of that name; among
        them, those of the lowest `order` come first, then names decide, in which 10 comes after 9. Files that are named
        one by one are sorted by their order alone. GradwalkError where a place is not there, or holds no scenario.
        """
        found: dict[str, Card] = {}
        built_in = {card.name: card for card in library()} if set(self.places) & set(built_in_names()) else {}
        named: list[Card] = []
        cut = False
        for place in self.places:
            path = Path(place)
            if place in built_in:
                named.append(built_in[place])
            elif path.is_dir():
                cards, more = self._in_folder(path)
                cut = cut or more
                if not cards and len(self.places) == 1:
                    raise GradwalkError(f"there is no scenario in {place}; a scenario is a file that ends in .toml")
                for card in cards:
                    found.setdefault(card.place, card)
            elif path.exists():
                named.append(self._card(path) or _no_scenario(path))
            else:
                raise GradwalkError(f"there is no file or folder {quoted(place)}")
        files = {card.place: card for card in sorted(named, key=lambda card: card.order)}
        cards = in_sections({**files, **{place: card for place, card in found.items() if place not in files}}.values())
        return Listing(self.places, tuple(cards[:MOST_FILES]), cut or len(cards) > MOST_FILES)

    def check(self, card: Card) -> bool:
        """Read the whole file of a card, once; return whether its problem is another one than was known before.

        A card says what the beginning of its file tells; what is wrong further down, `listing` knows from now on.
        """
        if card.path is None or card.path not in self._read:
            return False
        stamp, known = self._read[card.path]
        if known is None or self._checked.get(card.path) == stamp:
            return False
        self._checked[card.path] = stamp
        try:
            load(str(card.path))
        except GradwalkError as error:
            problem = str(error)
        else:
            problem = ""
        self._read[card.path] = stamp, replace(known, problem=problem)
        return problem != known.problem

    def _in_folder(self, top: Path) -> tuple[list[Card], bool]:
        """Return the cards of a folder and those in it, and whether there would be more."""
        paths, cut = files_of(top)
        cards: list[tuple[tuple[object, ...], Card]] = []
        for folder, path in paths:
            card = self._card(path)
            if card is not None:
                section = card.section or " / ".join(folder)
                place = (*(_natural(name) for name in folder),)
                cards.append(((place, card.order, _natural(path.stem)), replace(card, section=section)))
        cards.sort(key=lambda entry: entry[0])  # pyright: ignore[reportArgumentType, reportCallIssue]
        return [card for _, card in cards], cut

    def _card(self, path: Path) -> Card | None:
        """Return the card of a file, None where it is no scenario at all."""
        whole = _whole(path)
        try:
            status = whole.stat()
            stamp = status.st_mtime_ns, status.st_size
            known = self._read.get(whole)
            if known is None or known[0] != stamp:
                known = self._read[whole] = stamp, _read(whole)
            return known[1]
        except OSError as error:
            return _with_problem(path, f"the file cannot be read: {error.strerror}")


def is_list(places: Sequence[str]) -> bool:
    """Say whether what was named is a list to choose from: a folder, or several scenarios."""
    return len(places) > 1 or any(place not in built_in_names() and Path(place).is_dir() for place in places)


def _read(path: Path) -> Card | None:
    if not path.is_file():
        return _with_problem(path, "this is not a regular file")
    with path.open("rb") as file:
        head = file.read(_HEAD)
    text = head.decode("utf-8-sig", errors="replace").replace("\r\n", "\n")
    is_scenario = _OF_A_SCENARIO.search(text) and not _OF_A_COURSE.search(text)
    return read_card(text, path.stem, path) if is_scenario else None


def _no_scenario(path: Path) -> Card:
    return _with_problem(path, "this is no scenario: it has no title and no table of one")


def _with_problem(path: Path, problem: str) -> Card:
    return Card(path.stem, path.name, "", LAST, "", _whole(path), problem)


def _whole(path: Path) -> Path:
    """Return the whole path of a file; `resolve` raises where links lead in a circle, and this does not."""
    return Path(os.path.realpath(path))


def files_of(top: Path) -> tuple[list[tuple[tuple[str, ...], Path]], bool]:
    """Return the TOML files in a folder, each with the names of the folders that lead to it, and whether it is all."""
    found: list[tuple[tuple[str, ...], Path]] = []
    for entries, (folder, path) in enumerate(_walk(top)):
        if entries >= _MOST_ENTRIES or len(found) > MOST_FILES:
            return found, True
        if path.suffix == ".toml":
            found.append((folder, path))
    return found, False


def _walk(top: Path) -> Iterator[tuple[tuple[str, ...], Path]]:
    """Go through files, a folder's own before those of the folders in it; neither hidden ones nor links to folders."""
    for where, folders, names in os.walk(top):
        here = Path(where).relative_to(top).parts
        folders[:] = sorted((name for name in folders if not name.startswith(".")), key=_natural)
        if len(here) >= _DEEPEST:
            folders.clear()
        for name in sorted(names, key=_natural):
            if not name.startswith("."):
                yield here, Path(where, name)


def _natural(name: str) -> list[tuple[int, str]]:
    """Return what names are sorted by: the numbers in them as numbers."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d+)", name.casefold()) if part]
