"""`LinesDialog`: the base of a dialog that holds lines to read."""

from __future__ import annotations

from textual.binding import Binding, BindingType

from ..widgets.lines import LinesView
from .dialog import Dialog


def scroll_bindings(name: str) -> list[BindingType]:
    """Return the keys that scroll by rows and by pages in the dialog whose bindings begin with `name`."""
    return [
        Binding("down,j", "scroll(1)", "Down", tooltip="Scroll down", id=f"{name}.down"),
        Binding("up,k", "scroll(-1)", "Up", tooltip="Scroll up", id=f"{name}.up"),
        Binding("pagedown,space", "scroll_page(1)", "Page down", tooltip="Scroll a page down", id=f"{name}.page-down"),
        Binding("pageup", "scroll_page(-1)", "Page up", tooltip="Scroll a page up", id=f"{name}.page-up"),
    ]


class LinesDialog(Dialog[None]):
    """A dialog with one `LinesView`, which scrolls."""

    @property
    def view(self) -> LinesView:
        """The lines."""
        return self.query_one(LinesView)

    def action_scroll(self, rows: int) -> None:
        """Scroll by rows."""
        self.view.scroll_relative(y=rows, animate=False)

    def action_scroll_page(self, pages: int) -> None:
        """Scroll by pages, a row less than the height of the view."""
        self.view.scroll_relative(y=pages * max(1, self.view.size.height - 1), animate=False)
