"""How the comparison of forward and reverse mode reads: a table with bars, and what it means."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from rich.cells import cell_len

from ...engine.errors import printable
from ...engine.rules.notation import Notation
from ...engine.rules.number_text import format_number
from ...engine.walk.tangent_comparison import Comparison, ForwardPass
from .lines import Line, line, padded

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


@dataclass(frozen=True, slots=True)
class _Table:
    """How wide the columns are: the name of a row, the multiplications, and the bar for the `most` of them."""

    label: int
    count: int
    bar: int
    most: int

    def row(self, name: str, number: int, style: str, after: str = "") -> Line:
        """Write a row, with the bar in proportion."""
        cells = round(self.bar * number / max(1, self.most))
        drawn = "█" * cells if cells or not number else "▏"
        return line(
            (f"{padded(_cut(name, self.label), self.label)} ", style),
            f"{number:>{self.count},} ",
            (padded(drawn, self.bar), style),
            (f"  {after}", "label"),
        )


def comparison_lines(comparison: Comparison, notation: Notation, width: int, digits: int = 0) -> list[Line]:
    """Say what both modes take on a graph, in lines of so many cells: both together first, then each pass.

    `digits` are as in `format_number`.
    """
    output = notation.label(comparison.output_name)
    inputs, passes = comparison.input_count, comparison.passes
    if not inputs:
        return [line("This graph has no input: there is nothing to differentiate by.")]
    shown = passes[:MOST_ROWS]
    names = [notation.tangent(notation.label(each.name)) + notation.equals + "1" for each in shown]
    found = [_found(each, output, notation, digits) for each in shown]
    forward, reverse = comparison.forward_multiplications, comparison.reverse_multiplications
    label = min(max(map(cell_len, [*names, "forward", "reverse"])), width // 3)
    count = max(len(f"{max(forward, reverse):,}"), 4)
    room = width - label - count - 6
    room -= min(max(map(cell_len, found)), room // 2)
    totals = _Table(label, count, max(_LEAST_BAR, min(40, room)), max(forward, reverse))
    each_pass = replace(totals, most=max(each.multiplications for each in shown))
    many = "1 pass" if inputs == 1 else f"{inputs:,} passes, one for each input"
    counted = "" if comparison.is_complete else f"; only the first {len(passes):,} were counted"
    rows = zip(names, shown, found, strict=True)
    left_out = inputs - len(shown)
    return [
        line(("Forward mode", "heading"), f" · {many}{counted}"),
        totals.row("forward", forward, "upstream", "multiplications"),
        line(("Reverse mode", "heading"), f" · 1 pass for all gradients of {output}"),
        totals.row("reverse", reverse, "contribution", "multiplications"),
        Line(),
        *_verdict(comparison),
        Line(),
        line(("Each pass of forward mode, and what it finds", "heading")),
        *(each_pass.row(name, each.multiplications, "upstream", words) for name, each, words in rows),
        *([line((f"and {left_out:,} more", "label"))] if left_out else []),
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
    if all(math.isnan(each.derivative) and math.isnan(each.gradient) for each in comparison.passes):
        words, style = "No derivative exists here, in either mode.", "undefined"
    elif difference == 0:
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
