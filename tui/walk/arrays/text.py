"""A walk of arrays as text: what is copied, saved and printed."""

from __future__ import annotations

from collections.abc import Iterator

from ....engine.lens.walk import ArrayWalk
from ....engine.scenario import Scenario
from ...words.arrays import moment_lines, position_words, table_lines
from ...words.lines import Line, line
from .moment import ArrayMoment
from .offered import offered, written

WIDTH = 78
"""Cells of a table of entries."""


def moment_text(moment: ArrayMoment, scenario: Scenario) -> list[Line]:
    """Return what a moment is: its place, its step, and the entries of the arrays that it offers to look at."""
    walk, digits = moment.walk, moment.digits
    lines = [line((position_words(walk, moment.cursor), "label"))]
    tables: list[Line] = []
    for entries in offered(moment):
        tables += [Line(), *table_lines(entries, WIDTH, digits)]
    return [*lines, *moment_lines(walk, moment.cursor, digits, scenario=scenario, tables=tables)]


def trace_text(walk: ArrayWalk, scenario: Scenario, digits: int = 0) -> Iterator[Line]:
    """Return a whole walk of arrays, step after step; `digits` are as in `words.walk.number`."""
    for cursor in range(walk.total + 1):
        yield line((position_words(walk, cursor), "label"))
        tables: list[Line] = []
        for entries in written(walk, walk.step(cursor)) if cursor else ():
            tables += table_lines(entries, WIDTH, digits)
        said = moment_lines(walk, cursor, digits, scenario=scenario, tables=tables)
        yield from (each.indented(2) for each in said)
        yield Line()
