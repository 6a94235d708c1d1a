"""`WalkScreen`: the graph, the step, and the keys that move between them."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Container, Vertical
from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import Footer, Static

from ...engine.scenario import Scenario
from ...engine.trace import Trace
from ..messages import LeftWalk
from ..player import Player
from ..render import plain, walk_lines
from ..widgets.graph_tree import GraphTree
from ..widgets.lines import LinesView
from ..widgets.position_bar import PositionBar
from .goto import GotoScreen


class WalkScreen(Screen[None]):
    """One walk. Its keys move the `Player`; one method, `_follow`, redraws all that depends on it."""

    AUTO_FOCUS = None
    HELP = """\
A walk first goes forward: each step computes the value of one node. Then comes the seed, ∂output/∂output = 1,
and the walk goes backward: each step takes one edge of the graph, multiplies the upstream gradient of the node it
comes from by the local derivative of that edge, and adds the product to the gradient of the operand."""
    BINDINGS = [  # noqa: RUF012
        Binding("right,l", "step_forward", "Step", id="walk.forward", key_display="→ l"),
        Binding("left,h", "step_back", "Back", id="walk.back", key_display="← h"),
        Binding("space", "toggle_play", "Play", id="walk.play", key_display="space"),
        Binding("right_square_bracket", "next_phase", "Next phase", id="walk.next-phase", key_display="]", show=False),
        Binding("left_square_bracket", "previous_phase", "Previous phase", id="walk.previous-phase", key_display="[", show=False),
        Binding("shift+right,n", "next_node", "Next node: all its edges at once", id="walk.next-node", key_display="n", show=False),
        Binding("shift+left,p", "previous_node", "Previous node", id="walk.previous-node", key_display="p", show=False),
        Binding("home,0", "start", "Go to the start", id="walk.start", key_display="home", show=False),
        Binding("end,dollar_sign", "end", "Go to the end", id="walk.end", key_display="end", show=False),
        Binding("g", "go_to", "Go to", tooltip="Go to a step or a node", id="walk.go-to"),
        Binding("plus,equals_sign", "faster", "Play faster", id="walk.faster", key_display="+", show=False),
        Binding("minus", "slower", "Play slower", id="walk.slower", key_display="-", show=False),
        Binding("down,j", "select(1)", "Select the row below", id="walk.down", key_display="↓ j", show=False),
        Binding("up,k", "select(-1)", "Select the row above", id="walk.up", key_display="↑ k", show=False),
        Binding("pagedown", "select_page(1)", "Select a page down", id="walk.page-down", show=False),
        Binding("pageup", "select_page(-1)", "Select a page up", id="walk.page-up", show=False),
        Binding("enter,w", "go_to_write", "Written", tooltip="Go to the next step that writes the selected node", id="walk.go-to-write", key_display="⏎ w"),
        Binding("o", "toggle_fold", "Fold", tooltip="Fold or unfold the selected branch", id="walk.fold"),
        Binding("O,upper_o", "toggle_fold_all", "Fold or unfold all branches", id="walk.fold-all", key_display="O", show=False),
        Binding("r", "follow_reference", "Follow ↗", tooltip="Go to where the selected node expands", id="walk.follow", show=False),
        Binding("c,y", "copy_step", "Copy", tooltip="Copy the current step as text", id="walk.copy", key_display="c"),
        Binding("shift+down", "scroll_step(1)", "Scroll the step down", id="walk.scroll-down", show=False),
        Binding("shift+up", "scroll_step(-1)", "Scroll the step up", id="walk.scroll-up", show=False),
        Binding("escape,b", "leave", "Library", id="walk.library", key_display="esc"),
    ]  # fmt: skip

    def __init__(self, scenario: Scenario) -> None:
        super().__init__()
        self.scenario = scenario
        self.player = Player(Trace(scenario.graph, scenario.notes))
        self._clock: Timer | None = None

    def compose(self) -> ComposeResult:
        """Lay out the place, the tree and the step; the theme file says how they stand at each size."""
        yield Static(f" gradwalk · {self.scenario.title}", id="title", markup=False)
        yield PositionBar(id="position")
        with Container(id="walk"):
            with Vertical(id="graph"):
                yield TreeHeader(id="columns")
                yield GraphTree(self.player.trace, id="tree")
            yield LinesView(id="step")
        yield Static("make the window larger: gradwalk needs 60x20", id="too-small")
        yield Footer()

    def on_mount(self) -> None:
        """Draw the start."""
        self._follow()

    def on_resize(self) -> None:
        """Draw the place anew: its bar depends on the width."""
        self.call_after_refresh(self._follow)

    @property
    def tree(self) -> GraphTree:
        """The graph's tree."""
        return self.query_one(GraphTree)

    # ---- moving

    def action_step_forward(self) -> None:
        """Take one step."""
        self._move(self.player.step_forward)

    def action_step_back(self) -> None:
        """Take one step back."""
        self._move(self.player.step_back)
