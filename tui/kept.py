"""`Kept`: the walks and trainings that were left, to be found again as they were."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from ..engine.library import Card
    from ..engine.scenario import Scenario


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
        self._opened: dict[tuple[str, str], Opened] = {}

    def keep(self, opened: Opened) -> None:
        """Keep what was left, as long as there is room."""
        identity = _identity(opened.scenario)
        self._opened.pop(identity, None)
        self._opened[identity] = opened
        while sum(len(kept.scenario.graph) for kept in self._opened.values()) > self._most:
            del self._opened[next(iter(self._opened))]

    def find(self, scenario: Card | Scenario) -> Opened | None:
        """Return what a scenario was left as, None where it was not, or that has been forgotten."""
        return self._opened.get(_identity(scenario))


def _identity(scenario: Card | Scenario) -> tuple[str, str]:
    return scenario.name, scenario.title
