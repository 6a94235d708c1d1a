"""`CircuitGraph`: the computational graph as boxes and wires, of which only the rows in view are ever drawn."""

from __future__ import annotations

from rich.segment import Segment
from textual.binding import Binding
from textual.geometry import Offset, Region
from textual.reactive import var
from textual.strip import Strip

from ....engine.language.step_key import StepKind
from ....engine.walk.trace import Trace
from ...words.circuit import beyond_words, scope_words
from ...words.lines import Piece
from ...words.walk import derivative_title
from ..graph_view import NodeChosen
from ..moment import Moment
from ..tree.cells import fit_pieces
from .drawing import Drawing
from .faces import Face, Faces, InPlay
from .opening import Opening
from .panned import PannedView
from .picture import Picture
from .window import Bounds, Window
from .wiring import Wiring

ZOOMS = ("full", "compact", "dots")
"""How much a box shows, from all to nothing."""

PAN_COLUMNS, PAN_ROWS = 8, 4
"""Cells that a key moves the view by."""

HEADER = 1
"""Rows above the drawing."""


class CircuitGraph(PannedView, can_focus=True, inherit_bindings=False):
    """The circuit. It draws a `Moment`; which groups are open, the zoom and the place of the window are its own."""

    LINES_ARE_WHOLE = True

    DEFAULT_CSS = """
    CircuitGraph { overflow: hidden; height: 1fr; }
    """
    HELP = """\
The circuit flows from the left to the right: a box is a node with its operation, its value and, after ∂, its \
gradient (∂output/∂node). "?" is not known yet, "–" carries no gradient, and "0.5 (1/2)" is a gradient with 1 of its \
2 contributions. Wires that cross do not touch; what is joined has a corner or a branch. ▶ is the node being \
written, ● the node its gradient comes from, ◆ a breakpoint, a double line is around the selected box. Heavy wires \
are in play: forward the operands of the node, backward the one that brings a contribution, with its local \
derivative above and the upstream gradient below. In the backward pass the arrows point the other way. Where a graph \
is large, a box can be an expression, an array, a layer of neurons, a sample or all the others: o opens it, and O \
closes what the selected box is in. ▷ is a closed one in which a node is being written. What is larger still shows \
the nodes near the one in play; "+ 3 more" are left out there, and a click on them, or o on a box beside them, moves \
there. The wheel and the mouse move the view. Δ is before a number that is another one since the last edit."""

    # fmt: off
    BINDINGS = [  # noqa: RUF012 - Textual's own convention
        Binding("down,j", "select(1)", "Down", tooltip="Select the next box", id="walk.down", key_display="↓"),
        Binding("up,k", "select(-1)", "Up", tooltip="Select the box before", id="walk.up", key_display="↑"),
        Binding("o", "toggle_open", "Open", tooltip="Open a box that holds several nodes, or close it again",
                id="circuit.open"),
        Binding("O", "close", "Close", tooltip="Close what the selected box is in", id="circuit.close",
                key_display="O"),
        Binding("i", "zoom(-1)", "Zoom in", tooltip="Show more of each box", id="circuit.zoom-in"),
        Binding("I", "zoom(1)", "Zoom out", tooltip="Show less of each box, and more boxes", id="circuit.zoom-out",
                key_display="I"),
        Binding("H,ctrl+left", "pan(-1, 0)", "Pan left", tooltip="Move the view to the left", id="circuit.pan-left",
                key_display="H"),
        Binding("L,ctrl+right", "pan(1, 0)", "Pan right", tooltip="Move the view to the right", id="circuit.pan-right",
                key_display="L"),
        Binding("ctrl+up,pageup", "pan(0, -1)", "Pan up", tooltip="Move the view up", id="circuit.pan-up"),
        Binding("ctrl+down,pagedown", "pan(0, 1)", "Pan down", tooltip="Move the view down", id="circuit.pan-down"),
    ]
    # fmt: on

    chosen: var[NodeChosen | None] = var(None, init=False, always_update=True)

    def __init__(self, trace: Trace, wiring: Wiring, id: str | None = None) -> None:
        super().__init__(id=id)
        self.wiring = wiring
        self.opening = Opening(wiring)
        self.zoom = ZOOMS[0]
        self._faces = Faces(wiring, self.opening)
        self._moment = Moment(trace)
        self._pictures: dict[object, Picture] = {}
        self._focus = self._nodes_in_play()[0]
        self._pointed = self._focus
        """The node that was written or chosen last, where the terminal's own cursor is."""
        self.window = Window()
        self._placed = False
        self._painted: list[object] = []
        self._strips: list[Strip] = []
        self.opening.follow(self._nodes_in_play())
        self.drawing = self._draw()

    # ---- what is shown

    def show(self, moment: Moment) -> None:
        """Draw a moment; the step's boxes come into view, and the box of a newly selected node does."""
        before, self._moment = self._moment, moment
        stepped = moment.step_in_play != before.step_in_play or moment.trace is not before.trace
        in_play = self._nodes_in_play()
        anchor = self._anchor()
        if stepped:
            self._pointed = in_play[0]
            self.opening.follow(in_play)
            if not self._picture().shows(in_play):
                self._focus = in_play[0]
        selects = moment.selected is not None and moment.selected != before.selected
        if selects and moment.selected is not None:
            self._pointed = moment.selected
            if not self._picture().shows([moment.selected]):
                self._focus = moment.selected
        self._redraw(anchor)
        if stepped:
            self._bring_into_view(in_play)
        if selects and moment.selected is not None:
            self._bring_into_view([moment.selected])
        self._patch()

    @property
    def picture(self) -> Picture:
        """The boxes that are shown."""
        return self.drawing.picture

    def _nodes_in_play(self) -> list[int]:
        """Return the nodes that the step in play, or the first one, is about; what it writes comes first."""
        trace = self._moment.trace
        step = max(1, self._moment.step_in_play)
        key = trace.key(step)
        return [trace.node_of(step), *([key.node] if key.kind is StepKind.ALONG else [])]

    def _in_play(self) -> InPlay:
        if not self._moment.step_in_play:
            return InPlay()
        active, *consumer = self._nodes_in_play()
        return InPlay(active, *consumer)

    def _picture(self) -> Picture:
        """Return the picture of what is open now, around what is looked at."""
        key = self.opening.key
        picture = self._pictures.get(key) or self._pictures.get((key, self._focus))
        if picture is None:
            picture = Picture(self.wiring, self.opening, self._focus)
            if len(self._pictures) > 256:
                self._pictures.clear()
            self._pictures[key if picture.is_whole else (key, self._focus)] = picture
        return picture

    def _draw(self) -> Drawing:
        moment = self._moment
        selected = -1 if moment.selected is None else self.opening.unit(moment.selected)
        in_play, step = self._in_play(), moment.step_in_play
        face = Face(moment.state, in_play, selected, moment.breakpoints, moment.digits, moment.change, step)
        return Drawing(self._picture(), self._faces, face, self.zoom)

    # ---- keys

    def action_select(self, places: int) -> None:
        """Select the box so many places further on, layer by layer."""
        order = [box for layer in self.drawing.layout.order for box in layer if self.picture.boxes[box].unit >= 0]
        here = self.picture.box(self._moment.node)
        place = order.index(here) if here in order else 0
        self._choose(order[max(0, min(place + places, len(order) - 1))])

    def action_toggle_open(self) -> None:
        """Open the selected box, or where it is a single node close what it is in; a neighbourhood moves there."""
        group = self.wiring.group_of(self.opening.unit(self._moment.node))
        if group >= 0:
            self._toggle(group)
        else:
            self.action_close()

    def action_close(self) -> None:
        """Close what the selected box is in."""
        self._toggle(self.opening.around(self._moment.node))

    def _toggle(self, group: int) -> None:
        """Open a group or close it (-1: none), and show what is near the selected node."""
        node = self._moment.node
        anchor = self._anchor(node)
        if group >= 0:
            self.opening.toggle(group)
        self._focus = node
        self._redraw(anchor)
        self._bring_into_view([node])
        self._patch()

    def action_zoom(self, places: int) -> None:
        """Show less of each box, or more (negative)."""
        self.zoom = ZOOMS[max(0, min(ZOOMS.index(self.zoom) + places, len(ZOOMS) - 1))]
        self._redraw(self._anchor())
        self._bring_into_view(self._nodes_in_play()[:1])
        self._patch()

    def action_pan(self, columns: int, rows: int) -> None:
        """Move the view."""
        self.pan(columns * PAN_COLUMNS, rows * PAN_ROWS)

    # ---- the mouse

    def click(self, x: int, y: int) -> None:
        """Choose the box under the mouse; where it counts what is left out, move there."""
        box = self.drawing.plan.box_at(x + self.window.left, y - HEADER + self.window.top)
        if box < 0:
            return
        shown = self.picture.boxes[box]
        if shown.unit >= 0:
            self._choose(box, again=self._moment.selected is not None and box == self.picture.box(self._moment.node))
        else:
            self._focus = shown.towards
            self._redraw(None)
            self.chosen = NodeChosen(shown.towards)
            self._bring_into_view([shown.towards])
            self._patch()

    # ---- Textual's side

    def on_resize(self) -> None:
        """Draw for the new size, what is in play still in view."""
        nodes = self._nodes_in_play()
        self.window.width, self.window.height = self.size.width, max(0, self.size.height - HEADER)
        if not self._placed:
            self._placed = self.size.height > HEADER
            self.window.centre(self._bounds(self._boxes(nodes[:1])))
        self._bring_into_view(nodes)
        self._patch()

    def notify_style_update(self) -> None:
        """Follow a change of theme."""
        super().notify_style_update()
        self._painted, self._strips = [], []

    def render_line(self, y: int) -> Strip:
        """Draw one row in view."""
        width = self.size.width
        if y < len(self._strips) and self._strips[y].cell_length == width:
            return self._strips[y]
        return self._strip(self._row(y), width)

    @property
    def cursor_cell(self) -> Offset | None:
        """The first cell of the title of the box that was written or chosen last."""
        box = self.picture.box(self._pointed)
        if box < 0:
            return None
        title = 1 if self.zoom == "full" else 0  # below the border
        left, top = (
            self.drawing.layout.x[box] + 1 - self.window.left,
            self.drawing.layout.y[box] + title - self.window.top,
        )
        return Offset(left, top + HEADER) if 0 <= left < self.window.width and 0 <= top < self.window.height else None

    # ---- the window

    def pan(self, columns: int, rows: int) -> None:
        """Move the view."""
        self.window.left += columns
        self.window.top += rows
        self._clamp()
        self._patch()

    def _clamp(self) -> None:
        self.window.clamp(self.drawing.layout.width, self.drawing.layout.height)

    def _bring_into_view(self, nodes: list[int]) -> None:
        """Move the view where the boxes of some nodes would be outside of it.

        What the wires in play join comes into view with them, if there is room; if there is too little for all the
        nodes, the first one does.
        """
        window = self.window
        own, first = self._bounds(self._boxes(nodes)), self._bounds(self._boxes(nodes[:1]))
        if not window.shows(own if window.fits(own) else first):
            ends = {end for edge in self.drawing.active_edges for end in self.picture.edges[edge][:2]}
            with_ends = self._bounds(self._boxes(nodes) | ends) if self._boxes(nodes) & ends else own
            window.centre(next((part for part in (with_ends, own) if window.fits(part)), first))
        self._clamp()

    def _boxes(self, nodes: list[int]) -> set[int]:
        return {box for box in map(self.picture.box, nodes) if box >= 0}

    def _bounds(self, boxes: set[int]) -> Bounds:
        """Return the part of the drawing that some boxes stand in; all of it, where there are none."""
        layout, sizes = self.drawing.layout, self.drawing.plan.sizes
        if not boxes:
            return Bounds(0, 0, layout.width, layout.height)
        return Bounds(
            min(layout.x[box] for box in boxes),
            min(layout.y[box] for box in boxes),
            max(layout.x[box] + sizes[box].width for box in boxes),
            max(layout.y[box] + sizes[box].height for box in boxes),
        )

    def _anchor(self, node: int | None = None) -> tuple[int, int, int] | None:
        """Return a node and where in the view its box stands, to stay there when the drawing changes."""
        node = self._nodes_in_play()[0] if node is None else node
        box = self.picture.box(node)
        if box < 0 or box >= len(self.drawing.layout.x):
            return None
        return node, self.drawing.layout.x[box] - self.window.left, self.drawing.layout.y[box] - self.window.top

    # ---- painting

    def _redraw(self, anchor: tuple[int, int, int] | None) -> None:
        before = self.drawing.layout
        self.drawing = self._draw()
        if anchor is not None and self.drawing.layout is not before:
            node, x, y = anchor
            box = self.picture.box(node)
            if box >= 0:
                self.window.left, self.window.top = self.drawing.layout.x[box] - x, self.drawing.layout.y[box] - y
        self._clamp()

    def _choose(self, box: int, *, again: bool = False) -> None:
        """Say which node was chosen: of a group, the one that stands for it."""
        unit = self.picture.boxes[box].unit
        node = unit if self.wiring.group_of(unit) < 0 else self._node_of_group(unit)
        self.chosen = NodeChosen(node, again)

    def _node_of_group(self, unit: int) -> int:
        gathering, group = self.wiring.gathering, self.wiring.group_of(unit)
        while gathering.head[group] < 0:
            children = gathering.children(group)[:64].tolist()
            shut = [child for child in children if not self.opening.is_spread(group, child)]
            if not shut:
                return int(gathering.own_nodes(group)[0])
            group = shut[0]
        return int(gathering.head[group])

    def _patch(self) -> None:
        """Repaint the rows in view that have changed."""
        width = self.size.width
        if not width:
            return
        before, strips = self._painted, self._strips
        self._painted, self._strips = [self._row_key(y) for y in range(self.size.height)], []
        changed: list[Region] = []
        for y, key in enumerate(self._painted):
            if y < len(before) and before[y] == key:
                self._strips.append(strips[y])
            else:
                self._strips.append(self._strip(self._row(y), width))
                changed.append(Region(0, y, width, 1))
        if changed:
            self.refresh(*changed)

    def _row_key(self, y: int) -> object:
        """Return what a row is made of."""
        if y < HEADER:
            return self._header(), self.size.width
        return self.drawing.key(y - HEADER + self.window.top, self.window.left, self.size.width)

    def _row(self, y: int) -> list[Piece]:
        if y < HEADER:
            return fit_pieces(self._header(), self.size.width)
        return self.drawing.row(y - HEADER + self.window.top, self.window.left, self.size.width)

    def _header(self) -> list[Piece]:
        layout, graph = self.drawing.layout, self._moment.trace.graph
        near = "" if self.picture.is_whole else graph.label(self.picture.focus)
        scope = scope_words(len(self.picture.boxes), near, len(graph))
        if self._moment.trace.tangent_of is not None:
            scope = f"{scope} · ∂ is {derivative_title(self._moment.trace)}"
        beyond = beyond_words(*self.window.beyond(layout.width, layout.height))
        return [(f"  {scope} · {self.zoom}", "label"), (f" · {beyond}" if beyond else "", "note")]

    def _strip(self, row: list[Piece], width: int) -> Strip:
        strip = Strip([Segment(text, self.whole_style(style)) for text, style in row if text])
        return strip.adjust_cell_length(width, self.whole_style(""))
