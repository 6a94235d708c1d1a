"""`Done`: how far somebody has come with a scenario."""

from __future__ import annotations

from enum import StrEnum


class Done(StrEnum):
    """How far somebody has come with a scenario; each includes the one before."""

    OPENED = "opened"
    WALKED = "walked"
    """The walk was seen to its end."""
    TRAINED = "trained"
    """The training was run to its last epoch, or to where it cannot go on."""
