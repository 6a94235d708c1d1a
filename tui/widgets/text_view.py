"""`TextView`: the base of what draws styled text line by line; style names become colours of the theme here."""

from __future__ import annotations

from rich.style import Style
from textual.scroll_view import ScrollView

from ..render import STYLES


class TextView(ScrollView, can_focus=False):
    """A scrolling view that resolves the style names of `render.STYLES` in the current theme."""

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
        .text--selected { background: $panel-lighten-1; }
        &:ansi .text--selected { text-style: underline; }
    }
    """

    def named_style(self, name: str) -> Style:
        """Return a style by its name; no name is no style."""
        return self.get_component_rich_style(f"text--{name}", partial=True) if name else Style.null()
