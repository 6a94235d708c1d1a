"""`FullWindow`: the base of all screens; its size is that of the terminal, and nothing else."""

from __future__ import annotations

from textual.events import Resize
from textual.screen import Screen, ScreenResultType


class FullWindow(Screen[ScreenResultType]):
    """A screen that takes no size but the one that the terminal has now.

    Textual tells a screen its new size again once it is laid out. Where the terminal has changed its size twice
    meanwhile, both sizes would follow each other for ever, each laid out and painted, and told again.
    """

    async def _on_resize(self, event: Resize) -> None:
        if event.size != self.app.size:
            event.prevent_default()
            event.stop()
