"""`LinesView`: text lines whose style names follow the theme, redrawn only where they change."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rich.cells import cell_len
from rich.console import Console
from rich.segment import Segment
from rich.text import Text
from textual.geometry import Region
from textual.reactive import var
from textual.strip import Strip

from ..bindings import active_keys
from ..words.lines import Line
from .text_view import TextView

_MOST_WRAPPED = 200
"""So many lines are remembered as they were wrapped."""


class LinesView(TextView):
    """A scrollable block of wrapped lines, each continuation below the first piece.

    `show` replaces the lines and repaints only the rows that differ. Where they do not all fit, the title of the
    border, if there is one, names the key of the binding `scroll_binding`.
    """

    LINES_ARE_WHOLE = True

    overflows: var[bool] = var(False, init=False)
    """Whether there are more lines than fit."""

    def __init__(self, id: str | None = None, scroll_binding: str = "") -> None:
        super().__init__(id=id)
        self._scroll_binding = scroll_binding
        self._draw: Callable[[int], Sequence[Line]] = lambda width: ()
        self._strips: list[Strip] = []
        self._width = 0
        self._wrapped: dict[Line, list[Strip]] = {}
        """What lines came to that were wrapped, which takes long, at the present width."""

    def show(self, draw: Callable[[int], Sequence[Line]]) -> None:
        """Draw, from the top, the lines that `draw` returns for a width."""
        self._draw = draw
        if self.scroll_y or self.scroll_target_y:
            self.scroll_to(y=0, animate=False)
        self._lay_out()

    def render_line(self, y: int) -> Strip:
        """Draw one row in view."""
        width = self.line_width
        if width != self._width:  # the first paint comes before the resize event does
            self._wrap(width)
        y += self.scroll_offset.y
        return self._strips[y] if y < len(self._strips) else Strip.blank(width, self.whole_style(""))

    def notify_style_update(self) -> None:
        """Follow a change of theme."""
        super().notify_style_update()
        self._width = 0  # and what was wrapped is wrapped anew

    def on_resize(self) -> None:
        """Wrap anew for the new width."""
        self._lay_out()

    def _wrap(self, width: int) -> None:
        if width != self._width or len(self._wrapped) > _MOST_WRAPPED:
            self._wrapped.clear()
        self._width = width
        console = self.app.console
        self._strips = []
        for line in self._draw(width):
            if not self._takes_as_it_is(line, width):
                strips = self._wrapped.get(line)
                if strips is None:
                    strips = self._wrapped[line] = self._wrapped_line(line, width, console)
                self._strips += strips

    def _takes_as_it_is(self, line: Line, width: int) -> bool:
        """Take a line that fits: most do, and wrapping takes ten times as long."""
        segments: list[Segment] = []
        room = width
        for part, style in line.styled:
            if "\n" in part:
                return False
            if part:
                room -= cell_len(part)
                segments.append(Segment(part, self.whole_style(style)))
        if room < 0:
            return False
        if room:
            segments.append(Segment(" " * room, self.whole_style("")))
        self._strips.append(Strip(segments, width))
        return True

    def _wrapped_line(self, line: Line, width: int, console: Console) -> list[Strip]:
        indent = line.indent if line.indent <= width // 2 else 0
        first, rest = self._parts(line, indent)
        whole = self.whole_style("")
        strips: list[Strip] = []
        for number, row in enumerate(rest.wrap(console, max(1, width - indent)) or [Text()]):
            row = (Text(" " * indent) if number else first) + row
            strip = Strip(segment for segment in row.render(console) if segment.text).crop(0, width)
            strips.append(strip.extend_cell_length(width).apply_style(whole))
        return strips

    def _parts(self, line: Line, indent: int) -> tuple[Text, Text]:
        """Return what stands in the first cells of a line, and the rest, in the colours of the theme."""
        text = Text(end="")
        for part, style in line.styled:
            text.append(part, self.whole_style(style))
        characters = len(line.label[0]) or indent if indent else 0
        return text[:characters], text[characters:]

    def _scroll_hint(self) -> str:
        bound = active_keys(self.screen).get(self._scroll_binding)
        return f"{bound.shown} for more" if bound else ""

    def _lay_out(self) -> None:
        width, height = self.scrollable_content_region.size
        if not width or not self.is_attached:
            return
        before = self._strips
        self._wrap(width)
        strips = self._strips
        self.set_content_height(len(strips))
        self.overflows = len(strips) > height
        hint = self._scroll_hint() if self._scroll_binding and self.overflows else ""
        if hint != (self.border_title or ""):  # setting it, to the same even, repaints the whole view
            self.border_title = hint
        top = self.scroll_offset.y
        both = range(top, min(top + height, max(len(before), len(strips))))
        changed = [
            Region(0, row - top, width, 1)
            for row in both
            if row >= len(before) or row >= len(strips) or before[row] != strips[row]
        ]
        if changed:
            self.refresh(*changed)
