"""How the comparison of forward and reverse mode reads: a table with bars, and what it means."""

from __future__ import annotations

import math

from rich.cells import cell_len

from ...engine.errors import printable
from ...engine.rules.notation import Notation
from ...engine.rules.number_text import format_number
from ...engine.walk.tangent_comparison import Comparison, ForwardPass
from .lines import Line, Piece, line, padded

MOST_ROWS = 200
"""How many passes have a row of their own."""

SAME = 1e-9
"""A relative difference below this is rounding."""

EXPLAINED = (
    "Counted is one multiplication for each edge that a pass takes: its local derivative times the tangent that comes "
    "along it (forward), or times the upstream gradient (reverse). Values, local derivatives and additions are not "
    "counted.",
    "For n inputs and m outputs, the whole Jacobian, forward mode takes n passes and reverse mode m. Training, with "
    "many parameters and one loss, goes in reverse; that has to keep all values for the way back, which forward mode "
    "need not.",
)

_LEAST_BAR = 8


def comparison_lines(comparison: Comparison, notation: Notation, width: int, digits: int = 0) -> list[Line]:
    """Say what both modes take on a graph, in lines of so many cells; `digits` are as in `format_number`."""
    output = notation.label(comparison.output_name)
    inputs = comparison.input_count
    if not inputs:
        return [line("This graph has no input: there is nothing to differentiate by.")]
    shown = comparison.passes[:MOST_ROWS]
    names = [notation.tangent(notation.label(each.name)) + notation.equals + "1" for each in shown]
    label = min(max(map(cell_len, [*names, "forward, together"])), width // 3)
    totals = [comparison.forward_multiplications, comparison.reverse_multiplications]
    count = max(len(f"{max(totals):,}"), 4)
    found = [_found(each, output, notation, digits) for each in shown]
    room = width - label - count - 6
    room -= min(max(map(cell_len, found)), room // 2)
    bar = max(_LEAST_BAR, min(40, room))
    most = max(1, *totals)

    def row(name: str, number: int, style: str, after: str = "") -> Line:
        cells = round(bar * number / most)
        drawn = "█" * cells if cells or not number else "▏"
        pieces: list[Piece | str] = [(f"{padded(_cut(name, label), label)} ", style), f"{number:>{count},} "]
        pieces += [(padded(drawn, bar), style), ("  " + after, "label")]
        return line(*pieces)

    passes = "1 pass" if inputs == 1 else f"{inputs:,} passes, one for each input"
    rows = zip(names, shown, found, strict=True)
    lines = [
        line(("Forward mode", "heading"), f" · {passes} · multiplications, and what each pass finds"),
        *(row(name, each.multiplications, "upstream", words) for name, each, words in rows),
    ]
    if len(shown) < inputs:
        uncounted = "" if comparison.is_complete else f"; only the first {len(comparison.passes):,} were counted"
        lines.append(line((f"and {inputs - len(shown):,} more{uncounted}", "label")))
    together = "forward, together" if comparison.is_complete else f"first {len(comparison.passes):,}"
    return [
        *lines,
        row(together, comparison.forward_multiplications, "upstream"),
        Line(),
        line(("Reverse mode", "heading"), f" · 1 pass for all gradients of {output}"),
        row("reverse", comparison.reverse_multiplications, "contribution"),
        Line(),
        *_verdict(comparison),
        Line(),
        *map(line, EXPLAINED),
    ]


def _found(each: ForwardPass, output: str, notation: Notation, digits: int) -> str:
    number = "undefined" if math.isnan(each.derivative) else notation.number(format_number(each.derivative, digits))
    return f"{notation.derivative(output, notation.label(each.name))}{notation.equals}{number}"


def _verdict(comparison: Comparison) -> list[Line]:
    forward, reverse = comparison.forward_multiplications, comparison.reverse_multiplications
    lines: list[Line] = []
    if comparison.is_complete and reverse and comparison.input_count > 1:
        ratio = f"{forward / reverse:.3g} times" if forward != reverse else "just"
        lines.append(line(f"Together the forward passes take {ratio} as many multiplications as the reverse pass."))
    difference = comparison.largest_difference
    if difference == 0:
        words, style = "Both modes find the same gradients, to the last bit.", "value"
    elif difference < SAME:
        words = f"Both modes find the same gradients, but for rounding: {difference:.1e} of them at most."
        style = "value"
    elif math.isinf(difference):
        words = "A derivative exists in one mode only: on the way of the other a number overflows."
        style = "undefined"
    else:
        words = f"The modes differ by {difference:.1e} of a gradient: terms cancel there, and rounding is left over."
        style = "undefined"
    return [*lines, line((words, style))]


def _cut(name: str, cells: int) -> str:
    name = printable(name)
    while cell_len(name) > cells:
        name = name[:-2] + "…"
    return name
