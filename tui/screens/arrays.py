"""`ArraysScreen`: a walk of arrays, with the step and the entries of one array beside the list."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.reactive import Initialize, var
from textual.timer import Timer

from ..bindings import with_keys
from ..messages import CopyWanted, SaveWanted
from ..study.question_box import QuestionBox, SnugLines
from ..walk.arrays.array_list import ArrayList, ArrayListHeader
from ..walk.arrays.entries_view import EntriesView
from ..walk.arrays.moment import ArrayMoment
from ..walk.arrays.moves import MOVES
from ..walk.arrays.offered import offered, opened_entry, scalar_cursor
from ..walk.arrays.text import moment_text
from ..walk.position_bar import PositionBar
from ..widgets.key_bar import KeyBar
from ..widgets.title_bar import TitleBar
from ..widgets.too_small import TooSmall
from ..words.array_study import HIDDEN, PREDICT_OFF, QUESTION_WAITS
from ..words.arrays import APART, NO_COMPOUNDS, TOGETHER, find_step, moment_lines, position_words
from ..words.lines import Line, line, plain
from ..words.walk import DIGITS, digits_words
from .array_keys import BINDINGS, IMPORTANT_KEYS, KEY_GROUPS
from .goto import GotoScreen
from .place import PlaceAbove

if TYPE_CHECKING:
    from ..study.array_predict_mode import ArrayPredictMode

_ASKED_BEFORE = ("step_forward", "next_array")
"""The moves whose steps are asked for while somebody predicts."""


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
    BINDINGS = BINDINGS
    KEY_GROUPS = KEY_GROUPS
    DEFAULT_CSS = """
    ArraysScreen {
        #panes { height: 1fr; layout: vertical; }
        #list-pane { height: 1fr; }
        #panel { height: 14; border-top: solid $primary-darken-1; }
        #panel > SnugLines { padding: 0 1; max-height: 60%; scrollbar-size-vertical: 1; }
        #panel > EntriesView { padding: 0 1; }
        #panel.-in-table > SnugLines { max-height: 4; }
        #panel.-asked > #step { display: none; }
        #panel > QuestionBox { padding: 0 1; }
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
        self._predict_mode: ArrayPredictMode | None = None

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
        yield KeyBar(IMPORTANT_KEYS)

    def on_mount(self) -> None:
        """Draw the first moment."""
        if self.moment.prediction is not None:
            self.moment = self.predict_mode.resumed(self.moment)
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
        self.query_one("#panel").set_class(moment.is_asked, "-asked")
        self._follow_clock(moment)
        if self._predict_mode is not None:
            self._predict_mode.follow(moment)

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
        moment = moment.played(False)
        self.moment = moment if moment.prediction is None else self.predict_mode.passing(moment)

    def go_on(self, moment: ArrayMoment) -> None:
        """Go forward by hand; while somebody predicts, a step that was not seen yet is asked for before it is shown."""
        if moment.prediction is None or moment.cursor <= moment.prediction.seen:
            self.go(moment)
        else:
            self.moment = self.predict_mode.forward(moment.played(False))

    def action_move(self, name: str) -> None:
        """Go where a move leads; a step forward is asked for where somebody predicts."""
        moment = MOVES[name](self.moment)
        if name in _ASKED_BEFORE:
            self.go_on(moment)
        else:
            self.go(moment)

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
        if moment.prediction is not None and moment.cursor > moment.prediction.seen:
            self.moment = self.predict_mode.forward(moment)
        else:
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
        """Give the keys to the table, or to the list; while a step is asked for, to the table, or to the answer."""
        if not self.entries.has_focus:
            self.set_focus(self.entries)
        elif self.moment.is_asked:
            self.predict_mode.take_keys()
        else:
            self.take_keys()

    def take_keys(self) -> None:
        """Give the keys to the list."""
        self.set_focus(self.query_one(ArrayList))

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

    def action_compounds(self) -> None:
        """Take compounds apart, or together again; the walk stays where it is."""
        moment, before = self.moment, self.moment.walk
        together = before.with_compounds(True)
        walk = before.with_compounds(False) if together is before else together
        if len(walk.arrays) == len(before.arrays):
            self.notify(NO_COMPOUNDS, timeout=6, markup=False)
            return
        if moment.prediction is not None:
            self.notify(with_keys(HIDDEN, self), timeout=6, markup=False)
            return
        cursor = walk.total if moment.at_end else walk.array_step_of(scalar_cursor(before, moment.cursor))
        self.moment = replace(moment, walk=walk).at(cursor).played(False)
        self.notify(TOGETHER if walk is together else APART, timeout=4, markup=False)

    # ---- predicting

    @property
    def predict_mode(self) -> ArrayPredictMode:
        """What asks for steps before they are shown; it is made when somebody predicts."""
        if self._predict_mode is None:
            from ..study.array_predict_mode import ArrayPredictMode

            self._predict_mode = ArrayPredictMode(self, self.take_keys)
            self.query_one("#panel").mount(self._predict_mode.box, before="#step")
        return self._predict_mode

    def action_predict(self) -> None:
        """Ask for each step before it is shown, or no longer."""
        if self.moment.prediction is not None:
            self.moment = self.predict_mode.ended(self.moment)
            self.notify(PREDICT_OFF, timeout=4, markup=False)
            return
        self.moment = self.predict_mode.begun(self.moment)

    def on_question_box_changed(self, event: QuestionBox.Changed) -> None:
        """Show the step that was asked for, when that is over."""
        self.moment = self.predict_mode.changed(self.moment, event.attempt)

    def on_question_box_left(self, event: QuestionBox.Left) -> None:
        """Give the keys back to the list; the question waits."""
        self.take_keys()
        event.box.wait(line((with_keys(QUESTION_WAITS, self), "label")))

    # ---- what widgets say

    def on_position_bar_sought(self, event: PositionBar.Sought) -> None:
        """Go where the bar was clicked."""
        self.go(self.moment.at(event.cursor))

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
        return f"{plain(moment_text(self.moment, self._title))}\n"
