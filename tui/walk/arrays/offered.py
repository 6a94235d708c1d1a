"""`offered`: which arrays a moment offers to look at, and where an entry of one is in the walk of single numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from ....engine.arrays import Floats
from ....engine.lens.array_graph import WalkedArray
from ....engine.lens.rules import derivative_label
from ....engine.lens.step import ArrayStep
from ....engine.lens.walk import ArrayWalk
from ....engine.walk.phase import Phase
from ...words.array_entries import Entries
from ...words.array_grid import Place
from ...words.arrays import SUMMED
from .moment import ArrayMoment


def offered(moment: ArrayMoment) -> list[Entries]:
    """Return the arrays to look at: those of the selected one, or what the step just taken writes and is made of.

    While a step is asked for that is what it is made of alone.
    """
    if moment.selected is not None or not moment.step_in_play:
        return list(_of_array(moment, moment.walk.arrays[moment.array]))
    step = moment.walk.step(moment.step_in_play)
    if moment.is_asked:
        return _once(_of_operands(moment, step, whatever=True)) or list(_of_array(moment, step.array))
    return _once([*written(moment.walk, step), *_of_operands(moment, step)])


def opened_entry(moment: ArrayMoment, entries: Entries, place: Place) -> tuple[int, int] | str:
    """Return the step of the scalar walk that writes an entry, at the latest when this moment is, and its node.

    What was given, and what is not known yet, is at the step where the walk is. A sentence says why there is none.
    """
    node = entries.node(place)
    if node < 0:
        return f"{entries.entry_symbol(place)} is not in the graph: nothing on the way to the output hangs on it."
    walk, trace = moment.walk, moment.walk.trace
    here = scalar_cursor(walk, moment.cursor)
    index = entries.grid.index(place)
    step = walk.step(moment.cursor) if moment.cursor else None
    found: int | None = None
    if (
        step is not None
        and entries.array == step.array.place
        and entries.is_gradient == (step.phase is not Phase.FORWARD)
    ):
        found = walk.entry_step(moment.cursor, index)
    if found is None and entries.is_gradient:
        found = next((step for step in reversed(trace.gradient_steps(node)) if step <= here), None)
    elif found is None and node >= trace.graph.leaf_count:
        found = trace.next_write(node, 0)
    return (here if found is None else found), node


def scalar_cursor(walk: ArrayWalk, cursor: int) -> int:
    """Return where the scalar walk is when that of the arrays has taken so many steps; 0 at the start."""
    for number in range(cursor, 0, -1):
        steps = walk.scalar_steps(number)
        if steps:
            return steps.stop - 1
    return 0


def _of_array(moment: ArrayMoment, array: WalkedArray) -> Iterator[Entries]:
    state, walk = moment.state, moment.walk
    if moment.hides_ahead and state.values(array.place) is None:
        return  # an empty table would tell its shape, which is asked for
    yield _values(walk, array, state.values(array.place), "values")
    if walk.graph.carries[array.place].any():
        yield _gradient(walk, array, state.gradient(array.place), "gradient")


def written(walk: ArrayWalk, step: ArrayStep) -> Iterator[Entries]:
    """Give what a step writes: values or a gradient, and of one contribution of several it and the sums around it."""
    if step.values is not None:
        yield _values(walk, step.array, step.values, step.array.label)
    elif step.contribution is None or step.contribution_count < 2:
        yield _gradient(walk, step.array, step.after, step.name)
    else:
        for tab, numbers in zip(SUMMED, (step.contribution, step.before, step.after), strict=True):
            yield _gradient(walk, step.array, numbers, tab)


def _of_operands(moment: ArrayMoment, step: ArrayStep, *, whatever: bool = False) -> Iterator[Entries]:
    """Give the upstream gradient and the arrays of the step's formula; all that could be in it for `whatever`."""
    walk, state = moment.walk, moment.state
    if step.consumer is not None:
        upstream = derivative_label(walk.graph, step.consumer.place)
        yield _gradient(walk, step.consumer, step.upstream, upstream, style="upstream")
    made = step.array if step.consumer is None else step.consumer
    used = {each.label for each in step.shapes}
    for place in (*made.operands, made.place):
        if place == step.array.place and step.consumer is None:
            continue
        if place >= 0 and (whatever or walk.arrays[place].label in used):
            array = walk.arrays[place]
            yield _values(walk, array, state.values(place), array.label)


def _once(tables: Iterable[Entries]) -> list[Entries]:
    return list({entries.tab: entries for entries in tables}.values())


def _values(walk: ArrayWalk, array: WalkedArray, numbers: Floats | None, tab: str) -> Entries:
    return Entries(tab, array.label, numbers, array.entries, "value", False, array.place)


def _gradient(
    walk: ArrayWalk, array: WalkedArray, numbers: Floats | None, tab: str, style: str = "contribution"
) -> Entries:
    nodes = np.where(walk.graph.carries[array.place], array.entries, -1)
    return Entries(tab, derivative_label(walk.graph, array.place), numbers, nodes, style, True, array.place)
