"""`EntriesView`: the entries of one array as a table that can be moved through, with a tab for each array."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Offset
from textual.message import Message
from textual.strip import Strip

from ...bindings import active_keys
from ...widgets.text_view import TextView
from ...words.array_entries import Entries, fitting
from ...words.array_grid import GAP, Place, Window, window
from ...words.arrays import entry_line, part_words
from ...words.lines import Piece
from ..tree.cells import fit_number

_ABOVE, _BELOW = 2, 1
"""Lines above the rows, for the tabs and the numbers of the columns, and below them, for the entry in question."""


class EntriesView(TextView, can_focus=True, inherit_bindings=False):
    """The entries as numbers, right under one another, shaded by their sign and size.

    It draws what it is told to `show`, and posts what somebody does there: the moment is not its own.
    """

    HELP = """\
In the table a number stands on one colour where it is positive and on another where it is negative, the stronger the \
larger it is beside the largest entry of the array. An array with more than two axes has all but the last one going \
down. "·" is an entry that nothing on the way to the output uses, "?" one that the walk has not reached."""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("right,l", "move(0, 1)", "Entry", tooltip="Choose the entry to the right", id="entries.right",
                key_display="→"),
        Binding("left,h", "move(0, -1)", "Left", tooltip="Choose the entry to the left", id="entries.left",
                key_display="←"),
        Binding("down,j", "move(1, 0)", "Down", tooltip="Choose the entry below", id="entries.down", key_display="↓"),
        Binding("up,k", "move(-1, 0)", "Up", tooltip="Choose the entry above", id="entries.up", key_display="↑"),
        Binding("pagedown", "page(1)", "Page down", tooltip="Choose an entry a page further down",
                id="entries.page-down"),
        Binding("pageup", "page(-1)", "Page up", tooltip="Choose an entry a page further up", id="entries.page-up"),
        Binding("enter", "open", "Open", tooltip="Open the entry as its walk of single numbers", id="entries.open",
                key_display="⏎"),
    ]  # fmt: skip
    COMPONENT_CLASSES = TextView.COMPONENT_CLASSES | {
        f"entries--{sign}-{level}" for sign in ("plus", "minus") for level in (1, 2, 3)
    }
    DEFAULT_CSS = """
    EntriesView {
        height: 1fr; overflow-y: hidden;
        .entries--plus-1 { background: $primary 6%; }
        .entries--plus-2 { background: $primary 14%; }
        .entries--plus-3 { background: $primary 26%; }
        .entries--minus-1 { background: $warning 6%; }
        .entries--minus-2 { background: $warning 12%; }
        .entries--minus-3 { background: $warning 20%; }
        &:ansi {
            .entries--plus-1, .entries--plus-2, .entries--plus-3 { background: ansi_default; }
            .entries--minus-1, .entries--minus-2, .entries--minus-3 { background: ansi_default; }
        }
    }
    """

    @dataclass
    class Chosen(Message):
        """An entry was chosen; `again` says that it was the chosen one, and is to be opened."""

        place: Place
        again: bool = False

    @dataclass
    class TabClicked(Message):
        """The tab of an array was clicked: its place among the others."""

        tab: int

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self._all: Sequence[Entries] = ()
        self._shown = 0
        self._place: Place = (0, 0)
        self._digits = 0
        self._window: Window | None = None
        self._tabs: list[range] = []
        self._shades: dict[int, Style] = {}

    def show_entries(self, all_entries: Sequence[Entries], shown: int, place: Place, digits: int) -> None:
        """Draw one of several arrays, and say which entry keys are about; `digits` are as in `words.walk.number`."""
        before = self._all[self._shown].shape if self._all else None
        self._all, self._shown, self._place, self._digits = all_entries, shown, place, digits
        if not all_entries or before != all_entries[shown].shape:
            self._window = None
        self._look()
        self.refresh()

    @property
    def entries(self) -> Entries | None:
        """The array that is drawn; None where the moment has none to look at."""
        return self._all[self._shown] if self._all else None

    @property
    def wanted_height(self) -> int:
        """The lines in which all its rows can be seen."""
        return self.entries.grid.rows + _ABOVE + _BELOW if self.entries is not None else 0

    # ---- keys and clicks

    def action_move(self, rows: int, columns: int) -> None:
        """Choose another entry."""
        if self.entries is not None:
            row, column = self._place
            self.post_message(self.Chosen(self.entries.grid.within((row + rows, column + columns))))

    def action_page(self, pages: int) -> None:
        """Choose an entry a page further."""
        self.action_move(pages * max(1, self._room), 0)

    def action_open(self) -> None:
        """Open the entry."""
        self.post_message(self.Chosen(self._place, again=True))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Choose the entry below."""
        event.stop()
        self.action_move(1, 0)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Choose the entry above."""
        event.stop()
        self.action_move(-1, 0)

    def on_click(self, event: events.Click) -> None:
        """Choose the tab or the entry under the mouse; an entry that was chosen is opened."""
        if event.y == 0:
            for tab, cells in enumerate(self._tabs):
                if event.x in cells:
                    self.post_message(self.TabClicked(tab))
            return
        place = self._place_at(event.x, event.y - _ABOVE)
        if place is not None:
            self.post_message(self.Chosen(place, again=place == self._place))

    def _place_at(self, x: int, y: int) -> Place | None:
        if self.entries is None or self._window is None or not 0 <= y < len(self._window.rows):
            return None
        label, _ = fitting(self.entries, self._width, self._digits)
        column = (x - label) // (self.entries.cell_width(self._digits) + GAP)
        if x < label or column >= len(self._window.columns):
            return None
        return self._window.rows[y], self._window.columns[column]

    # ---- drawing

    def on_resize(self) -> None:
        """Find out anew what fits."""
        self._look()
        self.refresh()

    def on_focus(self) -> None:
        """Show which entry keys are about."""
        self.refresh()

    def on_blur(self) -> None:
        """Show that keys are about something else."""
        self.refresh()

    @property
    def _width(self) -> int:
        return self.scrollable_content_region.width

    @property
    def _room(self) -> int:
        return max(1, self.size.height - _ABOVE - _BELOW)

    def _look(self) -> None:
        if self.entries is None or not self._width:
            return
        _, columns = fitting(self.entries, self._width, self._digits)
        self._window = window(self.entries.grid, self._room, columns, self._window, self._place)

    def render_line(self, y: int) -> Strip:
        """Draw one line."""
        entries, seen = self.entries, self._window
        if entries is None or seen is None:
            pieces: list[Segment] = []
        elif y == 0:
            pieces = self._tab_line(entries, seen)
        elif y == self.size.height - 1:
            pieces = self._drawn(entry_line(entries, self._place, self._digits, self._open_key).styled)
        else:
            pieces = self._row(entries, seen, y - _ABOVE)
        return Strip(pieces).adjust_cell_length(self.size.width).apply_style(self.own_style)

    @property
    def _open_key(self) -> str:
        keys = active_keys(self.screen)
        return keys["entries.open"].shown if self.has_focus and "entries.open" in keys else ""

    def _tab_line(self, entries: Entries, seen: Window) -> list[Segment]:
        pieces: list[Piece] = []
        self._tabs, column = [], 0
        for tab, offered in enumerate(self._all):
            pieces += [(" ", ""), (offered.tab, "heading" if tab == self._shown else "label"), (" ", "")]
            self._tabs.append(range(column, column + cell_len(offered.tab) + 2))
            column += cell_len(offered.tab) + 2
        part = "" if seen.is_whole(entries.grid) else f" {part_words(entries, seen)} "
        room = self._width - column - cell_len(part)
        if room < 0:
            part, room = "", max(0, self._width - column)
        return self._drawn((*pieces, ("─" * room, "guide"), (part, "label")))

    def _row(self, entries: Entries, seen: Window, y: int) -> list[Segment]:
        grid = entries.grid
        label, _ = fitting(entries, self._width, self._digits)
        width = entries.cell_width(self._digits)
        if y < 0:
            titles = "".join(str(column).rjust(width + GAP) for column in seen.columns) if entries.shape else ""
            return self._drawn(((" " * label + titles, "label"),))
        if y >= len(seen.rows) or not entries.nodes.size:
            return []
        row = seen.rows[y]
        segments = self._drawn(((grid.row_label(row).rjust(label), "label"),))
        for column in seen.columns:
            segments += self._cell(entries, (row, column), width)
        return segments

    def _cell(self, entries: Entries, place: Place, width: int) -> list[Segment]:
        """Draw an entry; the chosen one is marked by more than its colour."""
        text = fit_number(entries.text(place, self._digits), width)
        shaded = self._shade_style(entries.shade(place))
        chosen = place == self._place
        own = (
            self.named_style(entries.style_of(place))
            + shaded
            + (self.named_style("selected") if chosen else self.named_style(""))
        )
        mark = (">" if self.has_focus else "›") if chosen else " "
        return [Segment(f" {mark}"), Segment(text, own)]

    def _shade_style(self, shade: int) -> Style:
        """Return the ground that an entry of a shade stands on (see `Entries.shade`): a tint of the view's own."""
        if shade not in self._shades:
            name = f"entries--{'plus' if shade > 0 else 'minus'}-{abs(shade)}"
            tint = self.get_component_styles(name).background if shade else None
            is_own = tint is not None and tint.ansi is None and tint.a > 0
            ground = self.background_colors[1] + tint if is_own and tint is not None else None
            self._shades[shade] = Style() if ground is None else Style(bgcolor=ground.rich_color)
        return self._shades[shade]

    def notify_style_update(self) -> None:
        """Follow a change of theme."""
        super().notify_style_update()
        self._shades.clear()

    def _drawn(self, pieces: Sequence[Piece]) -> list[Segment]:
        return [Segment(text, self.named_style(style)) for text, style in pieces if text]

    @property
    def cursor_cell(self) -> Offset | None:
        """The cell of the chosen entry."""
        entries, seen = self.entries, self._window
        if entries is None or seen is None:
            return None
        row, column = self._place
        if row not in seen.rows or column not in seen.columns:
            return None
        label, _ = fitting(entries, self._width, self._digits)
        x = label + seen.columns.index(column) * (entries.cell_width(self._digits) + GAP) + 1
        return Offset(x, seen.rows.index(row) + _ABOVE)
