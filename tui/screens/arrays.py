"""`ArraysScreen`: a walk of arrays, with the step and the entries of one array beside the list."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.reactive import Initialize, var

from ..bindings import with_keys
from ..messages import CopyWanted, SaveWanted
from ..study.question_box import QuestionBox
from ..walk.arrays.array_list import ArrayList
from ..walk.arrays.entries_view import EntriesView
from ..walk.arrays.moment import ArrayMoment
from ..walk.arrays.moves import MOVES, next_tab, next_zoom, other_compounds
from ..walk.arrays.offered import offered, opened_entry, scalar_cursor
from ..walk.arrays.text import moment_text
from ..walk.playback import Playback
from ..walk.position_bar import PositionBar
from ..widgets.key_bar import KeyBar
from ..widgets.title_bar import TitleBar
from ..widgets.too_small import TooSmall
from ..words.array_study import HIDDEN, PREDICT_OFF, QUESTION_WAITS
from ..words.arrays import APART, NO_COMPOUNDS, TOGETHER, find_step, moment_lines, position_words
from ..words.lines import Line, line, plain
from ..words.walk import digits_words, next_digits
from .array_keys import BINDINGS, IMPORTANT_KEYS, KEY_GROUPS
from .array_panes import ArrayPanes
from .goto import GotoScreen
from .place import PlaceAbove

if TYPE_CHECKING:
    from ...engine.scenario import Scenario
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
        &.-too-narrow > *, &.-too-short > * { display: none; }
        &.-too-narrow > TooSmall, &.-too-short > TooSmall { display: block; }
    }
    """

    def _first_moment(self) -> ArrayMoment:
        return self._opened_at

    moment: var[ArrayMoment] = var(Initialize(_first_moment), init=False)
    """What is looked at."""

    def __init__(self, title: str, scenario: Scenario, moment: ArrayMoment, classes: str | None = None) -> None:
        """Show a walk of arrays under a title; files that are saved begin with the name of the `scenario`."""
        super().__init__(classes=classes)
        self._title = title
        self._scenario = scenario
        self._opened_at = moment
        self._playback: Playback[ArrayMoment] = Playback(self, self._tick)
        self._predict_mode: ArrayPredictMode | None = None

    def compose(self) -> ComposeResult:
        """Lay out the place, the arrays, the step and the entries."""
        yield TitleBar(f"{self._title} · arrays")
        yield PositionBar(id="position")
        yield ArrayPanes(self.moment)
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
        self.panes.follow(moment, lambda: self._lines(moment))
        self._playback.follow(moment)
        if self._predict_mode is not None:
            self._predict_mode.follow(moment)

    @property
    def panes(self) -> ArrayPanes:
        """The list, the step and the table."""
        return self.query_one(ArrayPanes)

    def _lines(self, moment: ArrayMoment) -> list[Line]:
        forward = with_keys("{arrays.forward}", self)
        return moment_lines(moment.walk, moment.cursor, moment.digits, scenario=self._scenario, forward=forward)

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

    def lead(self, moment: ArrayMoment) -> None:
        """Show the moment that a lecture leads to; a question of one's own waits until its step is shown."""
        before, prediction = self.moment.prediction, moment.prediction
        if before is not None and prediction is not None and moment.cursor < before.asked:
            moment = replace(moment, prediction=replace(prediction, asked=before.asked))
        elif before is not None and (before.asked or prediction is None):
            self.predict_mode.ended(self.moment)
        self.moment = moment

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
        """Play, or pause."""
        self.moment, said = self._playback.toggled(self.moment)
        if said:
            self.notify(said, timeout=4, markup=False)

    def action_speed(self, places: int) -> None:
        """Play faster, or slower."""
        self.moment = self.moment.at_speed(places)

    def _tick(self) -> None:
        moment = MOVES["step_forward"](self.moment)
        if moment.prediction is not None and moment.cursor > moment.prediction.seen:
            self.moment = self.predict_mode.forward(moment)
        else:
            self.moment = moment.played(not moment.at_end)

    def on_screen_suspend(self) -> None:
        """Hold the walk while help or a question stands before it."""
        self._playback.hold()

    def on_screen_resume(self) -> None:
        """Play on."""
        self._playback.go_on()

    # ---- looking

    def action_change_focus(self) -> None:
        """Give the keys to the table, or to the list; while a step is asked for, to the table, or to the answer."""
        if not self.panes.entries.has_focus:
            self.set_focus(self.panes.entries)
        elif self.moment.is_asked:
            self.predict_mode.take_keys()
        else:
            self.take_keys()

    def take_keys(self) -> None:
        """Give the keys to the list."""
        self.set_focus(self.panes.arrays)

    def action_next_tab(self) -> None:
        """Show the entries of the next array on offer."""
        self.moment = next_tab(self.moment)

    def action_scroll_text(self, rows: int) -> None:
        """Scroll what is said of the step."""
        self.panes.step.scroll_relative(y=rows, animate=False)

    def action_zoom(self) -> None:
        """Give the list the whole window, then the step, then both."""
        self.moment = next_zoom(self.moment)
        if self.moment.zoomed == "list" and self.panes.entries.has_focus:
            self.set_focus(self.panes.arrays)
        elif self.moment.zoomed == "panel":
            self.set_focus(self.panes.entries)

    def action_digits(self) -> None:
        """Show numbers with more digits; after the most, as they are read with ease."""
        self.moment = replace(self.moment, digits=next_digits(self.moment.digits))
        self.notify(digits_words(self.moment.digits), timeout=4, markup=False)

    def action_compounds(self) -> None:
        """Take compounds apart, or together again; the walk stays where it is."""
        following = other_compounds(self.moment)
        if following is None:
            self.notify(NO_COMPOUNDS, timeout=6, markup=False)
        elif self.moment.prediction is not None:
            self.notify(with_keys(HIDDEN, self), timeout=6, markup=False)
        else:
            self.moment = following
            self.notify(TOGETHER if following.walk.is_compound else APART, timeout=4, markup=False)

    # ---- predicting

    @property
    def predict_mode(self) -> ArrayPredictMode:
        """What asks for steps before they are shown; it is made when somebody predicts."""
        if self._predict_mode is None:
            from ..study.array_predict_mode import ArrayPredictMode

            self._predict_mode = ArrayPredictMode(self, self.take_keys)
            self.panes.put_question(self._predict_mode.box)
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
        entries = self.panes.entries.entries
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
        self.post_message(
            SaveWanted("this step", self._words, f"{self._scenario.name}-arrays-step-{self.moment.cursor}")
        )

    @property
    def _words(self) -> str:
        return f"{plain(moment_text(self.moment, self._scenario))}\n"
