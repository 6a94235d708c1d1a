"""`GradwalkApp`: the Textual app. It switches screens and keeps the settings; the screens do the rest."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterable
from functools import partial

from textual.app import App, SystemCommand
from textual.binding import Binding
from textual.screen import Screen

from ..engine.scenario import Scenario
from .messages import ScenarioChosen
from .screens.walk import WalkScreen
from .settings import load_settings, save_settings
from .themes import THEMES, WITHOUT_COLOUR
from .widgets.too_small import LEAST_HEIGHT, LEAST_WIDTH


class GradwalkApp(App[None]):
    """The library of scenarios, or one scenario's walk when it is given."""

    TITLE = "gradwalk"
    CSS_PATH = "app.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-too-narrow"), (LEAST_WIDTH, "-narrow"), (100, "-wide")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-too-short"), (LEAST_HEIGHT, "-short"), (24, "-medium"), (30, "-tall")]  # noqa: RUF012
    BINDINGS = [  # noqa: RUF012 - Textual's own convention
        Binding(
            "question_mark,f1",
            "help",
            "Help",
            tooltip="Explain this screen and its keys",
            id="app.help",
            key_display="?",
        ),
        Binding("t", "next_theme", "Next theme", id="app.theme", show=False),
        Binding("q", "quit", "Quit", tooltip="Leave gradwalk", id="app.quit"),
    ]

    def __init__(self, scenario: Scenario | None = None) -> None:
        super().__init__()
        self.settings, self._settings_problem = load_settings()
        self._scenario = scenario
        self._opened = [scenario] if scenario is not None else []

    def get_default_screen(self) -> Screen[None]:
        """Start with the given scenario, or with the library."""
        return WalkScreen(self._scenario) if self._scenario is not None else self._library()

    def on_mount(self) -> None:
        """Apply the settings, and see to it that the terminal is restored when the program is told to end."""
        for theme in THEMES.values():
            self.register_theme(theme)
        self.theme = THEMES[WITHOUT_COLOUR if self.no_color else self.settings.theme].name
        self.set_keymap(self.settings.keys)
        if self._settings_problem:
            self.notify(self._settings_problem, severity="warning", markup=False)
        for name in ("SIGTERM", "SIGHUP"):
            if hasattr(signal, name):
                self._exit_on(getattr(signal, name))

    def _exit_on(self, number: signal.Signals) -> None:
        try:
            asyncio.get_running_loop().add_signal_handler(number, partial(self.exit, return_code=128 + number))
        except (NotImplementedError, RuntimeError):  # Windows, or an app that does not run in the main thread
            return

    # ---- screens

    def on_scenario_chosen(self, event: ScenarioChosen) -> None:
        """Walk the scenario."""
        self.switch_screen(WalkScreen(event.scenario))

    def on_walk_left(self) -> None:
        """Go back to the library."""
        self.switch_screen(self._library())

    def action_help(self) -> None:
        """Explain the screen and its keys."""
        from .screens.help import HelpScreen

        if not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen.of_screen(self.screen))

    def _library(self) -> Screen[None]:
        from .screens.library import LibraryScreen

        return LibraryScreen(self._opened)

    # ---- themes and commands

    def action_next_theme(self) -> None:
        """Choose the next of the themes."""
        names = list(THEMES)
        self.choose_theme(names[(names.index(self.settings.theme) + 1) % len(names)])

    def choose_theme(self, name: str) -> None:
        """Use one of `themes.THEMES` and remember it."""
        if self.no_color:
            self.notify("NO_COLOR is set, so there is only the terminal's own colour.")
            return
        self.settings.theme = name
        self.theme = THEMES[name].name
        problem = save_settings(self.settings)
        if problem:
            self.notify(problem, severity="warning", markup=False)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Offer every key's action, and each theme, in the command palette."""
        seen: set[str | None] = set()
        for active in screen.active_bindings.values():
            binding = active.binding
            if binding.id is None or binding.id in seen or not binding.description:
                continue
            seen.add(binding.id)
            title = active.tooltip or binding.tooltip or binding.description
            yield SystemCommand(
                title, f"key {self.get_key_display(binding)}", partial(self.run_action, binding.action, active.node)
            )
        for name in THEMES:
            yield SystemCommand(f"Theme: {name}", "Use this theme, and remember it", partial(self.choose_theme, name))
