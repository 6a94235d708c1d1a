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

_NEAR = 4
"""So many unchanged cells are written again where that takes fewer bytes than moving the cursor past them."""


class Look(NamedTuple):
    """What a cell's style comes to on the terminal: the codes to set, and the codes that end them."""

    attributes: frozenset[tuple[str, str]]
    foreground: str
    background: str


PLAIN = Look(frozenset(), "39", "49")
"""How the terminal writes when it has been told nothing."""

Cell = tuple[str, Look]
Run = tuple[int, int, Strip]
"""A row, the column it begins at, and what to draw there."""


class TerminalCopy:
    """What each cell of the terminal shows, as far as it is known."""

    def __init__(self) -> None:
        self._rows: list[list[Cell | None]] = []
        self._looks: dict[Style, Look] = {}

    def forget(self) -> None:
        """Take nothing for granted: the terminal was resized, or shown something else."""
        self._rows = []

    def lean(self, update: Any) -> Any:
        """Return an update that writes only the changes; one of an unknown kind is returned as it is.

        What an update holds is Textual's own business: where a version of it does that in another way, its updates
        are written as they are, in more bytes.
        """
        try:
            return self._lean(update)
        except (AttributeError, TypeError, ValueError):
            self.forget()
            return update

    def _lean(self, update: Any) -> Any:
        if update is None:
            return update
        if isinstance(update, LayoutUpdate):
            self.forget()
            runs = list(_layout_runs(update))
        elif isinstance(update, ChopsUpdate):
            if len(update.chops) != len(self._rows):
                self.forget()
            runs = list(_chops_runs(update))
        else:
            self.forget()
            return update
        return _LeanUpdate(self, runs)

    def sequence(self, runs: Sequence[Run], colours: ColorSystem) -> str:
        """Return what to write so that the terminal shows the runs."""
        pen = _Pen()
        for row, column, strip in runs:
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
            look = self._look(style, colours) if style else PLAIN
            if text.isascii() and text.isprintable():
                cells += [(character, look) for character in text]
                continue
            for character in text:
                if unicodedata.category(character) == "Cc":
                    continue  # no text may tell the terminal to do something
                width = get_character_cell_size(character)
                if width:
                    cells.append((character, look))
                    cells += [("", look)] * (width - 1)
                elif cells:  # an accent belongs to the character before it
                    cells[-1] = (cells[-1][0] + character, cells[-1][1])
        return cells

    def _look(self, style: Style, colours: ColorSystem) -> Look:
        look = self._looks.get(style)
        if look is None:
            foreground, background = (
                ";".join(colour.downgrade(colours).get_ansi_codes(front)) if colour else default
                for colour, front, default in ((style.color, True, "39"), (style.bgcolor, False, "49"))
            )
            on = frozenset((start, end) for name, start, end in _ATTRIBUTES if getattr(style, name))
            look = self._looks[style] = Look(on, foreground, background)
        return look


class _LeanUpdate(CompositorUpdate):
    """Stands for the update it was made of, and is written in its place."""

    def __init__(self, copy: TerminalCopy, runs: Sequence[Run]) -> None:
        self._copy = copy
        self._runs = runs

    def render_segments(self, console: Console) -> str:
        """Return the bytes to write, and take note of them."""
        return self._copy.sequence(self._runs, COLOR_SYSTEMS[console.color_system or "truecolor"])


class _Pen:
    """Writes cells, and moves and changes colour only where it has to."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._row = self._column = -1
        self._look = PLAIN

    def write(self, row: int, column: int, cells: Sequence[Cell]) -> None:
        if row != self._row:
            self._parts.append(f"\x1b[{row + 1};{column + 1}H")
        elif column != self._column:
            self._parts.append(f"\x1b[{column - self._column}C")
        for character, look in cells:
            if look is not self._look:
                self._parts.append(_change(self._look, look))
                self._look = look
            self._parts.append(character)
        self._row, self._column = row, column + len(cells)

    def sequence(self) -> str:
        return "".join([*self._parts, _change(self._look, PLAIN)])


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
        alike = all(cells[between][1] is look for between in range(last, place))
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


def _layout_runs(update: LayoutUpdate) -> Iterator[Run]:
    for row, strips in enumerate(update.strips, update.region.y):
        column = update.region.x
        for strip in strips:
            yield row, column, strip
            column += strip.cell_length


def _chops_runs(update: ChopsUpdate) -> Iterator[Run]:
    for row, left, right in update.spans:
        for end, (column, strip) in zip(update.chop_ends[row], update.chops[row].items(), strict=False):
            if strip is not None and column <= right and end > left:
                yield row, column, strip if end <= right else strip.crop(0, right - column)
