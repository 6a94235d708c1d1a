"""`TitleBar`: what the screen shows, and the keys that explain it."""

from __future__ import annotations

from typing import cast

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

from ...engine.errors import printable
from ..bindings import SEPARATOR, active_keys, with_keys

_NAME = " gradwalk · "


class TitleBar(Widget):
    """One line at the top; it says where help is, since a narrow key bar cannot show every key."""

    DEFAULT_CSS = """
    TitleBar { height: 1; background: $surface; }
    """

    def __init__(self, title: str) -> None:
        super().__init__()
        self.show(title)

    def on_mount(self) -> None:
        """Follow the bindings: behind a dialog the key of the help is not one of this screen."""
        self.screen.bindings_updated_signal.subscribe(self, self._follow_bindings)
        self.app.screen_change_signal.subscribe(self, self._follow_bindings)  # a dialog takes the keys, or gives them

    def show(self, title: str) -> None:
        """Say what the screen shows."""
        self._title = printable(title)
        self.refresh()

    def _follow_bindings(self, screen: Screen[object]) -> None:
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw the two sides."""
        keys_that_help = self._help_words + self._commands_words
        room = self.size.width - cell_len(keys_that_help) - 1
        title = f"{_NAME}{self._leading}{self._title}"
        if cell_len(title) > room:
            title = set_cell_size(title, room - 1) + "…"
        segments = [Segment(set_cell_size(title, room + 1), Style(bold=True)), Segment(keys_that_help, Style(dim=True))]
        return Strip(segments).adjust_cell_length(self.size.width).apply_style(self.rich_style)

    async def on_click(self, event: events.Click) -> None:
        """Do what the key under the mouse does."""
        commands = self.size.width - cell_len(self._commands_words)
        if event.x >= commands:
            await self.app.run_action("app.command_palette")
        elif event.x >= commands - cell_len(self._help_words):
            await self.app.run_action("app.help")
        elif self._leading and cell_len(_NAME) <= event.x < cell_len(_NAME + self._leading) - 3:
            await self.app.run_action("app.catch_up")

    @property
    def _leading(self) -> str:
        """Who leads the screen, before what it shows: so it is cut last where there is little room."""
        said: str = getattr(cast("object", self.app), "who_leads", "")
        in_field = getattr(self.screen.focused, "cursor_screen_offset", None) is not None
        if in_field or self.app.screen is not self.screen:  # what is typed goes into a field, or to a dialog
            said = said.replace("{lecture.catch-up}", "{lecture.catch-up-anywhere}")
        return f"{with_keys(said, self.screen)}{SEPARATOR}" if said else ""

    @property
    def _help_words(self) -> str:
        bound = active_keys(self.screen).get("app.help")
        return f"{bound.shown} help  " if bound else ""

    @property
    def _commands_words(self) -> str:
        return "^p commands "
