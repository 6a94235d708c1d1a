"""`TypedLine`: shows what is being typed. The screen takes the keys, so that none is lost, however fast they come."""

from __future__ import annotations

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from ...engine.errors import printable

LONGEST = 200
"""Characters that are taken; what comes after them is left out."""


class TypedLine(Widget):
    """One line: a sign, what was typed, and a cursor; `typed` is None, and the line away, while nobody types."""

    DEFAULT_CSS = """
    TypedLine { height: 1; display: none; background: $surface; }
    TypedLine.-typing { display: block; }
    """
    typed: reactive[str | None] = reactive(None)

    def __init__(self, sign: str, placeholder: str) -> None:
        super().__init__()
        self._sign = sign
        self._placeholder = placeholder

    def watch_typed(self, typed: str | None) -> None:
        """Come, or go."""
        self.set_class(typed is not None, "-typing")

    def take(self, event: events.Key) -> bool:
        """Take a key where it belongs to the line: a character, or one that deletes; say whether it does."""
        typed = self.typed or ""
        if event.key == "backspace":
            self.typed = typed[:-1]
        elif event.key == "ctrl+u":
            self.typed = ""
        elif event.is_printable and event.character is not None:
            self.typed = (typed + event.character)[:LONGEST]
        else:
            return event.key in ("left", "right")  # there is no cursor to move, and nothing else is meant
        return True

    def render_line(self, y: int) -> Strip:
        """Draw the end of what was typed, as far as there is room."""
        typed, room = printable(self.typed or ""), max(1, self.size.width - 5)
        while cell_len(typed) > room:
            typed = typed[1:]
        rest = Segment(f" {self._placeholder}", Style(dim=True)) if not typed else Segment("")
        cells = [Segment(f" {self._sign} ", Style(bold=True)), Segment(typed), Segment(" ", Style(reverse=True)), rest]
        strip = Strip(cells).adjust_cell_length(self.size.width)
        return strip.apply_style(self.rich_style)
