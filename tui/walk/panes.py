"""`Panes`: the graph of a walk and the panel beside or below it, with a divider that can be moved between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual import events
from textual.app import ComposeResult
from textual.containers import Container
from textual.geometry import Offset, Size

from .graph_view import View
from .moment import Moment
from .opened import OpenedWalk
from .panel import Panel
from .panel_pane import PanelPane
from .view_pane import ViewPane

if TYPE_CHECKING:
    from .large.view import LargeStepView

LEAST_GRAPH = Offset(40, 4)
"""Columns, and rows, that the graph keeps wherever the divider is moved."""

LEAST_PANEL = Offset(30, 3)
"""Columns, and rows, that the panel keeps."""

EASY_PANEL, NARROW_PANEL = 56, 40
"""Columns of a panel in which few lines of a step are wrapped; and what it has beside a graph with long labels."""

LOW_PANEL = 13
"""Rows of a panel below a view that lies wide: few lines are wrapped there."""

LINES_AROUND = 3
"""Lines of the window above and below the two: title, place and keys."""

MOST_GRAPH = 110
"""Columns that the graph has at most before the divider is moved, but for long labels: numbers stand beside names."""


@dataclass(slots=True)
class Division:
    """Where the divider was moved to: which part of the room the graph has, beside the panel and above it.

    None is the place that it has by itself. One is kept for as long as the program runs.
    """

    beside: float | None = None
    above: float | None = None


def graph_width(room: int, wanted: int, share: float | None) -> int:
    """Return how many of `room` columns the graph has; `wanted` are those in which it cuts no label, 0 for any."""
    if share is not None:
        width = round(room * share)
    else:
        width = min(round(room * 8 / 15), room - EASY_PANEL, MOST_GRAPH)
        width = max(width, min(wanted, room - NARROW_PANEL))
    return max(LEAST_GRAPH.x, min(width, room - LEAST_PANEL.x))


def panel_height(room: int, share: float | None, *, low: bool = False) -> int:
    """Return how many of `room` rows the panel has; a `low` one is a wide one, in which few lines are wrapped."""
    if share is not None:
        height = room - round(room * share)
    elif low:
        height = LOW_PANEL
    else:
        height = 10 if room < 21 else 12 if room < 27 else max(13, round(room * 0.45))
    return max(LEAST_PANEL.y, min(height, room - LEAST_GRAPH.y))


class Panes(Container):
    """The graph and the panel; a moment says whether one of them has all the room, or the numbers of the step do.

    The divider is the line between them: the mouse drags it, `move_divider` moves it.
    """

    def __init__(
        self,
        opened: OpenedWalk,
        moment: Moment,
        views: Sequence[View],
        panels: Sequence[Panel],
        division: Division,
        id: str | None = None,
    ) -> None:
        super().__init__(id=id)
        self.graph = ViewPane(opened, moment, views, id="graph")
        self.panel = PanelPane(opened, moment, panels, id="panel")
        self._division = division
        self._opened = opened
        self._moment = moment
        self._large: LargeStepView | None = None
        self._cells = 0
        """Columns of the graph, or rows where the panel is below it."""
        self._held = False
        """Whether the mouse holds the divider."""

    def compose(self) -> ComposeResult:
        """Lay out the two."""
        self.divide()
        yield self.graph
        yield self.panel

    def show(self, moment: Moment) -> None:
        """Draw a moment in both of them."""
        before, self._moment = self._moment, moment
        self.graph.show(moment)
        if (moment.zoomed, moment.view) != (before.zoomed, before.view):
            self.divide()
            self.call_after_refresh(self.graph.take_keys)
        self.panel.follow(moment)
        if moment.zoomed == "numbers":
            self._large_numbers().follow(moment)

    def reopen(self, opened: OpenedWalk, moment: Moment) -> None:
        """Show another walk, at a moment of it."""
        self._opened = opened
        self.graph.reopen(opened, moment)
        self.panel.reopen(opened, moment)
        if self._large is not None:
            self._large.reopen(opened)

    def _large_numbers(self) -> LargeStepView:
        """Return what shows the numbers of a step; it is made when it is first asked for."""
        if self._large is None:
            from .large.view import LargeStepView

            self._large = LargeStepView(self._opened, id="large")
            self.mount(self._large)
        return self._large

    # ---- the divider

    def divide(self) -> None:
        """Share out the room anew."""
        graph, panel = self.graph.styles, self.panel.styles
        whole = bool(self._moment.zoomed)
        self.set_classes(["-beside" if self._is_beside else "-below", *_zoomed(self._moment)])
        if self._is_beside:
            width = graph_width(self._room.width, self.graph.wanted_width, self._division.beside)
            self._cells = width
            graph.width, panel.height = ("100%" if whole else width), "100%"
            panel.width = "100%" if whole else self._room.width - width
        else:
            graph.width = panel.width = "100%"
            low = self.screen.has_class("-wide")
            height = panel_height(self._room.height, self._division.above, low=low)
            self._cells = self._room.height - height
            panel.height = "100%" if whole else height

    def move_divider(self, places: int) -> None:
        """Move the divider so many places to the right, or down."""
        if not self._moment.zoomed:
            self._divide_at(self._cells + (2 * places if self._is_beside else places))

    def on_resize(self) -> None:
        """Keep each one's part."""
        self.divide()

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Take hold of the divider: the line at the left of the panel, or the one above it."""
        panel, at = self.panel.region, event.screen_offset
        self._held = at.x == panel.x if self._is_beside else at.y == panel.y
        self._held &= panel.contains_point(at) and not self._moment.zoomed

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Drag it; captured only now, so that a click on a title of the panels stays one."""
        if self._held:
            self.capture_mouse()
            at = event.screen_offset - self.region.offset
            self._divide_at(at.x if self._is_beside else at.y)

    def on_mouse_up(self) -> None:
        """Let it go."""
        if self._held:
            self._held = False
            self.release_mouse()

    def _divide_at(self, cells: int) -> None:
        """Give the graph so many columns, or rows."""
        room = self._room
        if self._is_beside:
            cells = max(LEAST_GRAPH.x, min(cells, room.width - LEAST_PANEL.x))
            self._division.beside = cells / room.width
        else:
            cells = max(LEAST_GRAPH.y, min(cells, room.height - LEAST_PANEL.y))
            self._division.above = cells / room.height
        self.divide()

    @property
    def _room(self) -> Size:
        """What there is to share out; before the first layout, what there will be."""
        window = self.app.size
        return self.size or Size(window.width, window.height - LINES_AROUND)

    @property
    def _is_beside(self) -> bool:
        screen = self.screen
        return screen.has_class("-wide") and not (self.graph.shown.lies_wide and screen.has_class("-tall"))


def _zoomed(moment: Moment) -> list[str]:
    return [f"-{moment.zoomed}-alone"] if moment.zoomed else []
