"""`Kept`: the walks and trainings that were left, to be found again as they were."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from ..engine.card import Card

if TYPE_CHECKING:
    from pathlib import Path

    from ..engine.scenario import Scenario

Report = Callable[[str, float], None]
"""Told what is being done and which part of it is done (0 to 1); may raise to stop."""

Identity = tuple["Path | None", str, str]
"""The file that a scenario was read from; where it is built in, or from no file, None, its name and its title."""


class Opened(Protocol):
    """What a scenario was opened as: a walk, or a training."""

    @property
    def scenario(self) -> Scenario:
        """The scenario."""
        ...

    @property
    def unsaved(self) -> bool:
        """Whether a person has made something of it that could be saved in a file and is in none."""
        ...

    def without_arrays(self) -> Callable[[Report], Opened]:
        """Return what makes it again as it is now; it holds the scenario and what a person did, and little else."""
        ...


class Kept:
    """What was left, none of it ever lost.

    At most so many nodes, all together, are kept ready to be shown at once. Of those that were left longest ago only
    what a person did is kept: their numbers are computed again when somebody comes back.
    """

    def __init__(self, most_nodes: int) -> None:
        self._most = most_nodes
        self._ready: dict[Identity, Opened] = {}
        self._waiting: dict[Identity, Callable[[Report], Opened]] = {}
        self._unsaved: dict[tuple[Identity, int | None], str] = {}
        self._epochs: dict[tuple[Identity, int], dict[str, Any]] = {}

    def keep(self, opened: Opened) -> None:
        """Keep what was left."""
        key = identity(opened.scenario)
        self._forget(key)
        self._ready[key] = opened
        if opened.unsaved:
            self._unsaved[key, None] = opened.scenario.title
        while self._ready and sum(len(kept.scenario.graph) for kept in self._ready.values()) > self._most:
            oldest = next(iter(self._ready))
            self._waiting[oldest] = self._ready.pop(oldest).without_arrays()

    def find(self, scenario: Card | Scenario) -> Opened | None:
        """Return what a scenario was left as; None where it was not, or has to be made again."""
        return self._ready.get(identity(scenario))

    def making(self, scenario: Card | Scenario) -> Callable[[Report], Opened] | None:
        """Return what makes a scenario again as it was left; None where it was not left, or is ready."""
        return self._waiting.get(identity(scenario))

    def unsaved(self) -> dict[tuple[Identity, int | None], str]:
        """Return the titles of what was left with something unsaved, by its scenario, and its epoch if it is one."""
        return dict(self._unsaved)

    def keep_epoch(self, scenario: Scenario, epoch: int, stand: dict[str, Any], *, unsaved: bool = False) -> None:
        """Keep how the walk through an epoch stood (see `Moment.stand`), and whether it has something unsaved."""
        self._unsaved.pop((identity(scenario), epoch), None)
        if unsaved:
            self._unsaved[identity(scenario), epoch] = scenario.title
        self._epochs[identity(scenario), epoch] = stand

    def find_epoch(self, scenario: Scenario, epoch: int) -> dict[str, Any] | None:
        """Return how the walk through an epoch was left; None where it was not."""
        return self._epochs.get((identity(scenario), epoch))

    def _forget(self, key: Identity) -> None:
        self._ready.pop(key, None)
        self._waiting.pop(key, None)
        self._unsaved.pop((key, None), None)


def identity(scenario: Card | Scenario) -> Identity:
    """Return what only this scenario has: a file of somebody's own may have the name and title of a built-in one."""
    return (None, scenario.name, scenario.title) if scenario.path is None else (scenario.path, "", "")
