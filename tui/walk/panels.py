"""The panels of a walk; the first is the one it opens with."""

from __future__ import annotations

from textual.widget import Widget

from .moment import Moment
from .opened import OpenedWalk
from .panel import Panel


def _step(opened: OpenedWalk) -> Widget:
    from .step_panel import StepPanel

    return StepPanel(opened)


def _contributions(opened: OpenedWalk) -> Widget:
    from .paths.contributions_panel import ContributionsPanel

    return ContributionsPanel(opened)


def _paths(opened: OpenedWalk) -> Widget:
    from .paths.paths_panel import PathsPanel

    return PathsPanel(opened)


def _why(opened: OpenedWalk) -> Widget:
    from .paths.why_panel import WhyPanel

    return WhyPanel(opened)


def _slope(opened: OpenedWalk) -> Widget:
    from .slope.panel import SlopePanel

    return SlopePanel(opened)


def _check(opened: OpenedWalk) -> Widget:
    from .checking.panel import CheckPanel

    return CheckPanel(opened)


def _next_input(moment: Moment) -> Moment:
    from .checking.inputs import next_input

    return next_input(moment)


PANELS: tuple[Panel, ...] = (
    Panel("step", "1", "Show the step just taken", _step, tells_ahead=False),
    Panel("contributions", "2", "Show all contributions to the gradient of the selected node", _contributions),
    Panel("paths", "3", "Show all paths from the selected node to the output", _paths),
    Panel("why", "4", "Say why the gradient of the selected node is as it is", _why),
    Panel("slope", "5", "Slide the selected input: the gradient as a curve's slope", _slope),
    Panel("check", "6", "Check the gradients in two other ways; again: the next input", _check, again=_next_input),
)
