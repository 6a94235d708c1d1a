"""`Phase` and `Quantity`: the parts of a walk, and what a step writes."""

from __future__ import annotations

from enum import StrEnum


class Phase(StrEnum):
    """The parts of a walk: forward mode has tangents where reverse mode goes backward; only an epoch has an update."""

    FORWARD = "forward"
    SEED = "seed"
    BACKWARD = "backward"
    TANGENT = "tangent"
    UPDATE = "update"


class Quantity(StrEnum):
    """What a step writes of its node."""

    VALUE = "value"
    GRADIENT = "gradient"
    TANGENT = "tangent"
