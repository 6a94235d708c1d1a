"""The keys of a walk, whatever draws its graph: a module for each thing that they are about."""

from __future__ import annotations

from types import ModuleType

from ...walk.command import Command
from ...walk.keys import FIRST_KEYS
from . import (
    arrays,
    asking,
    differentiating,
    digits,
    editing,
    finding,
    leaving,
    marks,
    modes,
    moving,
    panels,
    predicting,
    room,
    stopping,
    taking,
    views,
)

_MODULES = (
    moving, predicting, taking, finding, stopping, editing, views, arrays, panels, room, digits, modes, differentiating,
    marks, asking, leaving,
)  # fmt: skip

COMMANDS: dict[str, Command] = {command.id: command for module in _MODULES for command in module.COMMANDS}
"""All of them by their ids, in the order in which the help lists them."""


def _of(*themes: ModuleType) -> tuple[str, ...]:
    return tuple(command.id for theme in themes for command in theme.COMMANDS if command.id not in FIRST_KEYS)


KEY_GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("To begin with", FIRST_KEYS),
    ("More steps", _of(moving)),
    ("Predict", _of(predicting)),
    ("In the graph", ()),
    ("Larger and smaller", _of(views, arrays, panels, room, digits)),
    ("Change the walk", _of(editing)),
    ("Forward mode, derivatives", _of(modes, differentiating)),
    ("Find and stop", _of(finding, stopping)),
    ("Questions, notes, files", _of(asking, marks, taking, leaving)),
)
"""The headings of the help, and the ids of the keys below each; an empty group takes those of the graph's view."""
