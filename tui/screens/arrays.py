"""`ArraysScreen`: a walk of arrays, with the step and the entries of one array beside the list."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Vertical
from textual.reactive import Initialize, var
from textual.timer import Timer

from ..bindings import with_keys
from ..messages import CopyWanted, SaveWanted
from ..study.question_box import SnugLines
from ..walk.arrays.array_list import ArrayList, ArrayListHeader
from ..walk.arrays.entries_view import EntriesView
from ..walk.arrays.moment import ArrayMoment
from ..walk.arrays.moves import MOVES
from ..walk.arrays.offered import offered, opened_entry, scalar_cursor
from ..walk.position_bar import PositionBar
from ..widgets.key_bar import KeyBar
from ..widgets.title_bar import TitleBar
from ..widgets.too_small import TooSmall
from ..words.arrays import find_step, moment_lines, position_words, table_lines
from ..words.lines import Line, plain
from ..words.walk import DIGITS, digits_words
from .goto import GotoScreen
from .place import PlaceAbove


@dataclass(frozen=True, slots=True)
class LeftArrays:
    """How a walk of arrays was left: its moment, and where in the walk of single numbers to go.

    `cursor` is a step of that walk, and `node` the one to select there, None where no entry was opened.
    """

    moment: ArrayMoment
    cursor: int
    node: int | None = None


class ArraysScreen(PlaceAbove[LeftArrays]):
    """The arrays that scalars were made as, and a step for each of their operations.

    Its keys change the `moment`, and all that is seen follows that. It answers with how it was left.
    """

    AUTO_FOCUS = "ArrayList"
    HELP = """\
The walk with whole arrays in place of single numbers. Forward, each step computes an array; backward, each step \
brings one array's contribution to the gradient of an operand, by the rule of its operation in matrix form. The shapes \
say why a factor is transposed, and a sum runs along an axis that was broadcast.

Every entry of an array is a node of the walk of single numbers: choose one in the table and open it, and you are \
there, at the step that writes it. The same key leads back."""
    # fmt: off
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("right,l", "move('step_forward')", "Step", tooltip="Take one step", id="arrays.forward",
                key_display="→"),
        Binding("left,h", "move('step_back')", "Back", tooltip="Take one step back", id="arrays.back",
                key_display="←"),
        Binding("space", "toggle_play", "Play", tooltip="Play, or pause", id="arrays.play"),
        Binding("plus,equals_sign", "speed(1)", "Faster", tooltip="Play faster", id="arrays.faster", key_display="+"),
        Binding("minus", "speed(-1)", "Slower", tooltip="Play slower", id="arrays.slower"),
        Binding("n,shift+right", "move('next_array')", "Array", tooltip="Take all steps of the next array at once",
                id="arrays.next-array", key_display="n"),
        Binding("p,shift+left", "move('previous_array')", "Array back",
                tooltip="Take back all steps of an array at once", id="arrays.previous-array", key_display="p"),
        Binding("right_square_bracket", "move('next_phase')", "Phase", tooltip="Go on to the seed, or to the end",
                id="arrays.next-phase"),
        Binding("left_square_bracket", "move('previous_phase')", "Phase back",
                tooltip="Go back to the seed, or to the start", id="arrays.previous-phase"),
        Binding("home,0", "move('start')", "Start", tooltip="Go to the start", id="arrays.start", key_display="home"),
        Binding("end,dollar_sign", "move('end')", "End", tooltip="Go to the end", id="arrays.end", key_display="end"),
        Binding("g", "go_to", "Go to", tooltip="Go to a step, by its number or the name of an array",
                id="arrays.go-to"),
        Binding("enter,w", "move('next_write')", "Row's step",
                tooltip="Go to the next step that writes the selected array", id="arrays.go-to-write",
                key_display="⏎"),
        Binding("tab", "change_focus", "Entries", tooltip="Give the keys to the table of entries, or to the list",
                id="arrays.entries", priority=True),
        Binding("e", "next_tab", "Table", tooltip="Show the entries of the next array of this step", id="arrays.tab"),
        Binding("V,escape,b", "leave", "Numbers", tooltip="Back to the walk of single numbers, at this step",
                id="arrays.leave", key_display="V"),
        Binding("c,y", "copy", "Copy", tooltip="Copy the current step as text", id="arrays.copy", key_display="c"),
        Binding("S", "save", "Save", tooltip="Save the current step as text to a file", id="arrays.save",
                key_display="S"),
        Binding("shift+down,J", "scroll_text(1)", "Scroll", tooltip="Scroll the step's text down",
                id="arrays.scroll-down", key_display="J"),
        Binding("shift+up,K", "scroll_text(-1)", "Scroll up", tooltip="Scroll the step's text up",
                id="arrays.scroll-up", key_display="K"),
        Binding("z", "zoom", "Zoom", tooltip="Give the list the whole window, then the step, then both",
                id="arrays.zoom"),
        Binding("D", "digits", "Digits", tooltip="Show all numbers with 4, 8 or 17 digits, or as before",
                id="arrays.digits", key_display="D"),
    ]
    # fmt: on
    KEY_GROUPS = (
        (
            "To begin with",
            (
                "arrays.forward",
                "arrays.back",
                "arrays.play",
                "arrays.down",
                "arrays.up",
                "arrays.go-to-write",
                "arrays.entries",
                "arrays.tab",
                "arrays.leave",
            ),
        ),
        (
            "In the table of entries",
            (
                "entries.right",
                "entries.left",
                "entries.down",
                "entries.up",
                "entries.page-down",
                "entries.page-up",
                "entries.open",
            ),
        ),
        ("More", ()),
    )  # fmt: skip
    IMPORTANT_KEYS = (
        "entries.open",
        "arrays.forward",
        "arrays.back",
        "arrays.entries",
        "arrays.leave",
        "app.quit",
        "arrays.play",
        "arrays.tab",
        "app.help",
        "arrays.go-to-write",
        "arrays.next-phase",
        "arrays.next-array",
        "arrays.zoom",
        "arrays.go-to",
        "arrays.digits",
        "arrays.copy",
        "arrays.end",
        "arrays.start",
        "app.theme",
    )
    """What the key bar shows, as far as there is room."""
    DEFAULT_CSS = """
    ArraysScreen {
        #panes { height: 1fr; layout: vertical; }
        #list-pane { height: 1fr; }
        #panel { height: 14; border-top: solid $primary-darken-1; }
        #panel > SnugLines { padding: 0 1; max-height: 60%; scrollbar-size-vertical: 1; }
        #panel > EntriesView { padding: 0 1; }
        #panel.-in-table > SnugLines { max-height: 4; }
        &.-short #panel { height: 12; }
        &.-tall #panel { height: 20; }
        &.-wide {
            #panes { layout: horizontal; }
            #list-pane { width: 1fr; height: 100%; }
            #panel { width: 1fr; height: 100%; border-top: none; border-left: solid $primary-darken-1; }
            #panel.-in-table > SnugLines { max-height: 60%; }
        }
        .-list-alone > #panel, .-panel-alone > #list-pane { display: none; }
        .-panel-alone > #panel { height: 100%; border: none; }
        &.-too-narrow > *, &.-too-short > * { display: none; }
        &.-too-narrow > TooSmall, &.-too-short > TooSmall { display: block; }
    }
    """

    def _first_moment(self) -> ArrayMoment:
        return self._opened_at

    moment: var[ArrayMoment] = var(Initialize(_first_moment), init=False)
    """What is looked at."""

    def __init__(self, title: str, name: str, moment: ArrayMoment, classes: str | None = None) -> None:
        """Show a walk of arrays under a title; `name` is what files that are saved begin with."""
        super().__init__(classes=classes)
        self._title = title
        self._name = name
        self._opened_at = moment
        self._timer: Timer | None = None
        self._speed = 0.0

    def compose(self) -> ComposeResult:
        """Lay out the place, the arrays, the step and the entries."""
        yield TitleBar(f"{self._title} · arrays")
        yield PositionBar(id="position")
        with Container(id="panes"):
            with Vertical(id="list-pane"):
                arrays = ArrayList(self.moment)
                yield ArrayListHeader(arrays.wanted)
                yield arrays
            with Vertical(id="panel"):
                yield SnugLines(id="step")
                yield EntriesView(id="entries")
        yield TooSmall()
        yield KeyBar(self.IMPORTANT_KEYS)

    def on_mount(self) -> None:
        """Draw the first moment."""
        self.watch_moment(self.moment)

    # ---- what is seen

    def watch_moment(self, moment: ArrayMoment) -> None:
        """Draw a moment, everywhere."""
        walk = moment.walk
        self.query_one(PositionBar).show_place(
            f" {position_words(walk, moment.cursor)}  ",
            moment.cursor,
            walk.total,
            walk.seed_step - 1,
            moment.speed if moment.playing else 0.0,
        )
        self.query_one(ArrayList).follow(moment)
        self.query_one("#step", SnugLines).show(lambda width: self._lines(moment))
        tables = offered(moment)
        shown = next((place for place, entries in enumerate(tables) if entries.tab == moment.tab), 0)
        place = tables[shown].grid.within(moment.entry) if tables else (0, 0)
        self.entries.show_entries(tables, shown, place, moment.digits)
        panes = self.query_one("#panes")
        panes.set_class(moment.zoomed == "list", "-list-alone")
        panes.set_class(moment.zoomed == "panel", "-panel-alone")
        self._follow_clock(moment)

    @property
    def entries(self) -> EntriesView:
        """The table."""
        return self.query_one(EntriesView)

    def _lines(self, moment: ArrayMoment) -> list[Line]:
        forward = with_keys("{arrays.forward}", self)
        return moment_lines(moment.walk, moment.cursor, moment.digits, title=self._title, forward=forward)

    # ---- moving

    def go(self, moment: ArrayMoment) -> None:
        """Move by hand: playing stops, so that the hand has the last word."""
        self.moment = moment.played(False)

    def action_move(self, name: str) -> None:
        """Go where a move leads."""
        self.go(MOVES[name](self.moment))

    def action_go_to(self) -> None:
        """Ask for a step and go there."""
        walk = self.moment.walk

        def go(cursor: int | None) -> None:
            if cursor is not None:
                self.go(self.moment.at(cursor))

        placeholder = f"0 to {walk.total}, or the name of an array"
        self.app.push_screen(GotoScreen("go to step", placeholder, partial(find_step, walk)), go)

    def action_toggle_play(self) -> None:
        """Play, from the start where the walk is at its end; or pause."""
        moment = self.moment
        self.moment = (moment.at(0) if moment.at_end and not moment.playing else moment).played(not moment.playing)

    def action_speed(self, places: int) -> None:
        """Play faster, or slower."""
        self.moment = self.moment.at_speed(places)

    def _follow_clock(self, moment: ArrayMoment) -> None:
        speed = moment.speed if moment.playing else 0.0
        if speed == self._speed:
            return
        self._speed = speed
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_interval(1 / speed, self._tick) if speed else None

    def _tick(self) -> None:
        moment = MOVES["step_forward"](self.moment)
        self.moment = moment.played(not moment.at_end)

    def on_screen_suspend(self) -> None:
        """Hold the walk while help or a question stands before it."""
        if self._timer is not None:
            self._timer.pause()

    def on_screen_resume(self) -> None:
        """Play on."""
        if self._timer is not None:
            self._timer.resume()

    # ---- looking

    def action_change_focus(self) -> None:
        """Give the keys to the table, or to the list."""
        self.set_focus(self.query_one(ArrayList) if self.entries.has_focus else self.entries)

    def action_next_tab(self) -> None:
        """Show the entries of the next array on offer."""
        tabs = [entries.tab for entries in offered(self.moment)]
        if tabs:
            shown = tabs.index(self.moment.tab) if self.moment.tab in tabs else 0
            self.moment = replace(self.moment, tab=tabs[(shown + 1) % len(tabs)])

    def action_scroll_text(self, rows: int) -> None:
        """Scroll what is said of the step."""
        self.query_one("#step", SnugLines).scroll_relative(y=rows, animate=False)

    def action_zoom(self) -> None:
        """Give the list the whole window, then the step, then both."""
        following = {"": "list", "list": "panel", "panel": ""}
        self.moment = replace(self.moment, zoomed=following[self.moment.zoomed])
        if self.moment.zoomed == "list" and self.entries.has_focus:
            self.set_focus(self.query_one(ArrayList))
        elif self.moment.zoomed == "panel":
            self.set_focus(self.entries)

    def action_digits(self) -> None:
        """Show numbers with more digits; after the most, as they are read with ease."""
        following = [digits for digits in DIGITS if digits > self.moment.digits]
        self.moment = replace(self.moment, digits=following[0] if following else DIGITS[0])
        self.notify(digits_words(self.moment.digits), timeout=4, markup=False)

    def on_descendant_focus(self) -> None:
        """Give the table more room while it has the keys."""
        self.query_one("#panel").set_class(self.entries.has_focus, "-in-table")

    # ---- what widgets say

    def on_array_list_chosen(self, event: ArrayList.Chosen) -> None:
        """Select an array; one that was selected is gone to."""
        self.moment = self.moment.selecting(event.array)
        if event.again:
            self.go(MOVES["next_write"](self.moment))

    def on_entries_view_chosen(self, event: EntriesView.Chosen) -> None:
        """Choose an entry, or open the one that was chosen."""
        if event.again:
            self._open_entry()
        else:
            self.moment = replace(self.moment, entry=event.place)

    def on_entries_view_tab_clicked(self, event: EntriesView.TabClicked) -> None:
        """Show the entries whose tab was clicked."""
        tables = offered(self.moment)
        if event.tab < len(tables):
            self.moment = replace(self.moment, tab=tables[event.tab].tab)

    # ---- away

    def _open_entry(self) -> None:
        """Go to the walk of single numbers, at the step that writes the chosen entry; say why where there is none."""
        entries = self.entries.entries
        if entries is None:
            return
        opened = opened_entry(self.moment, entries, entries.grid.within(self.moment.entry))
        if isinstance(opened, str):
            self.notify(opened, timeout=6, markup=False)
        else:
            self.dismiss(LeftArrays(self.moment.played(False).seen(), *opened))

    def action_leave(self) -> None:
        """Go back to the walk of single numbers, where it is at this step."""
        moment = self.moment.played(False).seen()
        self.dismiss(LeftArrays(moment, scalar_cursor(moment.walk, moment.cursor)))

    def action_copy(self) -> None:
        """Copy the step as text."""
        self.post_message(CopyWanted("This step", self._words))

    def action_save(self) -> None:
        """Save the step as text."""
        self.post_message(SaveWanted("this step", self._words, f"{self._name}-arrays-step-{self.moment.cursor}"))

    @property
    def _words(self) -> str:
        moment, width = self.moment, 78
        lines = moment_lines(moment.walk, moment.cursor, moment.digits, title=self._title)
        for entries in offered(moment):
            lines += [Line(), *table_lines(entries, width, moment.digits)]
        return f"{position_words(moment.walk, moment.cursor)}\n{plain(lines)}\n"
