"""`WalkScreen`: the graph, the step, and the keys that move between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from textual.app import ComposeResult
from textual.containers import Container
from textual.reactive import Initialize, var

from ..messages import CopyWanted, SaveWanted, WalkLeft
from ..walk.breakpoints import Breakpoints
from ..walk.graph_view import NodeChosen, View
from ..walk.keys import IMPORTANT_KEYS, WALK_KEYS
from ..walk.moment import Moment
from ..walk.moves import MOVES
from ..walk.opened import OpenedWalk
from ..walk.playback import Playback, ticked
from ..walk.position_bar import PositionBar
from ..walk.step_panel import StepPanel
from ..walk.view_pane import ViewPane
from ..walk.views import VIEWS
from ..widgets.key_bar import KeyBar
from ..widgets.title_bar import TitleBar
from ..widgets.too_small import TooSmall
from ..words.lines import plain
from ..words.walk import moment_lines, position_words
from .goto import GotoScreen, find_step
from .place import Place


class WalkScreen(Place):
    """One walk. Its keys change the `moment`, and all that is seen follows that."""

    HELP = """\
A walk first goes forward: each step computes the value of one node. Then comes the seed, ∂output/∂output = 1, \
and the walk goes backward: each step takes one edge of the graph, multiplies the upstream gradient of the node it \
comes from by the local derivative of that edge, and adds the product, the contribution, to the gradient of the \
operand."""
    BINDINGS = WALK_KEYS

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
    ) -> None:
        """Show a walk, where it was left or at a `moment` of it, in the first of `views`."""
        super().__init__(classes=classes)
        self.opened = opened
        self.views = views
        self._opened_at = moment or opened.moment or Moment(opened.trace)
        self._breakpoints = Breakpoints(opened.trace)
        self._playback = Playback(self, self._tick)
        self._wanted = ""

    def compose(self) -> ComposeResult:
        """Lay out the place, the graph and the step; the style sheet says how they stand at each size."""
        yield TitleBar(self.opened.title)
        yield PositionBar(id="position")
        with Container(id="walk"):
            yield ViewPane(self.opened, self.views, id="graph")
            yield StepPanel(self.opened, id="step")
        yield TooSmall()
        yield KeyBar(IMPORTANT_KEYS)

    def on_mount(self) -> None:
        """Draw the first moment."""
        self.watch(self.pane, "chosen", self._on_chosen, init=False)
        self.watch_moment(self.moment)

    def watch_moment(self, moment: Moment) -> None:
        """Draw a moment, everywhere."""
        self.pane.show(moment)
        moment = self.moment  # where a row is hidden, the view selects what hides it
        self.query_one(PositionBar).follow(moment)
        self.query_one(StepPanel).follow(moment)
        self._playback.follow(moment)

    @property
    def pane(self) -> ViewPane:
        """Where the graph is drawn."""
        return self.query_one(ViewPane)

    # ---- the selected node

    def _on_chosen(self, chosen: NodeChosen) -> None:
        """Select what was chosen; what is chosen again is gone to."""
        self._select(chosen.node)
        if chosen.again:
            self.action_move("next_write")

    def _select(self, node: int | None) -> None:
        if node is not None:
            self.moment = self.moment.selecting(node)

    # ---- moving

    def action_move(self, name: str) -> None:
        """Make one of the `MOVES`."""
        self._go(MOVES[name](self.moment))

    def _go(self, moment: Moment) -> None:
        """Move by hand: playing stops, so that the hand has the last word."""
        self.moment = moment.played(False)

    def action_go_to(self) -> None:
        """Ask for a step and go there."""

        def go(cursor: int | None) -> None:
            if cursor is not None:
                self._go(self.moment.at(cursor))

        placeholder = f"0 to {self.opened.trace.total}, or the name of a node"
        self.app.push_screen(GotoScreen("go to step", placeholder, partial(find_step, self.opened.trace)), go)

    def on_position_bar_sought(self, event: PositionBar.Sought) -> None:
        """Go where the bar was clicked."""
        self._go(self.moment.at(event.cursor))

    # ---- playing

    def action_toggle_play(self) -> None:
        """Play, or pause."""
        self.moment, words = self._playback.toggled(self.moment)
        self._say(words)

    def action_change_speed(self, places: int) -> None:
        """Play faster, or slower."""
        self.moment = self.moment.at_speed(places)

    def _tick(self) -> None:
        self.moment, words = ticked(self.moment, self._breakpoints)
        self._say(words)

    def on_screen_suspend(self) -> None:
        """Hold the walk while help or a question stands before it."""
        self._playback.hold()

    def on_screen_resume(self) -> None:
        """Play on."""
        self._playback.go_on()

    def _say(self, words: str) -> None:
        if words:
            self.notify(words, timeout=4, markup=False)

    # ---- breakpoints

    def action_toggle_breakpoint(self) -> None:
        """Set a breakpoint at the selected node, or take it away."""
        self.moment = self.moment.with_breakpoint()

    def action_conditions(self) -> None:
        """Ask for the numbers to stop at."""
        from .conditions import ConditionsScreen

        def stop_at(conditions: tuple[str, ...] | None) -> None:
            if conditions is not None:
                self.moment = replace(self.moment, conditions=conditions)

        self.app.push_screen(ConditionsScreen(self.moment.conditions, len(self.moment.breakpoints)), stop_at)

    def action_run(self) -> None:
        """Run to the next breakpoint."""
        moment, words = self._breakpoints.run(self.moment)
        self._go(moment)
        self._say(words)

    # ---- finding

    def action_find(self) -> None:
        """Ask what to find, and select it."""
        self._find("", 1)

    def action_find_again(self, step: int) -> None:
        """Select the next node that matches, or the one before."""
        self._find(self._wanted, step)

    def _find(self, wanted: str, step: int) -> None:
        found = self.pane.search.next_at_once(wanted, self.moment.node, step) if wanted else None
        if found is not None:
            self._select(found)
            return
        from .find import FindScreen

        def select(found: tuple[str, int] | None) -> None:
            if found is not None:
                self._wanted = found[0]
                self._select(found[1])

        self.app.push_screen(FindScreen(self.pane.search, self.moment.node, wanted, step), select)

    def action_rank(self) -> None:
        """List the nodes by a number, and select the one that is chosen."""
        from .ranking import RankingScreen

        self.app.push_screen(RankingScreen(self.moment.state), self._select)

    # ---- the step, and away

    def action_scroll_step(self, rows: int) -> None:
        """Scroll the step's text."""
        self.query_one(StepPanel).scroll_relative(y=rows, animate=False)

    def action_copy_step(self) -> None:
        """Copy the current step as text."""
        self.post_message(CopyWanted("This step", self._words))

    def action_save_step(self) -> None:
        """Save the current step as text."""
        name = f"{self.opened.scenario.name}-step-{self.moment.cursor}"
        self.post_message(SaveWanted("this step", self._words, name))

    @property
    def _words(self) -> str:
        words = position_words(self.moment.trace, self.moment.cursor)
        return f"{words}\n{plain(moment_lines(self.opened.scenario, self.moment.state))}\n"

    def action_leave(self) -> None:
        """Go back to the training, or to the library."""
        self.moment = self.moment.played(False)
        self.post_message(WalkLeft(self))

    def as_left(self) -> OpenedWalk:
        """Return the walk, at its moment."""
        return replace(self.opened, moment=self.moment.played(False))

    def on_resize(self) -> None:
        """Give the view its keys back: a widget that a small window hides loses them."""
        self.call_after_refresh(self.pane.take_keys)
