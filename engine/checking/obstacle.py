"""`Obstacle`: why a way to a derivative is closed, as data; the sentences are made where it is shown."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ObstacleKind(StrEnum):
    """The kinds of obstacles."""

    UNDEFINED = "undefined"
    """The output or the gradient has no value."""
    KINK = "kink"
    """The node stands where its operation has a corner or a jump, so there is no derivative."""
    EDGE = "edge-of-domain"
    """The node stands at the edge of its operation's domain: the function goes on at one side only."""
    KINK_NEAR = "kink-near"
    """The node has a corner or a jump so near that every step which is not lost in rounding crosses it."""
    UNDEFINED_NEAR = "undefined-near"
    """At every distance that was tried the output is undefined on both sides."""
    TOO_ROUGH = "too-rough"
    """Rounding and curvature leave too few digits at every step that was tried."""


@dataclass(frozen=True, slots=True)
class Obstacle:
    """What stands in the way: a kind, and the node concerned with its expression; an empty name is that of none."""

    kind: ObstacleKind
    name: str = ""
    expression: str = ""
