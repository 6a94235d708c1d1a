"""What a screen needs before it can be drawn; for a large graph this takes a while, so it can be told and stopped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from ...engine.scenario import Scenario
from ...engine.walk.trace import Trace
from .graph_view import View
from .moment import Moment
from .views import VIEWS

if TYPE_CHECKING:
    from ...engine.editing.revisions import Revisions
    from .arrays.moment import ArrayMoment
    from .search import Search

LARGE = 20_000
"""Nodes from which on opening takes long enough to be shown."""

Report = Callable[[str, float], None]
"""Told what is being done and which part of it is done (0 to 1); may raise to stop."""


def silent(doing: str, done: float) -> None:
    """Tell nobody."""


@dataclass(frozen=True, eq=False)
class OpenedWalk:
    """A walk that is ready to be shown, under a title of its own, with the layouts of the views that were shown."""

    scenario: Scenario
    trace: Trace
    title: str
    epoch: bool = False
    """Whether it is an epoch of a training, which leaving it leads back to."""
    moment: Moment | None = None
    """Where it was left; None where it begins."""
    was_edited: bool = False
    """Whether it had been edited before it was opened here, by whoever presents a lecture."""
    begins_with_arrays: bool = False
    """Whether its arrays are shown first."""
    revisions: Revisions | None = None
    """The edits that were made of it; None before the first one."""
    _layouts: dict[str, Any] = field(default_factory=dict[str, Any])
    _searches: dict[str, Search] = field(default_factory=dict[str, "Search"])
    _arrays: dict[Trace, ArrayMoment] = field(default_factory=dict[Trace, "ArrayMoment"])

    @property
    def heading(self) -> str:
        """The title, and whether it has been edited since it was opened or saved."""
        edited = self.was_edited or (self.revisions is not None and self.revisions.unsaved)
        return f"{self.title} · edited" if edited else self.title

    @property
    def unsaved(self) -> bool:
        """Whether it has edits, or notes of one's own, that could be saved in a file and are in none."""
        revisions = self.revisions
        scenario = revisions.current.scenario if revisions is not None else self.scenario
        has_file = scenario.definition is not None
        noted = self.moment is not None and any(mark.note and not mark.saved for mark in self.moment.marks)
        return (noted and (has_file or self.epoch)) or (has_file and revisions is not None and revisions.unsaved)

    def revised(self, scenario: Scenario, trace: Trace, revisions: Revisions) -> OpenedWalk:
        """Return the walk after an edit, an undo or a redo; where only values are others, with the same layouts."""
        following = replace(
            self, scenario=scenario, trace=trace, revisions=revisions, _layouts={}, _searches={}, _arrays={}
        )
        following.take_layouts(self)
        return following

    def titled(self, title: str) -> OpenedWalk:
        """Return the walk as one of a scenario of another title, which no file has: something of its own."""
        revisions = self.revisions
        if revisions is not None:
            revisions = revisions.with_scenarios(lambda scenario: replace(scenario, title=title, path=None))
        scenario = replace(self.scenario, title=title, path=None)
        return replace(self, scenario=scenario, title=title, revisions=revisions)

    def layout(self, view: View, report: Report = silent) -> Any:
        """Return the layout of a view; it is made where there is none yet."""
        if view.name not in self._layouts:
            doing = f"laying out the {view.name}"
            self._layouts[view.name] = view.lay_out(self.trace, lambda done: report(doing, done))
        return self._layouts[view.name]

    def has_layout(self, view: View) -> bool:
        """Say whether the layout of a view has been made, or is made in no time."""
        return view.name in self._layouts or len(self.trace.graph) < LARGE

    def take_layouts(self, other: OpenedWalk) -> bool:
        """Use the layouts of another walk too, if its graph has the same shape and names; return whether it has."""
        if not self.trace.graph.same_structure(other.trace.graph):
            return False
        self._layouts.update(other._layouts)
        return True

    def search(self, view: View) -> Search:
        """Return what finds nodes, in the order in which a view shows them."""
        if view.name not in self._searches:
            nodes = np.arange(len(self.trace.graph), dtype=np.int32)
            order = view.reading_order(self.layout(view)) if view.reading_order else nodes
            from .search import Search

            self._searches[view.name] = Search(self.trace.graph, order)
        return self._searches[view.name]

    def arrays_of(self, trace: Trace) -> ArrayMoment | None:
        """Return where the walk of a trace's arrays was left; None where it was not looked at."""
        return self._arrays.get(trace)

    def keep_arrays(self, trace: Trace, moment: ArrayMoment) -> None:
        """Remember where the walk of a trace's arrays was left; of one trace alone."""
        self._arrays.clear()
        self._arrays[trace] = moment

    def without_arrays(self) -> Callable[[Report], OpenedWalk]:
        """Return what makes the walk again, as it stands, from its scenario; it holds neither trace nor layouts."""
        large = ("trace", "moment", "_layouts", "_searches", "_arrays")
        kept = {known.name: getattr(self, known.name) for known in fields(self) if known.name not in large}
        scenario, stand = self.scenario, self.moment.stand if self.moment is not None else {}
        tangent_of = self.trace.tangent_of

        def make(report: Report) -> OpenedWalk:
            report("running forward and backward", 0.0)
            trace = Trace(scenario.graph, scenario.notes, tangent_of=tangent_of)
            moment = Moment(trace).standing(stand)
            opened = OpenedWalk(trace=trace, moment=moment, **kept)
            opened.layout(view_named(moment.view), report)
            return opened

        return make


def view_named(name: str) -> View:
    """Return the view of a name; the first where there is none."""
    return next((view for view in VIEWS if view.name == name), VIEWS[0])


def open_walk(
    scenario: Scenario,
    make_trace: Callable[[], Trace] | None = None,
    title: str = "",
    report: Report = silent,
    view: View = VIEWS[0],
) -> OpenedWalk:
    """Make a walk of a scenario's graph, or of what `make_trace` returns: an epoch of its training.

    `view` is the one that will be shown first; its layout is made with it.
    """
    report("running forward and backward", 0.0)
    trace = make_trace() if make_trace else Trace(scenario.graph, scenario.notes)
    opened = OpenedWalk(scenario, trace, title or scenario.title, epoch=make_trace is not None)
    opened.layout(view, report)
    return opened
