"""The keys of a walk, whatever draws its graph: a module for each thing that they are about."""

from __future__ import annotations

from ...walk.command import Command
from . import (
    differentiating,
    digits,
    editing,
    finding,
    leaving,
    marks,
    modes,
    moving,
    panels,
    room,
    stopping,
    taking,
    views,
)

_MODULES = (
    moving, taking, finding, stopping, editing, views, panels, room, digits, modes, differentiating, marks, leaving,
)  # fmt: skip

COMMANDS: dict[str, Command] = {command.id: command for module in _MODULES for command in module.COMMANDS}
"""All of them by their ids, in the order in which the help lists them."""
