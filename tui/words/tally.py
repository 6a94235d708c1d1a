"""What a presenter reads of a question that everybody is asked for: how many answered, and which mistakes they made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from rich.cells import cell_len

from ..lecture.messages import Mistakes, PartCount, Tally
from .lines import Line, Piece, labelled, line

ASKING = (
    "Predict mode: {walk.forward} asks everybody for the next step, {walk.forward} again shows it. They are asked for "
)
ASKING_AGAIN = "Predict mode, from the start, since every step was shown. Everybody is asked for "
"""With the ids of the bindings whose keys stand there; they end with one of `study.CHOICE_WORDS`."""

SHOWS = "{walk.forward} shows the step to everybody"
NONE_YET = "No answer has come so far."
NOBODY = "Nobody follows the lecture now, so nobody is asked."
WAITING = "Your answer is in. The lecture will show the step · {lecture.catch-up} walks alone"
NO_KNOWN_MISTAKE = ("the wrong answer {}fits no mistake that is known here",
                    "the wrong answers {}fit no mistake that is known here")  # fmt: skip
"""Of one, and of several."""

_MARKS: tuple[tuple[str, str, str], ...] = (
    ("right", "█", "value"),
    ("helped", "▓", "local"),
    ("wrong", "▒", "undefined"),
    ("skipped", "╌", "label"),
)
"""For each that may come of an answer, what stands for it in a bar, and its style."""
_NOT_YET = ("░", "guide")

_LEAST_BAR, _MOST_BAR = 10, 40
"""Cells of a bar."""

_GAP = 2
_MOST_MISTAKES = 4
"""So many mistakes of a part are named."""


def tally_lines(asks: Sequence[str], tally: Tally | None, width: int) -> list[Line]:
    """Say what came of a step so far: a bar for each of its parts, which `asks` name, and the mistakes.

    The bars are as long as one another; where there is no room beside them the counts stand below. A tally of None is
    one that has not come yet.
    """
    if tally is None:
        return [line((NONE_YET, "label"))]
    if not tally.followers:
        return [line((NOBODY, "label"))]
    parts = [tally.parts[place] if place < len(tally.parts) else PartCount() for place in range(len(asks))]
    name = max(map(cell_len, asks), default=0) + _GAP
    counts = [_counts(part, tally) for part in parts]
    widest = max((sum(cell_len(text) for text, _ in pieces) for pieces in counts), default=0)
    room = width - name - _GAP - widest
    cells = min(room if room >= _LEAST_BAR else max(1, width - name), _MOST_BAR)
    lines: list[Line] = []
    for ask, part, pieces in zip(asks, parts, counts, strict=True):
        bar = _bar(part, tally.followers, cells)
        if room >= _LEAST_BAR:
            lines.append(labelled((ask, "name"), name, *bar, " " * _GAP, *pieces))
        else:
            lines += [labelled((ask, "name"), name, *bar), labelled("", min(name, max(0, width - widest)), *pieces)]
    for ask, part in zip(asks, parts, strict=True):
        lines += _mistake_lines(part, f"for {ask} " if len(asks) > 1 else "")
    return lines


def whole_walk_lines(tallies: Iterable[Tally]) -> list[Line]:
    """Say what came of all that everybody was asked in a walk."""
    parts = [part for tally in tallies for part in tally.parts]
    lines = [line(("What was predicted in this walk, by everybody:", "heading"))]
    counts = {name: sum(getattr(part, name) for part in parts) for name, _, _ in _MARKS}
    if not any(counts.values()):
        return [*lines, line("  nothing was answered")]
    lines.append(line("  ", *_joined((f"{counts[name]:,} {name}", style) for name, _, style in _MARKS)))
    mistakes: Counter[tuple[str, ...]] = Counter()
    for part in parts:
        for each in part.mistakes:
            mistakes[each.mistakes] += each.count
    ranked = tuple(Mistakes(ids, count) for ids, count in mistakes.most_common())
    return [*lines, *(each.indented(2) for each in _mistake_lines(PartCount(mistakes=ranked), ""))]


def _counts(part: PartCount, tally: Tally) -> list[Piece]:
    """Count the answers to a part; what nobody came to is left out, but for the right ones."""
    counts = ((getattr(part, came), came, style) for came, _, style in _MARKS)
    came: list[Piece] = [(f"{count} {name}", style) for count, name, style in counts if count or name == "right"]
    return _joined([(f"{part.answered} of {tally.followers} answered", ""), *came])


def _bar(part: PartCount, of: int, cells: int) -> list[Piece]:
    """Draw how many there are of each; what there is one of at least has a cell, where there are cells enough."""
    counts = [getattr(part, came) for came, _, _ in _MARKS]
    counts.append(max(0, of - sum(counts)))
    shares = _shares(counts, cells)
    marks = [*((mark, style) for _, mark, style in _MARKS), _NOT_YET]
    return [(mark * share, style) for (mark, style), share in zip(marks, shares, strict=True) if share]


def _shares(counts: Sequence[int], cells: int) -> list[int]:
    """Share out cells by counts: whole ones, whose sum is `cells`, and one at least for what there is any of."""
    total = sum(counts)
    if not total:
        return [0] * len(counts)
    exact = [count * cells / total for count in counts]
    shares = [max(int(share), 1 if count else 0) for share, count in zip(exact, counts, strict=True)]
    while sum(shares) != cells:
        step = 1 if sum(shares) < cells else -1
        able = [place for place, count in enumerate(counts) if count and (step > 0 or shares[place] > 1)]
        if not able:
            break
        shares[max(able, key=lambda place: step * (exact[place] - shares[place]))] += step
    return shares


def _mistake_lines(part: PartCount, to: str) -> list[Line]:
    """Name the mistakes that wrong answers fit; `to` which question, where there are several."""
    known = [(titles, each.count) for each in part.mistakes if (titles := _titles(each.mistakes))]
    if not known:
        return [line((NO_KNOWN_MISTAKE[part.wrong > 1].format(to), "label"))] if part.wrong else []
    named = [(f"{titles} ({count:,})", "") for titles, count in known[:_MOST_MISTAKES]]
    more = sum(count for _, count in known[_MOST_MISTAKES:])
    others: list[Piece] = [(f"{more:,} others", "label")] if more else []
    return [line((f"wrong answers {to}fit: ", "label"), *_joined([*named, *others]))]


def _titles(mistakes: Sequence[str]) -> str:
    """Return the phrases for mistakes by their ids; empty where one of them is not known here."""
    found = [_title(each) for each in mistakes]
    return ", and ".join(found) if all(found) else ""


def _title(mistake: str) -> str:
    from ...engine.study.mistakes.table import MISTAKES

    if mistake in MISTAKES:
        return MISTAKES[mistake].title
    from ...engine.lens.mistakes.table import ARRAY_MISTAKES

    return ARRAY_MISTAKES[mistake].title if mistake in ARRAY_MISTAKES else ""


def _joined(pieces: Iterable[Piece]) -> list[Piece]:
    joined: list[Piece] = []
    for piece in pieces:
        joined += [(" · ", "label")] * bool(joined) + [piece]
    return joined
