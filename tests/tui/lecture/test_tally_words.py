"""What the presenter reads of the answers: bars as long as the counts, and only mistakes that are known."""

from __future__ import annotations

import pytest
from gradwalk.tui.lecture.messages import Mistakes, PartCount, Tally
from gradwalk.tui.words.lines import plain
from gradwalk.tui.words.tally import tally_lines, whole_walk_lines
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

MARKS = "█▓▒╌░"

counts = st.integers(0, 300)
parts = st.builds(PartCount, right=counts, helped=counts, wrong=counts, skipped=counts)


@given(parts, counts, st.integers(24, 160))
def test_a_bar_is_shared_by_the_counts_and_fits_the_width(part: PartCount, more: int, width: int) -> None:
    shares = [part.right, part.helped, part.wrong, part.skipped, more]
    total = sum(shares)
    lines = tally_lines(["∂r/∂s"], Tally(7, total, (part,)), width)
    if not total:
        assert "Nobody follows" in plain(lines)
        return
    bar = [mark for mark in plain(lines[:1]) if mark in MARKS]
    assert bar == sorted(bar, key=MARKS.index)
    for mark, share in zip(MARKS, shares, strict=True):
        cells = bar.count(mark)
        assert (cells > 0) == (share > 0), "what there is one of is seen"
        assert abs(cells - share * len(bar) / total) < 5
    assert cell_len(lines[0].plain) <= width
    said = plain(lines)
    assert f"{part.answered} of {total} answered · {part.right} right" in said


@pytest.mark.parametrize(
    ("mistakes", "said"),
    [
        ((Mistakes(("sign",), 3),), "wrong answers fit: a sign is lost (3)"),
        (
            (Mistakes(("sign", "reciprocal"), 2), Mistakes(("wrong-transpose",), 1)),
            "wrong answers fit: a sign is lost, and a reciprocal is forgotten (2) · a transpose too many, too few, "
            "or the other order (1)",
        ),
        ((Mistakes(("made-up",), 9),), "the wrong answers fit no mistake that is known here"),
        ((), "the wrong answers fit no mistake that is known here"),
    ],
)
def test_mistakes_are_named_where_they_are_known(mistakes: tuple[Mistakes, ...], said: str) -> None:
    assert plain(tally_lines(["f"], Tally(7, 9, (PartCount(wrong=9, mistakes=mistakes),)), 80)).endswith(said)


def test_one_wrong_answer_is_spoken_of_as_one() -> None:
    said = plain(tally_lines(["f"], Tally(7, 9, (PartCount(wrong=1),)), 80))
    assert said.endswith("the wrong answer fits no mistake that is known here")


def test_a_walk_is_summed_up() -> None:
    tallies = [
        Tally(1, 4, (PartCount(right=2, wrong=1, mistakes=(Mistakes(("sign",), 1),)), PartCount(helped=1))),
        Tally(2, 4, (PartCount(right=1, skipped=3, helped=1, mistakes=(Mistakes(("sign",), 1),)),)),
    ]
    said = plain(whole_walk_lines(tallies))
    assert "3 right · 2 helped · 1 wrong · 3 skipped" in said
    assert "wrong answers fit: a sign is lost (2)" in said
    assert "nothing was answered" in plain(whole_walk_lines([]))
