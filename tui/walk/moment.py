"""`Moment`: what a person looks at in a walk."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

from ...engine.walk.trace import State, Trace

if TYPE_CHECKING:
    from ...engine.editing.change import Change
    from .mark import Mark

SPEEDS = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0)
"""Steps a second that a walk can be played at."""


@dataclass(frozen=True, slots=True)
class Prediction:
    """That the steps of a walk are asked for before they are shown.

    `choice` is one of `level.CHOICES`: how much is asked. So many steps were `seen`, asked for or not; `asked` is
    the one that is asked for now, 0 where none is.
    """

    choice: str
    seen: int
    asked: int = 0


@dataclass(frozen=True, slots=True)
class Moment:
    """A walk, where it stands, and what is marked in it; every view of a walk is a function of it.

    `cursor` is the number of steps taken, 0 to `trace.total`; `selected` the node that was chosen, None before any
    was. `breakpoints` are nodes and `conditions` the numbers (see `breakpoints.CONDITIONS`) at which playing stops;
    `playing` says whether a clock takes the steps, `speed` how many a second. `view` and `panel` name what draws the
    graph and what stands beside it (see `VIEWS` and `PANELS`); `zoomed` is "graph" or "panel" where one of them has
    the whole window, "numbers" where the numbers of the step do. `digits` is how many significant digits numbers are
    shown with, 0 for as many as are read with ease; `wanted` is what was looked for last. `change` is what the last
    edit did, whose numbers are marked until the next one; `marks` are steps that somebody has marked, in the order of
    the walk. `prediction` is None where all steps are simply shown. But for the trace, and the one before the edit, it
    is a few numbers and words, so whoever has the same traces can be told of it in a few bytes.
    """

    trace: Trace
    cursor: int = 0
    selected: int | None = None
    breakpoints: frozenset[int] = frozenset()
    conditions: tuple[str, ...] = ()
    playing: bool = False
    speed: float = 1.0
    view: str = "tree"
    panel: str = "step"
    zoomed: str = ""
    digits: int = 0
    wanted: str = ""
    change: Change | None = None
    marks: tuple[Mark, ...] = ()
    prediction: Prediction | None = None

    @property
    def state(self) -> State:
        """What is known at the cursor."""
        return self.trace.state(self.cursor)

    @property
    def node(self) -> int:
        """The node that keys are about: the selected one, or the output before any was."""
        return self.trace.graph.output if self.selected is None else self.selected

    @property
    def at_end(self) -> bool:
        """Whether every step has been taken."""
        return self.cursor == self.trace.total

    @property
    def step_in_play(self) -> int:
        """The step that a graph marks: the one that is asked for, else the one just taken; 0 at the start."""
        return (self.prediction.asked if self.prediction is not None else 0) or self.cursor

    @property
    def is_asked(self) -> bool:
        """Whether a step is asked for."""
        return self.prediction is not None and self.prediction.asked > 0

    @property
    def hides_ahead(self) -> bool:
        """Whether nothing may be said of steps that were not seen yet, since they will be asked for."""
        return self.prediction is not None and self.prediction.seen < self.trace.total

    @property
    def stops(self) -> bool:
        """Whether there is something at which playing stops before the end."""
        return bool(self.breakpoints or self.conditions)

    def at(self, cursor: int) -> Moment:
        """Return the moment after step number `cursor`, or at the nearer end of the walk."""
        return replace(self, cursor=max(0, min(cursor, self.trace.total)))

    def seen(self) -> Moment:
        """Return the moment with the steps up to the cursor known to have been seen, and none asked for."""
        if self.prediction is None:
            return self
        seen = max(self.prediction.seen, self.cursor)
        return replace(self, prediction=replace(self.prediction, seen=min(seen, self.trace.total), asked=0))

    def selecting(self, node: int) -> Moment:
        """Return the moment with a node selected."""
        return replace(self, selected=node)

    def with_breakpoint(self) -> Moment:
        """Return the moment with a breakpoint at the node that keys are about, or without the one that is there."""
        return replace(self, breakpoints=self.breakpoints ^ {self.node})

    def played(self, playing: bool = True) -> Moment:
        """Return the moment with the clock going, or standing."""
        return replace(self, playing=playing)

    def at_speed(self, change: int) -> Moment:
        """Return the moment with a speed so many places further in `SPEEDS`, or with the last that there is."""
        return replace(self, speed=SPEEDS[max(0, min(SPEEDS.index(self.speed) + change, len(SPEEDS) - 1))])

    @property
    def stand(self) -> dict[str, Any]:
        """All of it but what holds a trace, and how many steps that has: it makes the moment again of the same walk."""
        large = ("trace", "change")
        kept = {field.name: getattr(self, field.name) for field in fields(self) if field.name not in large}
        kept["prediction"] = self.seen().prediction
        return {**kept, "playing": False, "steps": self.trace.total}

    def standing(self, stand: dict[str, Any]) -> Moment:
        """Return the moment as one of the same walk stood, or as it is where that was a walk of other steps."""
        kept = {name: value for name, value in stand.items() if name != "steps"}
        return replace(self, **kept) if stand.get("steps") == self.trace.total else self
