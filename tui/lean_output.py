"""Writes only what changes on the terminal, in as few bytes as it can: people sit on slow SSH links.

Textual writes a whole widget row when one number in it changes, and sets and resets all colours around each
piece. `TerminalCopy` remembers what every cell of the terminal shows; an update becomes the cells that differ,
and between them only the attributes that differ. A step of a walk is then a tenth of the bytes.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from rich.cells import get_character_cell_size
from rich.color import ColorSystem
from rich.console import COLOR_SYSTEMS, Console
from rich.style import Style
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.strip import Strip

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

_NEAR = 4
"""So many unchanged cells are written again where that takes fewer bytes than moving the cursor past them."""


class Look(NamedTuple):
    """What a cell's style comes to on the terminal: the codes to set, and the codes that end them."""

    attributes: frozenset[tuple[str, str]]
    foreground: str
    background: str

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

_PLAIN_BLANK = PLAIN.of_blank

Cell = tuple[str, Look]
Patch = tuple[int, int, Strip]
"""A row, the column it begins at, and what to draw there."""


class TerminalCopy:
    """What each cell of the terminal shows, as far as it is known."""

    def __init__(self) -> None:
        self._rows: list[list[Cell | None]] = []
        self._looks: dict[Style, tuple[Look, Look]] = {}

    def forget(self) -> None:
        """Take nothing for granted: the terminal was resized, or shown something else."""
        self._rows = []

    def lean(self, update: Any) -> Any:
        """Return an update that writes only the changes; one of an unknown kind is returned as it is.

        What an update holds is Textual's own business: where a version of it does that in another way, its updates
        are written as they are, in more bytes. What is wrong with the update itself, Textual will find too.
        """
        try:
            return self._lean(update)
        except Exception:
            self.forget()
            return update

    def _lean(self, update: Any) -> Any:
        if update is None:
            return update
        if isinstance(update, LayoutUpdate):
            self.forget()
            patches = list(_layout_patches(update))
        elif isinstance(update, ChopsUpdate):
            if len(update.chops) != len(self._rows):
                self.forget()
            patches = list(_chops_patches(update))
        else:
            self.forget()
            return update
        return _LeanUpdate(self, patches, update)

    def sequence(self, patches: Sequence[Patch], colours: ColorSystem) -> str:
        """Return what to write so that the terminal shows the patches."""
        pen = _Pen()
        for row, column, strip in patches:
            while len(self._rows) <= row:
                self._rows.append([])
            shown = self._rows[row]
            cells = self._cells(strip, colours)
            if len(shown) <= column:  # nothing is known of this place: the first paint, or a new size
                shown.extend([None] * (column - len(shown)))
                pen.write(row, column, cells)
                shown.extend(cells)
                continue
            shown.extend([None] * (column + len(cells) - len(shown)))
            for first, last in _changes(shown[column : column + len(cells)], cells):
                pen.write(row, column + first, cells[first:last])
            shown[column : column + len(cells)] = cells
        return pen.sequence()

    def _cells(self, strip: Strip, colours: ColorSystem) -> list[Cell]:
        cells: list[Cell] = []
        for text, style, _ in strip:
            look, blank = self._look(style, colours) if style else (PLAIN, _PLAIN_BLANK)
            if text.isascii() and text.isprintable():
                cells += [(character, look if character != " " else blank) for character in text]
                continue
            for character in text:
                if unicodedata.category(character) == "Cc":
                    continue  # no text may tell the terminal to do something
                width = get_character_cell_size(character)
                if width:
                    cells.append((character, look if character != " " else blank))
                    cells += [("", look)] * (width - 1)
                elif cells:  # an accent belongs to the character before it
                    cells[-1] = (cells[-1][0] + character, cells[-1][1])
        return cells

    def _look(self, style: Style, colours: ColorSystem) -> tuple[Look, Look]:
        """Return what a style comes to, for a character and for a blank."""
        looks = self._looks.get(style)
        if looks is None:
            foreground, background = (
                ";".join(colour.downgrade(colours).get_ansi_codes(front)) if colour else default
                for colour, front, default in ((style.color, True, "39"), (style.bgcolor, False, "49"))
            )
            on = frozenset((start, end) for name, start, end in _ATTRIBUTES if getattr(style, name))
            look = Look(on, foreground, background)
            looks = self._looks[style] = (look, look.of_blank)
        return looks


class _LeanUpdate(CompositorUpdate):
    """Stands for the update it was made of, and is written in its place."""

    def __init__(self, copy: TerminalCopy, patches: Sequence[Patch], update: CompositorUpdate) -> None:
        self._copy = copy
        self._patches = patches
        self._update = update

    def render_segments(self, console: Console) -> str:
        """Return the bytes to write, and take note of them; Textual's own where that fails."""
        try:
            return self._copy.sequence(self._patches, COLOR_SYSTEMS[console.color_system or "truecolor"])
        except Exception:
            self._copy.forget()
            return self._update.render_segments(console)


class _Pen:
    """Writes cells: all of one look, then all of the next, since a change of colour is longer than a move."""

    def __init__(self) -> None:
        self._stretches: dict[Look, list[tuple[int, int, str, int]]] = {}
        """For each look, the row and the column where cells of it begin, their text, and how many they are."""

    def write(self, row: int, column: int, cells: Sequence[Cell]) -> None:
        first, look = 0, cells[0][1]
        for place, (_, following) in enumerate(cells):
            both = look if following is look else _fitting(look, following)
            if both is None:
                self._add(look, row, column + first, cells[first:place])
                first, look = place, following
            else:
                look = both
        self._add(look, row, column + first, cells[first:])

    def _add(self, look: Look, row: int, column: int, cells: Sequence[Cell]) -> None:
        text = "".join(character for character, _ in cells)
        self._stretches.setdefault(look, []).append((row, column, text, len(cells)))

    def sequence(self) -> str:
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
            suits = next((other for other in together if _fitting(look, other) == other), look)
            together.setdefault(suits, []).extend(self._stretches[look])
        return {look: sorted(stretches) for look, stretches in together.items()}


def _length(change: tuple[str, Look]) -> int:
    return len(change[0])


def _fitting(one: Look, other: Look) -> Look | None:
    """Return a look in which cells of both looks appear as they should, None where there is none."""
    if one == other:
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


def _changes(shown: Sequence[Cell | None], cells: Sequence[Cell]) -> Iterator[tuple[int, int]]:
    """Find where two rows differ, as (first, end); places that lie near and look alike are joined."""
    places = [place for place, cell in enumerate(cells) if shown[place] != cell]
    if not places:
        return
    first = last = places[0]
    for place in places[1:]:
        look = cells[last][1]
        alike = all(_fitting(cells[between][1], look) for between in range(last, place))
        if place > last + 1 and (place - last > _NEAR + 1 or not alike):
            yield _whole(cells, first, last + 1)
            first = place
        last = place
    yield _whole(cells, first, last + 1)


def _whole(cells: Sequence[Cell], first: int, end: int) -> tuple[int, int]:
    """Widen a range so that it cuts no character of two cells in half."""
    while first and not cells[first][0]:
        first -= 1
    while end < len(cells) and not cells[end][0]:
        end += 1
    return first, end


def _layout_patches(update: LayoutUpdate) -> Iterator[Patch]:
    for row, strips in enumerate(update.strips, update.region.y):
        column = update.region.x
        for strip in strips:
            yield row, column, strip
            column += strip.cell_length


def _chops_patches(update: ChopsUpdate) -> Iterator[Patch]:
    for row, left, right in update.spans:
        for end, (column, strip) in zip(update.chop_ends[row], update.chops[row].items(), strict=False):
            if strip is not None and column <= right and end > left:
                yield row, column, strip if end <= right else strip.crop(0, right - column)
