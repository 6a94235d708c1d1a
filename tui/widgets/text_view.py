"""`TextView`: the base of what draws styled text line by line; style names become colours of the theme here."""

from __future__ import annotations

from typing import ClassVar, cast

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region, Size
from textual.reactive import Reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from ..words.lines import STYLES


class TextView(ScrollView, can_focus=False):
    """A scrolling view that resolves the style names of `words.lines.STYLES` in the current theme."""

    LINES_ARE_WHOLE: ClassVar[bool] = False
    """Whether `render_line` draws in whole styles (`whole_style`), so that only the space beside the lines is missing.

    Textual's own way adds, for each line, what a border, a tint, an opacity could ask for.
    """

    COMPONENT_CLASSES = {f"text--{name}" for name in STYLES}  # noqa: RUF012 - Textual's own convention
    DEFAULT_CSS = """
    TextView {
        overflow-x: hidden; overflow-y: auto; scrollbar-size-vertical: 1;
        .text--heading { text-style: bold; }
        .text--label { text-style: dim; }
        .text--name { text-style: bold; }
        .text--value { color: $success; text-style: bold; }
        .text--upstream { color: $secondary; text-style: bold; }
        .text--local { color: $warning; text-style: bold; }
        .text--contribution { color: $accent; text-style: bold; }
        .text--note { text-style: italic; }
        .text--undefined { color: $error; text-style: bold; }
        .text--unknown { text-style: dim; }
        .text--active { color: $accent; text-style: bold reverse; }
        .text--guide { text-style: dim; }
        .text--edge { color: $warning; text-style: bold; }
        .text--selected { background: $selected-row; }
        &:ansi .text--selected { background: ansi_default; text-style: underline; }
        &:ansi .text--undefined { text-style: bold underline; }
    }
    """

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self._named_styles: dict[str, Style] = {}
        self._whole_styles: dict[tuple[str, str], Style] = {}
        self._own_style: Style | None = None
        self._ground_style: Style | None = None
        self._is_bare: bool | None = None
        self._line_width = 0

    @property
    def line_width(self) -> int:
        """The cells of a line in view."""
        return self._line_width or self.scrollable_content_region.width

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draw some lines of the view, its padding among them."""
        gutter = self.styles.gutter
        if not self.LINES_ARE_WHOLE or not self._bare or gutter != self.styles.padding:
            return super().render_lines(crop)
        region = self.region
        top, _, bottom, left = gutter
        style = self._ground
        width = self._line_width = region.shrink(gutter).shrink(self.scrollbar_gutter).width
        exactly = (crop.x, crop.width) == (left, width)
        strips: list[Strip] = []
        try:
            for y in range(crop.y, crop.bottom):
                if not top <= y < region.height - bottom:
                    strips.append(Strip.blank(crop.width, style))
                    continue
                line = self.render_line(y - top)
                if exactly and line.cell_length == width:
                    strips.append(line)
                    continue
                after = region.width - left - line.cell_length
                before = [Segment(" " * left, style)] if left else []
                line = Strip([*before, *line, Segment(" " * after, style)] if after > 0 else [*before, *line])
                strips.append(line.crop(crop.x, crop.right))
        finally:
            self._line_width = 0
        return strips

    @property
    def _bare(self) -> bool:
        """Whether the style sheet asks for nothing that changes lines after they are drawn."""
        if self._is_bare is None:
            styles = self.styles
            self._is_bare = (
                self.opacity == 1.0
                and styles.text_opacity == 1.0
                and not styles.tint.a
                and not any(edge for edge, _ in styles.outline)
                and not styles.has_rule("hatch")
            )
        return self._is_bare

    def whole_style(self, name: str, under: str = "") -> Style:
        """Return all that a style's name comes to on this terminal, on the view's ground, or that of another name."""
        style = self._whole_styles.get((name, under))
        if style is None:
            style = self._filtered(self.own_style + self.named_style(under) + self.named_style(name))
            self._whole_styles[name, under] = style
        return style

    @property
    def _ground(self) -> Style:
        """What the space beside the lines is drawn in."""
        if self._ground_style is None:
            below, own = self.background_colors
            self._ground_style = self._filtered(Style(bgcolor=(below + own).rich_color))
        return self._ground_style

    def _filtered(self, style: Style) -> Style:
        """Return what becomes of a style on this terminal: one without dim text, or without colours."""
        segments = [Segment(" ", style)]
        for line_filter in self.get_line_filters():
            segments = line_filter.apply(segments, self.background_colors[1])
        return segments[0].style or Style.null()

    def named_style(self, name: str) -> Style:
        """Return what a name adds to the view's own style; no name adds nothing."""
        if not name:
            return Style.null()
        style = self._named_styles.get(name)
        if style is None:
            style = self._named_styles[name] = self.get_component_rich_style(f"text--{name}", partial=True)
        return style

    @property
    def own_style(self) -> Style:
        """The view's own style: what its text and its empty space are drawn in."""
        if self._own_style is None:
            self._own_style = self.rich_style
        return self._own_style

    def notify_style_update(self) -> None:
        """Follow a change of theme."""
        super().notify_style_update()
        self._named_styles.clear()
        self._whole_styles.clear()
        self._own_style = self._ground_style = self._is_bare = None

    def set_content_height(self, rows: int) -> None:
        """Give the scroll bar its range; the screen is laid out anew only where the bar comes or goes."""
        size = Size(0, max(rows, self.size.height))
        if self.virtual_size == size:
            return
        height = self.container_size.height
        if self.show_vertical_scrollbar and min(size.height, self.virtual_size.height) > height > 0:
            self.set_reactive(cast("Reactive[Size]", ScrollView.virtual_size), size)
            self.vertical_scrollbar.window_virtual_size = size.height
            self.scroll_to(y=min(self.scroll_offset.y, size.height - height), animate=False)
        else:
            self.virtual_size = size
