"""How contributions to a gradient, and the paths it is the sum of, read as text."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from rich.cells import cell_len

from ...engine.graph.graph import Leaf
from ...engine.rules.number_text import format_number
from ...engine.walk.contributions import Contribution, Contributions, sum_of
from ...engine.walk.equation import Equation
from ...engine.walk.path_table import MOST_PATHS
from ...engine.walk.paths import (
    Path,
    PathFactor,
    PathList,
    Work,
    ends_of,
    paths_of,
    product_of,
    shared_edges,
    work_of,
)
from ...engine.walk.step import Factor
from ...engine.walk.trace import State, Trace
from .exact import exact_words
from .lines import Line, Piece, labelled, line, padded
from .walk import UNKNOWN, number

TO_COME = "still to come"
SHARED_HERE, SHARED_WITH, OF_A_SUM = "*", "†", "‡"
"""The marks of a factor that several of the listed paths have, of one that another input's gradient needs, and of one
that stands for all the additions of a sum."""

IN_PLAY = "▶"
"""The mark of the contribution that the step just taken has brought."""

_MOST_ROWS = 60
"""Contributions that are shown; of more, those at both ends and those around the one that came last."""

_AT_THE_ENDS = 3
_MOST_WRITTEN = 16
"""Factors of a path that are written out; of more, those at both ends."""
_MOST_NODES = 9
_MOST_LOOKED_AT = 200
NARROW = 50
"""Cells of a panel that has no room for long labels."""

_MOST_INLINE = 10

_LABEL = 6


def gradient_name(trace: Trace, node: int) -> str:
    """Write the gradient of a node: `∂f/∂s`."""
    notation, label = trace.numbers.notation, trace.graph.label
    return notation.derivative(notation.label(label(trace.graph.output)), notation.label(label(node)))


def no_gradient_lines(trace: Trace, node: int) -> list[Line]:
    """Say why a node has no contributions and no paths; nothing where it may have some."""
    graph = trace.graph
    name, output = graph.label(node), graph.label(graph.output)
    if node == graph.output:
        about = f"{name} is the output: its gradient is the seed, 1, and nothing contributes to it."
        return [line((gradient_name(trace, node), "contribution"), " = 1"), line(about)]
    if not graph.carries_gradient[node]:
        return fixed_lines(trace, node)
    if not graph.edges.write_count(node):
        return [line((gradient_name(trace, node), "contribution"), f" = 0: {output} does not use {name}.")]
    return []


def narrow(lines: Sequence[Line]) -> list[Line]:
    """Return lines for a panel that is too narrow for their labels: a long label has a line of its own."""
    narrowed: list[Line] = []
    for said in lines:
        text, style = said.label
        label = text.strip()
        if len(label) > _MOST_INLINE:
            narrowed += [line((label, style)), Line(said.pieces, ("  ", ""))]
        else:
            narrowed.append(Line(said.pieces, (f"{label}  ", style)) if text else said)
    return narrowed


def fixed_lines(trace: Trace, node: int) -> list[Line]:
    """Say why a node carries no gradient."""
    kinds = {int(Leaf.CONSTANT): "is a fixed number", int(Leaf.DATA): "is a data point"}
    kind = kinds.get(int(trace.graph.codes[node]), "does not lead from an input to the output")
    return [line((trace.graph.label(node), "name"), f" {kind}, so it carries no gradient.")]


def forward_mode_lines() -> list[Line]:
    """Say that a walk in forward mode has no gradients."""
    return [line("This walk is in forward mode: there is no backward pass in it, so no gradients.")]


# ---- contributions


def contribution_lines(state: State, contributions: Contributions, width: int) -> list[Line]:
    """Say all contributions to a node's gradient that have arrived, and which are still to come.

    It is a table where so many cells are wide enough for one.
    """
    trace, node, digits = state.trace, contributions.node, contributions.digits
    if nothing := no_gradient_lines(trace, node):
        return nothing
    count, arrived = len(contributions), contributions.arrived(state.cursor)
    rows = [_row(state, contributions[place], digits) for place in _shown(count, arrived)]
    name = gradient_name(trace, node)
    alone = f"1 contribution, {_names(trace, contributions[0].factor)}"
    many = alone if count == 1 else f"{count:,} contributions, one for each use of {trace.graph.label(node)}"
    to_come = (
        f"; {count - arrived:,} still to come" if 0 < arrived < count else ", still to come" if not arrived else ""
    )
    lines = [line((name, "contribution"), f": {many}{to_come}"), *_table(rows, width)]
    if count == arrived:
        lines += _total_lines(contributions, name)
    return lines


def _shown(count: int, arrived: int) -> list[int]:
    if count <= _MOST_ROWS:
        return list(range(count))
    around = range(arrived - _MOST_ROWS // 2, arrived + _MOST_ROWS // 2)
    ends = {*range(_AT_THE_ENDS), *range(count - _AT_THE_ENDS, count)}
    return sorted(ends | {place for place in around if 0 <= place < count})


_Row = tuple[int, list[Piece], str]
"""Which contribution it is, the cells of its row, and its factors' names where their numbers stand in the cells."""


def _row(state: State, contribution: Contribution, digits: int) -> _Row:
    trace, factor = state.trace, contribution.factor
    notation, label = trace.numbers.notation, trace.graph.label
    target = label(trace.node_of(contribution.step))
    edge = f"{label(factor.consumer)} → {target}{_place(trace, factor)}"
    cells: list[Piece] = [(f"{contribution.step:,}", "label"), (edge, "")]
    if contribution.step == state.cursor:
        cells[0] = (f"{IN_PLAY} {contribution.step:,}", "active")
    if contribution.step > state.cursor:
        upstream = gradient_name(trace, factor.consumer)
        cells += [(upstream, "unknown"), (factor.local_name, "unknown"), ("to come", "unknown"), ("", "")]
        return factor.contribution_number, cells, ""
    product = factor.product
    local = notation.wrapped(notation.number(number(factor.local, factor.local_undefined, product.digits)))
    upstream = notation.number(number(factor.upstream, factor.upstream_undefined, product.digits))
    style = "undefined" if factor.contribution_undefined else "contribution"
    cells += [(upstream, "upstream"), (local, "local"), (f"{product.relation} {product.right}", style)]
    cells.append((factor.accumulation.right + exact_words(factor.accumulation.exact, notation), ""))
    return factor.contribution_number, cells, f"{_names(trace, factor)} = "


def _names(trace: Trace, factor: Factor) -> str:
    """Write a contribution by the names of its factors: `∂f/∂s · ∂s/∂a`."""
    return f"{gradient_name(trace, factor.consumer)} · {factor.local_name}"


def _place(trace: Trace, factor: Factor) -> str:
    """Say by which of its places an operand is meant, where it has several in one operation."""
    operands = trace.graph.operands_of(factor.consumer)
    if (operands == operands[factor.operand_position]).sum() == 1:
        return ""
    return f" {place_words(factor.operand_position)}"


def place_words(position: int) -> str:
    """Say which operand is meant: `(1st)`."""
    ordinal = {1: "st", 2: "nd", 3: "rd"}.get((position + 1) % 10 if position + 1 not in (11, 12, 13) else 0, "th")
    return f"({position + 1:,}{ordinal})"


_HEADS = ("step", "along", "upstream", "local", "= product", "sum")


def _table(rows: Sequence[_Row], width: int) -> list[Line]:
    widths = [max(cell_len(cells[column][0]) for _, cells, _ in rows) for column in range(len(_HEADS))]
    widths = [max(room, cell_len(head)) for room, head in zip(widths, _HEADS, strict=True)]
    if sum(widths) + 2 * 4 + 3 > width:
        return _listed(rows, width)
    lines = [_in_columns([(head, "label") for head in _HEADS], widths, " · ")]
    previous = 0
    for place, cells, _ in rows:
        if place > previous + 1:
            lines.append(_gap(place - previous - 1))
        lines.append(_in_columns(cells, widths, " · "))
        previous = place
    return lines


def _in_columns(cells: Sequence[Piece], widths: Sequence[int], times: str) -> Line:
    parts: list[str | Piece] = []
    for column, ((text, style), room) in enumerate(zip(cells, widths, strict=True)):
        gap = "" if column == 0 else times if column == 3 else "  "
        aligned = " " * (room - cell_len(text)) + text if column == 0 else padded(text, room)
        parts += [gap, (aligned, style)]
    return line(*parts)


def _listed(rows: Sequence[_Row], width: int) -> list[Line]:
    """Say each contribution on two lines, where the table would be too wide; its factors by name where they fit."""
    lines: list[Line] = []
    previous = 0
    for place, (step, edge, upstream, local, product, total), names in rows:
        if place > previous + 1:
            lines.append(_gap(place - previous - 1))
        first: list[Piece] = [("step ", "label"), step, ("  ", ""), edge]
        second: list[Piece] = [("  ", ""), (names, "label"), upstream, (" · ", ""), local, (" ", ""), product]
        if _room(second) > width:
            second[1] = ("", "")
        if names:
            so_far = next(
                (words for words in ("   sum so far ", "  sum ") if _room(first) + len(words + total[0]) <= width), ""
            )
            (first if so_far else second).append((f"{so_far or '  sum '}{total[0]}", "label"))
        lines += [line(*first), line(*second)]
        previous = place
    return lines


def _gap(many: int) -> Line:
    return line((f"      … {many:,} more …", "label"))


def _total_lines(contributions: Contributions, name: str) -> list[Line]:
    total = contributions.total
    if total is None or len(contributions) == 1:
        return []
    return [_sum_line(contributions.trace, total, name)]


# ---- paths


@dataclass(frozen=True, slots=True)
class SaidPaths:
    """What is said about the paths of a node: the list, the factors of each path, and the work. It does not change.

    With the factors of a path stands how many are left out in the middle.
    """

    found: PathList
    factors: tuple[tuple[list[PathFactor], int], ...]
    work: Work
    _products: dict[tuple[int, int], Equation | None] = field(default_factory=dict[tuple[int, int], Equation | None])

    def product(self, trace: Trace, place: int, digits: int) -> Equation | None:
        """Write the product along the path at a place of the list; it is kept, as it is shown at every step."""
        key = place, digits
        if key not in self._products:
            self._products[key] = product_of(trace, self.found.paths[place], digits)
        return self._products[key]

    @classmethod
    def of(cls, trace: Trace, node: int, limit: int) -> SaidPaths:
        """Find the largest paths of a node, `limit` at most."""
        found = paths_of(trace, node, limit)
        several = shared_edges(found.paths)
        factors = tuple(ends_of(trace, path, several, _MOST_WRITTEN) for path in found.paths)
        return cls(found, factors, work_of(trace, node))


def path_lines(state: State, said: SaidPaths, width: int, digits: int = 0) -> list[Line]:
    """Say the paths of a node as products of local derivatives, what they add up to, share, and cost.

    A number is there when the backward pass has used it. A cell is so wide that numbers stand below their names.
    """
    found, trace, node = said.found, state.trace, said.found.node
    if nothing := no_gradient_lines(trace, node):
        return nothing
    name = gradient_name(trace, node)
    lines = [_paths_heading(state, found, name), *_sum_lines(state, found, name, digits)]
    for place, (path, (own, left_out)) in enumerate(zip(found.paths, said.factors, strict=True), start=1):
        label = f"{name} = " if found.count == 1 else f"{place}  "
        lines += _path_lines(state, path, (own, left_out), said.product(trace, place - 1, digits), label, width, digits)
    shown = [factor for own, _ in said.factors for factor in own]
    below = [*_legend(trace, shown), *work_lines(found, said.work)]
    return [*lines, *(narrow(below) if width < NARROW else below)]


def count_words(count: int) -> str:
    """Write how many paths, or multiplications, there are: exactly, where they were counted."""
    if count < MOST_PATHS:
        return f"{count:,}"
    return f"more than 10^{len(str(MOST_PATHS)) - 1}"


def route_words(trace: Trace, path: Path) -> str:
    """Write the nodes of a path, from the output on: `f ← r ← s ← a`."""
    return nodes_words(trace, path.nodes, " ← ")


def nodes_words(trace: Trace, nodes: Sequence[int], arrow: str) -> str:
    """Write nodes with an arrow between them.

    Of many, a … stands for those between that have no name, and of very many for what is in the middle.
    """
    graph = trace.graph
    if len(nodes) <= _MOST_NODES:
        return arrow.join(map(graph.label, nodes))
    if len(nodes) <= _MOST_LOOKED_AT:
        ends = (nodes[0], nodes[-1])
        shown = [graph.label(node) if node in ends or node in graph.names else "…" for node in nodes]
        labels = [label for label, _ in itertools.groupby(shown)]
        if _MOST_NODES // 2 < len(labels) <= 2 * _MOST_NODES:
            return arrow.join(labels)
    end = _MOST_NODES // 2
    left_out = f"… {len(nodes) - 2 * end:,} more …"
    return arrow.join([*map(graph.label, nodes[:end]), left_out, *map(graph.label, nodes[-end:])])


def _paths_heading(state: State, found: PathList, name: str) -> Line:
    output, label = state.trace.graph.label(state.trace.graph.output), state.trace.graph.label(found.node)
    which = ""
    if not found.is_complete:
        listed = len(found.paths)
        which = f"; the {listed} largest:" if listed > 1 else "; the largest:"
        if found.is_cut:
            which = which[:-1] + ", as to find more would take too long:"
    many = "One path leads" if found.count == 1 else f"{count_words(found.count)} paths lead"
    adds = "" if found.count == 1 else f", and {name} is their sum"
    to_come = "" if _is_known(state, found) else "; numbers come with the backward pass"
    return line(f"{many} from {label} to {output}{adds}{which or to_come}")


def _is_known(state: State, found: PathList) -> bool:
    return state.contributions_taken(found.node) == state.contribution_count(found.node)


def _path_lines(
    state: State,
    path: Path,
    ends: tuple[list[PathFactor], int],
    equation: Equation | None,
    label: str,
    width: int,
    digits: int,
) -> list[Line]:
    factors, left_out = ends
    shown_digits = equation.digits if equation else digits
    columns = [_column(state, factor, shown_digits) for factor in factors]
    if left_out:
        columns.insert(len(columns) // 2, ([(f"… {left_out:,} more …", "label")], [("…", "label")]))
    indent = cell_len(label)
    is_known = not factors or factors[-1].step <= state.cursor
    lines: list[Line] = []
    for place, chunk in enumerate(_chunks(columns, width - indent)):
        first = not place
        names, numbers = _below_each_other(chunk, is_last=chunk[-1] is columns[-1])
        lines.append(labelled((label if first else "", "contribution"), indent, *names))
        sign = (" " * (indent - 2) + "= ") if first and "=" in label else " " * indent
        lines.append(labelled((sign, ""), indent, *numbers))
    result: list[str | Piece]
    if not is_known:
        result = ["  ", (TO_COME, "unknown")]
    elif path.is_undefined:
        result = [" = ", ("undefined", "undefined")]
    elif equation is None or left_out:
        result = [" ≈ ", (format_number(path.product, digits), "contribution")]
    else:
        exact = exact_words(equation.exact, state.trace.numbers.notation)
        result = [f" {equation.relation} ", (equation.right + exact, "contribution")]
    last = lines[-1]
    lines[-1] = Line((*last.pieces, *line(*result).pieces), last.label)
    return lines


_Column = tuple[list[Piece], list[Piece]]
"""The name of a factor, and its number below it."""


def _column(state: State, factor: PathFactor, digits: int) -> _Column:
    notation = state.trace.numbers.notation
    marks = SHARED_HERE * factor.is_in_several + SHARED_WITH * (factor.other_input is not None)
    marks += OF_A_SUM * (len(factor.edges) > 1)
    place = f" {place_words(factor.position)}" if factor.is_ambiguous else ""
    names: list[Piece] = [(factor.name, "local"), (place, ""), (marks, "name")]
    if factor.step > state.cursor:
        return names, [(UNKNOWN, "unknown")]
    text = notation.wrapped(notation.number(number(factor.local, not math.isfinite(factor.local), digits)))
    return names, [(text, "local" if math.isfinite(factor.local) else "undefined")]


def _room(pieces: Sequence[Piece]) -> int:
    return sum(cell_len(text) for text, _ in pieces)


def _chunks(columns: Sequence[_Column], width: int) -> list[list[_Column]]:
    """Break a product into rows that are not too wide; each has one factor at the least."""
    chunks: list[list[_Column]] = []
    used = 0
    for column in columns:
        room = max(_room(column[0]), _room(column[1])) + 3
        if not chunks or used + room > width:
            chunks.append([])
            used = 0
        chunks[-1].append(column)
        used += room
    return chunks


def _below_each_other(chunk: Sequence[_Column], *, is_last: bool) -> tuple[list[Piece], list[Piece]]:
    names: list[Piece] = []
    numbers: list[Piece] = []
    for place, column in enumerate(chunk):
        ends = is_last and place == len(chunk) - 1
        room = max(map(_room, column))
        for pieces, own in ((names, column[0]), (numbers, column[1])):
            pieces += own
            pieces.append((" " * (0 if ends and pieces is numbers else room - _room(own)), ""))
            if not ends:
                pieces.append((" · ", ""))
    return names, numbers


def _sum_lines(state: State, found: PathList, name: str, digits: int) -> list[Line]:
    if found.count == 1 or not _is_known(state, found):
        return []
    trace = state.trace
    if found.gradient != found.gradient:
        return [line((name, "contribution"), " = ", ("undefined", "undefined"))]
    products = [path.product for path in found.paths]
    if not found.is_complete:
        listed = sum_of([sum(products), found.rest], found.gradient, trace, digits)
        left, rest = listed.left.rsplit(" + ", 1)
        return [
            line(
                (name, "contribution"),
                f" = {left} (listed) + {rest} (the rest) {listed.relation} ",
                (listed.right, "contribution"),
            )
        ]
    return [_sum_line(trace, sum_of(products, found.gradient, trace, digits, gradient_of=found.node), name)]


def _sum_line(trace: Trace, total: Equation, name: str) -> Line:
    right = total.right + exact_words(total.exact, trace.numbers.notation)
    return line((name, "contribution"), f" = {total.left} {total.relation} ", (right, "contribution"))


def _legend(trace: Trace, factors: Sequence[PathFactor]) -> list[Line]:
    lines: list[Line] = []
    if any(factor.is_in_several for factor in factors):
        lines.append(labelled(SHARED_HERE, 2, ("in several of these paths: backprop works it out once", "note")))
    others = sorted({factor.other_input for factor in factors if factor.other_input is not None})
    if others:
        names = " and ".join(gradient_name(trace, other) for other in others[:2])
        more = ", among others," if len(others) > 2 else ""
        need = "needs" if len(others) == 1 else "need"
        lines.append(labelled(SHARED_WITH, 2, (f"shared: {names}{more} {need} it too", "note")))
    if any(len(factor.edges) > 1 for factor in factors):
        lines.append(labelled(OF_A_SUM, 2, ("a sum of several terms as one operation, its additions 1 each", "note")))
    if any(factor.is_ambiguous for factor in factors):
        lines.append(labelled("(1st)", 6, ("by which place in the operation, the others held fixed", "note")))
    return lines


def work_lines(found: PathList, work: Work) -> list[Line]:
    """Compare the multiplications of the paths, each computed alone, with those of one backward pass."""
    own = "its path alone" if found.count == 1 else "its paths, each alone"
    parts = [f"{count_words(work.of_node)} for {own}"]
    if work.inputs > 1:
        parts.append(f"{count_words(work.of_inputs)} for those of all {work.inputs:,} inputs")
    words = " · ".join(parts)
    backward = (f"{work.backward:,} in one backward pass", "name")
    return [labelled("multiplications  ", 17, f"{words} · ", backward, ", for all gradients")]
