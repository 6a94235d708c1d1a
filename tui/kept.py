"""`Kept`: the walks and trainings that were left, to be found again as they were."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from ..engine.card import Card

if TYPE_CHECKING:
    from pathlib import Path

    from ..engine.scenario import Scenario


Identity = tuple["Path | None", str, str]
"""The file that a scenario was read from (None where it is built in, or from no file), its name and its title."""


class Opened(Protocol):
    """What a scenario was opened as: a walk, or a training."""

    @property
    def scenario(self) -> Scenario:
        """The scenario."""
        ...


class Kept:
    """At most so many nodes of them all together; those that were left longest ago go first."""

    def __init__(self, most_nodes: int) -> None:
        self._most = most_nodes
        self._opened: dict[Identity, Opened] = {}

    def keep(self, opened: Opened) -> None:
        """Keep what was left, as long as there is room."""
        key = identity(opened.scenario)
        self._opened.pop(key, None)
        self._opened[key] = opened
        while sum(len(kept.scenario.graph) for kept in self._opened.values()) > self._most:
            del self._opened[next(iter(self._opened))]

    def find(self, scenario: Card | Scenario) -> Opened | None:
        """Return what a scenario was left as, None where it was not, or that has been forgotten."""
        return self._opened.get(identity(scenario))


def identity(scenario: Card | Scenario) -> Identity:
    """Return what only this scenario has: a file of somebody's own may have the name and title of a built-in one."""
    return None if isinstance(scenario, Card) else scenario.path, scenario.name, scenario.title
