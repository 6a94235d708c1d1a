"""`CommandsScreen`: the command palette, which finds every key's action, the themes and the scenarios."""

from __future__ import annotations

from textual.command import CommandPalette, Hit, Hits
from textual.system_commands import SystemCommandsProvider

from .dialog import FleetingScreen

NOTHING = "no command matches"


class Commands(SystemCommandsProvider):
    """The commands of the app; where none of them matches, it says so."""

    async def search(self, query: str) -> Hits:
        """Yield what matches, or one entry that says that nothing does, and asks again when it is chosen."""
        found = False
        async for hit in super().search(query):
            found = True
            yield hit
        if not found:
            yield Hit(1.0, NOTHING, self.app.action_command_palette, help="type a part of what a key or a command does")


class CommandsScreen(CommandPalette, FleetingScreen[None]):  # pyright: ignore[reportIncompatibleMethodOverride]
    """The command palette."""

    # Textual's own palette does not keep to its base's signatures, hence the comment for pyright.

    def __init__(self) -> None:
        super().__init__([Commands], placeholder="what a key does, a theme, a scenario …")
