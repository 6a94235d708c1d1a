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
        self._width = 0

    def on_resize(self) -> None:
        """Wrap anew for the new width."""
        self._lay_out()

    def _wrap(self, width: int) -> None:
        self._width = width
        console = self.app.console
        self._strips = []
        for line in self._draw(width):
            if not self._takes_as_it_is(line, width):
                self._take_wrapped(line, width, console)

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

    def _take_wrapped(self, line: Line, width: int, console: Console) -> None:
        indent = line.indent if line.indent <= width // 2 else 0
        first, rest = self._parts(line, indent)
        whole = self.whole_style("")
        for number, row in enumerate(rest.wrap(console, max(1, width - indent)) or [Text()]):
            row = (Text(" " * indent) if number else first) + row
            strip = Strip(segment for segment in row.render(console) if segment.text).crop(0, width)
            self._strips.append(strip.extend_cell_length(width).apply_style(whole))

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
        top, wide = self.scroll_offset.y, self.size.width
        both = range(top, min(top + height, max(len(before), len(strips))))
        changed = [
            Region(0, row - top, wide, 1)
            for row in both
            if row >= len(before) or row >= len(strips) or before[row] != strips[row]
        ]
        if changed:
            self.refresh(*changed)
