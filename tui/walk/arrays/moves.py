"""Where the keys of a walk of arrays lead: from a moment to another one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ..moves import start, step_back, step_forward
from .moment import ArrayMoment
from .offered import offered, scalar_cursor

Move = Callable[[ArrayMoment], ArrayMoment]


def next_phase(moment: ArrayMoment) -> ArrayMoment:
    """Go to the seed, where the values are complete, or to the end."""
    seed = moment.walk.seed_step
    return moment.at(seed if moment.cursor < seed else moment.walk.total)


def previous_phase(moment: ArrayMoment) -> ArrayMoment:
    """Go back to the seed, or to the start."""
    seed = moment.walk.seed_step
    return moment.at(seed if moment.cursor > seed else 0)


def next_array(moment: ArrayMoment) -> ArrayMoment:
    """Take all steps through the next array at once: in the backward pass, those to all of its operands."""
    return moment if moment.at_end else moment.at(_together(moment, moment.cursor + 1).stop - 1)


def previous_array(moment: ArrayMoment) -> ArrayMoment:
    """Take back all steps through the array that the cursor is at."""
    return moment.at(_together(moment, moment.cursor).start - 1) if moment.cursor else moment


def end(moment: ArrayMoment) -> ArrayMoment:
    """Go to the end."""
    return moment.at(moment.walk.total)


def next_write(moment: ArrayMoment) -> ArrayMoment:
    """Go to the next step that writes the array in question: its values, then each contribution to its gradient.

    After the last one comes the first again. Data is never written: nothing moves.
    """
    walk, place = moment.walk, moment.array
    value = walk.value_step(place)
    steps = [*([value] if value is not None else []), *walk.gradient_steps(place)]
    if not steps:
        return moment
    return moment.at(next((step for step in steps if step > moment.cursor), steps[0])).selecting(place)


MOVES: dict[str, Move] = {
    move.__name__: move
    for move in (
        step_forward,
        step_back,
        next_phase,
        previous_phase,
        next_array,
        previous_array,
        start,
        end,
        next_write,
    )
}
"""The moves that a key can name."""


def next_tab(moment: ArrayMoment) -> ArrayMoment:
    """Show the entries of the next array on offer."""
    tabs = [entries.tab for entries in offered(moment)]
    if not tabs:
        return moment
    shown = tabs.index(moment.tab) if moment.tab in tabs else 0
    return replace(moment, tab=tabs[(shown + 1) % len(tabs)])


def next_zoom(moment: ArrayMoment) -> ArrayMoment:
    """Give the list the whole window, then the panel, then both."""
    return replace(moment, zoomed={"": "list", "list": "panel", "panel": ""}[moment.zoomed])


def other_compounds(moment: ArrayMoment) -> ArrayMoment | None:
    """Take compounds apart, or together again, where the walk is; None where it has none."""
    before = moment.walk
    walk = before.with_compounds(not before.is_compound)
    if len(walk.arrays) == len(before.arrays):
        return None
    cursor = walk.total if moment.at_end else walk.array_step_of(scalar_cursor(before, moment.cursor))
    return replace(moment, walk=walk).at(cursor).played(False)


def _together(moment: ArrayMoment, step: int) -> range:
    """Return the steps that belong together with one: all those from one array backward; any other stands alone."""
    walk = moment.walk
    consumer = walk.consumer_of(step)
    first = last = step
    if consumer is not None:
        while first - 1 > walk.seed_step and _comes_from(moment, first - 1) == consumer[0].place:
            first -= 1
        while last < walk.total and _comes_from(moment, last + 1) == consumer[0].place:
            last += 1
    return range(first, last + 1)


def _comes_from(moment: ArrayMoment, step: int) -> int:
    consumer = moment.walk.consumer_of(step)
    return consumer[0].place if consumer is not None else -1
