"""How what is shown stands, as it is told to others: read strictly, and shown only where it fits what is opened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any, Literal, TypeVar

import msgspec
from msgspec import Meta

from ...engine.errors import GradwalkError
from ...engine.study.level import CHOICES
from ..screens.library import LibraryScreen
from ..walk.arrays.moment import ArrayMoment, ArrayPrediction
from ..walk.moment import Moment, Prediction
from ..walk.panels import PANELS
from ..walk.views import VIEWS
from ..words.lecture import STEPS_DIFFER
from ..words.walk import DIGITS

MOST_BREAKPOINTS = 200
"""So many breakpoints are told of, those that come first in the graph."""

Count = Annotated[int, Meta(ge=0, le=2**53)]
Name = Annotated[str, Meta(max_length=200)]


class LastEdit(msgspec.Struct, frozen=True, omit_defaults=True):
    """What was edited last, as `Edit` has it."""

    name: Name
    slid: bool = False
    undone: bool = False


class WalkStand(msgspec.Struct, frozen=True, omit_defaults=True):
    """How a walk of `steps` steps stands: see `Moment`. It stands at its start where nothing is told.

    `predict` is the level of its `Prediction`, empty without one; `edit` is what the presenter's last edit was, whose
    numbers are marked.
    """

    steps: Count | None = None
    cursor: Count = 0
    selected: Count | None = None
    view: Name = VIEWS[0].name
    panel: Name = PANELS[0].name
    zoomed: Literal["", "graph", "panel", "numbers"] = ""
    digits: Count = 0
    breakpoints: Annotated[tuple[Count, ...], Meta(max_length=MOST_BREAKPOINTS)] = ()
    predict: Name = ""
    seen: Count = 0
    edit: LastEdit | None = None

    @classmethod
    def of(cls, moment: Moment) -> WalkStand:
        """Return how a walk stands."""
        prediction, change = moment.prediction, moment.change
        return cls(
            steps=moment.trace.total,
            cursor=moment.cursor,
            selected=moment.selected,
            view=moment.view,
            panel=moment.panel,
            zoomed=moment.zoomed,  # pyright: ignore[reportArgumentType]
            digits=moment.digits,
            breakpoints=tuple(sorted(moment.breakpoints)[:MOST_BREAKPOINTS]),
            predict=prediction.choice if prediction is not None else "",
            seen=prediction.seen if prediction is not None else 0,
            edit=LastEdit(change.edit.name, change.edit.slid, change.undone) if change is not None else None,
        )

    def check(self, moment: Moment) -> None:
        """Raise GradwalkError where a walk has no such moment."""
        nodes, steps = len(moment.trace.graph), moment.trace.total
        fits = (
            self.steps in (None, steps)
            and max(self.cursor, self.seen) <= steps
            and max((self.selected or 0, *self.breakpoints)) < nodes
            and any(view.name == self.view for view in VIEWS)
            and any(panel.name == self.panel for panel in PANELS)
            and self.digits in DIGITS
            and self.predict in ("", *CHOICES)
        )
        if not fits:
            raise GradwalkError(STEPS_DIFFER)

    def shown(self, moment: Moment, before: WalkStand | None = None) -> Moment:
        """Return a moment of the same walk as the presenter's stands.

        How somebody looks at it, by which panel and with how many digits, is their own: it is changed where the
        presenter has changed it since `before`, and without that altogether. GradwalkError where it does not fit.
        """
        self.check(moment)
        prediction = Prediction(self.predict, self.seen) if self.predict else None
        return replace(
            moment,
            cursor=self.cursor,
            selected=self.selected,
            view=self.view,
            breakpoints=frozenset(self.breakpoints),
            prediction=prediction,
            playing=False,
            **_looks(self, before, ("panel", "zoomed", "digits")),
        )


class ArraysStand(msgspec.Struct, frozen=True, omit_defaults=True):
    """How a walk of arrays of `steps` steps stands: see `ArrayMoment`."""

    steps: Count
    cursor: Count = 0
    selected: Count | None = None
    tab: Name = ""
    entry: tuple[Count, Count] = (0, 0)
    zoomed: Literal["", "list", "panel"] = ""
    digits: Count = 0
    compounds: bool = True
    predicts: bool = False
    seen: Count = 0

    @classmethod
    def of(cls, moment: ArrayMoment) -> ArraysStand:
        """Return how a walk of arrays stands."""
        prediction = moment.prediction
        return cls(
            steps=moment.walk.total,
            cursor=moment.cursor,
            selected=moment.selected,
            tab=moment.tab,
            entry=moment.entry,
            zoomed=moment.zoomed,  # pyright: ignore[reportArgumentType]
            digits=moment.digits,
            compounds=moment.walk.is_compound,
            predicts=prediction is not None,
            seen=prediction.seen if prediction is not None else 0,
        )

    def shown(self, moment: ArrayMoment, before: ArraysStand | None = None) -> ArrayMoment:
        """Return a moment of the same walk of arrays as the presenter's stands, as `WalkStand.shown` does."""
        walk = moment.walk.with_compounds(self.compounds)
        fits = (
            self.steps == walk.total
            and max(self.cursor, self.seen) <= self.steps
            and (self.selected or 0) < len(walk.arrays)
            and self.digits in DIGITS
        )
        if not fits:
            raise GradwalkError(STEPS_DIFFER)
        prediction = ArrayPrediction(self.seen) if self.predicts else None
        return replace(
            moment,
            walk=walk,
            cursor=self.cursor,
            selected=self.selected,
            prediction=prediction,
            playing=False,
            **_looks(self, before, ("tab", "entry", "zoomed", "digits")),
        )


class TrainingStand(msgspec.Struct, frozen=True, omit_defaults=True):
    """How a training stands that was trained for `last` epochs: see `PlotChoice`."""

    last: Count = 0
    plot: Name = "fit"
    log: bool = False


class LibraryStand(msgspec.Struct, frozen=True, omit_defaults=True):
    """Which scenario of the library is selected, by its name."""

    selected: Name = ""

    @classmethod
    def of(cls, screen: LibraryScreen) -> LibraryStand:
        """Return how the library stands."""
        chosen = screen.chosen
        return cls(chosen.name[:200] if chosen is not None else "")


Stand = WalkStand | ArraysStand | TrainingStand | LibraryStand
Kind = TypeVar("Kind", WalkStand, ArraysStand, TrainingStand, LibraryStand)


def told(stand: Stand) -> dict[str, Any]:
    """Return a stand as it is told to others."""
    return msgspec.to_builtins(stand)


def read(kind: type[Kind], stand: dict[str, Any]) -> Kind:
    """Return a stand that was told; GradwalkError where it is none of this kind."""
    try:
        return msgspec.convert(stand, kind)
    except msgspec.ValidationError:
        raise GradwalkError(STEPS_DIFFER) from None


def _looks(stand: Any, before: Any, names: Sequence[str]) -> dict[str, Any]:
    """Return how a walk is looked at, by name: what is another than `before`, or all of it without that."""
    looks = {name: getattr(stand, name) for name in names}
    return {name: look for name, look in looks.items() if before is None or look != getattr(before, name)}
