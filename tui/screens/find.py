"""`FindScreen`: asks what to look for, and looks, in a thread of its own."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Label

from ...engine.graph.graph import Graph
from ..background import BackgroundWork, WorkDone, WorkFailed, WorkProgressed, WorkThread
from ..walk.search import find_named, find_row
from ..walk.tree.layout import TreeLayout


class FindScreen(ModalScreen[tuple[str, int] | None]):
    """One line of input; answers with what was looked for and the row where it was found.

    With `wanted` it does not ask but looks at once, from the row `start` on, down (`step` 1) or up (-1).
    """

    BINDINGS = [Binding("escape", "cancel", "Cancel", id="find.cancel")]  # noqa: RUF012
    DEFAULT_CSS = """
    FindScreen { align: center middle; }
    FindScreen > Vertical {
        width: 100%; max-width: 56; height: auto; padding: 0 1;
        background: $surface; border: round $primary;
    }
    FindScreen #said { height: auto; }
    """

    def __init__(self, graph: Graph, layout: TreeLayout, start: int, wanted: str = "", step: int = 1) -> None:
        super().__init__()
        self._graph = graph
        self._layout_rows = layout
        self._start = start
        self._step = step
        self._wanted = wanted
        self._asked = not wanted
        self._work: BackgroundWork | None = None

    def compose(self) -> ComposeResult:
        """Lay out the question."""
        with Vertical() as box:
            box.border_title = "find a name or an expression"
            yield Input(self._wanted, placeholder="such as h[3] or ln(")
            yield Label("", id="said", markup=False)

    def on_mount(self) -> None:
        """Look at once where it is known what for."""
        if self._wanted:
            self._look()

    def on_unmount(self) -> None:
        """Let the thread end soon."""
        self._stop()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Look for what was typed."""
        self._wanted, self._asked = event.value.strip(), True
        if self._wanted:
            self._look()

    def action_cancel(self) -> None:
        """Stop looking."""
        self._stop()
        self.dismiss(None)

    def _look(self) -> None:
        self.query_one(Input).disabled = True
        self._say("looking …")
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
        self._say(f"looking … {event.progress:.0%} of the rows · esc stops")

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
        self.query_one(Input).disabled = False
        self.query_one(Input).focus()
        self._say(why)

    def _say(self, words: str) -> None:
        if self.is_mounted:
            self.query_one("#said", Label).update(words)
