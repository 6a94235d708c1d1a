"""Which exercises a drill has, from what the command line says and what progress knows. No widgets."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import TYPE_CHECKING

from ...engine.errors import GradwalkError, did_you_mean, quoted
from ...engine.study.drill import Drill
from ...engine.study.drill_aims import DrillKind
from ...engine.study.mastery import urgency

if TYPE_CHECKING:
    from ..progress.progress import Progress

COUNT = 10
"""How many exercises a round has where nobody says."""


def kinds_named(text: str) -> tuple[DrillKind, ...]:
    """Read names of kinds, separated by commas; all kinds where there are none. GradwalkError for an unknown one."""
    names = [name.strip() for name in text.split(",") if name.strip()]
    known = [kind.value for kind in DrillKind]
    for name in names:
        if name not in known:
            hint = did_you_mean(name, known, f"there are {', '.join(known)}")
            raise GradwalkError(f"--kinds {quoted(name)}: there is no such kind of exercise; {hint}")
    return tuple(kind for kind in DrillKind if kind.value in names) or tuple(DrillKind)


def drills(
    progress: Progress, seed: int | None = None, count: int = COUNT, kinds: tuple[DrillKind, ...] = tuple(DrillKind)
) -> Callable[[], Drill]:
    """Return what makes the drill of each round, one after another.

    With a `seed` the rounds are the same for everybody, whatever they have done before; without one they are drawn
    anew, and aimed at what progress says is to be practised.
    """
    seeds = None if seed is None else iter(range(seed, seed + (1 << 62)))

    def next_drill() -> Drill:
        if seeds is not None:
            return Drill(next(seeds), count, kinds)
        weights = {skill: urgency(standing) for skill, standing in progress.skills().items()}
        return Drill(secrets.randbits(63), count, kinds, weights)

    return next_drill
