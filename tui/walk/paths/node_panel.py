"""`NodePanel`: the base of a panel that says something about the selected node, which may take long to find."""

from __future__ import annotations

from abc import abstractmethod
from functools import partial
from typing import Any

from ....engine.walk.path_table import PathTable
from ....engine.walk.trace import Trace
from ...background import BackgroundWork, WorkDone, WorkFailed, WorkProgressed, WorkThread
from ...widgets.lines import LinesView
from ...words.contributions import IN_PLAY
from ...words.gradients import NOTHING_SELECTED, forward_mode_lines
from ...words.lines import Line, line
from ..moment import Moment
from ..opened import LARGE, OpenedWalk


class NodePanel(LinesView):
    """Follows the selected node and the cursor; what does not hang on the cursor is found once for each node.

    For a large graph it is found in a thread, and what is found for a node that is no longer selected is dropped.
    """

    def __init__(self, opened: OpenedWalk) -> None:
        super().__init__()
        self._moment: Moment | None = None
        self._of: tuple[Trace, int] | None = None
        self._found: Any = None
        self._work: BackgroundWork | None = None

    @abstractmethod
    def find(self, trace: Trace, node: int) -> Any:
        """Find what there is to say of a node, whatever the cursor is; called in a thread where that may take long."""

    @abstractmethod
    def lines(self, moment: Moment, found: Any, width: int) -> list[Line]:
        """Say it, at a moment."""

    def follow(self, moment: Moment) -> None:
        """Draw a moment, from its first line where another node is selected."""
        before, self._moment = self._moment, moment
        if self._of != (moment.trace, moment.node):
            self._of = moment.trace, moment.node
            self._look()
        elif before is None or _seen(before) != _seen(moment):
            self._draw_again()

    def on_mount(self) -> None:
        """Begin what can only be begun on the app's loop."""
        if self._work is None and self._found is None and self._of is not None:
            self._look()

    def on_resize(self) -> None:
        """Bring what is in play into view: before the first layout there was no view."""
        self.call_after_refresh(self._draw_again)

    def on_unmount(self) -> None:
        """Stop looking."""
        self._stop()

    def on_work_progressed(self, event: WorkProgressed) -> None:
        """Say how far it is."""
        if event.work is self._work:
            self.show(lambda width: [line((f"Looking at all paths … {event.progress:.0%}", "label"))])

    def on_work_done(self, event: WorkDone) -> None:
        """Show what was found."""
        if event.work is self._work:
            self._work, self._found = None, event.result
            self._draw_again(from_the_top=True)

    def on_work_failed(self, event: WorkFailed) -> None:
        """Say what went wrong: there may be no memory for so many nodes."""
        if event.work is self._work:
            self._work = None
            self.show(lambda width: [line((f"This could not be found out: {event.reason}", "undefined"))])

    def _look(self) -> None:
        assert self._of is not None, "a moment is followed"
        self._stop()
        trace, node = self._of
        self._found = None
        if trace.tangent_of is not None:
            self.show(lambda width: forward_mode_lines())
        elif len(trace.graph) < LARGE:
            self._found = self.find(trace, node)
            self._draw_again(from_the_top=True)
        elif self.is_attached:
            self.show(lambda width: [line(("Looking at all paths …", "label"))])
            self._work = BackgroundWork(self, partial(self._find_in_thread, trace, node))

    def _find_in_thread(self, trace: Trace, node: int, thread: WorkThread) -> Any:
        PathTable.of(trace.numbers).prepare(thread.report)
        thread.report(1.0)
        return self.find(trace, node)

    def _stop(self) -> None:
        if self._work is not None:
            self._work.cancel()
            self._work = None

    def _draw_again(self, *, from_the_top: bool = False) -> None:
        moment, found = self._moment, self._found
        if moment is None or found is None:
            return
        row = 0 if from_the_top else self.scroll_offset.y
        hint = [] if moment.selected is not None else [Line(), line((NOTHING_SELECTED, "label"))]
        self.show(lambda width: [*self.lines(moment, found, width), *hint])
        marked = next((place for place, strip in enumerate(self._strips) if IN_PLAY in strip.text), None)
        height = self.scrollable_content_region.height
        if marked is not None and not row <= marked < row + height:
            row = marked - height // 2
        if row > 0:
            self.scroll_to(y=row, animate=False)
            if (
                not self.show_vertical_scrollbar
            ):  # it scrolls only when there is a bar, which comes with the next layout
                self.call_after_refresh(self.scroll_to, y=row, animate=False)


def _seen(moment: Moment) -> tuple[int, int, int | None]:
    return moment.cursor, moment.digits, moment.selected
