"""The keys of a screen by the id of their binding: for the key bar, the help and the command palette."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from textual.binding import ActiveBinding, Binding, BindingType
from textual.screen import Screen
from textual.widget import Widget


class ActiveKeys(NamedTuple):
    """A binding that works on a screen: all keys that it has there, as they are shown, and what it does.

    `shown` is the one that stands for them all where there is room for one.
    """

    keys: list[str]
    active: ActiveBinding
    shown: str

    @property
    def binding(self) -> Binding:
        """The binding of the first key."""
        return self.active.binding

    @property
    def explanation(self) -> str:
        """What the binding does, as a phrase."""
        return self.active.tooltip or self.binding.tooltip or self.binding.description


def active_keys(screen: Screen[object]) -> dict[str, ActiveKeys]:
    """Return the bindings that work on a screen, by their ids: the screen's, those of what has the keys, the app's.

    Each has them in the order in which they were written down. That does not depend on the keys, so that a binding
    with a user's own key stays at its place.
    """
    found: dict[str, ActiveKeys] = {}
    for key, active in screen.active_bindings.items():
        binding = active.binding
        if binding.id is not None and binding.description:
            if binding.id not in found:
                found[binding.id] = ActiveKeys([], active, screen.app.get_key_display(binding))
            shown = screen.app.get_key_display(Binding(key, binding.action, binding.description))
            found[binding.id].keys.append(shown)
    with_keys = screen.focused.ancestors_with_self[::-1] if screen.focused is not None else []
    within = [name for node in with_keys if isinstance(node, Widget) for name in _declared(node.BINDINGS)]
    declared = [*_declared(screen.BINDINGS), *within, *_declared(screen.app.BINDINGS)]
    ordered = {name: found[name] for name in declared if name in found}
    return {**ordered, **found}


def _declared(bindings: Iterable[BindingType]) -> list[str]:
    return [binding.id for binding in bindings if isinstance(binding, Binding) and binding.id is not None]
