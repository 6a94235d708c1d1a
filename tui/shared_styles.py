"""What style sheets come to, shared by the apps of a process, and by those of the processes that are forked from it.

Textual reads its style sheets anew for each app, and computes anew which colours a terminal has in place of dim ones.
"""

from __future__ import annotations

from collections.abc import MutableSequence
from typing import Any

from rich.terminal_theme import TerminalTheme
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet
from textual.filter import ANSIToTruecolor, LineFilter

_RULES: dict[tuple[tuple[str, str], ...], dict[Any, list[RuleSet]]] = {}
"""The rules of each text, by the variables that it was read with."""


class SharedStylesheet(Stylesheet):
    """A style sheet that reads no text twice with the same variables."""

    def __init__(self, *, variables: dict[str, str] | None = None) -> None:
        """Begin with no text."""
        super().__init__(variables=variables)
        self._share()

    def set_variables(self, variables: dict[str, str]) -> None:
        """Read all with other variables from now on."""
        self._parse_cache: Any = {}  # not that of the variables before, which others go on with
        super().set_variables(variables)
        self._share()

    def copy(self) -> Stylesheet:
        """Return one that reads the same texts."""
        copy = SharedStylesheet(variables=self._variables.copy())
        copy.source = self.source.copy()
        return copy

    def _share(self) -> None:
        self._parse_cache = _RULES.setdefault(tuple(sorted(self._variables.items())), {})


class SharedTruecolor(ANSIToTruecolor):
    """A filter that is equal to every other for the same terminal, so that what one has computed is found by all."""

    def __init__(self, terminal_theme: TerminalTheme, enabled: bool = True) -> None:
        """Compute colours for a terminal."""
        super().__init__(terminal_theme, enabled=enabled)
        self._theme = terminal_theme

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SharedTruecolor) and other._theme is self._theme

    def __hash__(self) -> int:
        return hash(id(self._theme))


def share_filters(filters: MutableSequence[LineFilter]) -> None:
    """Put such filters in the place of Textual's own."""
    for place, each in enumerate(filters):
        if type(each) is ANSIToTruecolor:
            filters[place] = SharedTruecolor(each._terminal_theme, each.enabled)  # pyright: ignore[reportPrivateUsage]
