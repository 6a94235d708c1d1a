"""`OpeningScreen`: shows how far the opening of a large graph is, and lets go of it at a key."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.message import Message
from textual.screen import Screen
from textual.widgets import ProgressBar, Static

from ..messages import OpeningReady, WalkLeft
from ..walk.opened import Cancelled, Report
from ..widgets.key_bar import KeyBar
from ..widgets.title_bar import TitleBar


class OpeningScreen(Screen[None]):
    """Does `work` in a thread and then has `show` make the screen for what came of it."""

    BINDINGS = [  # noqa: RUF012 - Textual's own convention
        Binding("escape,b", "cancel", "Cancel", tooltip="Stop opening", id="opening.cancel", key_display="esc")
    ]
    IMPORTANT_KEYS = ("opening.cancel", "app.quit")
    """What the key bar shows."""
    DEFAULT_CSS = """
    OpeningScreen Vertical { align: center middle; height: 1fr; }
    OpeningScreen #doing { width: auto; margin-bottom: 1; }
    """

    class Progress(Message):
        """The thread is doing something, of which a part is done."""

        def __init__(self, doing: str, done: float) -> None:
            super().__init__()
            self.doing = doing
            self.done = done

    class Done(Message):
        """The thread has finished."""

        def __init__(self, result: Any) -> None:
            super().__init__()
            self.result = result

    class Failed(Message):
        """The thread could not do its work."""

        def __init__(self, error: Exception) -> None:
            super().__init__()
            self.error = error

    def __init__(
        self,
        title: str,
        work: Callable[[Report], Any],
        show: Callable[[Any], Screen[None]],
        *,
        inside_training: bool = False,
    ) -> None:
        super().__init__()
        self._inside_training = inside_training
        self._title = title
        self._work = work
        self._show = show
        self._cancelled = threading.Event()

    def compose(self) -> ComposeResult:
        """Lay out what is being done, and the bar."""
        yield TitleBar(self._title)
        with Vertical():
            yield Static("opening", id="doing", markup=False)
            yield ProgressBar(total=1.0, show_eta=False)
        yield KeyBar(self.IMPORTANT_KEYS)

    def on_mount(self) -> None:
        """Begin."""
        threading.Thread(target=self._run, daemon=True).start()

    def on_unmount(self) -> None:
        """Let the thread end soon."""
        self._cancelled.set()

    def action_cancel(self) -> None:
        """Stop."""
        self._cancelled.set()
        self.post_message(WalkLeft(self, self._inside_training))

    def _run(self) -> None:
        """Work, in a thread of its own; it touches no widget, and waits for none."""
        try:
            result = self._work(self._report)
        except Cancelled:
            return
        except Exception as error:
            self.post_message(self.Failed(error))
        else:
            self.post_message(self.Done(result))

    def _report(self, doing: str, done: float) -> None:
        if self._cancelled.is_set():
            raise Cancelled
        self.post_message(self.Progress(doing, done))

    def on_opening_screen_progress(self, event: Progress) -> None:
        """Show what is being done."""
        self.query_one("#doing", Static).update(event.doing)
        self.query_one(ProgressBar).update(progress=event.done)

    def on_opening_screen_done(self, event: Done) -> None:
        """Have the result shown, unless nobody wants it any more."""
        if not self._cancelled.is_set():
            self.post_message(OpeningReady(lambda: self._show(event.result)))

    def on_opening_screen_failed(self, event: Failed) -> None:
        """Raise what went wrong where the app sees it."""
        raise event.error
