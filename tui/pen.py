"""How cells look on a terminal, and what writes them there in few bytes: `Pen`."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from rich.color import ColorSystem
from rich.style import Style

_ATTRIBUTES = (
    ("bold", "1", "22"),
    ("dim", "2", "22"),
    ("italic", "3", "23"),
    ("underline", "4", "24"),
    ("blink", "5", "25"),
    ("reverse", "7", "27"),
    ("conceal", "8", "28"),
    ("strike", "9", "29"),
)
"""Attributes of a style, with the codes that set and end each."""

_SEEN_WITHOUT_CHARACTER = {(on, off) for name, on, off in _ATTRIBUTES if name in ("underline", "reverse", "strike")}

_ANY = ""
"""The foreground of a cell that shows none: whichever is set will do."""


class Look(NamedTuple):
    """What a cell's style comes to on the terminal: the codes to set, and the codes that end them."""

    attributes: frozenset[tuple[str, str]]
    foreground: str
    background: str

    @classmethod
    def of_style(cls, style: Style, colours: ColorSystem) -> Look:
        """Return what a style comes to on a terminal with such colours."""
        foreground, background = (
            ";".join(colour.downgrade(colours).get_ansi_codes(front)) if colour else default
            for colour, front, default in ((style.color, True, "39"), (style.bgcolor, False, "49"))
        )
        on = frozenset((start, end) for name, start, end in _ATTRIBUTES if getattr(style, name))
        return cls(on, foreground, background)

    @property
    def of_blank(self) -> Look:
        """What can be seen of it where no character is: the background, and lines through the cell."""
        if self.attributes & _SEEN_WITHOUT_CHARACTER:
            return self
        return Look(frozenset(), _ANY, self.background)

    def after(self, pen: Look) -> Look:
        """Return what to set when a pen is set so: a blank leaves what cannot be seen as it is."""
        if self.foreground != _ANY:
            return self
        return Look(pen.attributes - _SEEN_WITHOUT_CHARACTER, pen.foreground, self.background)


PLAIN = Look(frozenset(), "39", "49")
"""How the terminal writes when it has been told nothing."""


class Pen:
    """Writes cells: all of one look, then all of the next, since a change of colour is longer than a move."""

    def __init__(self) -> None:
        self._stretches: dict[Look, list[tuple[int, int, str, int]]] = {}
        """For each look, the row and the column where cells of it begin, their text, and how many they are."""

    def write(self, row: int, column: int, cells: Sequence[tuple[str, Look]]) -> None:
        """Write cells from a place on."""
        first, look = 0, cells[0][1]
        for place, (_, following) in enumerate(cells):
            both = look if following is look else fitting(look, following)
            if both is None:
                self._add(look, row, column + first, cells[first:place])
                first, look = place, following
            else:
                look = both
        self._add(look, row, column + first, cells[first:])

    def _add(self, look: Look, row: int, column: int, cells: Sequence[tuple[str, Look]]) -> None:
        text = "".join(character for character, _ in cells)
        self._stretches.setdefault(look, []).append((row, column, text, len(cells)))

    def sequence(self) -> str:
        """Return what writes all of it; the terminal is left as plain as it was."""
        parts: list[str] = []
        row = column = -1
        pen = PLAIN
        stretches = self._stretches_by_look()
        while stretches:
            change, look = min(((_change(pen, look.after(pen)), look) for look in stretches), key=_length)
            parts.append(change)
            pen = look.after(pen)
            for to_row, to_column, text, width in stretches.pop(look):
                parts += (_move(row, column, to_row, to_column), text)
                row, column = to_row, to_column + width
        return "".join([*parts, _change(pen, PLAIN)])

    def _stretches_by_look(self) -> dict[Look, list[tuple[int, int, str, int]]]:
        """Return what to write, top to bottom; blanks are with a look that suits them."""
        together: dict[Look, list[tuple[int, int, str, int]]] = {}
        for look in sorted(self._stretches, key=lambda look: look.foreground == _ANY):
            suits = next((other for other in together if fitting(look, other) == other), look)
            together.setdefault(suits, []).extend(self._stretches[look])
        return {look: sorted(stretches) for look, stretches in together.items()}


def _length(change: tuple[str, Look]) -> int:
    return len(change[0])


@lru_cache(4096)
def fitting(one: Look, other: Look) -> Look | None:
    """Return a look in which cells of both looks appear as they should, None where there is none."""
    if one is other or one == other:
        return one
    if one.foreground == _ANY:
        one, other = other, one
    fits = other.foreground == _ANY and one.background == other.background and one.of_blank.foreground == _ANY
    return one if fits else None


def _move(row: int, column: int, to_row: int, to_column: int) -> str:
    """Return the sequence from one place to another; backward from a row's end, only an absolute one is sure."""
    if row != to_row or column > to_column:
        return f"\x1b[{to_row + 1};{to_column + 1}H" if to_column else f"\x1b[{to_row + 1}H"
    forward = to_column - column
    return f"\x1b[{forward if forward > 1 else ''}C" if forward else ""


@lru_cache(4096)
def _change(before: Look, after: Look) -> str:
    """Return the sequence from one look to another, the shorter of two: what differs, or all from a reset."""
    ended = {end for _, end in before.attributes - after.attributes}
    begun = {pair for pair in after.attributes if pair not in before.attributes or pair[1] in ended}
    codes = sorted(ended) + sorted(start for start, _ in begun)
    codes += [after.foreground] if after.foreground != before.foreground else []
    codes += [after.background] if after.background != before.background else []
    anew = sorted(start for start, _ in after.attributes)
    anew += [after.foreground] if after.foreground != PLAIN.foreground else []
    anew += [after.background] if after.background != PLAIN.background else []
    differing, from_reset = ";".join(codes), ";".join(["", *anew])
    if not differing:
        return ""
    return f"\x1b[{differing if len(differing) <= len(from_reset) else from_reset}m"
