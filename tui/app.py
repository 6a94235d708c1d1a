"""`GradwalkApp`: the Textual app. It switches screens and keeps the settings; the screens do the rest."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

from rich.console import RenderableType
from textual.app import App, SystemCommand
from textual.binding import Binding
from textual.markup import escape
from textual.notifications import SeverityLevel
from textual.reactive import Initialize, Reactive
from textual.screen import Screen
from textual.theme import BUILTIN_THEMES, Theme

from ..engine.card import Card
from ..engine.errors import GradwalkError, printable
from ..engine.library import library
from .bindings import active_keys
from .hang_up import ending_with_the_terminal
from .kept import Kept
from .messages import CopyWanted, EpochOpened, OpeningDone, OpeningFailed, SaveWanted, ScenarioChosen, WalkLeft
from .screens.place import Place
from .session import Session
from .themes import THEMES, theme_name
from .widgets.too_small import LEAST_HEIGHT, LEAST_WIDTH

if TYPE_CHECKING:
    from ..engine.scenario import Scenario
    from .kept import Opened
    from .walk.opened import Report
    from .walk.panes import Division

WIDTHS = [(0, "-too-narrow"), (LEAST_WIDTH, "-narrow"), (112, "-wide")]
HEIGHTS = [(0, "-too-short"), (LEAST_HEIGHT, "-short"), (24, "-medium"), (30, "-tall")]
"""The least width or height that gives a screen a class, for `app.tcss`."""

_ALL_THEMES = {**BUILTIN_THEMES, **{theme.name: theme for theme in THEMES.values()}}


def lean_output() -> Callable[[Any], Any]:
    """Return what makes an update of the screen small; it builds on Textual's inside, so it may have to do without."""
    try:
        from .lean_output import TerminalCopy
    except ImportError:
        return lambda update: update
    return TerminalCopy().lean


def _open_walk(scenario: Scenario, report: Report) -> Opened:
    from .walk.opened import open_walk

    return open_walk(scenario, None, "", report)


def _open_training(scenario: Scenario, report: Report) -> Opened:
    """Compile a training's graph."""
    from ..engine.training.scenario import TrainingScenario
    from .training.player import TrainingPlayer

    assert isinstance(scenario, TrainingScenario), "only such a scenario says that it is trained"
    report("compiling the graph", 0.0)
    return TrainingPlayer(scenario)


class GradwalkApp(App[None]):
    """The library of scenarios, or one scenario's walk when it is given."""

    TITLE = "gradwalk"
    CSS_PATH = "app.tcss"
    HORIZONTAL_BREAKPOINTS = WIDTHS
    VERTICAL_BREAKPOINTS = HEIGHTS
    BINDINGS = [  # noqa: RUF012 - Textual's own convention
        Binding(
            "question_mark,f1",
            "help",
            "Help",
            tooltip="Explain this screen and its keys",
            id="app.help",
            key_display="?",
        ),
        Binding("t", "next_theme", "Theme", tooltip="Choose the next theme", id="app.theme"),
        Binding("q", "quit", "Quit", tooltip="Leave gradwalk", id="app.quit"),
    ]

    def _first_theme(self) -> str:
        """Return the theme to start with: one that the terminal can show."""
        return THEMES[self._theme_name].name

    theme: Reactive[str] = Reactive(Initialize(_first_theme))
    """The theme in use; it is known before the first paint, so that there is one paint and not two."""

    def __init__(self, scenario: Scenario | None = None, session: Session | None = None) -> None:
        """Open a scenario, or the library, for whoever sits here, or for the person of another `session`."""
        self.session = session or Session.here()
        self.settings, self._problems = self.session.store.load()
        super().__init__()
        self._lean = lean_output()
        self._scenario = scenario
        self._opened = [scenario] if scenario is not None else []
        self._chosen: Card | Scenario | None = scenario
        self._kept = Kept(self.session.limits.kept_nodes)
        self._division: Division | None = None
        """Where the divider of a walk was moved to."""
        self._epoch_of: Screen[None] | None = None
        """The training that the walk on show is an epoch of."""

    def run(self, *arguments: Any, **options: Any) -> Any:
        """Run until it is left, told to end by a signal, or its terminal hangs up; the terminal is restored."""
        with ending_with_the_terminal(lambda status: self.exit(return_code=status)):
            return super().run(*arguments, **options)

    def get_default_screen(self) -> Screen[None]:
        """Start with the given scenario, or with the library."""
        return self._library() if self._scenario is None else self._first_screen(self._scenario)

    def on_mount(self) -> None:
        """Paint anew after the program was stopped."""
        self.app_resume_signal.subscribe(self, self._repaint)

    def on_ready(self) -> None:
        """Take on the user's keys, which costs every screen's code, so that the first paint does not wait for it.

        Garbage is collected from now on (see `cli`), but for what was made for the start and stays.
        """
        if self.settings.keys:
            from .keymap import bindings, checked_keymap

            keymap, problems = checked_keymap(self.settings.keys, bindings(GradwalkApp))
            self.set_keymap(keymap)
            self._problems += problems
        for problem in self._problems:
            self.notify(problem, severity="warning", timeout=10, markup=False)
        gc.freeze()
        gc.enable()

    # ---- screens

    def on_scenario_chosen(self, event: ScenarioChosen) -> None:
        """Walk the scenario, or train it."""
        if event.screen is self.screen:
            self._open(event.scenario)

    def open_scenario(self, card: Card) -> None:
        """Walk or train a built-in scenario, whatever is on show."""
        while self.screen.is_modal:
            self.pop_screen()
        if self._epoch_of is not None:
            self._leave_epoch()
        self._keep(self.screen)
        self._open(card)

    def _open(self, chosen: Card | Scenario) -> None:
        """Show a scenario where it was left, or from its start."""
        self._chosen = chosen
        kept = self._kept.find(chosen)
        if kept is not None:
            self._go_to(self._screen_of(kept))
        else:
            self._go_to(self._first_screen(self.session.load(chosen.name) if isinstance(chosen, Card) else chosen))

    def on_epoch_opened(self, event: EpochOpened) -> None:
        """Walk an epoch; the training stays below, to come back to."""
        if event.screen is not self.screen:
            return
        from .walk.opened import open_walk
        from .words.training import epoch_title

        moment = event.moment
        self._epoch_of = event.screen
        work = partial(open_walk, moment.scenario, moment.trace, epoch_title(moment))
        self.push_screen(self._opening(moment.scenario, work))

    def on_opening_done(self, event: OpeningDone) -> None:
        """Show what was being opened."""
        if self._uncovered(event.screen):
            self._go_to(self._screen_of(event.opened))

    def on_opening_failed(self, event: OpeningFailed) -> None:
        """Say why, and go back to where it was opened from: what else was opened is not lost."""
        if self._uncovered(event.screen):
            self.notify(f"It cannot be opened: {event.reason}", severity="error", timeout=10, markup=False)
            self._leave(event.screen)

    def _uncovered(self, screen: Screen[None]) -> bool:
        """Take away what stands before a screen, such as help; return False where it is not there any more."""
        if screen not in self.screen_stack:
            return False
        while self.screen is not screen:
            self.pop_screen()
        return True

    def on_walk_left(self, event: WalkLeft) -> None:
        """Go back to the training that the walk is an epoch of, or to the library."""
        if event.screen is self.screen:
            self._leave(event.screen)

    def _leave(self, screen: Screen[None]) -> None:
        if self._epoch_of is not None:
            self._leave_epoch()
        else:
            self._keep(screen)
            self._go_to(self._library())

    def _leave_epoch(self) -> None:
        self._epoch_of = None
        self.pop_screen()

    def _keep(self, screen: Screen[Any]) -> None:
        """Remember how a walk or a training stands."""
        if isinstance(screen, Place):
            self._kept.keep(screen.as_left())

    def _go_to(self, screen: Screen[None]) -> None:
        """Replace the screen; the first one cannot be replaced (Textual owns it) and stays below."""
        if len(self.screen_stack) == 1:
            self.push_screen(screen)
        else:
            self.switch_screen(screen)

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

    def action_help_quit(self) -> None:
        """Say how to leave: Ctrl+C is pressed by habit, and a walk is not to be lost by it."""
        bound = active_keys(self.screen).get("app.quit")
        key = f"{bound.shown} quits, and " if bound else ""
        self.notify(f"{key}ctrl+q quits from everywhere.", title="Leave gradwalk?", markup=False)

    def action_help(self) -> None:
        """Explain the screen and its keys."""
        from .screens.help import HelpScreen

        if not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen.of_screen(self.screen))

    def action_command_palette(self) -> None:
        """Find an action by its name."""
        from .screens.commands import CommandsScreen

        if not isinstance(self.screen, CommandsScreen):
            self.push_screen(CommandsScreen())

    def _first_screen(self, scenario: Scenario) -> Screen[None]:
        """Return the screen on which a scenario is opened: as a training where it is one."""
        return self._opening(scenario, partial(_open_training if scenario.is_trained else _open_walk, scenario))

    def _opening(self, scenario: Scenario, work: Callable[[Report], Opened]) -> Screen[None]:
        """Open at once, or, what is large, on a screen that shows how far it is."""
        from .walk.opened import LARGE, silent

        if len(scenario.graph) < LARGE:
            return self._screen_of(work(silent))
        from .screens.opening import OpeningScreen

        return OpeningScreen(scenario.title, work)

    def _screen_of(self, opened: Opened) -> Screen[None]:
        """Return the screen that shows a walk, or a training."""
        from .walk.opened import OpenedWalk

        if isinstance(opened, OpenedWalk):
            from .screens.walk import WalkScreen
            from .walk.panes import Division

            self._division = self._division or Division()
            return WalkScreen(opened, self._size_classes, division=self._division)
        from .screens.train import TrainScreen
        from .training.player import TrainingPlayer

        assert isinstance(opened, TrainingPlayer), "what is opened is a walk or a training"
        return TrainScreen(opened, self._size_classes)

    def _library(self) -> Screen[None]:
        from .screens.library import LibraryScreen

        return LibraryScreen(self._opened, self._chosen, classes=self._size_classes)

    @property
    def _size_classes(self) -> str:
        """The classes of the present size; Textual sets them only after a screen's first paint."""
        axes = ((self.size.width, WIDTHS), (self.size.height, HEIGHTS))
        return " ".join(next(name for least, name in reversed(steps) if size >= least) for size, steps in axes)

    # ---- a text to take away

    def on_copy_wanted(self, event: CopyWanted) -> None:
        """Send a text to the clipboard, as far as the terminal takes it (OSC 52, so it works over SSH)."""
        from .words.terminal import copied_words

        keys = active_keys(self.screen)
        save = next((bound.shown for name, bound in keys.items() if name.endswith(".save")), "")
        self.copy_to_clipboard(event.text)
        save = save if self.session.may_use_files else ""
        self.notify(copied_words(event.what, self.session.terminal, save), timeout=4, markup=False)

    def on_save_wanted(self, event: SaveWanted) -> None:
        """Save a text to a file, and say where."""
        from .saving import save_text

        try:
            self.session.need_files(f"saving {event.what}")
            self.notify(f"Saved as {save_text(event.name, event.text)}.", timeout=6, markup=False)
        except GradwalkError as error:
            self.notify(str(error), severity="warning", markup=False)

    # ---- what is written to the terminal

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        """Have the screen's updates written in few bytes."""
        super()._display(screen, self._lean(renderable))

    def _repaint(self, app: App[object]) -> None:
        """Paint everything: the terminal showed something else while the program was stopped."""
        self.screen.refresh()

    # ---- themes and commands

    @property
    def _theme_name(self) -> str:
        return theme_name(self.settings.theme, self.session.terminal.colours)

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
        self.settings.theme = name
        self.theme = THEMES[name].name
        problem = self.session.store.save(self.settings)
        if problem:
            self.notify(problem, severity="warning", markup=False)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Offer every key's action, and each theme, in the command palette."""
        for bound in active_keys(screen).values():
            action = partial(self.run_action, bound.binding.action, bound.active.node)
            yield SystemCommand(bound.explanation, f"key {bound.shown}", action)
        for name in THEMES:
            yield SystemCommand(f"Theme: {name}", "Use this theme, and remember it", partial(self.choose_theme, name))
        for card in library():
            title = f"Open {card.name}: {card.title}"
            yield SystemCommand(title, escape(card.summary), partial(self.open_scenario, card), discover=False)
