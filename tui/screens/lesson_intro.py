"""`LessonIntroScreen`: what a lesson is about, before its walk."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.binding import Binding

from ..bindings import with_keys
from ..widgets.lines import LinesView
from ..words.lines import Line
from .lines_dialog import LinesDialog


class Words(LinesView):
    """Lines in a frame that take as many rows as they need."""

    def _lay_out(self) -> None:
        super()._lay_out()
        rows = len(self._strips) + 2
        if self._width and self.styles.height is not None and self.styles.height.value != rows:
            self.styles.height = rows


class LessonIntroScreen(LinesDialog):
    """A text to read; nearly any key goes on."""

    HELP = "The words of the lesson. They can be read again at any step of its walk."
    BINDINGS = [  # noqa: RUF012 - Textual's own convention
        Binding("enter,space,right,l,escape,q", "dismiss(None)", "Begin", tooltip="Begin the walk", id="intro.begin",
                key_display="⏎"),
        Binding("down,j", "scroll(1)", "Down", tooltip="Scroll down", id="intro.down"),
        Binding("up,k", "scroll(-1)", "Up", tooltip="Scroll up", id="intro.up"),
    ]  # fmt: skip
    DEFAULT_CSS = """
    LessonIntroScreen Words { width: 100%; max-width: 78; max-height: 90%; height: 3; padding: 0 2;
        scrollbar-size-vertical: 1; background: $background; }
    """

    def __init__(self, title: str, lines: Sequence[Line]) -> None:
        super().__init__()
        self._title = title
        self._words = lines

    def compose(self) -> ComposeResult:
        """Lay out the text."""
        view = Words(scroll_binding="intro.down")
        view.border_subtitle = with_keys("{intro.begin} begins", self)
        view.show(lambda width: self._words)
        yield view
