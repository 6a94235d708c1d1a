"""`TitleBar`: what the screen shows, and the key that explains it."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Static


class TitleBar(Horizontal):
    """One line at the top; it says where help is, since a narrow footer cannot show every key."""

    DEFAULT_CSS = """
    TitleBar {
        height: 1; padding: 0 1; background: $surface;
        #title { width: 1fr; height: 1; text-style: bold; text-wrap: nowrap; text-overflow: ellipsis; }
        #help { width: auto; text-style: dim; padding-left: 1; }
    }
    """

    def __init__(self, title: str) -> None:
        super().__init__()
        self._title = title

    def compose(self) -> ComposeResult:
        """Lay out the two sides."""
        yield Static(f"gradwalk · {self._title}", id="title", markup=False)
        yield Static("? help  ^p commands", id="help", markup=False)
