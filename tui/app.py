"""`GradwalkApp`: the Textual app. It switches screens and keeps the settings; the screens do the rest."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

from rich.console import RenderableType
from textual.app import App, SystemCommand
from textual.binding import Binding
from textual.css.query import NoMatches
from textual.markup import escape
from textual.screen import Screen

from ..engine.card import Card
from . import taking
from .background import WorkDone, WorkFailed
from .bindings import active_keys, with_keys
from .hang_up import ending_with_the_terminal
from .messages import (
    CopyWanted,
    CourseLeft,
    CourseWanted,
    EpochOpened,
    LessonChosen,
    OpeningDone,
    OpeningFailed,
    ReloadWanted,
    SaveWanted,
    ScenarioChosen,
    ScenarioSaved,
    StepAnswered,
    TrainingWanted,
    WalkLeft,
    WalkOpened,
)
from .places import FirstScreen, Places
from .reloading import SECONDS_BETWEEN
from .session import Session
from .start import Start
from .themed_app import ThemedApp
from .themes import THEMES
from .widgets.cursor_cell import cursor_cell
from .widgets.too_small import LEAST_HEIGHT, LEAST_WIDTH

if TYPE_CHECKING:
    from ..engine.scenario import Scenario
    from ..engine.shelf import Shelf
    from ..engine.study.course import Course
    from .attending.attending import Attending

WIDTHS = [(0, "-too-narrow"), (LEAST_WIDTH, "-narrow"), (112, "-wide")]
HEIGHTS = [(0, "-too-short"), (LEAST_HEIGHT, "-short"), (24, "-medium"), (30, "-tall")]
"""The least width or height that gives a screen a class, for `app.tcss`."""

_SECONDS_TO_QUIT = 10.0


def lean_output() -> Callable[[Screen[Any], Any], Any]:
    """Return what makes an update of a screen small; it builds on Textual's inside, so it may have to do without."""
    try:
        from .lean_output import TerminalCopy
        from .partial_paint import paint_partially
    except ImportError:
        return lambda screen, update: update
    copy = TerminalCopy()

    def lean(screen: Screen[Any], update: Any) -> Any:
        paint_partially(screen)
        return copy.lean(update)

    return lean


class GradwalkApp(ThemedApp):
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
        Binding(
            "C",
            "catch_up",
            "Catch up",
            tooltip="Let go of the lecture, or catch up with it",
            id="lecture.catch-up",
            key_display="C",
        ),
        Binding(
            "f6",
            "catch_up",
            "Catch up",
            tooltip="Let go of the lecture, or catch up, also in a dialog",
            id="lecture.catch-up-anywhere",
            priority=True,
            show=False,
        ),
    ]

    def __init__(
        self,
        scenario: Scenario | None = None,
        session: Session | None = None,
        *,
        start: Start | None = None,
        shelf: Shelf | None = None,
        course: Course | None = None,
        first: FirstScreen | None = None,
        theme: str = "",
    ) -> None:
        """Open a scenario at its `start`, a course, or the library, for whoever sits here or has a `session`.

        The library holds what lies on a `shelf`, or what is built in. `first` makes another screen to begin with, such
        as that of a drill. A `theme` is used for this run only.
        """
        super().__init__(session, theme)
        self._lean = lean_output()
        self._may_lose = False
        self.attending: Attending | None = None
        """What the session does in a room that it was let into."""
        self.places = Places(self, lambda: self._size_classes, scenario, start, shelf, course, first)

    def run(self, *arguments: Any, **options: Any) -> Any:
        """Run until it is left, told to end by a signal, or its terminal hangs up; the terminal is restored."""
        with ending_with_the_terminal(lambda status: self.exit(return_code=status)):
            return super().run(*arguments, **options)

    def get_default_screen(self) -> Screen[None]:
        """Start with the given scenario, or with the library."""
        return self.places.first_screen()

    def on_mount(self) -> None:
        """Paint anew after the program was stopped; hear the server that let somebody in."""
        self.app_resume_signal.subscribe(self, self._repaint)
        if self.session.link is not None:
            from .attending.attending import Attending

            self.attending = Attending(self, self.places, self.session.link)

    def on_unmount(self) -> None:
        """Let go of the server."""
        if self.attending is not None:
            self.attending.close()

    def on_ready(self) -> None:
        """Take on the user's keys, which costs every screen's code, so that the first paint does not wait for it.

        Garbage is collected from now on (see `cli`), but for what was made for the start and stays.
        """
        self.use_own_keys(GradwalkApp)
        self.places.note_first()
        if self.session.may_use_files:
            self.set_interval(SECONDS_BETWEEN, self.places.reloading.look)
        gc.freeze()
        gc.enable()
        self.session.say = self._say

    def _say(self, words: str) -> None:
        """Show a sentence as a notice, from any thread, and from a signal's handler."""
        if self._loop is not None:
            notice = partial(self.notify, words, severity="warning", timeout=10, markup=False)
            self._loop.call_soon_threadsafe(self.call_later, notice)

    def _handle_exception(self, error: Exception) -> None:
        """End after a fault; a screen that was about to open when the app was left finds nothing, and that is none."""
        if not (self._exit and isinstance(error, NoMatches)):
            super()._handle_exception(error)

    def _fatal_error(self) -> None:
        """End after a fault of the program's own; whoever was let in from elsewhere is shown no code."""
        if self.session.on_fault is None or self._exception is None:
            super()._fatal_error()
        else:
            self.panic(self.session.on_fault(self._exception))

    # ---- screens

    def on_scenario_chosen(self, event: ScenarioChosen) -> None:
        """Walk the scenario, or train it."""
        if event.screen is self.screen:
            self.places.open(event.scenario)

    def open_scenario(self, card: Card) -> None:
        """Walk or train a scenario of the library, whatever is on show."""
        self.places.leave_all()
        self.places.open(card)

    def on_epoch_opened(self, event: EpochOpened) -> None:
        """Walk an epoch."""
        if event.screen is self.screen:
            self.places.open_epoch(event)

    def on_walk_opened(self, event: WalkOpened) -> None:
        """Show a walk that was made of the one on show."""
        if event.screen is self.screen:
            self.places.open_walk_above(event.opened)

    def on_opening_done(self, event: OpeningDone) -> None:
        """Show what was being opened."""
        if self._uncovered(event.screen):
            self.places.opened(event.opened)

    def on_opening_failed(self, event: OpeningFailed) -> None:
        """Say why, and go back to where it was opened from: what else was opened is not lost."""
        if self._uncovered(event.screen):
            self.notify(f"It cannot be opened: {event.reason}", severity="error", timeout=10, markup=False)
            self.places.leave(event.screen)

    def _uncovered(self, screen: Screen[None]) -> bool:
        """Take away what stands before a screen, such as help; return False where it is not there any more."""
        if screen not in self.screen_stack:
            return False
        while self.screen is not screen:
            self.pop_screen()
        return True

    def on_course_wanted(self, event: CourseWanted) -> None:
        """Show the lessons of the course."""
        if event.screen is self.screen:
            self.places.open_course()

    def on_course_left(self, event: CourseLeft) -> None:
        """Show the library."""
        if event.screen is self.screen:
            self.places.leave(event.screen)

    def on_lesson_chosen(self, event: LessonChosen) -> None:
        """Go into a lesson."""
        if event.screen is self.screen:
            self.places.learning.open(event.lesson)

    def on_training_wanted(self, event: TrainingWanted) -> None:
        """Show the training that a lesson is about."""
        if event.screen is self.screen:
            self.places.open_training_above(event.scenario)

    def on_walk_left(self, event: WalkLeft) -> None:
        """Go back to the training that the walk is an epoch of, or to the library."""
        if event.screen is self.screen:
            self.places.leave(event.screen)

    def on_reload_wanted(self, event: ReloadWanted) -> None:
        """Read a scenario's file anew."""
        if event.screen in self.screen_stack:
            self.places.reloading.read(event.screen)

    def on_scenario_saved(self, event: ScenarioSaved) -> None:
        """Know that the file says what is on show."""
        self.places.reloading.watch(event.path.resolve())

    def on_work_done(self, event: WorkDone) -> None:
        """Show what was read."""
        self.places.reloading.done(event)
        if self.attending is not None:
            self.attending.done(event)

    def on_work_failed(self, event: WorkFailed) -> None:
        """Say why a file could not be read."""
        self.places.reloading.failed(event)
        if self.attending is not None:
            self.attending.failed(event)

    def on_step_answered(self, event: StepAnswered) -> None:
        """Tell the lecture what came of a step that everybody is asked for."""
        if self.attending is not None:
            self.attending.answered(event.answered)

    def action_catch_up(self) -> None:
        """Let go of the lecture, or catch up with it."""
        if self.attending is not None:
            self.attending.toggle()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to catch up where there is a lecture to follow."""
        if action == "catch_up":
            return self.attending is not None and self.attending.may_follow
        return super().check_action(action, parameters)

    async def action_quit(self) -> None:
        """Leave gradwalk; how far somebody has come is remembered. Asked once more where edits or notes would be lost.

        The second press counts as long as the notice about the first one stands there.
        """
        unsaved = self.places.unsaved() if self.session.may_use_files else ()
        if unsaved and not self._may_lose:
            from .words.leaving import quit_words

            self._may_lose = True
            self.set_timer(_SECONDS_TO_QUIT, self._keep_all)
            words = with_keys(quit_words(unsaved), self.screen)
            self.notify(words, title="Leave gradwalk?", severity="warning", timeout=_SECONDS_TO_QUIT, markup=False)
            return
        self.places.note_done()
        self.session.leave()
        await super().action_quit()

    def _keep_all(self) -> None:
        self._may_lose = False

    def action_help_quit(self) -> None:
        """Say how to leave: Ctrl+C is pressed by habit, and a walk is not to be lost by it."""
        bound = active_keys(self.screen).get("app.quit")
        key = f"{bound.shown} quits, and " if bound else ""
        self.notify(f"{key}ctrl+q quits from everywhere.", title="Leave gradwalk?", markup=False)

    def action_help(self) -> None:
        """Explain the screen and its keys."""
        from .screens.help import HelpScreen

        if not isinstance(self.screen, HelpScreen):
            lecture = self.attending.help if self.attending is not None else ""
            self.push_screen(HelpScreen.of_screen(self.screen, lecture))

    def begin_drill(self) -> None:
        """Begin a round of random exercises, whatever is on show."""
        from .screens.drill import DrillScreen
        from .study.drill_start import drills

        progress = self.session.progress
        self.places.begin(lambda classes: DrillScreen(drills(progress), progress, classes))

    def begin_hunt(self) -> None:
        """Begin to hunt for mistakes in functions drawn at random, whatever is on show."""
        from .screens.hunt import HuntScreen
        from .study.hunt_start import hunts

        next_hunt = hunts()
        self.places.begin(lambda classes: HuntScreen(next_hunt(), next_hunt, self.session.progress, classes))

    def show_progress(self) -> None:
        """Show what was practised, and say what is to be said of where it is kept."""
        from .screens.progress import ProgressScreen
        from .words.progress import COMMANDS, IN_A_ROOM

        ways = COMMANDS if self.session.may_use_files else IN_A_ROOM
        screen = ProgressScreen(self.session.progress, ways)
        if said := self.session.progress.problem():
            self.notify(said, severity="warning", markup=False)
        self.push_screen(screen)

    def action_command_palette(self) -> None:
        """Find an action by its name."""
        from .screens.commands import CommandsScreen

        if not isinstance(self.screen, CommandsScreen):
            self.push_screen(CommandsScreen())

    @property
    def _size_classes(self) -> str:
        """The classes of the present size; Textual sets them only after a screen's first paint."""
        axes = ((self.size.width, WIDTHS), (self.size.height, HEIGHTS))
        return " ".join(next(name for least, name in reversed(steps) if size >= least) for size, steps in axes)

    # ---- a text to take away

    def on_copy_wanted(self, event: CopyWanted) -> None:
        """Send a text to the clipboard."""
        taking.copy(self, event)

    def on_save_wanted(self, event: SaveWanted) -> None:
        """Save a text to a file."""
        taking.save(self, event)

    # ---- what is written to the terminal

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        """Have the screen's updates written in few bytes, and the terminal's own cursor put where it belongs."""
        self.cursor_position = cursor_cell(self.screen) or self.cursor_position
        super()._display(screen, self._lean(screen, renderable))
        if self.attending is not None:
            self.attending.painted()

    def _repaint(self, app: App[object]) -> None:
        """Paint everything: the terminal showed something else while the program was stopped."""
        self.screen.refresh()

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Offer every key's action, and each theme, in the command palette."""
        for bound in active_keys(screen).values():
            action = partial(self.run_action, bound.binding.action, bound.active.node)
            yield SystemCommand(bound.explanation, f"key {bound.shown}", action)
        yield SystemCommand("Progress", "What you have practised, and what to do next", self.show_progress)
        yield SystemCommand("Drill", "Random exercises, aimed at what went wrong before", self.begin_drill)
        yield SystemCommand("Bug hunt", "Find the one mistake in a backward pass", self.begin_hunt)
        for name in THEMES:
            yield SystemCommand(f"Theme: {name}", "Use this theme, and remember it", partial(self.choose_theme, name))
        for card in self.places.cards():
            title = f"Open {card.name}: {card.title}"
            yield SystemCommand(title, escape(card.summary), partial(self.open_scenario, card), discover=False)
