"""The key that leaves a walk."""

from __future__ import annotations

from dataclasses import replace

from ...messages import WalkLeft
from ...walk.command import Command
from ...walk.stage import Stage


def _leave(stage: Stage) -> None:
    """Go back to the training, or to the library; from the large numbers of a step, to the walk."""
    if stage.moment.zoomed == "numbers":
        stage.moment = replace(stage.moment, zoomed="")
        return
    stage.moment = stage.moment.played(False)
    stage.post_message(WalkLeft(stage.screen))


COMMANDS = (
    Command(
        "walk.library", "escape,b", "Library", "Back to the library, or to the training", _leave, key_display="esc"
    ),
)
