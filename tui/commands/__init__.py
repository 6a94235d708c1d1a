"""The commands of `gradwalk`: a module each, called as the command is, and loaded when the command is.

Each has its `command`, and the `SECTION` of the help that it stands in (see `SECTIONS`).
"""

from __future__ import annotations

SECTIONS = ("Walk", "Study", "Teach", "Look up")
"""The sections of `gradwalk --help`, in order."""
