"""`Command`: a key of a walk, and what it does."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from textual.binding import Binding, BindingType

from .stage import Stage


@dataclass(frozen=True, slots=True)
class Command:
    """What a key does in a walk, whatever draws its graph.

    `id` names it in a user's settings, `keys` are Textual's names of its keys, separated by commas; `label` stands
    in the key bar, `tooltip` in the help and the palette, as a phrase. `key_display` is how the first key is shown,
    where its name is not. One that `tells_ahead` shows numbers of steps that were not taken yet, so it does nothing
    while they are asked for.
    """

    id: str
    keys: str
    label: str
    tooltip: str
    run: Callable[[Stage], object]
    key_display: str | None = None
    tells_ahead: bool = False

    @property
    def binding(self) -> Binding:
        """The binding that has a screen run it."""
        action = f"command('{self.id}')"
        return Binding(self.keys, action, self.label, tooltip=self.tooltip, id=self.id, key_display=self.key_display)


def bindings(commands: Iterable[Command]) -> list[BindingType]:
    """Return the bindings of commands, in their order."""
    return [command.binding for command in commands]
