"""What the tests of libraries of one's own share: a small course on the disk."""

from __future__ import annotations

from pathlib import Path

SQUARE = """\
# what a teacher writes beside it stays
title = "A square"
summary = "One operation."
[inputs]
x = 3  # the point
[graph]
y = "x^2"
[notes]
y = "The author's words."
"""

SUM = 'title = "A sum"\nsummary = "One more."\norder = 1\n[inputs]\na = 1\nb = 2\n[graph]\ns = "a + b"\n'
BROKEN = 'title = "Broken"\n[inputs]\nx = 3\n[graph]\ny = "x + siin(x)"\n'
LINE = """\
title = "A line"
[data]
x = [1, 2, 3]
y = [2, 4, 6]
[parameters]
w = 0
[prediction]
h = "w*x"
[loss]
cost = "mean((h - y)^2)"
[training]
learning_rate = 0.1
epochs = 20
"""


def course(folder: Path) -> Path:
    """Write a course of two weeks, with one file that is wrong."""
    for place, text in {
        "week 1/square.toml": SQUARE,
        "week 1/sum.toml": SUM,
        "week 2/line.toml": LINE,
        "broken.toml": BROKEN,
    }.items():
        path = folder / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder
