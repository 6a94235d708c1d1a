"""`OpeningScreen`: shows how far the opening of a large graph is, and lets go of it at a key."""

from __future__ import annotations

from collections.abc import Callable

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.widgets import ProgressBar, Static

from ..background import BackgroundWork, WorkDone, WorkFailed, WorkProgressed, WorkThread
from ..kept import Opened
from ..messages import OpeningDone, OpeningFailed, WalkLeft
from ..walk.opened import Report
from ..widgets.key_bar import KeyBar
from ..widgets.title_bar import TitleBar
from .full_window import FullWindow


class OpeningScreen(FullWindow[None]):
    """Does `work` in a thread, and tells when it is done."""

    BINDINGS = [  # noqa: RUF012 - Textual's own convention
        Binding("escape,b", "cancel", "Cancel", tooltip="Stop opening", id="opening.cancel", key_display="esc")
    ]
    IMPORTANT_KEYS = ("opening.cancel", "app.quit")
    """What the key bar shows."""
    DEFAULT_CSS = """
    OpeningScreen Vertical { align: center middle; height: 1fr; }
    OpeningScreen #doing { width: auto; margin-bottom: 1; }
    """

    def __init__(self, title: str, work: Callable[[Report], Opened]) -> None:
        super().__init__()
        self._title = title
        self._open = work

    def compose(self) -> ComposeResult:
        """Lay out what is being done, and the bar."""
        yield TitleBar(self._title)
        with Vertical():
            yield Static("opening", id="doing", markup=False)
            yield ProgressBar(total=1.0, show_eta=False)
        yield KeyBar(self.IMPORTANT_KEYS)

    def on_mount(self) -> None:
        """Begin."""
        self._work = BackgroundWork(self, self._run)

    def on_unmount(self) -> None:
        """Let the thread end soon."""
        self._work.cancel()

    def action_cancel(self) -> None:
        """Stop."""
        self._work.cancel()
        self.post_message(WalkLeft(self))

    def _run(self, thread: WorkThread) -> Opened:
        """Work, in a thread of its own."""
        return self._open(lambda doing, done: thread.report((doing, done)))

    def on_work_progressed(self, event: WorkProgressed) -> None:
        """Show what is being done."""
        doing, done = event.progress
        self.query_one("#doing", Static).update(doing)
        self.query_one(ProgressBar).update(progress=done)

    def on_work_done(self, event: WorkDone) -> None:
        """Have the result shown, unless nobody wants it any more."""
        if not event.work.cancelled:
            self.post_message(OpeningDone(self, event.result))

    def on_work_failed(self, event: WorkFailed) -> None:
        """Tell why there is nothing to show, unless nobody wants it any more."""
        if not event.work.cancelled:
            self.post_message(OpeningFailed(self, event.reason))
