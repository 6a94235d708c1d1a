"""`PositionBar`: one line that says where the walk is."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.message import Message

from ..widgets.lines import LinesView
from ..words.lines import Line, Piece, line
from ..words.walk import position_words
from .moment import Moment


class PositionBar(LinesView):
    """Phase, step of total, a bar of the whole walk with its two phases, and the playing speed.

    A click on the bar goes there, and so does dragging along it.
    """

    DEFAULT_CSS = """
    PositionBar { height: 1; overflow-y: hidden; }
    """

    class Sought(Message):
        """A place of the bar was clicked: the one after `cursor` steps."""

        def __init__(self, cursor: int) -> None:
            super().__init__()
            self.cursor = cursor

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self._bar = range(0)
        self._total = 0
        self._dragging = False

    def follow(self, moment: Moment) -> None:
        """Draw the moment's place."""
        trace = moment.trace
        predicting = "" if moment.prediction is None else f"· predict: {moment.prediction.choice} "
        words = f" {position_words(trace, moment.cursor)} {predicting}"
        marks = [trace.number(mark.key) or 0 for mark in moment.marks]
        speed = moment.speed if moment.playing else 0.0
        self.show_place(words, moment.cursor, trace.total, trace.forward_steps, speed, marks)

    def show_place(
        self, words: str, cursor: int, total: int, forward: int, speed: float = 0.0, marks: Sequence[int] = ()
    ) -> None:
        """Draw a place in any walk: `words` for it, the step of how many, and how many of them go forward.

        `speed` is how many steps a second are played, 0 where none are; `marks` are steps that somebody has marked.
        """
        playing = f" ▶ {speed:g}/s " if speed else " "
        self._total = total

        def lines(width: int) -> list[Line]:
            parts = cursor / total, forward / total, [mark / total for mark in marks]
            bar = _bar(width - len(words) - len(playing), *parts)
            self._bar = range(len(words), len(words) + sum(len(cells) for cells, _ in bar))
            return [line((words, "name"), *bar, (playing, "name"))]

        self.show(lines)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Go to the place under the mouse, and follow it until the button is let go."""
        if event.x in self._bar:
            self._dragging = True
            self.capture_mouse()
            self._seek(event.x)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Go where the mouse is dragged."""
        if self._dragging:
            self._seek(event.x)

    def on_mouse_up(self) -> None:
        """Stay there."""
        if self._dragging:
            self._dragging = False
            self.release_mouse()

    def _seek(self, column: int) -> None:
        """Ask for the place of a column; the first one is the start and the last one the end."""
        place = max(0, min(column - self._bar.start, len(self._bar) - 1))
        self.post_message(self.Sought(round(self._total * place / max(1, len(self._bar) - 1))))


def _bar(width: int, done: float, seed: float, marks: Sequence[float]) -> list[Piece]:
    """Draw the share of steps taken as a heavy line, where the backward pass begins, and the steps that are marked."""
    if width < 3:
        return []
    taken = round(width * done)
    mark = min(width - 1, round(width * seed))
    cells = ["━" if place < taken else "─" for place in range(width)]
    cells[mark] = "┿" if mark < taken else "┼"
    for place in marks:
        cells[min(width - 1, round(width * place))] = "★"
    line = "".join(cells)
    return [(line[:taken], "value"), (line[taken:], "unknown")]
