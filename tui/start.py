"""`Start`: where a scenario is opened, and what its walks look like, as the command line says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ..engine.errors import GradwalkError, did_you_mean, listing, quoted

if TYPE_CHECKING:
    from ..engine.training.scenario import TrainingScenario
    from ..engine.walk.trace import Trace
    from .walk.moment import Moment
    from .walk.opened import OpenedWalk

_NAMES = 17
"""So many names of nodes are looked at, to name some where none is like the one that was written."""


@dataclass(frozen=True)
class Start:
    """Where the first scenario is opened, and how every walk is looked at that has not been opened before.

    `step` is a number or a name of a step; for a training, the number of an epoch. `view`, `panel` and `digits` are
    those of `Moment`; empty, or 0, they are the usual ones. `predict` is one of `level.CHOICES`, and empty where no
    step is asked for. `arrays` says that the walk begins with its arrays.
    """

    step: str = ""
    view: str = ""
    panel: str = ""
    digits: int = 0
    predict: str = ""
    arrays: bool = False

    def check(self) -> None:
        """Raise GradwalkError for a view, a panel or a level of predicting that there is not."""
        if self.view:
            from .walk.views import VIEWS

            _need("view", self.view, (view.name for view in VIEWS))
        if self.panel:
            from .walk.panels import PANELS

            _need("panel", self.panel, (panel.name for panel in PANELS))
        if self.predict:
            from ..engine.study.level import CHOICES

            _need("level", self.predict, CHOICES)

    def look(self, trace: Trace) -> Moment:
        """Return the beginning of a walk."""
        from .walk.moment import Moment, Prediction

        prediction = Prediction(self.predict, 0) if self.predict else None
        moment = Moment(trace, digits=self.digits, prediction=prediction)
        return replace(moment, view=self.view or moment.view, panel=self.panel or moment.panel)

    def of_walk(self, opened: OpenedWalk) -> OpenedWalk:
        """Return a walk at the moment it is opened at; GradwalkError where it has no such step, or no arrays."""
        if self.arrays and not opened.trace.graph.arrays:
            from .words.arrays import NO_ARRAYS

            raise GradwalkError(f"--arrays: {NO_ARRAYS[0].lower()}{NO_ARRAYS[1:]}")
        moment = self.look(opened.trace)
        if self.step:
            from ..engine.walk.named_step import find_step

            graph = opened.trace.graph
            names = listing(graph.label(node) for node in range(min(len(graph), _NAMES)))
            found = find_step(opened.trace, self.step, f"there are {names}")
            if isinstance(found, str):
                raise GradwalkError(f"--step {quoted(self.step)}: {found}")
            moment = moment.at(found).seen()
        return replace(opened, moment=moment, begins_with_arrays=self.arrays)

    def epoch(self, scenario: TrainingScenario) -> int:
        """Return the epoch that a training is opened at; GradwalkError where it has no such epoch."""
        if not self.step:
            return 0
        from ..engine.walk.named_step import whole_number

        most = scenario.options.epochs
        found = whole_number(self.step, most, f"training ends after {most} epochs")
        if isinstance(found, int):
            return found
        problem = found or f"a training is opened at one of its epochs, a number from 0 to {most}"
        raise GradwalkError(f"--step {quoted(self.step)}: {problem}")


def theme_named(name: str) -> str:
    """Return the name of a theme; GradwalkError where there is none of that name."""
    from .themes import THEMES

    _need("theme", name, THEMES)
    return name


def _need(what: str, name: str, known: Iterable[str]) -> None:
    names = list(known)
    if name not in names:
        hint = did_you_mean(name, names, f"there are {', '.join(names)}")
        raise GradwalkError(f"--{what} {quoted(name)}: there is no such {what}; {hint}")
