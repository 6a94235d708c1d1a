"""`ScenarioList`: scenarios with title and summary, one of them selected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size
from rich.text import Text
from textual import events
from textual.message import Message
from textual.strip import Strip

from ...engine.errors import printable
from ..words.lines import padded
from .text_view import TextView

if TYPE_CHECKING:
    from ...engine.card import Card
    from ...engine.scenario import Scenario

_NAME = 14
"""The cells of the column of names, the marker of the selected one included."""


class ScenarioList(TextView):
    """The entries one below the other; keys are the screen's business, a click opens an entry."""

    DEFAULT_CSS = """
    ScenarioList:ansi .text--selected { text-style: bold; }
    """

    @dataclass(eq=False)
    class Clicked(Message):
        """The entry at `index` was clicked; it is the selected one now."""

        index: int

    def __init__(self, scenarios: Sequence[Card | Scenario], selected: int = 0) -> None:
        super().__init__()
        self._scenarios = scenarios
        self.selected = selected
        self._width = 0
        self._rows: list[tuple[int, Text]] = []

    def select(self, index: int) -> None:
        """Select the entry at `index`, or the nearest that there is, and bring it into view."""
        self.selected = max(0, min(index, len(self._scenarios) - 1))
        rows = [row for row, (entry, _) in enumerate(self._rows) if entry == self.selected]
        if rows:
            top, height = self.scroll_offset.y, self.size.height
            if rows[0] < top:
                self.scroll_to(y=rows[0], animate=False)
            elif rows[-1] >= top + height:
                self.scroll_to(y=min(rows[0], rows[-1] - height + 1), animate=False)
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
        self._lay_out(self.scrollable_content_region.width)
        self.set_content_height(len(self._rows))
        self.select(self.selected)

    def notify_style_update(self) -> None:
        """Follow a change of theme."""
        super().notify_style_update()
        self._width = 0

    def on_click(self, event: events.Click) -> None:
        """Open the entry under the mouse."""
        y = event.y + self.scroll_offset.y
        if y < len(self._rows):
            self.select(self._rows[y][0])
            self.post_message(self.Clicked(self.selected))

    def _lay_out(self, width: int) -> None:
        if width == self._width or not width:
            return
        self._width = width
        self._rows = []
        for index, scenario in enumerate(self._scenarios):
            titles = Text(printable(scenario.title)).wrap(self.app.console, width - _NAME - 1)
            name = Text.assemble((_cut(f"  {printable(scenario.name)}"), self.named_style("name")), end="")
            summary = Text(printable(scenario.summary)).wrap(self.app.console, width - _NAME - 1)
            for row in titles:
                self._rows.append((index, name + row))
                name = Text(" " * _NAME, end="")
            self._rows += [(index, Text(" " * _NAME, end="") + row) for row in summary]
            self._rows.append((index, Text()))


def _cut(name: str) -> str:
    """Bring a name to the cells of its column; one that is too long ends in an ellipsis."""
    return f"{set_cell_size(name, _NAME - 2)}… " if cell_len(name) >= _NAME else padded(name, _NAME)
