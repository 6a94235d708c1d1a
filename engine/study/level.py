"""`Level`: how much of a walk the learner works out: from a worked example to the result alone."""

from __future__ import annotations

from enum import StrEnum


class Level(StrEnum):
    """What is asked before a step is shown; each level asks for more than the one before it."""

    WORKED_EXAMPLE = "worked example"
    """Nothing: every step is shown."""
    LAST_FACTOR = "last factor"
    """What is last in a worked example, all else given: forward the value, backward the local derivative."""
    STEP = "step"
    """Each step whole."""
    RESULT = "result"
    """Only the results: the output, and the gradients when they are complete."""


FADING = "fading"
"""The name of the choice in place of a level: each step at the level that the learner has reached with its rule."""

CHOICES: tuple[str, ...] = (FADING, *Level)
"""What somebody can choose: fading, or one level for all steps."""
