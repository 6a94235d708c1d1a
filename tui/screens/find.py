"""`FindScreen`: asks what to look for, and looks, in a thread of its own."""

from __future__ import annotations

from textual.binding import Binding

from ...engine.graph.graph import Graph
from ..background import BackgroundWork, WorkDone, WorkFailed, WorkProgressed, WorkThread
from ..walk.search import find_named, find_row
from ..walk.tree.layout import TreeLayout
from .prompt import Prompt


class FindScreen(Prompt[tuple[str, int] | None]):
    """Asks what to look for, and looks; answers with what was looked for and the row where it was found.

    With `wanted` it does not ask but looks at once, from the row `start` on, down (`step` 1) or up (-1).
    """

    BINDINGS = [Binding("escape", "cancel", "Cancel", id="find.cancel")]  # noqa: RUF012

    def __init__(self, graph: Graph, layout: TreeLayout, start: int, wanted: str = "", step: int = 1) -> None:
        super().__init__("find a name or an expression", "such as h[3] or ln(", typed=wanted)
        self._graph = graph
        self._layout_rows = layout
        self._start = start
        self._step = step
        self._wanted = wanted
        self._asked = not wanted
        self._work: BackgroundWork | None = None

    def on_mount(self) -> None:
        """Look at once where it is known what for."""
        if self._wanted:
            self._look()

    def on_unmount(self) -> None:
        """Let the thread end soon."""
        self._stop()

    def answer(self, typed: str) -> None:
        """Look for what was typed."""
        self._wanted, self._asked = typed, True
        if typed:
            self._look()

    def action_cancel(self) -> None:
        """Stop looking."""
        self._stop()
        self.dismiss(None)

    def _look(self) -> None:
        self.input.disabled = True
        self.say("looking …")
        self._work = BackgroundWork(self, self._run)

    def _stop(self) -> None:
        if self._work is not None:
            self._work.cancel()

    def _run(self, thread: WorkThread) -> int | None:
        """Look for the row, in a thread of its own."""
        row = find_named(self._graph, self._layout_rows, self._wanted) if self._asked else None
        if row is None:
            row = find_row(self._graph, self._layout_rows, self._wanted, self._start, self._step, thread.report)
        return row

    def on_work_progressed(self, event: WorkProgressed) -> None:
        """Say how far it is."""
        self.say(f"looking … {event.progress:.0%} of the rows · esc stops")

    def on_work_done(self, event: WorkDone) -> None:
        """Answer, or say that there is nothing."""
        if event.work.cancelled:
            return
        if event.result is not None:
            self.dismiss((self._wanted, event.result))
        else:
            self._ask_again(f'no row says "{self._wanted}"')

    def on_work_failed(self, event: WorkFailed) -> None:
        """Say what went wrong, and ask again."""
        if not event.work.cancelled:
            self._ask_again(f"the search failed: {event.error or type(event.error).__name__}")

    def _ask_again(self, why: str) -> None:
        self.input.disabled = False
        self.input.focus()
        self.say_problem(why)
