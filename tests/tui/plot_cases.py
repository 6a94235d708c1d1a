"""Draws plots that could end the process, in a process of its own: `python -m tests.tui.plot_cases table|random`.

It prints what is wrong, a line each, and then "done".
"""

from __future__ import annotations

import itertools
import resource
import sys
from collections.abc import Iterator

import numpy as np
from gradwalk.tui.plots.plot import PLAIN, Field, Plot, Series
from gradwalk.tui.plots.plotting import draw
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

MEMORY = 3 << 30
"""What a drawing may take; plotext alone takes more for one point far outside its limits."""

RGB = {name: (10 * place, 200 - 10 * place, 99) for place, name in enumerate(PLAIN)}
SIZES = ((20, 5), (21, 6), (40, 12), (58, 24), (120, 40), (200, 60))
NAN, INF = float("nan"), float("inf")

COLUMNS: dict[str, list[float | None]] = {
    "empty": [],
    "one": [3.0],
    "two": [1.0, 2.0],
    "constant": [5.0] * 9,
    "zeros": [0.0] * 9,
    "negative": [-1.0, -2.0, -3.0],
    "both signs": [-2.0, 0.0, 3.0, 0.0],
    "nan only": [NAN] * 4,
    "nan between": [1.0, NAN, 3.0, NAN, 4.0],
    "none": [None, 1.0, None, 2.0],
    "infinite": [INF, -INF, 1.0, 2.0],
    "infinite only": [INF, -INF],
    "huge": [1e308, -1e308, 1.0],
    "beyond": [1e300, -1e300, 1e299],
    "tiny": [1e-308, 2e-308, 5e-324],
    "both": [1e308, 1e-308],
    "nothing between": [0.0, 5e-324],
    "close": [1e15, 1e15 + 1, 1e15 + 2],
    "closer": [1.0, 1.0 + 2**-52],
    "far from zero": [1e9 + 0.25, 1e9 + 0.5],
    "exploding": [10.0**power for power in range(0, 300, 7)],
    "long": np.sin(np.arange(100_000) / 999).tolist(),
}
LIMITS = (None, (0.0, 1.0), (-1e-9, 1e-9), (1e6, 1e6 + 1), (-1e300, 1e300), (2.0, 2.0))
FIELDS = {
    "plane": np.add.outer(np.linspace(0, 0.5, 7), np.linspace(0, 0.5, 9)),
    "undefined": np.full((3, 4), NAN),
    "holes": np.array([[0.0, NAN, 1.0], [NAN, 0.5, INF], [-INF, 2.0, -1.0]]),
    "one": np.array([[0.3]]),
}


def problems(plot: Plot, width: int, height: int, name: str) -> Iterator[str]:
    """Draw, and say what is wrong with the result."""
    for palette in (PLAIN, RGB) if plot.field is not None else (RGB,):
        drawn = draw(plot, width, height, palette)
        rows = drawn.plain.split("\n")
        if len(rows) > max(1, height) or any(cell_len(row) > width for row in rows):
            yield f"{name}: {width}x{height} is not {max(map(cell_len, rows))}x{len(rows)}"
        if any(span.end > len(drawn) for span in drawn.spans):
            yield f"{name}: colours past the end"


def table() -> Iterator[str]:
    """Draw every column as x and as y, as a line and as points, under limits that fit and that do not."""
    for (name, y), line, log in itertools.product(COLUMNS.items(), (True, False), (True, False)):
        series = Series(np.arange(len(y)), y, line=line, marker="braille" if line else "●")
        for width, height in SIZES[:: 1 if line and not log else 3]:
            yield from problems(Plot([series], log_y=log), width, height, f"{name}, line {line}, log {log}")
        upright = Series(y, np.arange(len(y)), line=line)
        yield from problems(Plot([upright], x_label="x", y_label="a longer name"), 58, 24, f"{name} as x")
        if line and not log and len(y) <= 100:
            for x_limits, y_limits in itertools.product(LIMITS, LIMITS):
                plot = Plot([series, upright], x_limits=x_limits, y_limits=y_limits)
                yield from problems(plot, 40, 12, f"{name} under {x_limits} and {y_limits}")
    both = [Series(COLUMNS["both signs"], COLUMNS["both signs"]), Series([0.5], [0.5], line=False, marker="▲")]
    for (name, values), (width, height) in itertools.product(FIELDS.items(), SIZES):
        for limits in ((-1.0, 1.0), (1e12, 1e12 + 1), (-1e300, 1e300), (0.0, 1e-300)):
            plot = Plot(both, field=Field(values, limits, limits), x_limits=limits, y_limits=limits)
            yield from problems(plot, width, height, f"field {name} on {limits}")
            yield from problems(Plot(field=Field(values, limits, limits)), width, height, f"field {name} alone")


NUMBERS = st.one_of(
    st.floats(width=64),
    st.sampled_from([0.0, -0.0, NAN, INF, -INF, 1e300, -1e300, 1e308, 1e-308, 5e-324]),
    st.floats(-10, 10),
)
POINTS = st.lists(st.tuples(NUMBERS, NUMBERS), max_size=30)
ORDERED = st.one_of(st.none(), st.tuples(st.floats(-1e300, 1e300), st.floats(-1e300, 1e300)).map(sorted).map(tuple))


def random() -> Iterator[str]:
    """Draw what hypothesis comes up with."""
    found: list[str] = []

    @settings(max_examples=300, deadline=None, database=None)
    @given(
        points=POINTS, others=POINTS, x_limits=ORDERED, y_limits=ORDERED, line=st.booleans(), log=st.booleans(),
        width=st.integers(0, 130), height=st.integers(0, 45),
        values=st.none() | st.lists(st.lists(NUMBERS, min_size=3, max_size=3), min_size=1, max_size=4),
    )  # fmt: skip
    def draws(points, others, x_limits, y_limits, line, log, width, height, values) -> None:  # type: ignore[no-untyped-def]
        series = [Series(*zip(*rows, strict=True), line=line) for rows in (points, others) if rows]
        if log and y_limits:
            y_limits = (max(y_limits[0], 1e-300), max(y_limits[1], 1e-300))
        field = Field(values, x_limits or (0.0, 1.0), y_limits or (0.0, 1.0)) if values and not log else None
        plot = Plot(series, field=field, log_y=log, x_limits=x_limits, y_limits=y_limits)
        found.extend(problems(plot, width, height, repr(plot)))

    draws()
    yield from found


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    for problem in {"table": table, "random": random}[sys.argv[1]]():
        print(problem)
    print("done")
