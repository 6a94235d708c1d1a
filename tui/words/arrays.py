"""How a step of a walk of arrays reads: its rule in matrix form, the shapes, why they fit, the numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...engine.array_formulas.formula import ArrayOperation
from ...engine.array_formulas.printers.unicode import NOTATION
from ...engine.array_formulas.shapes import ShapesDoNotFit, shape_of
from ...engine.errors import did_you_mean, quoted
from ...engine.graph.graph import Leaf
from ...engine.lens.array_graph import WalkedArray
from ...engine.lens.rules import derivative_label
from ...engine.lens.step import ArrayStep
from ...engine.lens.walk import ArrayWalk
from ...engine.scenario import Scenario
from ...engine.walk.named_step import whole_number
from ...engine.walk.phase import Phase
from .array_entries import Entries, fitting
from .array_grid import Place, Window
from .array_rows import made_words, shape_words
from .lines import Line, Piece, labelled, line
from .source import place_words
from .walk import number

NO_ARRAYS = (
    "Nothing here was made as arrays, so there are single numbers alone. Arrays come from Python: NumPy code on "
    "gradwalk's scalars, or a function written for JAX or PyTorch."
)
"""Said where somebody asks for the arrays of a walk that has none."""

IN_FORWARD_MODE = "Arrays are walked in reverse mode: {walk.forward-mode} leads back to it."
"""With the id of the binding whose key stands there."""

NO_COMPOUNDS = "Nothing here is one step made of several operations, such as a softmax or a norm."
APART = "Every operation has steps of its own now."
TOGETHER = "What was made as one, such as a softmax or a norm, is one step again."
"""Said of compounds."""

SUMMED = ("contribution", "before", "after")
"""The tabs of what a step writes that is one contribution of several."""

_LABEL = 13
"""Cells of the first column of a step."""

_MOST_GIVEN = 8
_MOST_ROWS = 8
_AGREES = 1e-9
"""Up to here a formula agrees with the walk of single numbers, as a part of its largest number."""


def position_words(walk: ArrayWalk, cursor: int) -> str:
    """Say where a walk of arrays is: the phase and the step of how many."""
    if not cursor:
        return f"start · {walk.total} array step{'s' * (walk.total != 1)}"
    return f"{walk.phase(cursor)} · array step {cursor} of {walk.total}"


def step_lines(walk: ArrayWalk, cursor: int, digits: int = 0) -> list[Line]:
    """Say step `cursor` of a walk of arrays, without its numbers; `digits` are as in `words.walk.number`."""
    step = walk.step(cursor)
    if step.phase is Phase.FORWARD:
        lines = _forward_lines(walk, step)
    elif step.phase is Phase.SEED:
        lines = [line((step.name, "contribution"), " = ", ("1", "contribution"), ("   the seed", "label"))]
    else:
        lines = _backward_lines(walk, step)
    lines += [_row("why" if not place else "", sentence) for place, sentence in enumerate(step.why)]
    made = step.array if step.consumer is None else step.consumer
    if made.source is not None:
        lines.append(_row("source line", (place_words(made.source), "name"), f"   {made.source.text}"))
    if step.difference is not None and step.difference <= _AGREES:
        lines.append(_row("checked", ("the formula gives the numbers of the walk of single numbers", "label")))
    return lines


def start_lines(walk: ArrayWalk, scenario: Scenario, forward: str = "") -> list[Line]:
    """Say what is walked, before the first step; `forward` is the key that takes it, empty where there is none.

    What the scenario's summary says is said too, such as whether the gradients are those of a library.
    """
    nodes, arrays = len(walk.trace.graph), walk.arrays
    made = f"{len(arrays)} array{'s' * (len(arrays) != 1)}"
    lines = [
        line((scenario.title, "heading")),
        line(
            f"{made} stand for {nodes:,} single numbers: {walk.total} steps here, {walk.trace.total:,} there. "
            "Every entry leads to its own walk, and back."
        ),
        *([line(scenario.summary)] if scenario.summary else ()),
    ]
    given = [array for array in arrays if array.is_given and not _is_literal(walk, array)]
    for place, array in enumerate(given[:_MOST_GIVEN]):
        kind = "with a gradient" if walk.graph.carries[array.place].any() else "data, without a gradient"
        shape = f" {shape_words(array.shape)} "
        lines.append(_row("given" if not place else "", (array.label, "name"), shape, (kind, "label")))
    if len(given) > _MOST_GIVEN:
        lines.append(_row("", (f"and {len(given) - _MOST_GIVEN} more", "label")))
    return [*lines, Line(), line(f"Press {forward} to begin.")] if forward else lines


def _is_literal(walk: ArrayWalk, array: WalkedArray) -> bool:
    """Say whether an array is a number that stands in the code, without a name."""
    graph = walk.trace.graph
    nodes = array.entries[array.present]
    return nodes.size == 1 and graph.codes[nodes[0]] == Leaf.CONSTANT and int(nodes[0]) not in graph.names


def result_lines(walk: ArrayWalk, digits: int = 0) -> list[Line]:
    """Say what the whole walk found: the output, and the shape of each gradient; `digits` are as in `step_lines`."""
    output = walk.trace.graph.output
    value = number(walk.trace.values.item(output), bool(walk.trace.undefined_values[output]), digits)
    lines = [line(("The walk is complete:", "label")), line("  ", (f"{walk.output_name} = {value}", "value"))]
    found = [array for array in walk.arrays if array.is_given and walk.graph.carries[array.place].any()]
    for array in found[:_MOST_GIVEN]:
        name = derivative_label(walk.graph, array.place)
        lines.append(line("  ", (name, "contribution"), f" {shape_words(array.shape)}"))
    return lines


def moment_lines(
    walk: ArrayWalk,
    cursor: int,
    digits: int = 0,
    *,
    scenario: Scenario,
    forward: str = "",
    tables: Sequence[Line] = (),
) -> list[Line]:
    """Say everything about a moment but its numbers, which `tables` may say behind the step.

    The scenario and the key are as in `start_lines`.
    """
    if not cursor:
        return [*start_lines(walk, scenario, forward), *tables]
    lines = [*step_lines(walk, cursor, digits), *tables]
    return [*lines, Line(), *result_lines(walk, digits)] if cursor == walk.total else lines


def _forward_lines(walk: ArrayWalk, step: ArrayStep) -> list[Line]:
    made = made_words(walk, step.array.place)
    lines = [line((step.name, "name"), f" = {made}" if made else "")]
    return [*lines, *_shape_lines(step)]


def _backward_lines(walk: ArrayWalk, step: ArrayStep) -> list[Line]:
    assert step.consumer is not None, "a backward step comes from an array"
    upstream = derivative_label(walk.graph, step.consumer.place)
    sign = " += " if step.contribution_count > 1 else " = "
    right = step.right(NOTATION)
    lines = [
        line((f"{step.consumer.label} = {made_words(walk, step.consumer.place)}", "label")),
        line((step.name, "contribution"), sign, *_coloured(right, upstream))
        if right
        else line((step.name, "contribution"), sign, ("the contributions of the walk of single numbers", "note")),
    ]
    for place, name in enumerate(step.definitions):
        meaning = NOTATION.formula(name.definition)
        lines.append(_row("where" if not place else "", (name.label, "name"), f" = {meaning}"))
    lines += _shape_lines(step)
    if step.of_entry:
        lines.append(_row("one entry", step.of_entry))
    if step.contribution_count > 1:
        lines.append(_row("", (f"contribution {step.contribution_number} of {step.contribution_count}", "label")))
    return lines


def _coloured(formula: str, upstream: str) -> Iterator[Piece]:
    """Tell the upstream gradient in a formula from the local derivative."""
    before, found, after = formula.partition(upstream)
    yield before, "local"
    yield found, "upstream"
    yield after, "local"


def _shape_lines(step: ArrayStep) -> list[Line]:
    """Say the shapes: in a product of matrices those of its factors, which make it fit; and that of each name."""
    lines: list[Line] = []
    product = _product_shapes(step)
    if product:
        lines.append(_row("shapes", product))
    named: list[str | Piece] = []
    for each in step.shapes if not product else step.shapes[1:]:
        named += ["   " if named else "", (each.label, "name"), f" {shape_words(each.shape)}"]
    return [*lines, _row("shapes" if not product else "", *named)]


def _product_shapes(step: ArrayStep) -> str:
    formula = step.formula
    if not isinstance(formula, ArrayOperation) or formula.function != "matmul":
        return ""
    try:
        factors = [shape_words(shape_of(operand)) for operand in formula.operands]
    except ShapesDoNotFit:
        return ""
    return f"{shape_words(step.array.shape)} = {' · '.join(factors)}"


# ---- the entries


def entry_line(entries: Entries, place: Place, digits: int, key: str) -> Line:
    """Say the entry that keys are about; `key` opens its scalar walk, empty where it does nothing now."""
    text = entries.text(place, digits)
    pieces: list[str | Piece] = [(entries.entry_symbol(place), "name"), " = ", (text, entries.style_of(place))]
    if key and entries.node(place) >= 0:
        pieces.append((f"   {key} opens its walk", "label"))
    return line(*pieces)


def part_words(entries: Entries, seen: Window) -> str:
    """Say how much of an array is in view."""
    grid = entries.grid
    axes = ("rows", seen.rows, grid.rows), ("columns", seen.columns, grid.columns)
    return ", ".join(f"{len(part)} of {count:,} {what}" for what, part, count in axes if len(part) < count)


def table_lines(entries: Entries, width: int, digits: int = 0, most_rows: int = _MOST_ROWS) -> list[Line]:
    """Write the entries of an array as a table for reading without a screen; what is left out is said."""
    grid = entries.grid
    label, columns = fitting(entries, width, digits)
    seen = Window(range(min(most_rows, grid.rows)), range(min(columns, grid.columns)))
    part = "" if seen.is_whole(grid) else f"   {part_words(entries, seen)}"
    tab = f" · {entries.tab}" if entries.tab in SUMMED else ""
    lines = [line((entries.symbol, "name"), f" {shape_words(entries.shape)}", (f"{tab}{part}", "label"))]
    cell = entries.cell_width(digits)
    if not entries.nodes.size:
        return lines
    for row in seen.rows:
        pieces: list[str | Piece] = [(grid.row_label(row).rjust(label), "label")]
        for column in seen.columns:
            place = row, column
            pieces.append((f"  {entries.text(place, digits).rjust(cell)}", entries.style_of(place)))
        lines.append(line(*pieces))
    return lines


# ---- where a step is


def find_step(walk: ArrayWalk, wanted: str) -> int | str:
    """Return the step of a number, an array (`T1`) or its gradient (`∂L/∂W1`), or a sentence why there is none."""
    found = whole_number(wanted, walk.total, f"this walk ends at array step {walk.total}")
    if found is not None:
        return found
    if not wanted:
        return "type a number or the name of an array"
    for array in walk.arrays:
        name = derivative_label(walk.graph, array.place)
        if wanted in (name, name.replace("∂", "d")):
            steps = walk.gradient_steps(array.place)
            return (
                steps[-1] if steps else f"{array.label} has no gradient: nothing on the way to the output hangs on it"
            )
        if wanted == array.label:
            return _step_of(walk, array)
    names = [array.label for array in walk.arrays]
    return f"no array is called {quoted(wanted)}; {did_you_mean(wanted, names, f'there are {_listed(names)}')}"


def _step_of(walk: ArrayWalk, array: WalkedArray) -> int | str:
    value = walk.value_step(array.place)
    if value is not None:
        return value
    steps = walk.gradient_steps(array.place)  # what was given has its values from the start: its gradient is meant
    return steps[-1] if steps else f"{array.label} was given and has no gradient: no step writes it"


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:12]) + (" …" if len(names) > 12 else "")


def _row(label: str, *parts: str | Piece) -> Line:
    return labelled(label, _LABEL, *parts)
