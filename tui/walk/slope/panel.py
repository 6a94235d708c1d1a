"""`SlopePanel`: slides an input, and draws the output as a curve over it, with the gradient as a slope."""

from __future__ import annotations

from functools import partial

import numpy as np
from textual.app import ComposeResult
from textual.containers import Vertical

from ....engine.arrays import Floats
from ....engine.editing.curve import Curve, curve, kinks, reached_from
from ....engine.editing.slider import Slider
from ....engine.editing.target import input_to_slide
from ....engine.graph.graph import Graph
from ....engine.walk.trace import Trace
from ...background import BackgroundWork, WorkDone, WorkFailed, WorkProgressed, WorkThread
from ...plots.plot import Plot
from ...plots.plot_view import PlotView
from ...widgets.lines import LinesView
from ...words.lines import Line, line
from ...words.slope import NO_INPUT, gap_words, other_input_words, slope_lines
from ..moment import Moment
from ..opened import OpenedWalk
from ..sliding import slider_of
from .plot import slope_plot
from .slider_bar import SliderBar

_POINTS = 161
"""Points of a curve: four from one step of the slider to the next."""

_AT_ONCE = 200_000
"""Numbers that are computed while a key waits; more are computed in a thread."""

_MOST_NUMBERS = 20_000_000
_FEWEST_POINTS = 41


class SlopePanel(Vertical):
    """The value, the gradient, a slider and the curve; it stays while the input is slid."""

    DEFAULT_CSS = """
    SlopePanel { height: 1fr; }
    SlopePanel > LinesView { height: auto; max-height: 4; }
    SlopePanel > SliderBar { height: 1; }
    SlopePanel > PlotView { height: 1fr; border: none; }
    """
    HELP = """\
The curve is the output for every value of one input, the other inputs held; ● is where the walk stands. The line of \
dots is the tangent there: its slope is the gradient, ∂output/∂input. Slide the input and see value and gradient \
follow. Where the output has no value, the curve has a gap."""

    def __init__(self, opened: OpenedWalk) -> None:
        super().__init__()
        self._opened = opened
        self._moment: Moment | None = None
        self._composed = False
        self._said = LinesView()
        self._slider = SliderBar()
        self._plot = PlotView()
        self._curve: Curve | None = None
        self._curve_of: tuple[Graph, Floats, int, Slider] | None = None
        self._work: BackgroundWork | None = None

    def compose(self) -> ComposeResult:
        """Lay out what is said, the slider and the curve."""
        yield self._said
        yield self._slider
        yield self._plot

    def on_mount(self) -> None:
        """Draw the first moment."""
        self._composed = True
        self._draw_moment()

    def on_unmount(self) -> None:
        """Let the thread end soon."""
        self._stop()

    def follow(self, moment: Moment) -> None:
        """Draw a moment; where it stands in the walk does not matter here."""
        before, self._moment = self._moment, moment
        if before is None or _drawn_of(before) != _drawn_of(moment):
            self._draw_moment()

    def reopen(self, opened: OpenedWalk) -> None:
        """Be about another walk from now on."""
        self._opened = opened

    # ---- drawing

    def _draw_moment(self) -> None:
        moment = self._moment
        if moment is None or not self._composed:
            return
        trace = moment.trace
        node = input_to_slide(trace.graph, moment.selected)
        self._slider.display = self._plot.display = node is not None
        if node is None:
            self._said.show(lambda width: [line(NO_INPUT)])
            return
        slider = slider_of(self._opened, trace, node)
        name, output = trace.graph.label(node), trace.graph.label(trace.graph.output)
        self._slider.follow(name, node, slider, float(trace.values[node]))
        self._find_curve(trace, node, slider)
        lines = slope_lines(trace, node, kinks(trace, node), moment.digits)
        if self._curve is not None and self._curve.has_gaps:
            lines.append(line((gap_words(name, output), "label")))
        elif node != moment.selected and trace.graph.leaf_count > 1:
            lines.append(line((other_input_words(name), "label")))
        self._said.show(partial(_of_any_width, lines))
        if self._curve is None:
            self._plot.show(Plot(empty="computing the curve …"), "")
            return
        at = float(trace.values[node]), float(trace.values[trace.graph.output])
        slope = float(trace.backward.gradients[node])
        if trace.undefined_values[trace.graph.output]:
            at, slope = (at[0], np.nan), np.nan
        self._plot.show(slope_plot(self._curve, at, slope, output), "")

    # ---- the curve

    def _find_curve(self, trace: Trace, node: int, slider: Slider) -> None:
        """Compute the curve, unless it is the one that there is: sliding moves the point on it, and nothing else."""
        graph, others = trace.graph, np.array(trace.values[: trace.graph.leaf_count])
        others[node] = 0.0
        known = self._curve_of
        if (
            known is not None
            and known[2:] == (node, slider)
            and known[0].same_structure(graph)
            and np.array_equal(known[1], others, equal_nan=True)
        ):
            return
        self._stop()
        self._curve_of, self._curve = (graph, others, node, slider), None
        operations = int(np.count_nonzero(reached_from(graph, node)))
        points = max(_FEWEST_POINTS, min(_POINTS, _MOST_NUMBERS // max(1, operations)))
        x = np.linspace(slider.low, slider.high, points)
        if operations * points <= _AT_ONCE:
            self._curve = curve(graph, trace.values, node, x)
        else:
            self._work = BackgroundWork(self, partial(_in_thread, graph, trace.values, node, x))

    def _stop(self) -> None:
        if self._work is not None:
            self._work.cancel()
            self._work = None

    def on_work_progressed(self, event: WorkProgressed) -> None:
        """Say how far it is."""
        if event.work is self._work:
            self._plot.show(Plot(empty=f"computing the curve … {event.progress:.0%}"), "")

    def on_work_done(self, event: WorkDone) -> None:
        """Draw the curve."""
        if event.work is self._work:
            self._work, self._curve = None, event.result
            self._draw_moment()

    def on_work_failed(self, event: WorkFailed) -> None:
        """Say that there is no curve."""
        if event.work is self._work:
            self._work = None
            self._plot.show(Plot(empty=f"the curve could not be computed: {event.reason}"), "")


def _in_thread(graph: Graph, values: Floats, node: int, x: Floats, thread: WorkThread) -> Curve:
    return curve(graph, values, node, x, thread.report)


def _of_any_width(lines: list[Line], width: int) -> list[Line]:
    return lines


def _drawn_of(moment: Moment) -> tuple[Trace, int | None, int]:
    """Return all that the panel hangs on."""
    return moment.trace, moment.selected, moment.digits
