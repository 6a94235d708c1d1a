"""The keys that choose what stands beside the graph."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from ...walk.command import Command
from ...walk.panels import PANELS
from ...walk.stage import Stage


def _show(name: str, stage: Stage) -> None:
    stage.moment = replace(stage.moment, panel=name)


COMMANDS = tuple(
    Command(f"walk.{panel.name}", panel.key, panel.name.capitalize(), panel.tooltip, partial(_show, panel.name))
    for panel in PANELS
)
