"""Marking steps: from a moment to another one. No widgets."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ...engine.editing.counterparts import Counterparts, key_after
from ...engine.graph.graph import Graph
from .mark import Mark
from .moment import Moment


def mark_here(moment: Moment) -> Mark | None:
    """Return the mark at the step just taken; None where there is none."""
    if not moment.marks or not moment.cursor:
        return None
    key = moment.trace.key(moment.cursor)
    return next((mark for mark in moment.marks if mark.key == key), None)


def with_mark(moment: Moment, note: str) -> Moment:
    """Return the moment with the step just taken marked, in the place of a mark that is there; not at the start."""
    key = moment.trace.key(moment.cursor)
    marks = (*(mark for mark in moment.marks if mark.key != key), Mark(key, note))
    return replace(moment, marks=tuple(sorted(marks, key=lambda mark: moment.trace.number(mark.key) or 0)))


def without_mark(moment: Moment, mark: Mark) -> Moment:
    """Return the moment without a mark."""
    return replace(moment, marks=tuple(other for other in moment.marks if other is not mark))


def carried(marks: Iterable[Mark], before: Graph, after: Graph, counterparts: Counterparts) -> tuple[Mark, ...]:
    """Return marks for another graph: at the same steps, without those that it has not."""
    keys = ((key_after(mark.key, before, after, counterparts), mark) for mark in marks)
    return tuple(replace(mark, key=key) for key, mark in keys if key is not None)
