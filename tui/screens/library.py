"""`LibraryScreen`: the scenarios to choose from."""

from __future__ import annotations

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.screen import Screen
from textual.widgets import Footer, OptionList, Static
from textual.widgets.option_list import Option

from ...engine.scenario import Scenario, library
from ..messages import ScenarioChosen


class LibraryScreen(Screen[None]):
    """A list with title and summary of each built-in scenario; Enter or a click opens one."""

    BINDINGS = [  # noqa: RUF012
        Binding("enter", "open", "Open", id="library.open"),
        Binding("down,j", "move(1)", "Down", id="library.down", key_display="↓ j"),
        Binding("up,k", "move(-1)", "Up", id="library.up", key_display="↑ k"),
    ]
    HELP = """\
Every scenario is a function cut into single operations. Choose one with ↑ and ↓, open it with Enter, and come back
here with Esc. A scenario of your own is a small TOML file: open it with "gradwalk my.toml"."""
    DEFAULT_CSS = """
    LibraryScreen #title { height: auto; padding: 0 1; text-style: bold; }
    LibraryScreen OptionList { height: 1fr; border: none; padding: 0; background: $background; }
    """

    def compose(self) -> ComposeResult:
        """Lay out the list."""
        yield Static("gradwalk · choose a scenario to walk", id="title")
        yield OptionList(*(Option(_entry(scenario), id=scenario.name) for scenario in library()), id="scenarios")
        yield Static("make the window larger: gradwalk needs 60x20", id="too-small")
        yield Footer()

    def action_open(self) -> None:
        """Open the highlighted scenario."""
        self.query_one(OptionList).action_select()

    def action_move(self, rows: int) -> None:
        """Highlight another scenario."""
        options = self.query_one(OptionList)
        (options.action_cursor_down if rows > 0 else options.action_cursor_up)()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Tell the app which scenario was chosen."""
        self.post_message(ScenarioChosen(str(event.option.id)))


def _entry(scenario: Scenario) -> Text:
    return Text.assemble(
        (f"{scenario.name:<12}", "bold"), scenario.title, "\n", " " * 12, (scenario.summary, "dim"), "\n"
    )
