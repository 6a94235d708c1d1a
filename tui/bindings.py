"""The keys of a screen by the id of their binding: for the key bar, the help and the command palette."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from textual.binding import ActiveBinding, Binding, BindingType
from textual.screen import Screen
from textual.widget import Widget

SEPARATOR = " · "
"""Stands between the keys that a line names."""

_ID = re.compile(r"\{([a-z]+\.[a-z-]+)\}")


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

    Each has them in the order in which they were written down, first those that a screen inherits. That does not
    depend on the keys, so that a binding with a user's own key stays at its place.
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
    inherited = [name for each in type(screen).__mro__[::-1] for name in _declared(vars(each).get("BINDINGS", ()))]
    declared = [*inherited, *within, *_declared(screen.app.BINDINGS)]
    ordered = {name: found[name] for name in declared if name in found}
    return {**ordered, **found}


def with_keys(words: str, screen: Screen[Any]) -> str:
    """Put the keys that work on a screen into a sentence: `{ranking.close} closes` becomes `esc closes`.

    Of words that are a list, such as `⏎ goes there · {ranking.close} closes`, the part whose binding has no key there
    is left out; elsewhere "no key" stands for it.
    """
    if not _ID.search(words):
        return words
    keys = active_keys(screen)
    parts = words.split(SEPARATOR)
    known = [part for part in parts if all(name in keys for name in _ID.findall(part))]
    return _ID.sub(
        lambda match: keys[match[1]].shown if match[1] in keys else "no key",
        SEPARATOR.join(known if len(parts) > 1 else parts),
    )


def _declared(bindings: Iterable[BindingType]) -> list[str]:
    return [binding.id for binding in bindings if isinstance(binding, Binding) and binding.id is not None]
