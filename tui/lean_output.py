"""Writes only what changes on the terminal, in as few bytes as it can: people sit on slow SSH links.

Textual writes a whole widget row when one number in it changes, and sets and resets all colours around each
piece. `TerminalCopy` remembers what every cell of the terminal shows; an update becomes the cells that differ,
and between them only the attributes that differ. A step of a walk is then a tenth of the bytes.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any

from rich.cells import get_character_cell_size
from rich.color import ColorSystem
from rich.console import COLOR_SYSTEMS, Console
from rich.style import Style
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.strip import Strip

from .partial_paint import Patch, PatchUpdate
from .pen import PLAIN, Look, Pen, fitting

_NEAR = 4
"""So many unchanged cells are written again where that takes fewer bytes than moving the cursor past them."""

Cell = tuple[str, Look]


class _Cells(dict[str, Cell]):
    """The cells of one look by their character: a cell that is drawn again is the same object, and quickly compared."""

    def __init__(self, look: Look, blank: Look, known: dict[Cell, Cell]) -> None:
        super().__init__()
        self.look = look
        self._blank = blank
        self._known = known

    def __missing__(self, character: str) -> Cell:
        cell = character, self.look if character != " " else self._blank
        cell = self[character] = self._known.setdefault(cell, cell)
        return cell


class _Single(dict[str, bool]):
    """Whether a character takes one cell, and is not one that tells a terminal to do something."""

    def __missing__(self, character: str) -> bool:
        single = get_character_cell_size(character) == 1 and unicodedata.category(character) != "Cc"
        self[character] = single
        return single


_SINGLE = _Single()

_MOST_STYLES = 2048
"""So many styles are remembered; a program has a few dozen, but for one that computes colours."""


class TerminalCopy:
    """What each cell of the terminal shows, as far as it is known."""

    def __init__(self) -> None:
        self._rows: list[list[Cell | None]] = []
        self._tables: dict[tuple[int, ColorSystem], tuple[Style | None, _Cells]] = {}
        """The cells of each style, by the style's identity, which takes less time than what it says; it is kept."""
        self._of_looks: dict[Look, _Cells] = {}
        self._looks: dict[Look, Look] = {}
        self._known: dict[Cell, Cell] = {}

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
        elif isinstance(update, PatchUpdate):
            patches = update.patches
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
        pen = Pen()
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
            kept = self._tables.get((id(style), colours))
            table = kept[1] if kept is not None else self._table(style, colours)
            if all(map(_SINGLE.__getitem__, text)):
                cells += map(table.__getitem__, text)
                continue
            for character in text:
                if unicodedata.category(character) == "Cc":
                    continue  # no text may tell the terminal to do something
                width = get_character_cell_size(character)
                if width:
                    cells.append(table[character])
                    cells += [("", table.look)] * (width - 1)
                elif cells:  # an accent belongs to the character before it
                    cells[-1] = (cells[-1][0] + character, cells[-1][1])
        return cells

    def _table(self, style: Style | None, colours: ColorSystem) -> _Cells:
        """Return the cells of a style, those of looks that are alike being the same."""
        if len(self._tables) >= _MOST_STYLES:
            for known in (self._tables, self._of_looks, self._looks, self._known):
                known.clear()
        look = Look.of_style(style, colours) if style else PLAIN
        table = self._of_looks.get(look)
        if table is None:
            look, blank = (self._looks.setdefault(each, each) for each in (look, look.of_blank))
            table = self._of_looks[look] = _Cells(look, blank, self._known)
        self._tables[id(style), colours] = style, table
        return table


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


def _changes(shown: Sequence[Cell | None], cells: Sequence[Cell]) -> Iterator[tuple[int, int]]:
    """Find where two rows differ, as (first, end); places that lie near and look alike are joined."""
    places = [
        place
        for place, (before, cell) in enumerate(zip(shown, cells, strict=True))
        if before is not cell and before != cell
    ]
    if not places:
        return
    first = last = places[0]
    for place in places[1:]:
        if place > last + 1 and (place - last > _NEAR + 1 or not _are_alike(cells[last:place])):
            yield _whole(cells, first, last + 1)
            first = place
        last = place
    yield _whole(cells, first, last + 1)


def _are_alike(cells: Sequence[Cell]) -> bool:
    """Say whether cells can be written in the look of the first of them."""
    look = cells[0][1]
    return all(fitting(cell[1], look) for cell in cells)


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
