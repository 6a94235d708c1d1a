"""What a hunt says: the values, the steps of the wrong backward pass, one step in full, the mistakes to choose from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.cells import cell_len

from ...engine.graph.graph import Leaf
from ...engine.rules.formula import Formula, Number
from ...engine.rules.number_text import format_number
from ...engine.rules.printers.unicode import NOTATION as UNICODE
from ...engine.study.hunt_rows import Fault
from ...engine.walk.equation import Equation, equation
from .lines import Line, Piece, labelled, line, padded

if TYPE_CHECKING:
    from ...engine.study.hunt import Hunt
    from ...engine.study.hunt_planting import WrongPass
    from ...engine.study.hunt_rows import HuntRow

HOLDS_ONE = "This backward pass holds one mistake; the steps behind it go on with it."
VALUES_ARE_RIGHT = "The values are right. Where does it first go wrong?"

_SPACE = "    "
_MOST_VALUE_LINES = 5
_MOST_OPERANDS = 6
_LABEL = 19
_MARKER = 2


def about_lines(hunt: Hunt) -> list[Line]:
    """Say what is on show, and what is asked."""
    if hunt.is_over:
        return [line(("The one mistake of this backward pass, and what followed from it.", "label"))]
    asked = [line(VALUES_ARE_RIGHT)] if hunt.naming is None else []
    return [line((HOLDS_ONE, "undefined")), *asked]


def value_lines(of: WrongPass, width: int) -> list[Line]:
    """Say the values of the forward pass, as many on a line as there is room for.

    Where these are many lines they are left out: the values that a step needs stand with it.
    """
    graph, notation = of.trace.graph, of.trace.numbers.notation
    cells: list[list[Piece]] = []
    for node in range(len(graph)):
        if graph.codes[node] == Leaf.CONSTANT and node not in graph.names:
            continue
        expression = f"{notation.equals}{graph.expression(node)}" if graph.op(node) else ""
        number = notation.equals + notation.number(format_number(of.trace.values.item(node)))
        cells.append([(of.label(node), "name"), (expression, ""), (number, "value")])
    lines: list[Line] = []
    row: list[Piece] = []
    used = 0
    for cell in cells:
        room = sum(cell_len(text) for text, _ in cell)
        if row and used + len(_SPACE) + room > width:
            lines.append(line(*row))
            row, used = [], 0
        if row:
            row.append((_SPACE, ""))
            used += len(_SPACE)
        row += cell
        used += room
    lines.append(line(*row))
    return lines if len(lines) <= _MOST_VALUE_LINES else []


def operand_line(of: WrongPass, row: HuntRow) -> Line:
    """Say the values that the operation of a step was computed with, and its own."""
    nodes: list[int] = of.trace.graph.operands_of(row.consumer).tolist()
    near = [node for node in dict.fromkeys(nodes) if node == row.operand or len(nodes) <= _MOST_OPERANDS]
    pieces: list[Piece] = []
    for node in (*near, row.consumer):
        if of.trace.graph.codes[node] != Leaf.CONSTANT or node in of.trace.graph.names:
            pieces += [(_SPACE, ""), (of.label(node), "name"), (f" = {_number(of.trace.values.item(node))}", "value")]
    return line(("at", "label"), "  ", *pieces[1:])


def row_lines(rows: Sequence[HuntRow], width: int) -> list[Line]:
    """Say the steps back, a line each: what is multiplied, with numbers, and what has accumulated then.

    Where that does not fit, only the local derivative is named, and of a sum the result stands there: the selected step
    is said in full elsewhere.
    """
    names = [f"{row.upstream_name} · {row.local_name}" for row in rows]
    products = [product_words(row) for row in rows]
    sums = [f"{row.gradient_name} = {sum_words(row)}" for row in rows]
    widths = [max(map(cell_len, column)) for column in (names, products, sums)]
    steps = len(str(rows[-1].step))
    is_wide = _MARKER + steps + sum(widths) + 3 * 3 <= width
    narrow = max(cell_len(row.local_name) for row in rows)
    lines: list[Line] = []
    for row, name, product, total in zip(rows, names, products, sums, strict=True):
        shown = padded(name, widths[0]) if is_wide else padded(row.local_name, narrow)
        total = total if is_wide else f"{row.gradient_name} = {_number(row.after)}"
        lines.append(
            line(
                (f"{row.step:>{steps}}  ", "label"), shown, "   ", (padded(product, widths[1]), "contribution"), "   ",
                (total, "contribution"),
            )
        )  # fmt: skip
    return lines


def step_lines(of: WrongPass, row: HuntRow, *, numbers: bool = True) -> list[Line]:
    """Say one step in full: what is added to what, of which operation, and the numbers that stand there.

    Without `numbers` only a sum is said: the list of the steps may have no room for it.
    """
    graph = of.trace.graph
    consumer = of.label(row.consumer)
    operation = f"{consumer} = {graph.expression(row.consumer)}"
    many = f"   contribution {row.number} of {row.count}" if row.count > 1 else ""
    lines = [
        line(
            (f"step {row.step}   ", "label"), (row.gradient_name, "contribution"), " += ",
            (row.upstream_name, "upstream"), " · ", (row.local_name, "local"), (f"   {operation}{many}", "label"),
        ),
        labelled("  upstream gradient", _LABEL + 2, (f"{row.upstream_name} = {_number(row.upstream)}", "upstream")),
        labelled("  local derivative", _LABEL + 2, (f"{row.local_name} = {_number(row.local)}", "local")),
        labelled("  contribution", _LABEL + 2, (product_words(row), "contribution")),
        labelled("  accumulated", _LABEL + 2, (f"{row.gradient_name} = {sum_words(row)}", "contribution")),
    ]  # fmt: skip
    if numbers:
        return lines
    return [lines[0], lines[-1]] if row.number > 1 or Fault.SUM in row.faults else lines[:1]


def choice_lines(of: WrongPass) -> list[Line]:
    """Say the mistakes to choose from, a line each."""
    return [line((f"{place}  ", "label"), choice.title) for place, choice in enumerate(of.choices, 1)]


def over_lines(hunt: Hunt) -> list[Line]:
    """Say what the numbers of the wrong step should be."""
    right = hunt.of.right_row(hunt.of.wrong)
    factors = f"{right.upstream_name} · {right.local_name}"
    return [
        Line(),
        labelled("right:", 8, f"{factors} = ", (product_words(right), "contribution")),
        labelled("", 8, f"{right.gradient_name} = ", (sum_words(right), "contribution")),
    ]


def _number(number: float) -> str:
    return format_number(number)


def product_words(row: HuntRow) -> str:
    """Write the product, with as many digits as make it true; where it is not the product, as it stands there."""
    shown = _equation(Number(row.upstream) * Number(row.local), row.contribution, Fault.PRODUCT in row.faults)
    upstream, local = (format_number(number, shown.digits) for number in (row.upstream, row.local))
    return f"{upstream} · {UNICODE.wrapped(local)} {shown.relation} {shown.right}"


def sum_words(row: HuntRow) -> str:
    """Write what was there, what is added, and the sum, as `product_words` does."""
    if row.number == 1 and Fault.SUM not in row.faults:
        return _number(row.after)
    shown = _equation(Number(row.before) + Number(row.contribution), row.after, Fault.SUM in row.faults)
    return f"{shown.left} {shown.relation} {shown.right}"


def _equation(formula: Formula, result: float, is_wrong: bool) -> Equation:
    if is_wrong:
        return Equation(UNICODE.formula(formula), "=", format_number(result))
    return equation(formula, result, UNICODE)
