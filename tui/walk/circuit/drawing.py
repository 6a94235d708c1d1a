"""`Drawing`: a circuit at one moment, as rows of characters and style names; nothing outside of a window is drawn."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from rich.cells import cell_len

from ....engine.language.step_key import StepKind
from ....engine.walk.step import Factor
from ...words.lines import Piece
from ...words.walk import number
from ..tree.cells import fit_number
from .faces import Face, Faces, spacing
from .layers import Edge
from .layout import Layout, Point, Size, Spacing, lay_out
from .picture import Picture
from .wires import Wires

FORTH, BACK = "▶", "◀"
"""The heads of arrows: where a wire ends, and in the backward pass where it starts."""


class Plan:
    """A layout, with its wires and what stands in each row; the same for all circuits of this shape."""

    def __init__(self, sizes: Sequence[Size], edges: Sequence[Edge], apart: Spacing) -> None:
        self.layout: Layout = lay_out(sizes, edges, apart)
        self.wires = Wires(self.layout)
        self.sizes = sizes
        height = self.layout.height
        self.boxes: list[list[int]] = [[] for _ in range(height)]
        """The boxes in each row."""
        for box, size in enumerate(sizes):
            for row in range(size.height):
                self.boxes[self.layout.y[box] + row].append(box)
        self.ends: list[list[int]] = [[] for _ in range(height)]
        self.starts: list[list[int]] = [[] for _ in range(height)]
        """The columns in each row at which wires end, and start."""
        for wire in self.layout.wires:
            self.ends[wire[-1][1]].append(wire[-1][0])
            self.starts[wire[0][1]].append(wire[0][0])

    def box_at(self, x: int, y: int) -> int:
        """Return the box at a place, -1 where there is none."""
        if 0 <= y < len(self.boxes):
            for box in self.boxes[y]:
                if self.layout.x[box] <= x < self.layout.x[box] + self.sizes[box].width:
                    return box
        return -1

    def is_free(self, x: int, y: int) -> bool:
        """Say whether nothing is drawn at a place."""
        if not (0 <= y < self.layout.height and 0 <= x < self.layout.width):
            return y in (-1, self.layout.height) and 0 <= x < self.layout.width
        return not self.wires.arms[y, x] and self.box_at(x, y) < 0


@functools.lru_cache(maxsize=48)
def plan(sizes: tuple[Size, ...], edges: tuple[Edge, ...], apart: Spacing) -> Plan:
    """Return the plan of a circuit; a step that shows another sample finds the one before again."""
    return Plan(sizes, edges, apart)


@dataclass(frozen=True, slots=True)
class Label:
    """Some text on the drawing."""

    x: int
    y: int
    text: str
    style: str


class Drawing:
    """A picture, laid out, at one moment."""

    def __init__(self, picture: Picture, faces: Faces, face: Face, zoom: str) -> None:
        self.picture, self.face, self.zoom = picture, face, zoom
        self._faces = faces
        sizes = tuple(faces.size(box, face.graph, zoom, face.digits) for box in picture.boxes)
        self.plan = plan(sizes, tuple(picture.edges), spacing(zoom, face.digits))
        self._has_out = {source for source, _, _ in picture.edges}
        self._drawn: dict[int, list[list[Piece]]] = {}
        self.active_edges = self._active_edges()
        self.heavy = self.plan.wires.heavy(self.active_edges)
        self.labels = self._labels()
        trace = face.state.trace
        self._backward = trace.tangent_of is None and face.state.cursor >= trace.seed_step

    @property
    def layout(self) -> Layout:
        """Where everything stands."""
        return self.plan.layout

    # ---- what is in play

    def _active_edges(self) -> list[int]:
        """Return the wires that the step in play runs along."""
        trace, step, picture = self.face.state.trace, self.face.step_in_play, self.picture
        if not step:
            return []
        key = trace.key(step)
        if key.kind in (StepKind.VALUE, StepKind.TANGENT):
            place = picture.box(key.node)
            if place < 0 or picture.boxes[place].unit != key.node:
                return []
            return [picture.wires[place, pin] for pin in range(len(picture.boxes[place].pins))]
        if key.kind is not StepKind.ALONG:
            return []
        place = picture.box(key.node)
        source = picture.box(trace.node_of(step))
        if place < 0 or source < 0 or place == source:
            return []
        pins = [pin for pin, at in enumerate(picture.boxes[place].pins) if at.source == source]
        exact = [pin for pin in pins if key.position in picture.boxes[place].pins[pin].positions]
        return [picture.wires[place, pin] for pin in (exact or pins)[:1]]

    def _labels(self) -> list[Label]:
        """Return the local derivative and the upstream gradient, beside or on the wire that brings a contribution.

        Of a step that is asked for there is nothing to be said yet.
        """
        state = self.face.state
        if self.zoom == "dots" or len(self.active_edges) != 1 or self.face.step_in_play != state.cursor:
            return []
        factor = state.trace.step(state.cursor, self.face.digits).factor
        if factor is None:
            return []
        edge = self.active_edges[0]
        wire, ends = self.layout.wires[edge], self.picture.edges[edge][:2]
        is_inside = any(self.picture.boxes[end].unit >= len(self.face.graph) for end in ends)
        local, upstream = _factor_words(factor, self.face)
        end_x, end_y = wire[-1]
        above = self._beside(end_x, (end_y - 2, end_y - 1), local, "local", named=is_inside)
        below = self._beside(end_x, (end_y + 1, end_y + 2), upstream, "upstream", named=is_inside)
        if not above and not is_inside:
            above = self._on(wire, local.number, "local")
        return above + below

    def _beside(self, x: int, rows: tuple[int, int], words: Words, style: str, *, named: bool) -> list[Label]:
        """Return words that end before a column with nothing else there: in the row at the wire, or in two, or cut.

        `rows` are the upper one of two rows and the lower one. With `named` a number never stands there alone: the
        wire leads into a box of several operations, and the factors are those of one of them.
        """
        upper, lower = (self._free(x - 1, row) for row in rows)
        near, room = (rows[1], lower) if style == "local" else (rows[0], upper)
        for text in words.lines:
            if cell_len(text) < room:
                return [_before(x, near, text, style)]
        if cell_len(words.name) < upper and cell_len(words.number) < lower:
            return [_before(x, rows[0], words.name, style), _before(x, rows[1], words.number, style)]
        if named or room <= 8:
            return []
        return [_before(x, near, fit_number(words.number, room - 1).strip(), style)]

    def _free(self, x: int, y: int) -> int:
        """Return how many cells are free from a place on to the left."""
        free = 0
        while free < 60 and self.plan.is_free(x - free, y):
            free += 1
        return free

    def _on(self, wire: Sequence[Point], text: str, style: str) -> list[Label]:
        """Return a text that stands on the last piece of a wire, where there is enough of it on both sides."""
        (start, _), (end, y) = wire[-2], wire[-1]
        room = end - start - 2
        if room < 8:
            return []
        shown = text if cell_len(text) + 2 <= room else fit_number(text, room - 2)
        return [Label(end - 1 - cell_len(shown) - 1, y, f" {shown} ", style)]

    # ---- rows

    def key(self, y: int, left: int, width: int) -> object:
        """Return all that a row is made of: where it is equal to that of another drawing, the rows are too."""
        if not 0 <= y < self.layout.height:
            return left, width, [label for label in self.labels if label.y == y]
        boxes = [
            (self.layout.x[box], self._box(box)[y - self.layout.y[box]])
            for box in self.plan.boxes[y]
            if -self.plan.sizes[box].width < self.layout.x[box] - left < width
        ]
        labels = [label for label in self.labels if label.y == y]
        return self.plan, y, left, width, self._backward, self.heavy_in(y), labels, boxes

    def row(self, y: int, left: int, width: int) -> list[Piece]:
        """Return row `y` from the column `left` on, in so many cells."""
        cells, styles = [" "] * width, [""] * width
        if 0 <= y < self.layout.height:
            self._draw_wires(y, left, width, cells, styles)
            self._draw_boxes(y, left, width, cells, styles)
        for label in self.labels:
            if label.y == y:
                _write(cells, styles, label.x - left, label.text, label.style)
        pieces: list[Piece] = []
        place = 0
        for style, run in groupby(styles):
            count = sum(1 for _ in run)
            pieces.append(("".join(cells[place : place + count]), style))
            place += count
        return pieces

    def _draw_wires(self, y: int, left: int, width: int, cells: list[str], styles: list[str]) -> None:
        row = self.plan.wires.rows[y]
        first = max(0, left)
        text = row[first : left + width] if left + width > first else ""
        cells[first - left : first - left + len(text)] = text
        styles[first - left : first - left + len(text)] = ["guide"] * len(text)
        for (x, at), character in self.heavy_in(y):
            if left <= x < left + width and at == y:
                cells[x - left], styles[x - left] = character, "edge"
        head, columns = (BACK, self.plan.starts[y]) if self._backward else (FORTH, self.plan.ends[y])
        for x in columns:
            if left <= x < left + width:
                cells[x - left] = head

    def heavy_in(self, y: int) -> list[tuple[Point, str]]:
        """Return the heavy cells of a row."""
        return self._heavy_rows.get(y, [])

    @functools.cached_property
    def _heavy_rows(self) -> dict[int, list[tuple[Point, str]]]:
        rows: dict[int, list[tuple[Point, str]]] = {}
        for point, character in self.heavy.items():
            rows.setdefault(point[1], []).append((point, character))
        return rows

    def _draw_boxes(self, y: int, left: int, width: int, cells: list[str], styles: list[str]) -> None:
        for box in self.plan.boxes[y]:
            x, size = self.layout.x[box] - left, self.plan.sizes[box]
            if x + size.width <= 0 or x >= width:
                continue
            for text, style in self._box(box)[y - self.layout.y[box]]:
                x = _write(cells, styles, x, text, style)

    def _box(self, box: int) -> list[list[Piece]]:
        """Return the rows of a box; each box is drawn once."""
        drawn = self._drawn.get(box)
        if drawn is None:
            drawn = self._drawn[box] = self._faces.rows(
                self.picture.boxes[box], self.plan.sizes[box], self.face, self.zoom, has_out=box in self._has_out
            )
        return drawn


def _write(cells: list[str], styles: list[str], x: int, text: str, style: str) -> int:
    """Put text into cells from a place on, as far as there are any; return the place after it."""
    for character in text:
        wide = cell_len(character) if not character.isascii() else 1
        if x >= 0 and x + wide <= len(cells):
            cells[x], styles[x] = character, style
            if wide == 2:
                cells[x + 1], styles[x + 1] = "", style
        x += wide
    return x


@dataclass(frozen=True, slots=True)
class Words:
    """What is written of one factor: in a line, the longest first, or its name and below it its number."""

    lines: tuple[str, ...]
    name: str
    number: str


def _before(x: int, y: int, text: str, style: str) -> Label:
    return Label(x - cell_len(text), y, text, style)


def _factor_words(factor: Factor, face: Face) -> tuple[Words, Words]:
    """Return what is written of a local derivative and of an upstream gradient."""
    graph, digits = face.graph, face.digits
    local = number(factor.local, factor.local_undefined, digits)
    upstream = number(factor.upstream, factor.upstream_undefined, digits)
    name = f"∂{graph.label(graph.output)}/∂{factor.consumer_name}"
    rule = f"{factor.local_name} = {factor.local_formula}"
    lines = (f"{factor.local_name} = {local}",)
    if factor.local_formula != local:
        lines = (f"{rule} = {local}" if not factor.local_undefined else rule, *lines)
    return (
        Words(lines, f"{factor.local_name} =", local),
        Words((f"{name} = {upstream}",), f"{name} =", upstream),
    )
