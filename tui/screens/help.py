"""`HelpScreen`: what the screen below means and every key it answers."""

from __future__ import annotations

from collections.abc import Sequence

from rich.table import Table
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.screen import Screen
from textual.widgets import Static

from ..bindings import active_keys, with_keys
from .dialog import Dialog


class HelpScreen(Dialog[None]):
    """Explanations and keys, made from the bindings themselves so that they are never out of date."""

    BINDINGS = [  # noqa: RUF012 - Textual's own convention
        Binding("escape,q,question_mark", "dismiss", "Close", id="help.close", key_display="esc"),
        Binding("j", "scroll(1)", "Down", id="help.down", show=False),
        Binding("k", "scroll(-1)", "Up", id="help.up", show=False),
    ]
    DEFAULT_CSS = """
    HelpScreen > VerticalScroll {
        width: 100%; max-width: 96; height: 100%; max-height: 64; padding: 0 1;
        border-title-align: left; border-subtitle-align: right;
        scrollbar-size-vertical: 1; scrollbar-gutter: stable;
    }
    HelpScreen Static { height: auto; margin-bottom: 1; padding-right: 1; }
    """

    def __init__(self, explanations: Sequence[str], keys: Sequence[tuple[str, str, str]]) -> None:
        """Show `explanations`, and `keys` as (keys, what they do, id of the binding)."""
        super().__init__()
        self.explanations = explanations
        self.keys = keys

    @classmethod
    def of_screen(cls, screen: Screen[object]) -> HelpScreen:
        """Collect the `HELP` of a screen and its widgets, and all their keys."""
        shown = (node for node in screen.query("*") if all(widget.display for widget in node.ancestors_with_self))
        nodes = [screen, *shown]
        explanations = [text for node in nodes if (text := getattr(type(node), "HELP", None))]
        bound_by_id = active_keys(screen)
        return cls(
            explanations, [("  ".join(bound.keys), bound.explanation, name) for name, bound in bound_by_id.items()]
        )

    def compose(self) -> ComposeResult:
        """Lay out the explanations, then the keys."""
        table = Table(box=None, padding=(0, 2, 0, 0), show_header=True, header_style="dim")
        for column in ("keys", "what they do", "id, for settings.json"):
            table.add_column(column)
        for row in self.keys:
            table.add_row(*row)
        with VerticalScroll() as scroll:
            scroll.border_title = "help"
            scroll.border_subtitle = with_keys("{help.close} closes", self)
            for explanation in self.explanations:
                yield Static(explanation, markup=False)
            yield Static(table)

    def action_scroll(self, rows: int) -> None:
        """Scroll the text."""
        self.query_one(VerticalScroll).scroll_relative(y=rows, animate=False)
