"""`WalkScreen`: the graph, the step, and the keys that move between them."""

from __future__ import annotations

from collections.abc import Callable

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Container, Vertical
from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import Footer

from ...engine.scenario import Scenario
from ...engine.trace import Trace
from ..messages import WalkLeft
from ..player import Player
from ..render import moment_lines, plain, position_words
from ..widgets.graph_tree import GraphTree
from ..widgets.lines import LinesView
from ..widgets.position_bar import PositionBar
from ..widgets.title_bar import TitleBar
from ..widgets.too_small import TooSmall
from ..widgets.tree_header import TreeHeader
from .goto import GotoScreen


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
        Binding("space", "toggle_play", "Play", tooltip="Play, or pause", id="walk.play", key_display="space"),
        Binding("plus,equals_sign", "faster", "Play faster", id="walk.faster", key_display="+", show=False),
        Binding("minus", "slower", "Play slower", id="walk.slower", key_display="-", show=False),
        Binding("right_square_bracket", "next_phase", "Next phase", id="walk.next-phase", key_display="]", show=False),
        Binding("left_square_bracket", "previous_phase", "Previous phase", id="walk.previous-phase", key_display="[",
                show=False),
        Binding("n,shift+right", "next_node", "Next node: all its edges at once", id="walk.next-node",
                key_display="n", show=False),
        Binding("p,shift+left", "previous_node", "Previous node", id="walk.previous-node", key_display="p", show=False),
        Binding("home,0", "start", "Go to the start", id="walk.start", key_display="home", show=False),
        Binding("end,dollar_sign", "end", "Go to the end", id="walk.end", key_display="end", show=False),
        Binding("g", "go_to", "Go to", tooltip="Go to a step, or to the step that computes a node", id="walk.go-to"),
        Binding("down,j", "select(1)", "Select the row below", id="walk.down", key_display="↓", show=False),
        Binding("up,k", "select(-1)", "Select the row above", id="walk.up", key_display="↑", show=False),
        Binding("pagedown", "select_page(1)", "Select a page further down", id="walk.page-down", show=False),
        Binding("pageup", "select_page(-1)", "Select a page further up", id="walk.page-up", show=False),
        Binding("enter,w", "go_to_write", "Written", tooltip="Go to the next step that writes the selected node",
                id="walk.go-to-write", key_display="⏎"),
        Binding("o", "toggle_fold", "Fold", tooltip="Fold or unfold the selected branch", id="walk.fold"),
        Binding("O,upper_o", "toggle_fold_all", "Fold or unfold all branches", id="walk.fold-all", key_display="O",
                show=False),
        Binding("r", "follow_reference", "Follow ↗: select the row where this node expands", id="walk.follow",
                show=False),
        Binding("c,y", "copy_step", "Copy", tooltip="Copy the current step as text", id="walk.copy", key_display="c",
                show=False),
        Binding("shift+down,J,upper_j", "scroll_step(1)", "Scroll the step down", id="walk.scroll-down",
                key_display="J", show=False),
        Binding("shift+up,K,upper_k", "scroll_step(-1)", "Scroll the step up", id="walk.scroll-up",
                key_display="K", show=False),
        Binding("escape,b", "leave", "Library", tooltip="Back to the library", id="walk.library", key_display="esc"),
    ]
    # fmt: on

    def __init__(self, scenario: Scenario) -> None:
        super().__init__()
        self.scenario = scenario
        self.player = Player(Trace(scenario.graph, scenario.notes))
        self._clock: Timer | None = None

    def compose(self) -> ComposeResult:
        """Lay out the place, the tree and the step; the style sheet says how they stand at each size."""
        yield TitleBar(self.scenario.title)
        yield PositionBar(id="position")
        with Container(id="walk"):
            with Vertical(id="graph"):
                yield TreeHeader()
                yield GraphTree(self.player.trace, id="tree")
            yield LinesView(id="step")
        yield TooSmall()
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        """Draw the start."""
        self._follow()

    def on_resize(self) -> None:
        """Draw the place anew: its bar depends on the width."""
        self.call_after_refresh(self._follow)

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

        self.app.push_screen(GotoScreen(self.player.trace), go)

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
        """Go to the library."""
        self.post_message(WalkLeft())

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
        self.graph_tree.show(state)
        self.query_one(PositionBar).follow(self.player)
        self.query_one("#step", LinesView).show(moment_lines(self.scenario, state))
