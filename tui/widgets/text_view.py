"""`TextView`: the base of what draws styled text line by line; style names become colours of the theme here."""

from __future__ import annotations

from typing import cast

from rich.style import Style
from textual.geometry import Size
from textual.reactive import Reactive
from textual.scroll_view import ScrollView

from ..words.lines import STYLES


class TextView(ScrollView, can_focus=False):
    """A scrolling view that resolves the style names of `words.lines.STYLES` in the current theme."""

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
        self._own_style: Style | None = None

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
        self._own_style = None

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
