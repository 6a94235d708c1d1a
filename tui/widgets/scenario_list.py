"""`ScenarioList`: scenarios with title and summary under the headings of their sections, one of them selected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size
from rich.text import Text
from textual import events
from textual.message import Message
from textual.strip import Strip

from ...engine.errors import printable
from ..words.lines import padded
from .text_view import TextView

_NAME = 14
"""The cells of the column of names, the marker of the selected one included."""

_DONE = 12
"""The cells at the right that say what was done."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One scenario of the list; `problem` stands in the place of the summary, `done` says what was done with it."""

    name: str
    title: str
    summary: str
    section: str = ""
    problem: str = ""
    done: str = ""


class ScenarioList(TextView):
    """The entries one below the other; keys are the screen's business, a click opens an entry."""

    DEFAULT_CSS = """
    ScenarioList:ansi .text--selected { text-style: bold; }
    """

    @dataclass(eq=False)
    class Clicked(Message):
        """The entry at `index` was clicked; it is the selected one now."""

        index: int

    def __init__(
        self, entries: Sequence[Entry], selected: int = 0, nothing: str = "", *, name_cells: int = _NAME
    ) -> None:
        """Show entries, one of them selected; `nothing` is what is said where there are none.

        The column of names, with the marker of the selected one, has `name_cells` cells.
        """
        super().__init__()
        self._name_cells = name_cells
        self._entries = entries
        self.selected = selected
        self._nothing = nothing
        self._width = 0
        self._rows: list[tuple[int | None, Text]] = []
        self._first_rows: list[int] = []

    def show(self, entries: Sequence[Entry], selected: int, nothing: str = "") -> None:
        """Show other entries; `nothing` is what is said where there are none."""
        self._entries, self._nothing, self._width = entries, nothing, 0
        self._draw(selected)

    def select(self, index: int) -> None:
        """Select the entry at `index`, or the nearest that there is, and bring it into view."""
        self.selected = max(0, min(index, len(self._entries) - 1))
        if self.selected < len(self._first_rows):
            first = self._first_rows[self.selected]
            heading = first - 1 if first and self._rows[first - 1][0] is None else first
            last = first
            while last + 1 < len(self._rows) and self._rows[last + 1][0] == self.selected:
                last += 1
            top, height = self.scroll_offset.y, self.size.height
            if heading < top:
                self.scroll_to(y=heading, animate=False)
            elif last >= top + height:
                self.scroll_to(y=min(heading, last - height + 1), animate=False)
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw one row in view."""
        width = self.scrollable_content_region.width
        self._lay_out(width)
        y += self.scroll_offset.y
        if y >= len(self._rows):
            return Strip.blank(width, self.own_style)
        entry, row = self._rows[y]
        selected = entry == self.selected and bool(row)
        if selected:
            row = Text("> ", end="") + row[2:]
        strip = Strip(segment for segment in row.render(self.app.console) if segment.text).adjust_cell_length(width)
        return strip.apply_style(self.own_style + self.named_style("selected" if selected else ""))

    def on_resize(self) -> None:
        """Wrap anew for the new width."""
        self._draw(self.selected)

    def notify_style_update(self) -> None:
        """Follow a change of theme."""
        super().notify_style_update()
        self._width = 0

    def on_click(self, event: events.Click) -> None:
        """Open the entry under the mouse."""
        y = event.y + self.scroll_offset.y
        entry = self._rows[y][0] if y < len(self._rows) else None
        if entry is not None:
            self.select(entry)
            self.post_message(self.Clicked(self.selected))

    def _draw(self, selected: int) -> None:
        self._lay_out(self.scrollable_content_region.width)
        self.set_content_height(len(self._rows))
        self.select(selected)

    def _lay_out(self, width: int) -> None:
        if width == self._width or not width:
            return
        self._width = width
        self._rows, self._first_rows = [], []
        section = ""
        for index, entry in enumerate(self._entries):
            if entry.section != section:
                section = entry.section
                self._rows.append((None, self._heading(section, width)))
            self._first_rows.append(len(self._rows))
            self._rows += [(index, row) for row in self._entry(entry, width)]
            self._rows.append((index, Text()))
        if not self._entries:
            self._rows = [(None, Text("  ", end="") + row) for row in self._wrapped(self._nothing, width - 4)]

    def _heading(self, section: str, width: int) -> Text:
        words = printable(section)
        words = words if cell_len(words) <= width - 4 else set_cell_size(words, width - 5) + "…"
        return Text(words, self.named_style("label"), end="")

    def _entry(self, entry: Entry, width: int) -> list[Text]:
        room = width - self._name_cells - 1
        rows: list[Text] = []
        done = self._done(entry.done)
        titles = self._wrapped(entry.title, room - (_DONE if done else 0))
        name = Text.assemble((_cut(f"  {printable(entry.name)}", self._name_cells), self.named_style("name")), end="")
        for row in titles:
            rows.append(name + row)
            name = Text(" " * self._name_cells, end="")
        if done and rows:
            rows[0].pad_right(width - 1 - rows[0].cell_len - done.cell_len)
            rows[0] = rows[0] + done
        below = self._wrapped(entry.problem or entry.summary, room, "undefined" if entry.problem else "")
        return rows + [Text(" " * self._name_cells, end="") + row for row in below[:_MOST_LINES]]

    def _wrapped(self, words: str, room: int, style: str = "") -> list[Text]:
        text = Text(printable(words), self.named_style(style), end="")
        if "\n" not in words and text.cell_len <= room:
            return [text]  # most fit, and there may be a thousand
        return list(text.wrap(self.app.console, max(1, room)))  # a window that is too small is laid out too

    def _done(self, done: str) -> Text:
        return Text(done, self.named_style("label"), end="")


_MOST_LINES = 6
"""Lines of a summary, or of what is wrong with a file, that are shown."""


def _cut(name: str, cells: int) -> str:
    """Bring a name to the cells of its column; one that is too long ends in an ellipsis."""
    return f"{set_cell_size(name, cells - 2)}… " if cell_len(name) >= cells else padded(name, cells)
