"""`LibraryScreen`: the scenarios to choose from."""

from __future__ import annotations

from collections.abc import Sequence

from rich.table import Table
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.screen import Screen
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from ...engine.scenario import Scenario, library
from ..messages import ScenarioChosen
from ..widgets.key_bar import KeyBar
from ..widgets.title_bar import TitleBar
from ..widgets.too_small import TooSmall

_NAME_WIDTH = 10


class LibraryScreen(Screen[None]):
    """A list with title and summary of each scenario; Enter or a click opens one."""

    BINDINGS = [  # noqa: RUF012 - Textual's own convention
        Binding("enter,right,l", "open", "Open", id="library.open", key_display="⏎"),
        Binding("down,j", "move(1)", "Down", id="library.down", key_display="↓"),
        Binding("up,k", "move(-1)", "Up", id="library.up", key_display="↑"),
    ]
    IMPORTANT_KEYS = ("library.open", "app.quit", "app.help", "library.down", "library.up", "app.theme")
    """What the key bar shows, as far as there is room."""
    HELP = """\
Every scenario is a function cut into single operations. Choose one with ↑ and ↓, open it with Enter, and come back \
here with Esc. A scenario of your own is a small TOML file: open it with "gradwalk my.toml"."""

    def __init__(self, opened: Sequence[Scenario] = (), classes: str | None = None) -> None:
        """Show the built-in scenarios and, before them, those that were `opened` from elsewhere."""
        super().__init__(classes=classes)
        built_in = library()
        titles = {(scenario.name, scenario.title) for scenario in built_in}
        own = [scenario for scenario in opened if (scenario.name, scenario.title) not in titles]
        self.scenarios = [*own, *built_in]

    def compose(self) -> ComposeResult:
        """Lay out the list."""
        yield TitleBar("choose a scenario to walk")
        yield OptionList(*(Option(_entry(scenario)) for scenario in self.scenarios), id="scenarios")
        yield TooSmall()
        yield KeyBar(self.IMPORTANT_KEYS)

    def action_open(self) -> None:
        """Open the highlighted scenario."""
        self.query_one(OptionList).action_select()

    def action_move(self, rows: int) -> None:
        """Highlight another scenario."""
        options = self.query_one(OptionList)
        if rows > 0:
            options.action_cursor_down()
        else:
            options.action_cursor_up()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Tell the app which scenario was chosen."""
        self.post_message(ScenarioChosen(self.scenarios[event.option_index]))


def _entry(scenario: Scenario) -> Table:
    entry = Table.grid(padding=(0, 2, 0, 0))
    entry.add_column(width=_NAME_WIDTH, no_wrap=True)
    entry.add_column()
    entry.add_row(Text(scenario.name, "bold"), Text(scenario.title))
    entry.add_row("", Text(f"{scenario.summary}\n", "dim"))
    return entry
