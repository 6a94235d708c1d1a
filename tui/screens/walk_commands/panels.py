"""The keys that choose what stands beside the graph."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from ...walk.command import Command
from ...walk.panel import Panel
from ...walk.panels import PANELS
from ...walk.stage import Stage


def _show(panel: Panel, stage: Stage) -> None:
    if panel.again is not None and stage.moment.panel == panel.name:
        stage.moment = panel.again(stage.moment)
    else:
        stage.moment = replace(stage.moment, panel=panel.name)


COMMANDS = tuple(
    Command(f"walk.{panel.name}", panel.key, panel.name.capitalize(), panel.tooltip, partial(_show, panel))
    for panel in PANELS
)
