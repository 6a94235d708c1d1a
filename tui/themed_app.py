"""`ThemedApp`: an app in the colours and with the keys that its user has chosen."""

from __future__ import annotations

from typing import Any

from textual.app import App
from textual.filter import DimFilter
from textual.notifications import SeverityLevel
from textual.reactive import Initialize, Reactive
from textual.theme import BUILTIN_THEMES, Theme

from ..engine.errors import printable, quoted
from .session import Session
from .shared_styles import SharedStylesheet, share_filters
from .terminal import THEME
from .themes import DIM, THEMES, theme_name
from .widgets.title_bar import TitleBar

_ALL_THEMES = {**BUILTIN_THEMES, **{theme.name: theme for theme in THEMES.values()}}


class ThemedApp(App[None]):
    """The settings of a session, and what follows from them: themes, keys, and notices about what cannot be used."""

    def _first_theme(self) -> str:
        """Return the theme to start with: one that the terminal can show."""
        return THEMES[self._theme_name].name

    theme: Reactive[str] = Reactive(Initialize(_first_theme))
    """The theme in use; it is known before the first paint, so that there is one paint and not two."""

    def __init__(self, session: Session | None = None, theme: str = "") -> None:
        """Run for whoever sits here, or for the person of another `session`; in one of `THEMES`, for this run only."""
        self.session = session or Session.here()
        self.settings, self._problems = self.session.store.load()
        self._theme_for_now = theme or self._theme_of_the_terminal()
        self.who_leads = ""
        """What title bars say before all else: who leads this screen in a lecture, with keys as in `with_keys`."""
        super().__init__()
        self.stylesheet = SharedStylesheet(variables=self.get_css_variables())
        share_filters(self._filters)
        for line_filter in self.get_line_filters():
            if isinstance(line_filter, DimFilter):
                line_filter.dim_factor = DIM

    def use_own_keys(self, app: type[App[Any]]) -> None:
        """Take on the user's keys for the bindings of an app, and say what is wrong with their settings.

        It costs every screen's code, so the first paint does not wait for it.
        """
        if self.settings.keys:
            from .keymap import bindings, checked_keymap

            keymap, problems = checked_keymap(self.settings.keys, bindings(app))
            self.set_keymap(keymap)
            self._problems += problems
        for problem in self._problems:
            self.notify(problem, severity="warning", timeout=10, markup=False)

    def _theme_of_the_terminal(self) -> str:
        wanted = self.session.terminal.theme
        if wanted and wanted not in THEMES:
            self._problems = [
                *self._problems,
                f"{THEME}: there is no theme {quoted(wanted)}; there are {', '.join(THEMES)}",
            ]
            return ""
        return wanted

    @property
    def _theme_name(self) -> str:
        return theme_name(self._theme_for_now or self.settings.theme, self.session.terminal)

    @property
    def available_themes(self) -> dict[str, Theme]:
        """The themes by name: Textual's, since it falls back on them, and ours."""
        return _ALL_THEMES

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """The variables of our own that a theme need not have."""
        return {"selected-row": "ansi_default"}

    def action_next_theme(self) -> None:
        """Choose the next of the themes."""
        names = list(THEMES)
        self.choose_theme(names[(names.index(self._theme_name) + 1) % len(names)])

    def choose_theme(self, name: str) -> None:
        """Use one of `themes.THEMES` and remember it."""
        if self.no_color:
            self.notify("NO_COLOR is set, so there is only the terminal's own colour.")
            return
        self._theme_for_now = ""
        self.settings.theme = name
        self.theme = THEMES[name].name
        self.warn(self.session.store.save(self.settings))

    def say_who_leads(self, said: str) -> None:
        """Have the title bars say who leads; nothing where there is no lecture."""
        if said != self.who_leads:
            self.who_leads = said
            for screen in self.screen_stack:
                screen.query(TitleBar).refresh()

    def warn(self, problem: str) -> None:
        """Show what could not be done; without a problem, nothing."""
        if problem:
            self.notify(problem, severity="warning", markup=False)

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = True,
    ) -> None:
        """Show a notice; one that merely informs takes the place of those before it, so that they hide little."""
        if severity == "information":
            self.clear_notifications()
        super().notify(printable(message), title=title, severity=severity, timeout=timeout, markup=markup)
