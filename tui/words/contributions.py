"""How the contributions to a gradient read as text."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len

from ...engine.walk.contributions import Contribution, Contributions
from ...engine.walk.step import Factor
from ...engine.walk.trace import State, Trace
from .exact import exact_words
from .gradients import (
    cells_of,
    gradient_name,
    no_gradient_lines,
    place_words,
    sum_line,
)
from .lines import Line, Piece, line, padded
from .walk import number

IN_PLAY = "▶"
"""The mark of the contribution that the step just taken has brought."""

_MOST_ROWS = 60
"""Contributions that are shown; of more, those at both ends and those around the one that came last."""

_AT_THE_ENDS = 3


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
        if cells_of(second) > width:
            second[1] = ("", "")
        if names:
            room = width - cells_of(first) - cell_len(total[0])
            so_far = next((words for words in ("   sum so far ", "  sum ") if len(words) <= room), "")
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
    return [sum_line(contributions.trace, total, name)]
