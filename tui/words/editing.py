"""How an edit reads, and what it did to the numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from rich.cells import cell_len

from ...engine.arrays import Flags, Floats
from ...engine.editing.change import Change
from ...engine.editing.edit import Edit, EditKind
from ...engine.errors import ExpressionError, GradwalkError, excerpt, indented, listing, printable
from ...engine.graph.graph import Graph
from ...engine.language.step_key import derivative
from ...engine.rules.number_text import ALL_DIGITS, format_number
from ...engine.scenario import Scenario
from ...engine.walk.trace import State
from .lines import Line, Piece, labelled

BEFORE = "Written before the change: "
"""Stands before what the author of a scenario says of numbers and expressions that are others now."""

_MOST = 5
"""Numbers that are named of those that have changed."""

_LOOKED_AT = 200
_LABEL = 19


def edit_words(edit: Edit, *, undone: bool = False) -> str:
    """Say what was edited, and what follows from it; or that it was taken back."""
    said = _change_words(edit)
    if undone:
        return f"Taken back: {said}"
    more: list[str] = []
    if edit.inputs:
        more.append(f"new inputs: {listing(f'{name} = {value}' for name, value in edit.inputs)}")
    if edit.output:
        more.append(f"{edit.output} uses the output, so it is the output now")
    if edit.watched:
        is_one = len(edit.watched) == 1
        more.append(
            f"the output does not use {listing(edit.watched)}: {'it is' if is_one else 'they are'} computed and "
            f"shown beside it, and {'has' if is_one else 'have'} no gradient"
        )
    if edit.left_out:
        more.append(f"left out, since this walk has no such step: what is said of {listing(edit.left_out, 4)}")
    return "; ".join([said, *more])


def _change_words(edit: Edit) -> str:
    match edit.kind:
        case EditKind.VALUE:
            return f"{edit.name}: {edit.before} → {edit.after}"
        case EditKind.EXPRESSION:
            return f"{edit.name} = {edit.before} → {edit.after}"
        case EditKind.INPUT:
            return f"{edit.name} = {edit.after} is a new input"
        case EditKind.NODE:
            return f"{edit.name} = {edit.after} is a new node"


def change_lines(change: Change, state: State) -> list[Line]:
    """Say which values and gradients that are known by now are others than before the last edit."""
    graph = state.trace.graph
    pieces: list[Piece] = [(_change_words(change.edit), "name")]
    if change.undone:
        pieces.insert(0, ("taken back: ", "label"))
    lines = [labelled("last edit", _LABEL, *pieces)]
    values = [node for node in _some(graph, change.values) if change.shows_value(state, node)]
    gradients = [node for node in _some(graph, change.gradients) if change.shows_gradient(state, node)]
    lines += _row("values", values, graph.label, graph.label, change.values_before, state.trace.values, "value")
    lines += _row(
        "gradients",
        gradients,
        _gradient_of(change.before.graph, graph),
        _gradient_of(graph, graph),
        change.gradients_before,
        state.trace.backward.gradients,
        "contribution",
    )
    return lines


def _gradient_of(output_of: Graph, names: Graph) -> Callable[[int], str]:
    """Return what names a node's gradient, with the output of one graph and the node of another."""
    output = output_of.label(output_of.output)
    return lambda node: derivative(output, names.label(node))


def _some(graph: Graph, changed: Flags) -> list[int]:
    """Return nodes that have changed, those first that say most: leaves, the output, and what has a name.

    Of very many it is no use to name more than the first.
    """
    nodes = np.flatnonzero(changed)
    some: list[int] = nodes[:_LOOKED_AT].tolist()
    if len(nodes) > _LOOKED_AT and changed[graph.output]:
        some.append(graph.output)
    return sorted(some, key=lambda node: (node >= graph.leaf_count, node != graph.output, node not in graph.names))


def _row(
    label: str,
    nodes: list[int],
    name_before: Callable[[int], str],
    name: Callable[[int], str],
    before: Floats,
    now: Floats,
    style: str,
) -> list[Line]:
    """Say what nodes had before and have now; with both names where it is called otherwise now."""
    pieces: list[Piece] = []
    for node in nodes[:_MOST]:
        was, is_now = pair(float(before[node]), float(now[node]))
        was_called, is_called = name_before(node), name(node)
        again = f"{is_called} " if is_called != was_called else ""
        pieces += [(" · ", "label")] * bool(pieces)
        pieces += [(f"{was_called} ", ""), (f"{was} → ", "label"), (again, ""), (is_now, style)]
    if len(nodes) > _MOST:
        more = len(nodes) - _MOST
        pieces.append((f" · and {'at least ' if len(nodes) >= _LOOKED_AT else ''}{more} more", "label"))
    return [labelled(label, _LABEL, *pieces)] if pieces else []


def pair(before: float, now: float) -> tuple[str, str]:
    """Write two numbers with as many digits as it takes to see that they differ."""
    for digits in (0, 8, ALL_DIGITS):
        was, is_now = format_number(before, digits), format_number(now, digits)
        if was != is_now:
            break
    return was, is_now


def written_before(scenario: Scenario) -> Scenario:
    """Return a scenario that says of its words that they were written before it was edited.

    They may speak of numbers and expressions that are others now.
    """
    return replace(
        scenario,
        intro=BEFORE + scenario.intro.strip() if scenario.intro else "",
        summary=BEFORE + scenario.summary if scenario.summary else "",
        notes={key: BEFORE + note for key, note in scenario.notes.items()},
    )


def field_problem(error: GradwalkError, width: int) -> str:
    """Say below a field of so many cells what is wrong with what was typed, with carets below the place.

    Where the field is too short to show all of it, the place is shown again.
    """
    if not isinstance(error, ExpressionError):
        return str(error)
    text, end = error.text, error.position + max(1, error.length)
    if cell_len(text) < width and text.isprintable():
        start = cell_len(text[: error.position])
        marked = [" " * start + "^" * max(1, cell_len(text[error.position : end]))]
    else:
        marked = [row.removeprefix("    ") for row in excerpt(text, error.position, error.length, max(20, width - 4))]
    return printable("\n".join([*marked, error.message, *(hint.strip() for hint in indented(error.hint))]))
