"""`LibraryScreen`: the scenarios to choose from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.binding import Binding
from textual.screen import Screen

from ...engine.card import Card
from ...engine.library import library
from ..kept import identity
from ..messages import ScenarioChosen
from ..widgets.key_bar import KeyBar
from ..widgets.scenario_list import ScenarioList
from ..widgets.title_bar import TitleBar
from ..widgets.too_small import TooSmall

if TYPE_CHECKING:
    from ...engine.scenario import Scenario


class LibraryScreen(Screen[None]):
    """A list with title and summary of each scenario; Enter or a click opens one."""

    AUTO_FOCUS = None
    BINDINGS = [  # noqa: RUF012 - Textual's own convention
        Binding("enter,right,l", "open", "Open", tooltip="Walk the selected scenario", id="library.open",
                key_display="⏎"),
        Binding("down,j", "move(1)", "Down", tooltip="Select the next scenario", id="library.down", key_display="↓"),
        Binding("up,k", "move(-1)", "Up", tooltip="Select the scenario before", id="library.up", key_display="↑"),
        Binding("home", "move(-1000)", "First", tooltip="Select the first scenario", id="library.first"),
        Binding("end", "move(1000)", "Last", tooltip="Select the last scenario", id="library.last"),
    ]  # fmt: skip
    IMPORTANT_KEYS = ("library.open", "app.quit", "app.help", "library.down", "library.up", "app.theme")
    """What the key bar shows, as far as there is room."""
    HELP = """\
Every scenario is a function cut into single operations. Choose one with ↑ and ↓, open it with Enter, and come back \
here with Esc. A scenario of your own is a small TOML file: open it with "gradwalk my.toml"."""

    def __init__(
        self, opened: Sequence[Scenario] = (), selected: Card | Scenario | None = None, classes: str | None = None
    ) -> None:
        """Show the built-in scenarios and, before them, those that were `opened` from elsewhere."""
        super().__init__(classes=classes)
        built_in = library()
        known = [identity(scenario) for scenario in built_in]
        own = [scenario for scenario in opened if identity(scenario) not in known]
        self.scenarios: list[Card | Scenario] = [*own, *built_in]
        names = [identity(scenario) for scenario in self.scenarios]
        self._selected = names.index(identity(selected)) if selected and identity(selected) in names else 0

    def compose(self) -> ComposeResult:
        """Lay out the list."""
        yield TitleBar("choose a scenario to walk")
        yield ScenarioList(self.scenarios, self._selected)
        yield TooSmall()
        yield KeyBar(self.IMPORTANT_KEYS)

    @property
    def list(self) -> ScenarioList:
        """The list."""
        return self.query_one(ScenarioList)

    def action_open(self) -> None:
        """Tell the app which scenario was chosen."""
        self.post_message(ScenarioChosen(self, self.scenarios[self.list.selected]))

    def action_move(self, entries: int) -> None:
        """Select another scenario."""
        self.list.select(self.list.selected + entries)

    def on_scenario_list_clicked(self, event: ScenarioList.Clicked) -> None:
        """Open the entry that was clicked."""
        self.action_open()
