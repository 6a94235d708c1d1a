"""`Faces`: how large the boxes of a circuit are, and what stands in them, at each zoom."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.cells import cell_len

from ....engine.graph.graph import Graph
from ....engine.walk.trace import State
from ...words.circuit import count_words, entries_words, left_out_words
from ...words.lines import Piece
from ...words.walk import CHANGED, NO_GRADIENT, UNKNOWN, gradient_cell, value_cell
from ..gathering import Kind
from ..tree.cells import fit_number, fit_pieces
from .layout import Size, Spacing
from .opening import Opening
from .picture import Box
from .wiring import Wiring

if TYPE_CHECKING:
    from ....engine.editing.change import Change

MOST_TEXT = 18
"""Cells of a title in a full box, at most."""

MOST_NAME = 10
"""Cells of a name in a compact box, at most."""


def number_width(digits: int) -> int:
    """Return the cells of a number: 8 where it is short, or else enough for `-1.2345e-05` with so many digits."""
    return digits + 6 if digits else 8


@dataclass(frozen=True, slots=True)
class InPlay:
    """The node that the step in play writes, and the one that its gradient comes from; -1 for none."""

    active: int = -1
    consumer: int = -1


@dataclass(frozen=True, slots=True)
class Face:
    """What the faces of one moment are drawn from."""

    state: State
    in_play: InPlay
    selected: int
    """The unit that is selected, -1 for none."""
    breakpoints: Collection[int]
    digits: int
    change: Change | None = None
    """The last edit, whose numbers are marked."""
    step: int | None = None
    """The step in play, where that is not the one just taken: one that is asked for."""

    @property
    def step_in_play(self) -> int:
        """The step whose wires are heavy; 0 for none."""
        return self.state.cursor if self.step is None else self.step

    def marks(self, node: int) -> tuple[str, str]:
        """Return what stands before the value and the gradient of a node: whether they are others since the edit."""
        change, state = self.change, self.state
        if change is None:
            return " ", " "
        return (
            CHANGED if change.shows_value(state, node) else " ",
            CHANGED if change.shows_gradient(state, node) else " ",
        )

    @property
    def graph(self) -> Graph:
        """The graph of the moment's own trace: after an edit it has other numbers."""
        return self.state.trace.graph


class Faces:
    """The boxes of a circuit at one zoom: `full`, with lines around them, `compact`, or `dots`."""

    def __init__(self, wiring: Wiring, opening: Opening) -> None:
        self._wiring = wiring
        self._opening = opening

    # ---- what a box is called

    def title(self, box: Box, graph: Graph) -> str:
        """Return the first line of a box: the name of a node and its operation, or of a group."""
        group = self._wiring.group_of(box.unit)
        if box.unit < 0:
            return left_out_words(box.more)
        if group < 0:
            label = graph.label(box.unit)
            return label if graph.op(box.unit) is None else f"{label} = {graph.expression(box.unit)}"
        return self._wiring.gathering.label(group)

    def name(self, box: Box, graph: Graph) -> str:
        """Return the name alone."""
        return graph.label(box.unit) if 0 <= box.unit < len(graph) else self.title(box, graph)

    def head(self, box: Box) -> int:
        """Return the node whose numbers a box shows, -1 where it stands for several."""
        group = self._wiring.group_of(box.unit)
        return box.unit if group < 0 else int(self._wiring.gathering.head[group])

    def count(self, box: Box) -> str:
        """Say how many things a group is."""
        gathering, group = self._wiring.gathering, self._wiring.group_of(box.unit)
        count, kind = int(gathering.count[group]), Kind(gathering.kind[group])
        if kind is Kind.SAMPLES:
            opened = len(self._opening.opened_inside(group))
            return count_words(count, "sample") if not opened else f"{count - opened} more"
        if kind is Kind.ARRAY:
            return entries_words(gathering.shapes[group])
        things = {
            Kind.EXPRESSION: "operation",
            Kind.SUM: "term",
            Kind.LAYER: "neuron",
            Kind.SAMPLE: "node",
            Kind.LEAVES: "value",
        }
        return count_words(count, things[kind])

    # ---- how large it is

    def size(self, box: Box, graph: Graph, zoom: str, digits: int = 0) -> Size:
        """Return how large a box is; `digits` are those of its numbers, 0 for as many as are read with ease."""
        pins = len(box.pins)
        if box.unit < 0:
            rows = max(1, pins)
            return Size(1 if zoom == "dots" else cell_len(self.title(box, graph)), rows, tuple(range(pins)))
        if zoom == "dots":
            return Size(1, max(1, pins), tuple(range(pins)))
        if zoom == "compact":
            name = min(cell_len(self.name(box, graph)), MOST_NAME)
            return Size(name + number_width(digits) + 5, max(1, pins), tuple(range(pins)))
        title, numbers = cell_len(self.title(box, graph)), number_width(digits) + 2 + self._count_room(box)
        lines, is_group = 3, self._wiring.group_of(box.unit) >= 0
        if is_group:
            title, lines = max(title, cell_len(self.count(box))), 4 if self.head(box) >= 0 else 3
        width = max(numbers, min(title, MOST_TEXT)) + 3
        if pins <= 1:
            return Size(width, lines + 2, (2,) * pins)
        if pins <= 6:
            return Size(width, max(lines + 2, 2 * pins + 1), tuple(range(1, 2 * pins, 2)))
        return Size(width, pins + 2, tuple(range(1, pins + 1)))

    def _count_room(self, box: Box) -> int:
        """Return the cells that `(3/10)` takes behind a gradient of several contributions."""
        head = self.head(box)
        shown = head >= 0 and self._wiring.graph.carries_gradient[head]
        count = len(self._wiring.users(head)) if shown else 0
        return 2 * len(str(count)) + 4 if count > 1 else 0

    # ---- what stands in it

    def rows(self, box: Box, size: Size, face: Face, zoom: str, *, has_out: bool) -> list[list[Piece]]:
        """Draw a box; `has_out` says that a wire leaves it."""
        if box.unit < 0:
            text = "+" if zoom == "dots" else self.title(box, face.graph)
            return [fit_pieces([(text, "label")], size.width), *[[(" " * size.width, "")]] * (size.height - 1)]
        if zoom == "dots":
            return self._dot(box, size, face)
        if zoom == "compact":
            return self._compact(box, size, face)
        return self._full(box, size, face, has_out=has_out)

    def _mark(self, box: Box, face: Face) -> Piece:
        active, consumer = face.in_play.active, face.in_play.consumer
        if active >= 0 and self._opening.unit(active) == box.unit:
            return ("▶" if active == box.unit else "▷"), "contribution"
        if consumer >= 0 and self._opening.unit(consumer) == box.unit:
            return "●", "upstream"
        return ("◆", "undefined") if box.unit in face.breakpoints else (" ", "")

    def _full(self, box: Box, size: Size, face: Face, *, has_out: bool) -> list[list[Piece]]:
        mark, is_selected = self._mark(box, face), face.selected == box.unit
        text = size.width - 3
        head, name = self.head(box), "active" if face.in_play.active == box.unit else "name"
        lines: list[list[Piece]] = [[mark, *self._title_pieces(box, face.graph, name)]]
        if self._wiring.group_of(box.unit) >= 0:
            lines.append([(" ", ""), (self.count(box), "label")])
        if head >= 0:
            value, gradient = value_cell(face.state, head, face.digits), gradient_cell(face.state, head, face.digits)
            of_value, of_gradient = face.marks(head)
            number = [(of_value, value[1]), (fit_number(value[0], text).strip(), value[1])]
            slope = [
                (of_gradient, gradient[1]),
                ("∂ ", "label"),
                (fit_number(gradient[0], text - 2).strip(), gradient[1]),
            ]
            lines += [number, slope]
        elif mark[0] == "▷":
            lines.append([(" ", ""), (f"▷ {face.graph.label(face.in_play.active)}", "contribution")])
        border = "selected" if is_selected else "edge" if mark[0] in "▶▷" else "guide"
        corners, across, along = _border(is_selected, mark[0] in "▶▷")
        rows: list[list[Piece]] = [[(corners[0] + across * (size.width - 2) + corners[1], border)]]
        for number in range(size.height - 2):
            line = fit_pieces(lines[number], size.width - 2) if number < len(lines) else [(" " * (size.width - 2), "")]
            right = _JOINT[along] if has_out and number + 1 == size.out else along
            rows.append([(along, border), *line, (right, border)])
        rows.append([(corners[2] + across * (size.width - 2) + corners[3], border)])
        return rows

    def _title_pieces(self, box: Box, graph: Graph, name_style: str) -> list[Piece]:
        title, name = self.title(box, graph), self.name(box, graph)
        return [(name, name_style), (title[len(name) :], "")]

    def _compact(self, box: Box, size: Size, face: Face) -> list[list[Piece]]:
        mark, is_selected = self._mark(box, face), face.selected == box.unit
        head = self.head(box)
        name = fit_pieces(
            [(self.name(box, face.graph), "active" if mark[0] == "▶" else "name")],
            size.width - number_width(face.digits) - 5,
        )
        ends = ("{", "}") if is_selected else ("[", "]")
        style = "selected" if is_selected else "guide"
        rows: list[list[Piece]] = []
        for number in range(size.height):
            start: list[Piece] = (
                [mark, *name] if number == 0 else [(" " * (size.width - number_width(face.digits) - 4), "")]
            )
            middle = fit_pieces([*start, *self._compact_number(box, head, size, face, number)], size.width - 2)
            rows.append([(ends[0], style), *middle, (ends[1], style)])
        return rows

    def _compact_number(self, box: Box, head: int, size: Size, face: Face, row: int) -> list[Piece]:
        """Return the number in a row of a compact box: the value, below it the gradient; in a single row the newer."""
        if head < 0:
            return (
                [(" ", ""), (self.count(box).split()[0].rjust(number_width(face.digits) + 1), "label")]
                if row == 0
                else []
            )
        value, gradient = value_cell(face.state, head, face.digits), gradient_cell(face.state, head, face.digits)
        has_gradient = gradient[0] not in (UNKNOWN, NO_GRADIENT)
        if (row == 1 and size.height > 1) or (row == 0 and size.height == 1 and has_gradient):
            return [(" ∂", "label"), (fit_number(gradient[0], number_width(face.digits)), gradient[1])]
        return [("  ", ""), (fit_number(value[0], number_width(face.digits)), value[1])] if row == 0 else []

    def _dot(self, box: Box, size: Size, face: Face) -> list[list[Piece]]:
        mark, style = self._mark(box, face)
        head = self.head(box)
        if mark == " " and face.selected == box.unit:
            mark, style = ">", "name"
        elif mark == " " and head < 0:
            mark, style = "▣", "label"
        elif mark == " " and gradient_cell(face.state, head)[0] not in (UNKNOWN, NO_GRADIENT):
            mark, style = "◎", "contribution"
        elif mark == " ":
            known = face.state.value(head) is not None
            mark, style = ("○", "value") if known else ("·", "label")
        if face.selected == box.unit:
            style = "selected"
        return [[(mark, style)], *[[("╎", "guide")]] * (size.height - 1)]


def spacing(zoom: str, digits: int) -> Spacing:
    """Return how far things stand apart at a zoom: between full boxes there is room for a number beside a wire."""
    if zoom == "full":
        return Spacing(1, 2, number_width(digits) + 1)
    return Spacing(1, 2, 4) if zoom == "compact" else Spacing(0, 2, 1)


_JOINT = {"│": "├", "║": "╟", "┃": "┠"}


def _border(is_selected: bool, is_active: bool) -> tuple[str, str, str]:
    if is_selected:
        return "╔╗╚╝", "═", "║"
    return ("┏┓┗┛", "━", "┃") if is_active else ("┌┐└┘", "─", "│")
