"""`KeyBar`: the keys of a screen in its last line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

from ..bindings import ActiveKeys, active_keys


class _Shown(NamedTuple):
    """A key in the bar, and the cells it takes."""

    start: int
    end: int
    key: str
    description: str
    bound: ActiveKeys


def _is_typed(key: str) -> bool:
    """Say whether a key, by Textual's name of it, is a character."""
    return len(key) == 1 or key in _TYPED


_TYPED = {"plus", "minus", "slash", "question_mark", "equals_sign", "comma", "full_stop", "space", "dollar_sign",
          "left_parenthesis", "right_parenthesis", "left_square_bracket", "right_square_bracket", "less_than_sign",
          "greater_than_sign"}  # fmt: skip


class KeyBar(Widget):
    """As many keys as the width holds, the most important of them first to get a place; a click is a key press."""

    COMPONENT_CLASSES = {"key-bar--key", "key-bar--description"}  # noqa: RUF012 - Textual's own convention
    DEFAULT_CSS = """
    KeyBar {
        dock: bottom; height: 1; background: $surface;
        .key-bar--key { color: $footer-key-foreground; text-style: bold; }
        .key-bar--description { color: $foreground; }
    }
    """

    def __init__(self, important: Sequence[str]) -> None:
        """Show the bindings with these ids, the most important one first."""
        super().__init__()
        self._important = important

    def on_mount(self) -> None:
        """Follow the bindings: a user's own keys come after the first paint."""
        self.screen.bindings_updated_signal.subscribe(self, self._follow_bindings)

    def _follow_bindings(self, screen: Screen[object]) -> None:
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw the keys that fit."""
        key_style, style = (
            self.get_component_rich_style(f"key-bar--{part}", partial=True) for part in ("key", "description")
        )
        segments: list[Segment] = []
        for shown in self._fitting():
            segments += [Segment(f" {shown.key} ", key_style), Segment(f"{shown.description} ", style)]
        return Strip(segments).adjust_cell_length(self.size.width).apply_style(self.rich_style)

    async def on_click(self, event: events.Click) -> None:
        """Do what the key under the mouse does."""
        for shown in self._fitting():
            if shown.start <= event.x < shown.end:
                await self.app.run_action(shown.bound.binding.action, shown.bound.active.node)

    def _fitting(self) -> Iterator[_Shown]:
        """Find the keys that fit, in the order of the bindings."""
        bound_by_id = active_keys(self.screen)
        if getattr(self.screen.focused, "cursor_screen_offset", None) is not None:  # it takes what can be typed
            field = self.screen.focused
            bound_by_id = {
                name: bound
                for name, bound in bound_by_id.items()
                if bound.active.node is field or not (_is_typed(bound.binding.key) or len(bound.shown) == 1)
            }
        room = self.size.width + 1  # behind the last key there need not be a space
        fitting: set[str] = set()
        for name in self._important:
            width = self._width(bound_by_id[name]) if name in bound_by_id else 0
            if width > room:
                break
            room -= width
            fitting.add(name)
        column = 0
        for name, bound in bound_by_id.items():
            if name in fitting:
                end = column + self._width(bound)
                yield _Shown(column, end, bound.shown, bound.binding.description, bound)
                column = end

    def _width(self, bound: ActiveKeys) -> int:
        return cell_len(bound.shown) + cell_len(bound.binding.description) + 3
