"""The key that differentiates a walk, as a walk of its own."""

from __future__ import annotations

from functools import partial

from ....engine.errors import GradwalkError
from ...messages import WalkOpened
from ...walk.command import Command
from ...walk.opened import LARGE, OpenedWalk
from ...walk.stage import Stage
from .inputs import with_input


def _differentiate(stage: Stage) -> None:
    """Open the walk of the derivative by the selected input; leaving it leads back here."""
    with_input(stage, "differentiate with respect to which input?", partial(_open, stage))


def _open(stage: Stage, by: int) -> None:
    from ...walk.derivative import open_derivative

    def show(opened: OpenedWalk | None) -> None:
        if opened is not None:
            stage.moment = stage.moment.played(False)
            stage.post_message(WalkOpened(stage.screen, opened))

    before = stage.opened
    if len(before.trace.graph) < LARGE // 4:  # its derivative is some times as large
        try:
            show(open_derivative(before, by))
        except GradwalkError as error:
            stage.say(str(error))
        return
    from ..working import WorkingScreen

    stage.ask(
        WorkingScreen(
            "recording the backward pass",
            lambda report: open_derivative(before, by, lambda doing, done: report(done)),
        ),
        show,
    )


COMMANDS = (
    Command(
        "walk.differentiate", "d", "Differentiate", "Walk the derivative with respect to the selected input",
        _differentiate, tells_ahead=True,
    ),
)  # fmt: skip
