"""`FindScreen`: asks what to look for, and looks, in a thread of its own."""

from __future__ import annotations

from textual.binding import Binding

from ..background import BackgroundWork, WorkDone, WorkFailed, WorkProgressed, WorkThread
from ..walk.search import Search
from .prompt import Prompt


class FindScreen(Prompt[tuple[str, int] | None]):
    """Asks what to look for, and looks; answers with what was looked for and the node that was found.

    With `wanted` it does not ask but looks at once, from the node `start` on, forward (`step` 1) or back (-1).
    """

    BINDINGS = [Binding("escape", "cancel", "Cancel", id="find.cancel")]  # noqa: RUF012

    def __init__(self, search: Search, start: int, wanted: str = "", step: int = 1) -> None:
        super().__init__("find a name or an expression", "such as h[3] or ln(", typed=wanted)
        self._search = search
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
        """Look for the node, in a thread of its own."""
        node = self._search.named(self._wanted) if self._asked else None
        if node is None:
            node = self._search.next(self._wanted, self._start, self._step, thread.report)
        return node

    def on_work_progressed(self, event: WorkProgressed) -> None:
        """Say how far it is."""
        self.say(f"looking … {event.progress:.0%} of the rows · {{find.cancel}} stops")

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
            self._ask_again(f"the search failed: {event.reason}")

    def _ask_again(self, why: str) -> None:
        self.input.disabled = False
        self.input.focus()
        self.say_problem(why)
