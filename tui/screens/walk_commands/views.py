"""The key that chooses what draws the graph."""

from __future__ import annotations

from dataclasses import replace

from ...walk.command import Command
from ...walk.stage import Stage


def _next_view(stage: Stage) -> None:
    """Show the view after the one that is shown; after the last comes the first."""
    names = [view.name for view in stage.views]
    stage.moment = replace(stage.moment, view=names[(names.index(stage.moment.view) + 1) % len(names)])


COMMANDS = (Command("walk.view", "v", "View", "Show the graph as a circuit, or as a tree", _next_view),)
