"""`HelpScreen`: what the screen below means and every key it answers."""

from __future__ import annotations

from rich.table import Table
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static


class HelpScreen(ModalScreen[None]):
    """Explanations and keys, made from the bindings themselves so that they are never out of date."""

    BINDINGS = [Binding("escape,q,question_mark", "dismiss", "Close", id="help.close")]  # noqa: RUF012
    DEFAULT_CSS = """
    HelpScreen { align: center middle; }
    HelpScreen > VerticalScroll {
        width: 100%; max-width: 92; height: 100%; max-height: 44; padding: 0 2;
        background: $surface; border: round $primary;
        border-title-align: left; border-subtitle-align: right;
    }
    HelpScreen Static { height: auto; margin-bottom: 1; }
    """

    def __init__(self, explanations: list[str], keys: list[tuple[str, str, str]]) -> None:
        super().__init__()
        self.explanations = explanations
        self.keys = keys

    def compose(self) -> ComposeResult:
        """Lay out the keys first: they are what is looked for most."""
        table = Table(box=None, padding=(0, 2, 0, 0), show_header=True, header_style="dim")
        for column in ("keys", "what they do", "id, for settings.json"):
            table.add_column(column)
        for keys, description, binding_id in self.keys:
            table.add_row(keys, description, binding_id)
        with VerticalScroll() as scroll:
            scroll.border_title = "gradwalk · help"
            scroll.border_subtitle = "esc closes"
            yield Static(table)
            for explanation in self.explanations:
                yield Static(explanation, markup=False)
