"""`LibraryScreen`: the scenarios to choose from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.message import Message
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

from ...engine.card import Card
from ...engine.errors import GradwalkError
from ...engine.library import library
from ..bindings import active_keys
from ..done import Done
from ..kept import identity
from ..messages import CourseWanted, ScenarioChosen
from ..widgets.key_bar import KeyBar
from ..widgets.scenario_list import Entry, ScenarioList
from ..widgets.title_bar import TitleBar
from ..widgets.too_small import TooSmall
from ..widgets.typed_line import TypedLine
from ..words.library import COURSE, OPENED_FROM_ELSEWHERE, done_words, nothing_words, shelf_title
from .full_window import FullWindow

if TYPE_CHECKING:
    from ...engine.scenario import Scenario
    from ...engine.shelf import Listing, Shelf
    from ..background import BackgroundWork, WorkDone, WorkProgressed, WorkThread


_BETWEEN_FILES = 0.002
"""Seconds that the reading of a shelf leaves to whoever presses a key, after each file."""


def _nothing_done(place: str) -> Done | None:
    return None


class CourseLine(Widget):
    """Says, in one row above the scenarios, that there is a course, and the key that begins it; a click does too."""

    DEFAULT_CSS = "CourseLine { height: 1; }"

    @dataclass(eq=False)
    class Clicked(Message):
        """It was clicked."""

    def on_mount(self) -> None:
        """Follow the bindings: a user's own keys come after the first paint."""
        self.screen.bindings_updated_signal.subscribe(self, self._follow_bindings)

    def render_line(self, y: int) -> Strip:
        """Draw the row."""
        bound = active_keys(self.screen).get("library.course")
        key = [Segment(f" {bound.shown} ", Style(bold=True))] if bound else [Segment(" ")]
        words = set_cell_size(COURSE, min(cell_len(COURSE), max(0, self.size.width - 4)))
        return Strip([*key, Segment(words, Style(dim=True))]).adjust_cell_length(self.size.width)

    def on_click(self) -> None:
        """Say that it was clicked."""
        self.post_message(self.Clicked())

    def _follow_bindings(self, screen: Screen[object]) -> None:
        self.refresh()


class LibraryScreen(FullWindow[None]):
    """A list with title and summary of each scenario; Enter or a click opens one, typing after / finds some."""

    AUTO_FOCUS = None
    BINDINGS = [  # noqa: RUF012 - Textual's own convention
        Binding("enter,right,l", "open", "Open", tooltip="Walk the selected scenario", id="library.open",
                key_display="⏎"),
        Binding("down,j", "move(1)", "Down", tooltip="Select the next scenario", id="library.down", key_display="↓"),
        Binding("up,k", "move(-1)", "Up", tooltip="Select the scenario before", id="library.up", key_display="↑"),
        Binding("pagedown", "move_page(1)", "Page down", tooltip="Select a scenario a page further",
                id="library.page-down"),
        Binding("pageup", "move_page(-1)", "Page up", tooltip="Select a scenario a page before", id="library.page-up"),
        Binding("home", "move(-100000)", "First", tooltip="Select the first scenario", id="library.first"),
        Binding("end", "move(100000)", "Last", tooltip="Select the last scenario", id="library.last"),
        Binding("slash", "find", "Find", tooltip="List only what has the words you type", id="library.find",
                key_display="/"),
        Binding("escape", "show_all", "All", tooltip="List all scenarios again", id="library.all", key_display="esc"),
        Binding("c", "learn", "Course", tooltip="Learn in lessons that ask and answer back", id="library.course"),
        Binding("f5", "read_anew", "Read anew", tooltip="Look again what lies in the folder", id="library.reload"),
    ]  # fmt: skip
    IMPORTANT_KEYS = (
        "library.open",
        "app.quit",
        "app.help",
        "library.course",
        "library.find",
        "library.all",
        "library.down",
        "library.up",
        "app.theme",
    )
    """What the key bar shows, as far as there is room."""
    HELP = """\
Every scenario is a function cut into single operations. Choose one with ↑ and ↓, open it with Enter, and come back \
here with Esc: it stands then as you left it.

/ lists only those whose title, name, summary or section has the words you type. What was opened, walked to its end or \
trained to its last epoch is marked so. A scenario of your own is a small TOML file: open it with "gradwalk my.toml", \
or a whole folder of them with "gradwalk my-scenarios"."""

    def __init__(
        self,
        opened: Sequence[Scenario] = (),
        selected: Card | Scenario | None = None,
        classes: str | None = None,
        *,
        shelf: Shelf | None = None,
        done: Callable[[str], Done | None] = _nothing_done,
    ) -> None:
        """Show the scenarios of a shelf, or those built in; before them, those that were `opened` from elsewhere.

        `done` says by `Card.place` how far somebody has come.
        """
        super().__init__(classes=classes)
        self._opened = opened
        self._shelf = shelf
        self._listing: Listing | None = None
        self._done = done
        self._problem = ""
        self._checking: BackgroundWork | None = None
        self._all: list[Card | Scenario] = []
        self.scenarios: list[Card | Scenario] = []
        """What is listed."""
        self._read()
        self._first = self._place_of(selected)

    def compose(self) -> ComposeResult:
        """Lay out the list."""
        own = self._shelf is not None and not self._shelf.adds
        yield TitleBar(shelf_title(self._shelf.places) if self._shelf and own else "choose a scenario to walk")
        if not own:
            yield CourseLine()
        yield TypedLine("/", "words of a title, name, summary or section")
        yield ScenarioList(self._entries(), self._first, self._nothing)
        yield TooSmall()
        yield KeyBar(self.IMPORTANT_KEYS)

    def on_mount(self) -> None:
        """Read the files of a shelf whole, in the background: what is wrong with one is seen before it is opened."""
        self._check()

    def on_unmount(self) -> None:
        """Leave no thread behind."""
        if self._checking is not None:
            self._checking.cancel()

    @property
    def list(self) -> ScenarioList:
        """The list."""
        return self.query_one(ScenarioList)

    @property
    def _line(self) -> TypedLine:
        return self.query_one(TypedLine)

    @property
    def _typed(self) -> str:
        return self._line.typed or "" if self.is_mounted else ""

    # ---- choosing

    def action_open(self) -> None:
        """Tell the app which scenario was chosen."""
        if self.scenarios:
            self.post_message(ScenarioChosen(self, self.scenarios[self.list.selected]))

    def action_learn(self) -> None:
        """Show the lessons of the course."""
        self.post_message(CourseWanted(self))

    def action_move(self, entries: int) -> None:
        """Select another scenario."""
        self.list.select(self.list.selected + entries)

    def action_move_page(self, pages: int) -> None:
        """Select a scenario about a page away."""
        self.action_move(pages * max(1, self.list.size.height // 3))

    def on_scenario_list_clicked(self, event: ScenarioList.Clicked) -> None:
        """Open the entry that was clicked."""
        self.action_open()

    def on_course_line_clicked(self, event: CourseLine.Clicked) -> None:
        """Show the lessons of the course."""
        self.action_learn()

    def lead(self, name: str) -> None:
        """Select the scenario that a lecture leads to, where it is listed."""
        names = [scenario.name for scenario in self.scenarios]
        if name in names:
            self.list.select(names.index(name))

    # ---- finding

    def action_find(self) -> None:
        """Take what is typed from now on for words to find."""
        if self._line.typed is None:
            self._line.typed = ""
            self.refresh_bindings()

    def on_key(self, event: events.Key) -> None:
        """Take what is typed. A key that begins or ends that does so here, before the next one comes."""
        bound = self.active_bindings.get(event.key)
        does = bound.binding.id if bound is not None else ""
        if self._line.typed is None:
            if does != "library.find":
                return
            self.action_find()
        elif does == "library.all" and not event.is_printable:
            self.action_show_all()
        elif self._line.take(event):
            self._show(self.chosen)
        else:
            return
        event.stop()
        event.prevent_default()

    def action_show_all(self) -> None:
        """List all again."""
        chosen, self._line.typed = self.chosen, None
        self._show(chosen)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to list all where only some are listed, and to read anew where there are files."""
        if action == "show_all":
            return bool(self.query(TypedLine)) and self._line.typed is not None
        if action == "learn":
            return self._shelf is None or self._shelf.adds
        return self._shelf is not None if action == "read_anew" else True

    # ---- what lies in the folders

    def action_read_anew(self) -> None:
        """Look again what there is."""
        chosen = self.chosen
        self._read()
        self._show(chosen)
        self._check()

    def on_work_progressed(self, event: WorkProgressed) -> None:
        """Show what is wrong with a file."""
        if event.work is self._checking:
            self._read()
            self._show(self.chosen)

    def on_work_done(self, event: WorkDone) -> None:
        """Show what is wrong with the last one."""
        if event.work is self._checking and event.result:
            self._read()
            self._show(self.chosen)

    def _check(self) -> None:
        shelf, listing = self._shelf, self._listing
        if shelf is None or listing is None:
            return
        from ..background import BackgroundWork

        def check(thread: WorkThread) -> int:
            found = 0
            for card in listing.cards:
                if thread.cancelled:
                    break
                if shelf.check(card):
                    found += 1
                    thread.report(found)
                thread.sleep(_BETWEEN_FILES)
            return found

        if self._checking is not None:
            self._checking.cancel()
        self._checking = BackgroundWork(self, check)

    def _read(self) -> None:
        self._problem = ""
        try:
            self._listing = self._shelf.listing() if self._shelf is not None else None
        except GradwalkError as error:
            self._problem = str(error)
        listed: Sequence[Card] = library() if self._shelf is None else ()
        if self._listing is not None and not self._problem:
            listed = self._listing.cards
        known = [identity(scenario) for scenario in listed]
        own = [scenario for scenario in self._opened if identity(scenario) not in known]
        self._all = [*own, *listed]
        self.scenarios = self._matching()

    # ---- the list

    @property
    def chosen(self) -> Card | Scenario | None:
        """The scenario that is selected; None where none is listed."""
        return self.scenarios[self.list.selected] if self.scenarios else None

    def _show(self, chosen: Card | Scenario | None) -> None:
        self.scenarios = self._matching()
        self.list.show(self._entries(), self._place_of(chosen), self._nothing)
        self.refresh_bindings()

    @property
    def _nothing(self) -> str:
        return self._problem or nothing_words(self._typed.strip())

    def _place_of(self, chosen: Card | Scenario | None) -> int:
        """Return where a scenario is in the list; the first place where it is not."""
        names = [identity(scenario) for scenario in self.scenarios]
        return names.index(identity(chosen)) if chosen is not None and identity(chosen) in names else 0

    def _matching(self) -> list[Card | Scenario]:
        words = self._typed.casefold().split()
        return [scenario for scenario in self._all if all(word in _text(scenario) for word in words)]

    def _entries(self) -> list[Entry]:
        entries = [_entry(scenario, self._done) for scenario in self.scenarios]
        several = len({entry.section for entry in entries}) > 1 or self._typed
        return entries if several else [replace(entry, section="") for entry in entries]


def _entry(scenario: Card | Scenario, done: Callable[[str], Done | None]) -> Entry:
    name, title, summary = scenario.name, scenario.title, scenario.summary
    if isinstance(scenario, Card):
        return Entry(name, title, summary, scenario.section, scenario.problem, done_words(done(scenario.place)))
    words = done_words(done(str(scenario.path))) if scenario.path is not None else ""
    return Entry(name, title, summary, OPENED_FROM_ELSEWHERE, done=words)


def _text(scenario: Card | Scenario) -> str:
    section = scenario.section if isinstance(scenario, Card) else ""
    return f"{scenario.title}\n{scenario.name}\n{scenario.summary}\n{section}".casefold()
