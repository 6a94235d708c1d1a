"""`MarksScreen`: the steps that somebody has marked, to go to, take away and save."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.message import Message
from textual.strip import Strip

from ...engine.errors import printable
from ..bindings import with_keys
from ..walk.mark import Mark
from ..walk.marking import without_mark
from ..walk.moment import Moment
from ..widgets.text_view import TextView
from ..words.marks import NO_MARKS, SIGN
from .dialog import Dialog

Save = Callable[[Moment, bool], tuple[Moment, str]]
"""Saves the notes of a moment, whether it was asked before or not; returns the moment then, and what is to be said."""

_STEP = 8
"""Cells of the column of numbers."""

KEYS = "{marks.choose} goes there · {marks.delete} deletes · {marks.save} saves the notes · {marks.close} closes"
"""What stands below the list."""


class MarksView(TextView):
    """A row a mark: the number of its step, its name, and the note."""

    @dataclass(eq=False)
    class Clicked(Message):
        """A row was clicked; it is the selected one now."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[tuple[str, str, str]] = []
        self.selected = 0

    def show(self, moment: Moment) -> None:
        """List the marks of a moment."""
        trace = moment.trace
        self._rows = [
            (f"{trace.number(mark.key) or '–'}", str(mark.key.name(trace.graph)), mark.note) for mark in moment.marks
        ]
        self.set_content_height(len(self._rows))
        self.select(self.selected)

    def select(self, row: int) -> None:
        """Select a row, or the nearest that there is, and bring it into view."""
        self.selected = max(0, min(row, len(self._rows) - 1))
        top, height = self.scroll_offset.y, self.size.height
        if height and not top <= self.selected < top + height:
            self.scroll_to(y=max(0, self.selected - height // 2), animate=False)
        self.refresh()

    def on_resize(self) -> None:
        """Give the scroll bar its range."""
        self.set_content_height(len(self._rows))

    def render_line(self, y: int) -> Strip:
        """Draw one row in view."""
        width, place = self.scrollable_content_region.width, y + self.scroll_offset.y
        if place >= len(self._rows):
            words = f"  {NO_MARKS}" if not place else ""
            return Strip([Segment(words, self.named_style("note"))]).adjust_cell_length(width, self.own_style)
        number, name, note = self._rows[place]
        names = min(max(cell_len(name) for _, name, _ in self._rows) + 2, width // 3)
        marker = ">" if place == self.selected else " "
        cells = [
            (f"{marker} {number:>{_STEP - 3}} ", ""),
            (f"{SIGN} ", "edge"),
            (_cut(name, names), "name"),
            (_cut(note, max(1, width - _STEP - 2 - names)), ""),
        ]
        strip = Strip([Segment(printable(text), self.named_style(style)) for text, style in cells])
        style = self.own_style + self.named_style("selected" if place == self.selected else "")
        return strip.adjust_cell_length(width).apply_style(style)

    def on_click(self, event: events.Click) -> None:
        """Choose the row under the mouse."""
        inside = event.get_content_offset(self)
        if inside is not None and inside.y + self.scroll_offset.y < len(self._rows):
            self.select(inside.y + self.scroll_offset.y)
            self.post_message(self.Clicked())


class MarksScreen(Dialog[int | None]):
    """A list of marks; answers with the number of the step to go to.

    `change` is told of the moment without a mark that is taken away; `save` saves the notes.
    """

    BINDINGS = [  # noqa: RUF012 - Textual's own convention
        Binding("enter", "choose", "Go to", tooltip="Go to this step", id="marks.choose"),
        Binding("d,delete", "delete", "Delete", tooltip="Take this mark away", id="marks.delete"),
        Binding("s", "save", "Save", tooltip="Save the notes into the scenario's file", id="marks.save"),
        Binding("down,j", "move(1)", "Down", id="marks.down"),
        Binding("up,k", "move(-1)", "Up", id="marks.up"),
        Binding("home", "move(-1000000)", "First", id="marks.first"),
        Binding("end", "move(1000000)", "Last", id="marks.last"),
        Binding("escape,q,M", "dismiss(None)", "Close", id="marks.close"),
    ]
    DEFAULT_CSS = """
    MarksScreen MarksView { width: 100%; max-width: 100; height: 70%; background: $background; }
    """

    def __init__(self, moment: Moment, change: Callable[[Moment], None], save: Save) -> None:
        super().__init__()
        self._moment = moment
        self._change = change
        self._save = save
        self._asked = False

    def compose(self) -> ComposeResult:
        """Lay out the list."""
        view = MarksView()
        view.border_title = "steps that you have marked"
        view.border_subtitle = with_keys(KEYS, self)
        yield view

    def on_mount(self) -> None:
        """List the marks, the one of the step on show selected."""
        moment = self._moment
        numbers = [moment.trace.number(mark.key) for mark in moment.marks]
        self.view.selected = numbers.index(moment.cursor) if moment.cursor in numbers else 0
        self.view.show(moment)

    @property
    def view(self) -> MarksView:
        """The list."""
        return self.query_one(MarksView)

    @property
    def _mark(self) -> Mark | None:
        marks = self._moment.marks
        return marks[self.view.selected] if marks else None

    def action_choose(self) -> None:
        """Answer with the selected step."""
        self.dismiss(self._moment.trace.number(self._mark.key) if self._mark else None)

    def action_delete(self) -> None:
        """Take the selected mark away."""
        if self._mark is not None:
            self._follow(without_mark(self._moment, self._mark))

    def action_save(self) -> None:
        """Save the notes; before a file is changed, ask once more."""
        moment, words = self._save(self._moment, self._asked)
        self._asked = not self._asked
        self.notify(words, timeout=8, markup=False)
        if moment is not self._moment:  # they are saved, and of a file that has changed the walk will be another one
            self.dismiss(None)

    def action_move(self, rows: int) -> None:
        """Select another row."""
        self.view.select(self.view.selected + rows)

    def on_marks_view_clicked(self, event: MarksView.Clicked) -> None:
        """Go to the row that was clicked."""
        self.action_choose()

    def _follow(self, moment: Moment) -> None:
        self._moment = moment
        self._change(moment)
        self.view.show(moment)


def _cut(text: str, room: int) -> str:
    """Bring a text to a number of cells; one that is too long ends in an ellipsis."""
    return f"{set_cell_size(text, room - 2)}… " if cell_len(text) >= room and room > 2 else set_cell_size(text, room)
