"""`SliderBar`: one line with the place of a value in its range, which keys and the mouse move."""

from __future__ import annotations

from rich.cells import cell_len
from textual import events

from ....engine.editing.slider import Slider
from ....engine.rules.number_text import format_number
from ...bindings import active_keys
from ...messages import InputSlid
from ...widgets.lines import LinesView
from ...words.lines import Line, line


class SliderBar(LinesView):
    """Draws `name  low ├───●───┤ high`; a click or a drag asks for the value under the mouse."""

    DEFAULT_CSS = "SliderBar { height: 1; overflow-y: hidden; scrollbar-gutter: auto; }"

    def __init__(self) -> None:
        super().__init__()
        self._slider: Slider | None = None
        self._node = 0
        self._bar = range(0)
        self._dragging = False

    def follow(self, name: str, node: int, slider: Slider, value: float) -> None:
        """Draw the place of a node's value."""
        if not self._dragging:  # a drag keeps the range it began in
            self._slider = slider
        self._node = node
        self.show(lambda width: self._lines(width, name, self._slider or slider, value))

    def _lines(self, width: int, name: str, slider: Slider, value: float) -> list[Line]:
        keys = active_keys(self.screen)
        down, up = (keys[id].shown if id in keys else "" for id in ("walk.slide-down", "walk.slide-up"))
        left = f"{name}  {f'{down} ' if down else ''}{format_number(slider.low)} "
        right = f" {format_number(slider.high)}{f' {up}' if up else ''}"
        room = width - cell_len(left) - cell_len(right) - 2
        if room < 3:
            self._bar = range(0)
            return [line((name, "name"), f" = {format_number(value)}")]
        self._bar = range(cell_len(left) + 1, cell_len(left) + 1 + room)
        place = round(slider.share(value) * (room - 1))
        return [
            line((left, "name"), ("├" + "─" * place, "guide"), ("●", "value"),
                 ("─" * (room - 1 - place) + "┤", "guide"), (right, "name"))
        ]  # fmt: skip

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Slide to the place under the mouse, and follow it until the button is let go."""
        x = event.x - self.gutter.left
        if self._bar.start - 1 <= x <= self._bar.stop and len(self._bar):
            event.stop()
            self._dragging = True
            self.capture_mouse()
            self._seek(x)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Slide where the mouse is dragged."""
        if self._dragging:
            self._seek(event.x - self.gutter.left)

    def on_mouse_up(self) -> None:
        """Stay there."""
        if self._dragging:
            self._dragging = False
            self.release_mouse()

    def _seek(self, x: int) -> None:
        if self._slider is not None:
            share = (x - self._bar.start) / max(1, len(self._bar) - 1)
            self.post_message(InputSlid(self._node, self._slider.at(share)))
