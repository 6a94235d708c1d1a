"""`FindScreen`: asks what to look for, and looks, in a thread of its own."""

from __future__ import annotations

import threading

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Input, Label

from ...engine.graph.graph import Graph
from ..walk.opened import Cancelled
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

    class Progress(Message):
        """The thread has looked at a part of the rows."""

        def __init__(self, done: float) -> None:
            super().__init__()
            self.done = done

    class Ended(Message):
        """The thread has looked at every row, or has found one."""

        def __init__(self, row: int | None) -> None:
            super().__init__()
            self.row = row

    def __init__(self, graph: Graph, layout: TreeLayout, start: int, wanted: str = "", step: int = 1) -> None:
        super().__init__()
        self._graph = graph
        self._layout_rows = layout
        self._start = start
        self._step = step
        self._wanted = wanted
        self._asked = not wanted
        self._cancelled = threading.Event()

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
        self._cancelled.set()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Look for what was typed."""
        self._wanted, self._asked = event.value.strip(), True
        if self._wanted:
            self._look()

    def on_find_screen_ended(self, event: Ended) -> None:
        """Answer, or say that there is nothing."""
        if event.row is not None:
            self.dismiss((self._wanted, event.row))
        else:
            self.query_one(Input).disabled = False
            self.query_one(Input).focus()
            self._say(f'no row says "{self._wanted}"')

    def action_cancel(self) -> None:
        """Stop looking."""
        self._cancelled.set()
        self.dismiss(None)

    def _look(self) -> None:
        self.query_one(Input).disabled = True
        self._say("looking …")
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        """Look, in the thread; it touches no widget."""
        try:
            row = find_named(self._graph, self._layout_rows, self._wanted) if self._asked else None
            if row is None:
                row = find_row(self._graph, self._layout_rows, self._wanted, self._start, self._step, self._report)
        except Cancelled:
            return
        self.post_message(self.Ended(row))

    def _report(self, done: float) -> None:
        if self._cancelled.is_set():
            raise Cancelled
        self.post_message(self.Progress(done))

    def on_find_screen_progress(self, event: Progress) -> None:
        """Say how far it is."""
        self._say(f"looking … {event.done:.0%} of the rows · esc stops")

    def _say(self, words: str) -> None:
        if self.is_mounted:
            self.query_one("#said", Label).update(words)
