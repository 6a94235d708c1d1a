"""`RankingScreen`: the nodes sorted by their gradient, their value or their fan-out."""

from __future__ import annotations

import numpy as np
from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.message import Message
from textual.strip import Strip

from ...engine.arrays import Floats, Indices
from ...engine.errors import printable
from ...engine.graph.graph import Graph
from ...engine.rules.number_text import format_number
from ...engine.walk.trace import State
from ..bindings import with_keys
from ..walk.ranking import Ranking, ranked, rankings
from ..widgets.text_view import TextView
from .dialog import Dialog

KEYS = "{ranking.sort} sorts otherwise · {ranking.choose} goes there · {ranking.close} closes"
"""What stands below the list."""


class RankingView(TextView):
    """The sorted nodes; only the rows in view are ever formatted."""

    class Chosen(Message):
        """A row was clicked."""

    def __init__(self, graph: Graph, digits: int = 0) -> None:
        super().__init__()
        self.graph = graph
        self.digits = digits
        self.selected = 0
        self._words = ""
        self._order: Indices = np.empty(0, np.int32)
        self._numbers: Floats = np.empty(0)

    def show(self, ranking: Ranking, state: State) -> None:
        """Sort the nodes by what is known at this moment."""
        self._order, self._numbers = ranked(ranking, state)
        self._words = ranking.words
        self.set_content_height(len(self._order))
        self.select(0)

    @property
    def selected_node(self) -> int | None:
        """The node of the selected row; None where no node has a number yet."""
        return int(self._order[self.selected]) if len(self._order) else None

    def select(self, row: int) -> None:
        """Select a row, or the nearest that there is, and bring it into view."""
        self.selected = max(0, min(row, len(self._order) - 1))
        top, height = self.scroll_offset.y, self.size.height
        if not top <= self.selected < top + height:
            self.scroll_to(y=max(0, self.selected - height // 2), animate=False)
        self.refresh()

    def on_resize(self) -> None:
        """Give the scroll bar its range."""
        self.set_content_height(len(self._order))

    def render_line(self, y: int) -> Strip:
        """Draw one row in view."""
        width, row = self.scrollable_content_region.width, y + self.scroll_offset.y
        if row >= len(self._order):
            words = f"  nothing is known of {self._words} yet" if row == 0 else ""
            return Strip([Segment(words)]).adjust_cell_length(width, self.own_style)
        node = int(self._order[row])
        marker = "> " if row == self.selected else "  "
        expression = f" = {self.graph.expression(node)}" if self.graph.op(node) else ""
        label = f"{marker}{self.graph.label(node)}{expression}"
        number = format_number(float(self._numbers[row]), self.digits)
        columns = max(15, self.digits + 7)
        room = max(4, width - columns - 1)
        if cell_len(label) >= room:
            label = set_cell_size(label, room - 2) + "…"
        strip = Strip([Segment(f"{printable(set_cell_size(label, room))}{number:>{columns}} ")]).adjust_cell_length(
            width
        )
        return strip.apply_style(self.own_style + self.named_style("selected" if row == self.selected else ""))

    def on_click(self, event: events.Click) -> None:
        """Choose the row under the mouse."""
        row = event.y + self.scroll_offset.y
        if row < len(self._order):
            self.select(row)
            self.post_message(self.Chosen())


class RankingScreen(Dialog[int | None]):
    """A list to choose a node from; answers with the node. Numbers have so many significant `digits`, 0 as ever."""

    BINDINGS = [  # noqa: RUF012 - Textual's own convention
        Binding("enter", "choose", "Go to", tooltip="Select this node", id="ranking.choose"),
        Binding("s,tab", "next_ranking", "Sort", tooltip="Sort by something else", id="ranking.sort", key_display="s"),
        Binding("down,j", "move(1)", "Down", id="ranking.down"),
        Binding("up,k", "move(-1)", "Up", id="ranking.up"),
        Binding("pagedown", "move_page(1)", "Page down", id="ranking.page-down"),
        Binding("pageup", "move_page(-1)", "Page up", id="ranking.page-up"),
        Binding("home", "move(-1000000000)", "First", id="ranking.first"),
        Binding("end", "move(1000000000)", "Last", id="ranking.last"),
        Binding("escape,q", "dismiss(None)", "Close", id="ranking.close"),
    ]
    DEFAULT_CSS = """
    RankingScreen RankingView { width: 100%; max-width: 80; height: 100%; max-height: 40; background: $background; }
    """

    def __init__(self, state: State, digits: int = 0) -> None:
        super().__init__()
        self._state = state
        self._digits = digits
        self._rankings = rankings(state.trace)
        self._place = 0

    def compose(self) -> ComposeResult:
        """Lay out the list."""
        yield RankingView(self._state.trace.graph, self._digits)

    def on_mount(self) -> None:
        """Sort."""
        self._sort()

    @property
    def view(self) -> RankingView:
        """The list."""
        return self.query_one(RankingView)

    def action_choose(self) -> None:
        """Answer with the selected node."""
        self.dismiss(self.view.selected_node)

    def action_next_ranking(self) -> None:
        """Sort by the next ranking."""
        self._place = (self._place + 1) % len(self._rankings)
        self._sort()

    def action_move(self, rows: int) -> None:
        """Select another row."""
        self.view.select(self.view.selected + rows)

    def action_move_page(self, pages: int) -> None:
        """Select a row a page away."""
        self.view.select(self.view.selected + pages * max(1, self.view.size.height))

    def on_ranking_view_chosen(self, event: RankingView.Chosen) -> None:
        """Answer with the row that was clicked."""
        self.action_choose()

    def _sort(self) -> None:
        ranking = self._rankings[self._place]
        self.view.border_title = f"nodes by {ranking.words}, largest first"
        self.view.border_subtitle = with_keys(KEYS, self)
        self.view.show(ranking, self._state)
