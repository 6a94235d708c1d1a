"""`WalkScreen`: the graph of a walk and a panel beside it, at one moment."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

from textual.app import ComposeResult
from textual.reactive import Initialize, var
from textual.screen import Screen

from ..bindings import with_keys
from ..done import Done
from ..messages import InputSlid
from ..session import Session
from ..walk.breakpoints import Breakpoints
from ..walk.command import bindings
from ..walk.graph_view import NodeChosen, View
from ..walk.keys import important_keys
from ..walk.moment import Moment
from ..walk.moves import next_write
from ..walk.opened import OpenedWalk
from ..walk.panel import Panel
from ..walk.panel_pane import PanelTitles
from ..walk.panels import PANELS
from ..walk.panes import Division, Panes
from ..walk.playback import Playback, ticked
from ..walk.position_bar import PositionBar
from ..walk.stage import Stage
from ..walk.view_pane import ViewPane
from ..walk.views import VIEWS
from ..widgets.key_bar import KeyBar
from ..widgets.title_bar import TitleBar
from ..widgets.too_small import TooSmall
from ..words.lines import line
from ..words.walk import HIDDEN
from .in_lecture import InLecture, mode_of
from .place import Place
from .walk_commands import COMMANDS, KEY_GROUPS

if TYPE_CHECKING:
    from ..study.predict_mode import PredictMode
    from ..study.question_box import QuestionBox
    from ..walk.search import Search

Answer = TypeVar("Answer")


class WalkScreen(InLecture, Place):
    """One walk: a `Stage`. Its commands change the `moment`, and all that is seen follows that."""

    HELP = """\
A walk through a computational graph, one step at a time: first the values, forward from the inputs; then the \
gradients, backward from the output. The panel beside the graph says what the step did, or one of five other things.

Forward, each step computes the value of one node. Then comes the seed, ∂output/∂output = 1. Backward, each step takes \
one edge of the graph, multiplies the upstream gradient of the node it comes from by the local derivative of that \
edge, and adds the product, the contribution, to the gradient of the operand.

Whatever is changed, a value or an expression, the walk is computed anew at once, stays at its step, and marks what is \
another number now; undo takes it back. A new node that uses the output becomes the output; one that nothing uses is \
shown beside it and has no gradient.

In forward mode the walk goes forward twice: after the values come the tangents, the derivatives of every node by one \
input, from the seed 1 at that input. To differentiate a walk opens that of its derivative: the backward pass, as a \
graph of its own."""
    KEY_GROUPS = KEY_GROUPS
    BINDINGS = bindings(COMMANDS.values())

    def _first_moment(self) -> Moment:
        return self._opened_at

    moment: var[Moment] = var(Initialize(_first_moment), init=False)
    """What is looked at."""

    def __init__(
        self,
        opened: OpenedWalk,
        classes: str | None = None,
        *,
        moment: Moment | None = None,
        views: Sequence[View] = VIEWS,
        panels: Sequence[Panel] = PANELS,
        division: Division | None = None,
    ) -> None:
        """Show a walk, where it was left or at a `moment` of it, in one of `views` and with one of `panels`.

        `division` says where the divider between the two stands, and is told when it is moved.
        """
        super().__init__(classes=classes)
        self.opened = opened
        self.views = views
        self.panels = panels
        self._division = division or Division()
        self.breakpoints = Breakpoints(opened.trace)
        self.playback: Playback[Moment] = Playback(self, self._tick)
        self._reached_end = False
        self._predict_mode: PredictMode | None = None
        self._opened_at = moment or opened.moment or Moment(opened.trace, view=views[0].name)

    def compose(self) -> ComposeResult:
        """Lay out the place, the graph and the step; the style sheet says how they stand at each size."""
        yield TitleBar(self.opened.heading)
        yield PositionBar(id="position")
        yield Panes(self.opened, self.moment, self.views, self.panels, self._division, id="walk")
        yield TooSmall()
        yield KeyBar(important_keys(has_arrays=bool(self.opened.trace.graph.arrays)))

    def on_mount(self) -> None:
        """Draw the first moment."""
        self.watch(self.pane, "chosen", self._on_chosen, init=False)
        if self.opened.begins_with_arrays:
            self._begin_with_arrays()
        self.watch_moment(self.moment)
        if self.moment.prediction is not None and not self.moment.prediction.seen:
            self.predict_mode.introduce()

    def _begin_with_arrays(self) -> None:
        """Show the arrays first, and have their steps asked for where those of the walk would be."""
        from .walk_commands.arrays import show_arrays

        predicts, self.moment = self.moment.prediction is not None, replace(self.moment, prediction=None)
        self.opened = replace(self.opened, begins_with_arrays=False)
        show_arrays(cast("Stage", self), predict=predicts)

    def watch_moment(self, moment: Moment) -> None:
        """Draw a moment, everywhere."""
        self.panes.show(moment)
        self.query_one(PositionBar).follow(moment)
        self.playback.follow(moment)
        self._reached_end = self._reached_end or moment.at_end
        if self._predict_mode is not None:
            self._predict_mode.follow(moment)

    @property
    def done(self) -> Done | None:
        """Whether the walk was seen to its end."""
        return Done.WALKED if self._reached_end and not self.opened.epoch else None

    @property
    def path(self) -> Path | None:
        """The file of the scenario; an epoch's is read anew at its training."""
        return None if self.opened.epoch else self.opened.scenario.path

    @property
    def panes(self) -> Panes:
        """The graph and the panel."""
        return self.query_one(Panes)

    @property
    def pane(self) -> ViewPane:
        """Where the graph is drawn."""
        return self.panes.graph

    @property
    def search(self) -> Search:
        """What finds nodes, in the order in which they are shown."""
        return self.pane.search

    @property
    def asks(self) -> PredictMode | None:
        """What asks for steps; None where nobody has predicted."""
        return self._predict_mode

    @property
    def predict_mode(self) -> PredictMode:
        """What asks for steps before they are shown; it is made when somebody predicts."""
        if self._predict_mode is None:
            self._predict_mode = mode_of(self.session.role)(cast("Stage", self), self.panes.panel)
        return self._predict_mode

    @property
    def last_step(self) -> int:
        """The last step of the walk."""
        return self.moment.trace.total

    @property
    def session(self) -> Session:
        """Who sits here."""
        return cast("Session | None", getattr(cast("object", self.app), "session", None)) or Session.here()

    def show_moment(self, moment: Moment) -> None:
        """Show a moment, as it is."""
        self.moment = moment

    # ---- what commands may do

    def action_command(self, id: str) -> None:
        """Run one of the `COMMANDS`, but for one that tells of steps that somebody is to predict."""
        command = COMMANDS[id]
        if command.tells_ahead and self.moment.hides_ahead:
            self.say(HIDDEN)
            return
        if self._predict_mode is not None:
            self._predict_mode.dismiss()
        command.run(cast("Stage", self))  # for a type checker a reactive is what describes it

    def go(self, moment: Moment) -> None:
        """Move by hand: playing stops, so that the hand has the last word."""
        moment = moment.played(False)
        self.moment = moment if moment.prediction is None else self.predict_mode.passing(moment)

    def go_on(self, moment: Moment, *, at_once: bool = False) -> None:
        """Go forward by hand; while somebody predicts, a step that was not seen yet is asked for before it is shown."""
        if moment.prediction is None or moment.cursor <= moment.prediction.seen:
            self.go(moment)
        else:
            self.moment = self.predict_mode.forward(moment.played(False), at_once=at_once)

    def take_keys(self) -> None:
        """Give the keys to the graph."""
        self.set_focus(None)
        self.pane.take_keys()

    def select(self, node: int | None) -> None:
        """Select a node; one that is selected, and hidden, comes into view."""
        if node is not None:
            if node == self.moment.selected:
                self.pane.show(replace(self.moment, selected=None))
                self.pane.show(self.moment)
            self.moment = self.moment.selecting(node)

    def reopen(self, opened: OpenedWalk, moment: Moment) -> None:
        """Show another walk in place of this one, at a moment of it."""
        self.opened = opened
        self.breakpoints = Breakpoints(opened.trace)
        if moment.prediction is not None:
            moment = self.predict_mode.anew(moment)
        self.panes.reopen(opened, moment)
        self.query_one(TitleBar).show(opened.heading)
        self.moment = moment

    def move_divider(self, places: int) -> None:
        """Move the divider between the graph and the panel so many places to the right, or down."""
        self.panes.move_divider(places)

    def scroll_panel(self, rows: int) -> None:
        """Scroll the panel beside the graph."""
        self.panes.panel.scroll_text(rows)

    def say(self, words: str) -> None:
        """Show a short notice; without words, none."""
        if words:
            self.notify(with_keys(words, self), timeout=4, markup=False)

    def ask(self, question: Screen[Answer], answered: Callable[[Answer | None], Any]) -> None:
        """Show a dialog."""
        self.app.push_screen(question, answered)

    def as_left(self) -> OpenedWalk:
        """Return the walk, at its moment."""
        return replace(self.opened, moment=self.moment.played(False).seen())

    # ---- what widgets and the clock say

    def _on_chosen(self, chosen: NodeChosen) -> None:
        """Select what was chosen; what is chosen again is gone to."""
        self.select(chosen.node)
        if chosen.again:
            self.go_on(next_write(self.moment), at_once=True)

    def on_position_bar_sought(self, event: PositionBar.Sought) -> None:
        """Go where the bar was clicked."""
        self.go(self.moment.at(event.cursor))

    def on_input_slid(self, event: InputSlid) -> None:
        """Show the walk with an input where a slider was moved to."""
        from .walk_commands.editing import slide_to

        slide_to(cast("Stage", self), event.node, event.value)

    def on_panel_titles_clicked(self, event: PanelTitles.Clicked) -> None:
        """Show the panel whose title was clicked."""
        self.moment = replace(self.moment, panel=event.panel)

    def on_question_box_changed(self, event: QuestionBox.Changed) -> None:
        """Show the step that was asked for, or ask on."""
        self.predict_mode.changed(event.attempt)

    def on_question_box_left(self, event: QuestionBox.Left) -> None:
        """Give the keys back to the graph; the question waits."""
        from ..words.study import QUESTION_WAITS

        self.take_keys()
        event.box.wait(line((with_keys(QUESTION_WAITS, self), "label")))

    def _tick(self) -> None:
        moment, words = ticked(self.moment, self.breakpoints)
        if moment.prediction is not None and moment.cursor > moment.prediction.seen:
            moment = self.predict_mode.forward(moment)
            words = words if not moment.is_asked else ""
        self.moment = moment
        self.say(words)

    def on_screen_suspend(self) -> None:
        """Hold the walk while help or a question stands before it."""
        self.playback.hold()

    def on_screen_resume(self) -> None:
        """Play on."""
        self.playback.go_on()

    def on_resize(self) -> None:
        """Give the view its keys back, or the answer to a question: a widget that a small window hides loses them."""
        if self.moment.is_asked:
            self.call_after_refresh(self.predict_mode.take_keys)
        else:
            self.call_after_refresh(self.pane.take_keys)
