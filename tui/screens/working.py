"""`WorkingScreen`: does something that may take long, shows how far it is, and lets go of it at a key."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.widgets import Label, ProgressBar

from ..background import BackgroundWork, WorkDone, WorkFailed, WorkProgressed, WorkThread
from ..bindings import with_keys
from .dialog import Dialog


class WorkingScreen(Dialog[Any]):
    """Does `work` in a thread; answers with what comes of it, or with None where it is stopped or fails.

    `work` is given a function to tell which part of it is done (0 to 1).
    """

    BINDINGS = [  # noqa: RUF012 - Textual's own convention
        Binding("escape,q", "cancel", "Cancel", tooltip="Stop this", id="working.cancel", key_display="esc")
    ]
    DEFAULT_CSS = """
    WorkingScreen > Vertical { width: 100%; max-width: 60; height: auto; padding: 0 1; }
    WorkingScreen Label { height: auto; width: 100%; }
    """

    def __init__(self, doing: str, work: Callable[[Callable[[float], None]], Any]) -> None:
        super().__init__()
        self._doing = doing
        self._do = work

    def compose(self) -> ComposeResult:
        """Lay out what is being done, and the bar."""
        with Vertical() as box:
            box.border_subtitle = with_keys("{working.cancel} stops", self)
            yield Label(self._doing, markup=False)
            yield ProgressBar(total=1.0, show_eta=False)

    def on_mount(self) -> None:
        """Begin."""
        self._work = BackgroundWork(self, self._run)

    def on_unmount(self) -> None:
        """Let the thread end soon."""
        self._work.cancel()

    def action_cancel(self) -> None:
        """Stop."""
        self._work.cancel()
        self.dismiss(None)

    def _run(self, thread: WorkThread) -> Any:
        """Work, in a thread of its own."""
        return self._do(thread.report)

    def on_work_progressed(self, event: WorkProgressed) -> None:
        """Show how far it is."""
        self.query_one(ProgressBar).update(progress=event.progress)

    def on_work_done(self, event: WorkDone) -> None:
        """Answer."""
        if not event.work.cancelled:
            self.dismiss(event.result)

    def on_work_failed(self, event: WorkFailed) -> None:
        """Say what went wrong."""
        if not event.work.cancelled:
            self.notify(f"{self._doing}: {event.reason}", severity="error", timeout=10, markup=False)
            self.dismiss(None)
