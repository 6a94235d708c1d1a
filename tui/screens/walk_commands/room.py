"""The keys that share out the window: one pane alone, and the divider between the two."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from ...walk.command import Command
from ...walk.stage import Stage

_NEXT = {"": "graph", "graph": "panel", "panel": ""}
"""Which pane has the whole window after the one that has it; none is both."""


def _zoom(stage: Stage) -> None:
    stage.moment = replace(stage.moment, zoomed=_NEXT.get(stage.moment.zoomed, "graph"))


def _large(stage: Stage) -> None:
    stage.moment = replace(stage.moment, zoomed="" if stage.moment.zoomed == "numbers" else "numbers")


def _move_divider(places: int, stage: Stage) -> None:
    stage.move_divider(places)


# fmt: off
COMMANDS = (
    Command("walk.zoom", "z", "Zoom", "Give the graph the whole window, then the panel, then both", _zoom),
    Command("walk.large", "Z", "Large", "Fill the window with the numbers of the step, or no longer", _large, "Z"),
    Command("walk.divider-left", "left_parenthesis", "Divider left", "Make the graph smaller and the panel larger",
            partial(_move_divider, -1), "("),
    Command("walk.divider-right", "right_parenthesis", "Divider right", "Make the graph larger and the panel smaller",
            partial(_move_divider, 1), ")"),
)
