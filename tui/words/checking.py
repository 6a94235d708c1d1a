"""How a check of gradients reads: a table, a sentence for each obstacle, and what the V of the errors means."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len

from ...engine.checking.differences import Difference
from ...engine.checking.gradients import Check, GradientCheck, Verdict
from ...engine.checking.obstacle import Obstacle, ObstacleKind
from ...engine.errors import printable
from ...engine.language.step_key import derivative
from ...engine.rules.number_text import format_number
from ...engine.rules.printers.unicode import NOTATION as UNICODE
from ...engine.study.stated_answers import AnswerCheck
from .exact import exact_words
from .lines import Line, Piece, line, padded

MARKS: dict[Verdict, Piece] = {
    Verdict.AGREE: ("✓", "value"),
    Verdict.DIFFER: ("✗", "undefined"),
    Verdict.CANNOT_SAY: ("?", "local"),
}
"""A sign and its style for each verdict."""

MOST_ROWS = 20
"""How many gradients a table shows: those that do not agree come first."""

_SENTENCES = {
    ObstacleKind.UNDEFINED: "the walk has no number here, so there is nothing to compare",
    ObstacleKind.KINK: (
        "{node} stands on its kink: the slopes on its two sides differ, so there is no derivative; backpropagation "
        "takes one number between them"
    ),
    ObstacleKind.EDGE: "{node} stands at the edge of its domain: the function goes on at one side only",
    ObstacleKind.KINK_NEAR: "{node} has its kink so near that every step which is not lost in rounding crosses it",
    ObstacleKind.UNDEFINED_NEAR: "the output is undefined on both sides, at every distance that was tried",
    ObstacleKind.TOO_ROUGH: "rounding and curvature leave too few digits at every step that was tried",
}

_SHORT = {
    ObstacleKind.UNDEFINED: "undefined",
    ObstacleKind.KINK: "kink",
    ObstacleKind.EDGE: "edge of domain",
    ObstacleKind.KINK_NEAR: "kink too near",
    ObstacleKind.UNDEFINED_NEAR: "undefined near",
    ObstacleKind.TOO_ROUGH: "too rough",
}
"""The same in the cell of a table."""

_GAP = 9
"""Cells of the distance between two derivatives."""

_DIGITS = 8
"""Significant digits of a derivative, unless others are asked for; the distances say more than further ones would."""

_FEW_DIGITS = 5
"""As many as a narrow panel has room for."""

_WAYS = ("backprop", "complex step", "central diff.")
_SHORT_WAYS = ("backprop", "complex", "central")

_LEAST_NAME = 4


def obstacle_words(obstacle: Obstacle) -> str:
    """Say in a sentence what stands in the way."""
    node = f"{obstacle.name} = {obstacle.expression}" if obstacle.name else ""
    return _SENTENCES[obstacle.kind].format(node=node)


@dataclass(frozen=True, slots=True)
class CheckRow:
    """A line of a table, and the leaf that it is about; None for none."""

    line: Line
    leaf: int | None = None


def check_lines(check: Check, width: int) -> list[Line]:
    """Show a check in lines of so many cells, with its reasons below."""
    return [*(row.line for row in check_rows(check, width)), Line(), *verdict_lines(check)]


def check_rows(
    check: Check, width: int, selected: int | None = None, most: int = MOST_ROWS, digits: int = 0
) -> list[CheckRow]:
    """Show gradients in lines of so many cells; the leaf `selected` is marked.

    It is a table where that has room, or else three lines for each gradient, with fewer of them.
    """
    rows = _shown(check, selected, most)
    head = derivative(check.output, "…")
    wanted = max(cell_len(text) for text in (head, *(printable(row.name) for row in rows)))
    number = max((digits or _DIGITS) + 7, len(_WAYS[-1]))
    room = width - 2 - 3 * (number + 1) - 2 * (_GAP + 1)
    if room >= _LEAST_NAME:
        lines = _table(rows, head, min(max(wanted, _LEAST_NAME), room), number, selected, digits or _DIGITS)
    else:
        rows = _shown(check, selected, max(1, most // 2))
        stacked = [(row, _stacked(row, wanted, width, row.leaf == selected, digits)) for row in rows]
        lines = [CheckRow(each, row.leaf) for row, several in stacked for each in several]
    if len(rows) < len(check.rows):
        agree = check.count(Verdict.AGREE) - sum(row.verdict is Verdict.AGREE for row in rows)
        left = len(check.rows) - len(rows)
        lines.append(CheckRow(line((f"  … and {left:,} more" + (" that agree" if agree == left else ""), "label"))))
    return lines


def _table(
    rows: Sequence[GradientCheck], head: str, name: int, number: int, selected: int | None, digits: int
) -> list[CheckRow]:
    """Show gradients a line each; a name has so many cells, and so has a `number`."""
    titles = "".join(f" {title:>{number}}" for title in _WAYS) + f" {'Δ complex':>{_GAP}} {'Δ central':>{_GAP}}"
    lines = [CheckRow(line((f"  {padded(_cut(head, name), name)}{titles}", "label")))]
    for row in rows:
        label = padded(_cut(printable(row.name), name), name)
        pieces: list[Piece | str] = [MARKS[row.verdict], " ", (label, "selected" if row.leaf == selected else "name")]
        cells = _cells(row, digits)
        pieces += [(f" {text:>{number}}", style) for text, style, _, _ in cells]
        pieces += [(f" {gap:>{_GAP}}", style) for _, _, gap, style in cells[1:]]
        lines.append(CheckRow(line(*pieces), row.leaf))
    return lines


def _stacked(row: GradientCheck, name: int, width: int, is_selected: bool, digits: int) -> list[Line]:
    """Show a gradient in a line for each way, with its name in front, or above them where there is no room."""
    is_wide = 2 + len(_WAYS[-1]) + _DIGITS + 6 + _GAP + 4 <= width
    digits = digits or (_DIGITS if is_wide else _FEW_DIGITS)
    ways = _WAYS if is_wide else _SHORT_WAYS
    way_cells, number = max(map(len, ways)), digits + 6
    label: Piece = (printable(row.name), "selected" if is_selected else "name")
    fits = 2 + name + 1 + way_cells + number + _GAP + 4 <= width
    start: list[Piece | str] = [MARKS[row.verdict], " ", label]
    lines: list[Line] = [] if fits else [line(*start)]
    for way, (text, style, gap, gap_style) in zip(ways, _cells(row, digits), strict=True):
        pieces: list[Piece | str] = ["  "]
        if fits:
            pieces = [*start, padded("", name - cell_len(label[0]) + 1)] if way is ways[0] else [" " * (name + 3)]
        pieces += [(f"{way:<{way_cells}}", "label"), (f" {text:>{number}}", style)]
        lines.append(line(*pieces, (f"  Δ {gap}" if gap else "", gap_style)))
    return lines


def verdict_lines(check: Check) -> list[Line]:
    """Say in sentences what comes of a check: how many agree, what cannot be known, and why."""
    counts = {verdict: check.count(verdict) for verdict in Verdict}
    checked = len(check.rows)
    if not checked:
        return [line("There are no inputs, so there is no gradient to check.")]
    said = [
        (counts[Verdict.AGREE], "agree" if counts[Verdict.AGREE] != 1 else "agrees", "value"),
        (counts[Verdict.DIFFER], "differ" if counts[Verdict.DIFFER] != 1 else "differs", "undefined"),
        (counts[Verdict.CANNOT_SAY], "cannot be said", "local"),
    ]
    pieces: list[Piece | str] = []
    for count, words, style in said:
        if count:
            pieces += [", " if pieces else f"Of {checked:,} gradient{'s' * (checked != 1)} ", (f"{count:,}", style)]
            pieces.append(f" {words}")
    if counts[Verdict.AGREE] == checked:
        pieces = [
            f"All {checked:,} gradients " if checked > 1 else "The gradient ",
            ("agree" + "s" * (checked == 1), "value"),
        ]
    lines = [line(*pieces, ".")]
    if check.is_sample:
        sample = f"They are a sample of {check.total:,}, drawn with seed {check.seed}."
        lines.append(line((sample, "label")))
    closed = {row.closed for row in check.rows if row.closed is not None}
    for obstacle in sorted(closed, key=lambda obstacle: (obstacle.kind, obstacle.name))[:5]:
        lines.append(line(MARKS[Verdict.CANNOT_SAY], " ", obstacle_words(obstacle), "."))
    lines += [line(MARKS[Verdict.DIFFER], " ", words) for words in map(_off_words, check.rows) if words][:5]
    if check.pieces:
        made = ", ".join(check.pieces)
        lines.append(
            line(
                (
                    f"Made of pieces: {made}. A complex step follows the piece that the walk stands on, which is right "
                    "wherever it does not stand where two of them meet.",
                    "label",
                )
            )
        )
    return lines


def answer_lines(answers: Sequence[AnswerCheck]) -> list[Line]:
    """Say whether the answers that exercises state are those of the walk."""
    lines: list[Line] = []
    for answer in answers:
        mark = MARKS[Verdict.AGREE if answer.agrees else Verdict.DIFFER]
        lines.append(line(mark, f" {answer.ask}", _answer_words(answer)))
    return lines


def _answer_words(answer: AnswerCheck) -> str:
    if answer.formula is not None:
        return (
            f" as stated: {answer.formula}" if answer.agrees else f" is stated to be {answer.formula}, which it is not"
        )
    decimals = "" if answer.decimals is None else f" ({answer.decimals} decimal{'s' * (answer.decimals != 1)})"
    gives = f"; the walk gives {format_number(answer.found, _DIGITS)}{exact_words(answer.exact, UNICODE)}"
    if answer.answer is None:
        words = " has the hash that is published" if answer.agrees else " has another hash than the one published"
        return f"{words}{decimals}{'' if answer.agrees else gives}"
    if not answer.agrees:
        return f" is stated to be {format_number(answer.answer, _DIGITS)}{decimals}{gives}"
    found = "" if answer.exact is None else f"; the walk gives {answer.exact.form}"
    return f" as stated: {format_number(answer.answer, 0)}{decimals}{found}"


def _shown(check: Check, selected: int | None, most: int) -> list[GradientCheck]:
    """Return the rows to show, in the order of the inputs: what does not agree, what is selected, and the first."""
    if len(check.rows) <= most:
        return list(check.rows)
    urgent = [row for row in check.rows if row.verdict is not Verdict.AGREE or row.leaf == selected]
    urgent.sort(key=lambda row: (row.leaf != selected, row.verdict is not Verdict.DIFFER))
    chosen = {row.leaf for row in [*urgent, *check.rows][:most]}
    return [row for row in check.rows if row.leaf in chosen]


def _cells(row: GradientCheck, digits: int) -> list[tuple[str, str, str, str]]:
    """Return the three derivatives, each with its style, and its distance from backpropagation with that one's."""
    cells = [(format_number(row.backprop, digits), "contribution", "", "")]
    for found, agrees in (
        (row.complex_step, row.complex_step_agrees),
        (row.difference, row.difference_agrees),
    ):
        if isinstance(found, Obstacle):
            cells.append((_SHORT[found.kind], "local", "", ""))
            continue
        derivative = found.derivative if isinstance(found, Difference) else found
        gap = abs(derivative - row.backprop)
        shown = "" if math.isnan(gap) else f"{gap:.1e}" if gap else "0"
        cells.append((format_number(derivative, digits), "", shown, "label" if agrees else "undefined"))
    return cells


def _off_words(row: GradientCheck) -> str:
    """Say what a gradient that differs is by the other ways; nothing for one that does not."""
    if row.verdict is not Verdict.DIFFER:
        return ""
    other = row.difference.derivative if isinstance(row.difference, Difference) else row.complex_step
    better = other if isinstance(row.complex_step, Obstacle) else row.complex_step
    assert isinstance(better, float), "what differs differs from a number"
    backprop = format_number(row.backprop, _DIGITS)
    return f"by {row.name}, backpropagation gives {backprop}, and the function has the slope {better:.{_DIGITS}g}."


def _cut(text: str, cells: int) -> str:
    while cell_len(text) > cells:
        text = text[:-2] + "…"
    return text
