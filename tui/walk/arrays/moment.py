"""`ArrayMoment`: what a person looks at in a walk of arrays."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ....engine.lens.walk import ArrayState, ArrayWalk
from ...words.array_grid import Place
from ..moment import SPEEDS


@dataclass(frozen=True, slots=True)
class ArrayPrediction:
    """That the steps of a walk of arrays are asked for before they are shown.

    So many steps were `seen`, asked for or not; `asked` is the one that is asked for now, 0 where none is.
    """

    seen: int
    asked: int = 0


@dataclass(frozen=True, slots=True)
class ArrayMoment:
    """A walk of arrays, and where it stands; all that is seen of it is a function of this.

    `cursor` is the number of steps taken, 0 to `walk.total`; `selected` is the place of the array that was chosen,
    None while the table follows the step. `tab` is which of the arrays on offer the table shows (see `Entries.tab`),
    and `entry` where in it keys are about. `zoomed` is "list" or "panel" where one of them has the whole window.
    `digits`, `playing` and `speed` are as in `Moment`; `prediction` is None where all steps are simply shown.
    """

    walk: ArrayWalk
    cursor: int = 0
    selected: int | None = None
    tab: str = ""
    entry: Place = (0, 0)
    zoomed: str = ""
    digits: int = 0
    playing: bool = False
    speed: float = 1.0
    prediction: ArrayPrediction | None = None

    @property
    def state(self) -> ArrayState:
        """What is known at the cursor."""
        return self.walk.state(self.cursor)

    @property
    def written(self) -> int:
        """The place of the array that the step in play writes; -1 at the start."""
        return self.walk.array_of(self.step_in_play).place if self.step_in_play else -1

    @property
    def array(self) -> int:
        """The place of the array that keys are about: the selected one, else the one that the step writes."""
        return self.selected if self.selected is not None else max(self.written, 0)

    @property
    def at_end(self) -> bool:
        """Whether every step has been taken."""
        return self.cursor == self.walk.total

    @property
    def is_asked(self) -> bool:
        """Whether a step is asked for."""
        return self.prediction is not None and self.prediction.asked > 0

    @property
    def step_in_play(self) -> int:
        """The step that the list marks: the one that is asked for, else the one just taken; 0 at the start."""
        return (self.prediction.asked if self.prediction is not None else 0) or self.cursor

    @property
    def hides_ahead(self) -> bool:
        """Whether nothing may be said of steps that were not seen yet, since they will be asked for."""
        return self.prediction is not None and self.prediction.seen < self.walk.total

    def at(self, cursor: int) -> ArrayMoment:
        """Return the moment after step number `cursor`, or at the nearer end; the table follows the step again."""
        return replace(self, cursor=max(0, min(cursor, self.walk.total)), selected=None, tab="")

    def seen(self) -> ArrayMoment:
        """Return the moment with the steps up to the cursor known to have been seen, and none asked for."""
        if self.prediction is None:
            return self
        return replace(self, prediction=ArrayPrediction(max(self.prediction.seen, self.cursor)))

    def selecting(self, array: int) -> ArrayMoment:
        """Return the moment with an array selected, which the table shows then."""
        return replace(self, selected=array, tab="")

    def played(self, playing: bool = True) -> ArrayMoment:
        """Return the moment with the clock going, or standing."""
        return replace(self, playing=playing)

    def at_speed(self, change: int) -> ArrayMoment:
        """Return the moment with a speed so many places further in `SPEEDS`, or with the last that there is."""
        return replace(self, speed=SPEEDS[max(0, min(SPEEDS.index(self.speed) + change, len(SPEEDS) - 1))])
