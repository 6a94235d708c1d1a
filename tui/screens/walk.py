"""`WalkScreen`: the graph, the step, and the keys that move between them."""

from __future__ import annotations

from collections.abc import Callable

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Container, Vertical
from textual.screen import Screen
from textual.timer import Timer

from ..messages import WalkLeft
from ..walk.opened import OpenedWalk
from ..walk.player import Player
from ..walk.position_bar import PositionBar
from ..walk.tree.graph_tree import GraphTree
from ..walk.tree.header import TreeHeader
from ..widgets.key_bar import KeyBar
from ..widgets.lines import LinesView
from ..widgets.title_bar import TitleBar
from ..widgets.too_small import TooSmall
from ..words.walk import moment_lines, plain, position_words
from .goto import GotoScreen, whole_number


class WalkScreen(Screen[None]):
    """One walk. Its keys move the `Player`; one method, `_follow`, redraws all that depends on it."""

    AUTO_FOCUS = None
    HELP = """\
A walk first goes forward: each step computes the value of one node. Then comes the seed, ∂output/∂output = 1, \
and the walk goes backward: each step takes one edge of the graph, multiplies the upstream gradient of the node it \
comes from by the local derivative of that edge, and adds the product, the contribution, to the gradient of the \
operand."""
    # fmt: off
    BINDINGS = [  # noqa: RUF012 - Textual's own convention
        Binding("right,l", "step_forward", "Step", tooltip="Take one step", id="walk.forward", key_display="→"),
        Binding("left,h", "step_back", "Back", tooltip="Take one step back", id="walk.back", key_display="←"),
        Binding("space", "toggle_play", "Play", tooltip="Play, or pause", id="walk.play"),
        Binding("plus,equals_sign", "faster", "Faster", tooltip="Play faster", id="walk.faster", key_display="+"),
        Binding("minus", "slower", "Slower", tooltip="Play slower", id="walk.slower"),
        Binding("n,shift+right", "next_node", "Node", tooltip="Take all steps of the next node at once",
                id="walk.next-node", key_display="n"),
        Binding("p,shift+left", "previous_node", "Node back", tooltip="Take back all steps of a node at once",
                id="walk.previous-node", key_display="p"),
        Binding("right_square_bracket", "next_phase", "Phase", tooltip="Go on to the seed, or to the end",
                id="walk.next-phase"),
        Binding("left_square_bracket", "previous_phase", "Phase back", tooltip="Go back to the seed, or to the start",
                id="walk.previous-phase"),
        Binding("home,0", "start", "Start", tooltip="Go to the start", id="walk.start", key_display="home"),
        Binding("end,dollar_sign", "end", "End", tooltip="Go to the end", id="walk.end", key_display="end"),
        Binding("g", "go_to", "Go to", tooltip="Go to a step, or to the step that computes a node", id="walk.go-to"),
        Binding("down,j", "select(1)", "Down", tooltip="Select the row below", id="walk.down", key_display="↓"),
        Binding("up,k", "select(-1)", "Up", tooltip="Select the row above", id="walk.up", key_display="↑"),
        Binding("pagedown", "select_page(1)", "Page down", tooltip="Select a row a page further down",
                id="walk.page-down"),
        Binding("pageup", "select_page(-1)", "Page up", tooltip="Select a row a page further up", id="walk.page-up"),
        Binding("enter,w", "go_to_write", "Row's step", tooltip="Go to the next step that writes the selected node",
                id="walk.go-to-write", key_display="⏎"),
        Binding("o", "toggle_fold", "Fold", tooltip="Fold or unfold the selected branch", id="walk.fold"),
        Binding("O", "toggle_fold_all", "Fold all", tooltip="Fold all branches, or unfold all",
                id="walk.fold-all", key_display="O"),
        Binding("r", "follow_reference", "Follow ↗", tooltip="From a ↗ row, go to the row where its node expands",
                id="walk.follow"),
        Binding("c,y", "copy_step", "Copy", tooltip="Copy the current step as text", id="walk.copy", key_display="c"),
        Binding("shift+down,J", "scroll_step(1)", "Scroll", tooltip="Scroll the step's text down",
                id="walk.scroll-down", key_display="J"),
        Binding("shift+up,K", "scroll_step(-1)", "Scroll up", tooltip="Scroll the step's text up",
                id="walk.scroll-up", key_display="K"),
        Binding("slash", "find", "Find", tooltip="Find a name or an expression", id="walk.find", key_display="/"),
        Binding("full_stop", "find_again(1)", "Next match", tooltip="Find the next match", id="walk.find-next",
                key_display="."),
        Binding("comma", "find_again(-1)", "Match before", tooltip="Find the match before", id="walk.find-previous",
                key_display=","),
        Binding("s", "rank", "Sort", tooltip="List the nodes by gradient, value or fan-out", id="walk.rank"),
        Binding("x", "toggle_breakpoint", "Break", tooltip="Stop playing at the selected node, or no longer",
                id="walk.break"),
        Binding("X", "conditions", "Stop if", tooltip="Stop playing when a number is nan, inf, zero or large",
                id="walk.conditions", key_display="X"),
        Binding("f", "run", "Run", tooltip="Run to the next breakpoint", id="walk.run"),
        Binding("escape,b", "leave", "Library", tooltip="Back to the library", id="walk.library", key_display="esc"),
    ]
    # fmt: on
    IMPORTANT_KEYS = (
        "walk.forward",
        "walk.back",
        "app.quit",
        "walk.library",
        "walk.play",
        "app.help",
        "walk.go-to",
        "walk.go-to-write",
        "walk.next-node",
        "walk.next-phase",
        "walk.fold",
        "walk.find",
        "walk.copy",
        "walk.previous-node",
        "walk.previous-phase",
        "walk.faster",
        "walk.slower",
        "walk.end",
        "walk.start",
        "walk.rank",
        "walk.break",
        "walk.run",
        "app.theme",
    )  # fmt: skip
    """What the key bar shows, as far as there is room."""

    def __init__(self, opened: OpenedWalk, classes: str | None = None) -> None:
        super().__init__(classes=classes)
        self.opened = opened
        self.scenario = opened.scenario
        self.player = Player(opened.trace)
        self._clock: Timer | None = None
        self._wanted = ""

    def compose(self) -> ComposeResult:
        """Lay out the place, the tree and the step; the style sheet says how they stand at each size."""
        yield TitleBar(self.opened.title)
        yield PositionBar(id="position")
        with Container(id="walk"):
            with Vertical(id="graph"):
                yield TreeHeader()
                yield GraphTree(self.player.trace, self.opened.layout, id="tree")
            yield LinesView(id="step", scroll_binding="walk.scroll-down")
        yield TooSmall()
        yield KeyBar(self.IMPORTANT_KEYS)

    def on_mount(self) -> None:
        """Draw the start."""
        self._follow()

    @property
    def graph_tree(self) -> GraphTree:
        """The graph's tree."""
        return self.query_one(GraphTree)

    # ---- moving

    def action_step_forward(self) -> None:
        """Take one step."""
        self._move(self.player.step_forward)

    def action_step_back(self) -> None:
        """Take one step back."""
        self._move(self.player.step_back)

    def action_next_phase(self) -> None:
        """Go to the seed, or to the end."""
        self._move(self.player.next_phase)

    def action_previous_phase(self) -> None:
        """Go back to the seed, or to the start."""
        self._move(self.player.previous_phase)

    def action_next_node(self) -> None:
        """Take all steps of the next node at once."""
        self._move(self.player.next_node)

    def action_previous_node(self) -> None:
        """Take back all steps of the node at the cursor."""
        self._move(self.player.previous_node)

    def action_start(self) -> None:
        """Go to the start."""
        self._move(lambda: self.player.seek(0))

    def action_end(self) -> None:
        """Go to the end."""
        self._move(lambda: self.player.seek(self.player.trace.total))

    def action_go_to_write(self) -> None:
        """Go to the next step that writes the selected node."""
        self._move(lambda: self.player.seek_write(self.graph_tree.selected_node))

    def action_go_to(self) -> None:
        """Ask for a step and go there."""

        def go(cursor: int | None) -> None:
            if cursor is not None:
                self._move(lambda: self.player.seek(cursor))

        placeholder = f"0 to {self.player.trace.total}, or the name of a node"
        self.app.push_screen(GotoScreen("go to step", placeholder, self._find_step), go)

    def _find_step(self, wanted: str) -> int | str:
        """Return the step of a number or of a node's name, or a sentence that says why there is none."""
        trace = self.player.trace
        number = whole_number(wanted, trace.total, f"this walk ends at step {trace.total}")
        if number is not None:
            return number
        if not wanted:
            return "type a number or a name"
        try:
            step = trace.next_write(trace.graph.find(wanted), 0)
        except KeyError:
            return f'no node is called "{wanted}"'
        return step if step is not None else f"{wanted} is a constant: no step writes it"

    # ---- playing

    def action_toggle_play(self) -> None:
        """Play, or pause."""
        self.player.toggle_play()
        self._set_clock()

    def action_faster(self) -> None:
        """Play faster."""
        self.player.faster()
        self._set_clock()

    def action_slower(self) -> None:
        """Play slower."""
        self.player.slower()
        self._set_clock()

    def _set_clock(self) -> None:
        if self._clock is not None:
            self._clock.stop()
        self._clock = self.set_interval(1 / self.player.speed, self._tick) if self.player.playing else None
        self._follow()

    def _tick(self) -> None:
        self.player.tick()
        if self.player.playing:
            self._follow()
        else:
            self._set_clock()
            self._say(self.player.breakpoints.reason(self.player.cursor))

    def _say(self, words: str) -> None:
        if words:
            self.notify(words, timeout=4, markup=False)

    # ---- breakpoints

    def action_toggle_breakpoint(self) -> None:
        """Set a breakpoint at the selected node, or take it away."""
        self.player.breakpoints.toggle_node(self.graph_tree.selected_node)
        self._follow()

    def action_conditions(self) -> None:
        """Ask for the numbers to stop at."""
        from .conditions import ConditionsScreen

        self.app.push_screen(ConditionsScreen(self.player.breakpoints))

    def action_run(self) -> None:
        """Run to the next breakpoint."""
        if not self.player.breakpoints:
            self._say("There is no breakpoint: x sets one at the selected node, X one for numbers.")
            return
        reasons: list[str] = []
        self._move(lambda: reasons.append(self.player.run()))
        self._say(reasons[0] or "No breakpoint stops the walk from here on.")

    def on_screen_suspend(self) -> None:
        """Hold the walk while help or a question stands before it."""
        if self._clock is not None:
            self._clock.pause()

    def on_screen_resume(self) -> None:
        """Play on."""
        if self._clock is not None:
            self._clock.resume()

    # ---- the tree and the step

    def action_select(self, rows: int) -> None:
        """Select a row further down, or up."""
        self.graph_tree.move_selection(rows)

    def action_select_page(self, pages: int) -> None:
        """Select a row a page further down, or up."""
        self.graph_tree.move_selection(pages * self.graph_tree.page)

    def action_toggle_fold(self) -> None:
        """Fold or unfold the selected branch."""
        self.graph_tree.toggle_fold()

    def action_toggle_fold_all(self) -> None:
        """Fold all branches, or unfold all."""
        self.graph_tree.toggle_fold_all()

    def action_find(self) -> None:
        """Ask what to find, and select its row."""
        self._find("", 1)

    def action_find_again(self, step: int) -> None:
        """Select the next row that matches, or the one before."""
        self._find(self._wanted, step)

    def _find(self, wanted: str, step: int) -> None:
        from .find import FindScreen

        def select(found: tuple[str, int] | None) -> None:
            if found is not None:
                self._wanted, row = found
                self.graph_tree.select(row)

        tree = self.graph_tree
        self.app.push_screen(FindScreen(self.player.trace.graph, tree.rows, tree.selected, wanted, step), select)

    def action_rank(self) -> None:
        """List the nodes by a number, and select the one that is chosen."""
        from .ranking import RankingScreen

        def select(node: int | None) -> None:
            if node is not None:
                self.graph_tree.select(int(self.graph_tree.rows.home[node]))

        self.app.push_screen(RankingScreen(self.player.state), select)

    def action_follow_reference(self) -> None:
        """Select the row where the selected node expands."""
        self.graph_tree.follow_reference()

    def action_scroll_step(self, rows: int) -> None:
        """Scroll the step's text."""
        self.query_one("#step", LinesView).scroll_relative(y=rows, animate=False)

    def action_copy_step(self) -> None:
        """Copy the current step as text (OSC 52, so it works over SSH)."""
        words = position_words(self.player.trace, self.player.cursor)
        self.app.copy_to_clipboard(f"{words}\n{plain(moment_lines(self.scenario, self.player.state))}\n")
        self.notify("Copied this step as text.", timeout=2)

    def action_leave(self) -> None:
        """Go back to the training, or to the library."""
        if self.player.playing:
            self.action_toggle_play()
        self.post_message(WalkLeft(self, inside_training=self.player.trace.updates is not None))

    def on_graph_tree_selected(self, event: GraphTree.Selected) -> None:
        """Go to where a node is written when its selected row is clicked again."""
        if event.again:
            self.action_go_to_write()

    def _move(self, move: Callable[[], None]) -> None:
        """Move by hand: playing stops, so that the hand has the last word."""
        if self.player.playing:
            self.action_toggle_play()
        move()
        self._follow()

    def _follow(self) -> None:
        state = self.player.state
        self.graph_tree.show(state, self.player.breakpoints.nodes)
        self.query_one(PositionBar).follow(self.player)
        self.query_one("#step", LinesView).show(lambda width: moment_lines(self.scenario, state))
