"""Which wrong backward passes a hunt shows, from what the command line says. No widgets."""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from ...engine.study.hunt_planting import WrongPass, planted, planted_at_random

if TYPE_CHECKING:
    from ...engine.scenario import Scenario


def hunts(scenario: Scenario | None = None, seed: int | None = None) -> Callable[[], WrongPass]:
    """Return what plants the mistake of each hunt, one after another: in a scenario, or in functions drawn at random.

    With a `seed` they are the same for everybody. GradwalkError, when it is called, where the scenario does not serve.
    """
    seeds: Iterator[int] = itertools.count(seed) if seed is not None else iter(lambda: secrets.randbits(63), -1)

    def next_hunt() -> WrongPass:
        number = next(seeds)
        return planted_at_random(number) if scenario is None else planted(scenario, number)

    return next_hunt
