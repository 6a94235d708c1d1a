"""How the paths that a gradient is the sum of read as text."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from rich.cells import cell_len

from ...engine.rules.number_text import format_number
from ...engine.walk.contributions import sum_of
from ...engine.walk.equation import Equation
from ...engine.walk.path_factors import PathFactor, ends_of, product_of, shared_edges
from ...engine.walk.paths import Path, PathList, Work, paths_of, work_of
from ...engine.walk.trace import State, Trace
from .exact import exact_words
from .gradients import (
    NARROW,
    cells_of,
    count_words,
    gradient_name,
    narrow,
    no_gradient_lines,
    place_words,
    sum_line,
)
from .lines import Line, Piece, labelled, line
from .walk import UNKNOWN, number

TO_COME = "still to come"
SHARED_HERE, SHARED_WITH, OF_A_SUM = "*", "†", "‡"
"""The marks of a factor that several of the listed paths have, of one that another input's gradient needs, and of one
that stands for all the additions of a sum."""

_MOST_WRITTEN = 16
"""Factors of a path that are written out; of more, those at both ends."""


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
        label = f"{name} = " if found.count == 1 and not trace.numbers.output_undefined else f"{place}  "
        lines += _path_lines(state, path, (own, left_out), said.product(trace, place - 1, digits), label, width, digits)
    shown = [factor for own, _ in said.factors for factor in own]
    below = [*_legend(trace, shown), *work_lines(found, said.work)]
    return [*lines, *(narrow(below) if width < NARROW else below)]


def _paths_heading(state: State, found: PathList, name: str) -> Line:
    output, label = state.trace.graph.label(state.trace.graph.output), state.trace.graph.label(found.node)
    which = ""
    if not found.is_complete:
        listed = len(found.paths)
        which = f"; the {listed} largest:" if listed > 1 else "; the largest:"
        if state.trace.numbers.output_undefined:
            which = f"; {listed} of them:"
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
    elif state.trace.numbers.output_undefined:  # the factors may well exist: their product is no derivative
        result = []
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


def _chunks(columns: Sequence[_Column], width: int) -> list[list[_Column]]:
    """Break a product into rows that are not too wide; each has one factor at the least."""
    chunks: list[list[_Column]] = []
    used = 0
    for column in columns:
        room = max(cells_of(column[0]), cells_of(column[1])) + 3
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
        room = max(map(cells_of, column))
        for pieces, own in ((names, column[0]), (numbers, column[1])):
            pieces += own
            pieces.append((" " * (0 if ends and pieces is numbers else room - cells_of(own)), ""))
            if not ends:
                pieces.append((" · ", ""))
    return names, numbers


def _sum_lines(state: State, found: PathList, name: str, digits: int) -> list[Line]:
    trace = state.trace
    if not _is_known(state, found):
        return []
    if trace.numbers.output_undefined:
        why = f": {trace.graph.label(trace.graph.output)} has no value."
        return [line((name, "contribution"), " is ", ("undefined", "undefined"), why)]
    if found.count == 1:
        return []
    if found.gradient != found.gradient:
        return [line((name, "contribution"), " = ", ("undefined", "undefined"))]
    products = [path.product for path in found.paths]
    if not found.is_complete:
        listed = sum_of([sum(products), found.rest], found.gradient, trace, digits)
        plus = trace.numbers.notation.plus
        left, rest = listed.left.rsplit(plus, 1)
        return [
            line(
                (name, "contribution"),
                f" = {left} (listed){plus}{rest} (the rest) {listed.relation} ",
                (listed.right, "contribution"),
            )
        ]
    return [sum_line(trace, sum_of(products, found.gradient, trace, digits, gradient_of=found.node), name)]


def _legend(trace: Trace, factors: Sequence[PathFactor]) -> list[Line]:
    lines: list[Line] = []
    if any(factor.is_in_several for factor in factors):
        lines.append(labelled(SHARED_HERE, 2, ("in several of these paths: backprop works it out once", "note")))
    others = sorted({factor.other_input for factor in factors if factor.other_input is not None})
    if others:
        names = [gradient_name(trace, other) for other in others[:2]]  # not each of the factors is in each of these
        either = " or ".join(names) if len(others) < 3 else f"{', '.join(names)} or another gradient"
        lines.append(labelled(SHARED_WITH, 2, (f"shared: {either} needs it too", "note")))
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
    return [labelled("multiplications  ", 17, f"{words} · ", backward, ", for all gradients (seed aside)")]
