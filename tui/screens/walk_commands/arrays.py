"""The key that walks whole arrays in place of single numbers, where scalars were made as arrays."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ...walk.command import Command
from ...walk.opened import LARGE
from ...walk.stage import Stage

if TYPE_CHECKING:
    from ...walk.arrays.moment import ArrayMoment
    from ..arrays import LeftArrays


def show_arrays(stage: Stage, *, predict: bool = False) -> None:
    """Show the walk of arrays at the step that the one on show is a part of; from there, the way leads back here.

    `predict` has the steps of the arrays asked for.
    """
    trace, opened = stage.moment.trace, stage.opened
    stage.moment = stage.moment.played(False)
    if not trace.graph.arrays:
        from ...words.arrays import NO_ARRAYS

        stage.say(NO_ARRAYS)
        return
    if trace.tangents is not None:
        from ...words.arrays import IN_FORWARD_MODE

        stage.say(IN_FORWARD_MODE)
        return
    kept = opened.arrays_of(trace)
    if kept is not None:
        _show(stage, _followed(kept, stage.moment.cursor))
        return
    from ....engine.lens.walk import ArrayWalk
    from ...walk.arrays.moment import ArrayMoment, ArrayPrediction

    def show(walk: ArrayWalk | None) -> None:
        if walk is not None:
            cursor = walk.array_step_of(stage.moment.cursor)
            prediction = ArrayPrediction(cursor) if predict else None
            moment = ArrayMoment(walk, cursor, digits=stage.moment.digits, prediction=prediction)
            _show(stage, moment)

    if len(trace.graph) < LARGE:
        show(ArrayWalk(trace))
        return
    from ..working import WorkingScreen

    stage.ask(WorkingScreen("gathering the arrays", lambda report: ArrayWalk(trace)), show)


def _followed(kept: ArrayMoment, cursor: int) -> ArrayMoment:
    """Return the moment of the arrays as it was left, or where the other walk has gone on to since."""
    from ...walk.arrays.offered import scalar_cursor

    walk, number = kept.walk, kept.cursor
    if cursor == scalar_cursor(walk, number) or (number and cursor in walk.scalar_steps(number)):
        return kept
    return kept.at(walk.array_step_of(cursor))


def _show(stage: Stage, moment: ArrayMoment) -> None:
    from ..arrays import ArraysScreen

    opened = stage.opened
    screen = ArraysScreen(opened.title, opened.scenario, moment)
    stage.ask(screen, lambda left: go_back(stage, left))


def go_back(stage: Stage, left: LeftArrays | None) -> None:
    """Go where the arrays were left for."""
    if left is None:
        return
    stage.opened.keep_arrays(stage.moment.trace, left.moment)
    moment = replace(stage.moment.at(left.cursor), digits=left.moment.digits)
    stage.go(moment if left.node is None else moment.selecting(left.node))


COMMANDS = (
    Command(
        "walk.arrays", "V", "Arrays", "Walk the arrays that the numbers were made as, where they were", show_arrays,
        key_display="V", tells_ahead=True,
    ),
)  # fmt: skip
