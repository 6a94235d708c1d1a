"""How a check of gradients reads: a table, a sentence for each obstacle, and what the V of the errors means."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len

from ...engine.checking.answers import AnswerCheck
from ...engine.checking.differences import Difference, Sides
from ...engine.checking.gradients import Check, GradientCheck, Verdict
from ...engine.checking.obstacle import Obstacle, ObstacleKind
from ...engine.errors import printable
from ...engine.language.step_key import derivative
from ...engine.rules.number_text import format_number
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

_NUMBER = 15
"""Cells of a derivative in the table."""

_GAP = 9
"""Cells of the distance between two derivatives."""

_DIGITS = 8
"""Significant digits of a derivative in the table; the differences say more than further digits would."""


def obstacle_words(obstacle: Obstacle) -> str:
    """Say in a sentence what stands in the way."""
    node = f"{obstacle.name} = {obstacle.expression}" if obstacle.name else ""
    return _SENTENCES[obstacle.kind].format(node=node)


def check_lines(check: Check, width: int, selected: int | None = None, most: int = MOST_ROWS) -> list[Line]:
    """Show a check as a table of so many cells, with its reasons below; the row of the leaf `selected` is marked."""
    rows = _shown(check, selected, most)
    room = width - 2 - 3 * (_NUMBER + 1) - 2 * (_GAP + 1)
    with_gaps = room >= 6
    if not with_gaps:
        room += 2 * (_GAP + 1)
    head = derivative(check.output, "…")
    wanted = max((cell_len(printable(row.name)) for row in rows), default=1)
    name = max(4, min(room, max(wanted, cell_len(head))))
    titles = ["backprop", "complex step", "central diff."]
    gaps = ["Δ complex", "Δ central"] if with_gaps else []
    header = "  " + padded(_cut(head, name), name) + "".join(f" {title:>{_NUMBER}}" for title in titles)
    lines = [line((header + "".join(f" {gap:>{_GAP}}" for gap in gaps), "label"))]
    for row in rows:
        lines += _row_lines(row, name, with_gaps, is_selected=row.leaf == selected)
    left = len(check.rows) - len(rows)
    if left:
        lines.append(line((f"  … and {left:,} more that agree", "label")))
    lines += [Line(), *verdict_lines(check)]
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
            ("All " if checked > 1 else "The ") + f"{checked:,} gradient{'s' * (checked != 1)} ",
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
    """Say for each exercise that states its answer whether the walk gives it."""
    lines: list[Line] = []
    for answer in answers:
        mark = MARKS[Verdict.AGREE if answer.agrees else Verdict.DIFFER]
        stated = format_number(answer.answer, 0 if answer.agrees else _DIGITS)
        words = f" as stated: {stated}" if answer.agrees else f" is stated to be {stated}"
        if answer.decimals is not None:
            words += f" ({answer.decimals} decimal{'s' * (answer.decimals != 1)})"
        if not answer.agrees:
            words += f"; the walk gives {format_number(answer.found, _DIGITS)}"
        lines.append(line(mark, f" {answer.ask}", words))
    return lines


def _shown(check: Check, selected: int | None, most: int) -> list[GradientCheck]:
    """Return the rows to show, in the order of the inputs: what does not agree, what is selected, and the first."""
    if len(check.rows) <= most:
        return list(check.rows)
    urgent = [row for row in check.rows if row.verdict is not Verdict.AGREE or row.leaf == selected]
    urgent.sort(key=lambda row: (row.leaf != selected, row.verdict is not Verdict.DIFFER))
    chosen = {row.leaf for row in [*urgent, *check.rows][:most]}
    return [row for row in check.rows if row.leaf in chosen]


def _row_lines(row: GradientCheck, name: int, with_gaps: bool, *, is_selected: bool) -> list[Line]:
    cells: list[Piece] = [(format_number(row.backprop, _DIGITS), "contribution")]
    for found in (row.complex_step, row.difference):
        cells.append(_cell(found))
    gaps: list[Piece] = []
    if with_gaps:
        gaps = [_gap(row, row.complex_step), _gap(row, row.difference)]
    label = padded(_cut(printable(row.name), name), name)
    pieces: list[Piece | str] = [MARKS[row.verdict], " ", (label, "selected" if is_selected else "name")]
    pieces += [(f" {text:>{_NUMBER}}", style) for text, style in cells]
    pieces += [(f" {text:>{_GAP}}", style) for text, style in gaps]
    return [line(*pieces)]


def _cell(found: float | Difference | Obstacle) -> Piece:
    match found:
        case Obstacle():
            return _SHORT[found.kind], "local"
        case Difference():
            return format_number(found.derivative, _DIGITS), "" if found.sides is Sides.BOTH else "local"
        case _:
            return format_number(found, _DIGITS), ""


def _gap(row: GradientCheck, found: float | Difference | Obstacle) -> Piece:
    match found:
        case Obstacle():
            return "", ""
        case Difference():
            gap, agrees = found.derivative - row.backprop, row.difference_agrees
        case _:
            gap, agrees = found - row.backprop, row.complex_step_agrees
    if gap != gap:
        return "", ""
    return (f"{abs(gap):.1e}" if gap else "0"), "label" if agrees else "undefined"


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
