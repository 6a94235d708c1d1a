"""`CheckPanel`: the gradients of a walk three ways, and the V of the selected input."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import cast

import numpy as np
from textual import events

from ....engine.checking.gradients import Check, check_gradients
from ....engine.checking.step_curve import StepCurve, step_curve
from ....engine.walk.trace import Trace
from ...background import BackgroundWork, WorkDone, WorkFailed, WorkProgressed, WorkThread
from ...bindings import active_keys
from ...widgets.lines import LinesView
from ...words.checking import check_rows, verdict_lines
from ...words.lines import Line, line
from ...words.step_curve import curve_lines, curve_title, no_curve_lines
from ..moment import Moment
from ..opened import OpenedWalk
from ..stage import Stage
from .inputs import count_inputs, input_shown
from .plot import plot_lines, step_plot

_NODES_AT_ONCE, _WORK_AT_ONCE = 1_500, 20_000
"""Nodes, and nodes times gradients, that are checked while a key waits; more of them are checked in a thread."""

_PLOT_WIDTH, _PLOT_HEIGHT = 72, 14

_MOST_ROWS = 12

_KEY = "walk.check"
"""The id of the key that shows the panel."""


@dataclass(frozen=True, eq=False)
class _Found:
    """A check of a walk, and the V of one of its inputs; None where there are no inputs."""

    check: Check
    curve: StepCurve | None


class CheckPanel(LinesView):
    """Checks the gradients of a walk, once, and draws the V of the input that is selected, or of the first one."""

    HELP = """\
Each gradient comes three ways: by backpropagation, as in the walk; by a complex step, which takes the function at \
x + ih and needs no rule of differentiation; and by a central difference, (f(x + h) - f(x - h))/2h. ✓ they agree as \
far as rounding goes, ✗ they differ, ? there is no derivative, or no number. The V below is the error of the \
difference for the input that is selected: a large step sees the function bend, a small one drowns in rounding. The \
key that shows this panel selects the next input when it is pressed again; so does a click on another one."""

    def __init__(self, opened: OpenedWalk) -> None:
        super().__init__()
        self._moment: Moment | None = None
        self._of: tuple[Trace, int | None] | None = None
        self._found: _Found | None = None
        self._leaves: list[int | None] = []
        self._found_of: tuple[Trace, int | None] | None = None
        self._work: BackgroundWork | None = None

    def follow(self, moment: Moment) -> None:
        """Draw a moment; where it stands in the walk does not matter here."""
        before, self._moment = self._moment, moment
        of = moment.trace, input_shown(moment)
        if self._of != of:
            self._of = of
            self._look()
        elif before is None or (before.digits, before.selected) != (moment.digits, moment.selected):
            self._draw_again()

    def reopen(self, opened: OpenedWalk) -> None:
        """Be about another walk from now on."""

    def on_mount(self) -> None:
        """Begin what can only be begun on the app's loop."""
        if self._of is not None and self._found_of != self._of and self._work is None:
            self._look()

    def on_unmount(self) -> None:
        """Let the thread end soon."""
        self._stop()

    def on_work_progressed(self, event: WorkProgressed) -> None:
        """Say how far it is."""
        if event.work is self._work:
            done, total = event.progress
            self._say(f"Checking the gradients … {done:,} of {total:,}")

    def on_work_done(self, event: WorkDone) -> None:
        """Show what was found."""
        if event.work is self._work:
            self._work, self._found, self._found_of = None, event.result, self._of
            self._draw_again()

    def on_work_failed(self, event: WorkFailed) -> None:
        """Say what went wrong: there may be no memory for so many nodes."""
        if event.work is self._work:
            self._work = None
            self._say(f"The gradients could not be checked: {event.reason}", "undefined")

    def _look(self) -> None:
        assert self._of is not None, "a moment is followed"
        self._stop()
        trace, leaf = self._of
        known = self._found.check if self._found and self._found_of and self._found_of[0] is trace else None
        if _is_small(trace):
            self._found, self._found_of = _find(trace, leaf, known), self._of
            self._draw_again()
        elif self.is_attached:
            if known is None:
                self._say("Checking the gradients …")
            self._work = BackgroundWork(self, partial(_find, trace, leaf, known))

    def _stop(self) -> None:
        if self._work is not None:
            self._work.cancel()
            self._work = None

    def _say(self, words: str, style: str = "label") -> None:
        self.show(lambda width: [line((words, style))])

    def _draw_again(self) -> None:
        moment, found = self._moment, self._found
        if moment is not None and found is not None and self._found_of == self._of:
            row = self.scroll_offset.y
            bound = active_keys(self.screen).get(_KEY) if self.is_attached else None
            self.show(partial(self._lines, found, moment, bound.shown if bound else ""))
            self.scroll_to(y=row, animate=False)

    def on_click(self, event: events.Click) -> None:
        """Select the input whose gradient was clicked."""
        row = event.y + self.scroll_offset.y
        leaf = self._leaves[row] if row < len(self._leaves) else None
        if leaf is not None:
            cast("Stage", self.screen).select(leaf)

    def _lines(self, found: _Found, moment: Moment, key: str, width: int) -> list[Line]:
        leaf, graph = input_shown(moment), moment.trace.graph
        rows = check_rows(found.check, width, selected=leaf, most=_MOST_ROWS, digits=moment.digits)
        self._leaves = [row.leaf for row in rows]
        lines = [*(row.line for row in rows), Line(), *verdict_lines(found.check)]
        if leaf is None:
            return lines
        if count_inputs(graph) == 1:
            key = ""  # it selects the next input
        if found.curve is None:
            return [*lines, Line(), *no_curve_lines(graph.label(leaf), key)]
        return [
            *lines,
            Line(),
            *curve_title(found.curve, found.check.output, "" if leaf == moment.selected else key),
            *plot_lines(step_plot(found.curve), min(width, _PLOT_WIDTH), _PLOT_HEIGHT),
            *curve_lines(found.curve, moment.digits),
        ]


def _is_small(trace: Trace) -> bool:
    nodes = len(trace.graph)
    return nodes <= _NODES_AT_ONCE and nodes * count_inputs(trace.graph) <= _WORK_AT_ONCE


def _find(trace: Trace, leaf: int | None, known: Check | None, thread: WorkThread | None = None) -> _Found:
    """Check a walk, unless that is `known`, and compute the V of an input."""

    def report(done: int, total: int) -> None:
        if thread is not None:
            thread.report((done, total))

    def report_curve(done: int, total: int) -> None:
        report(len(check.rows), len(check.rows))

    graph, run = trace.graph, trace.numbers.run
    check = known or check_gradients(graph, run, report=report)
    if leaf is None or not np.isfinite(check.value):
        return _Found(check, None)
    row = next((row for row in check.rows if row.leaf == leaf), None)
    if row is not None and row.closed is not None:
        return _Found(check, None)  # there is no derivative that a difference could be off from
    reference = row.reference if row is not None else trace.backward.gradients.item(leaf)
    if not np.isfinite(reference):
        return _Found(check, None)
    return _Found(check, step_curve(graph, trace.values, leaf, reference, report_curve))
