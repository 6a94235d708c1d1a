"""`Origin`: what of a walk a node of that walk's derivative stands for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class OriginKind(StrEnum):
    """What a node of the graph of a derivative is in the walk that was differentiated."""

    VALUE = "value"
    """The value of a node."""
    LOCAL = "local-derivative"
    """The local derivative of an edge, ∂consumer/∂operand."""
    LOCAL_PART = "part-of-local-derivative"
    """A number or an operation on the way to the local derivative of an edge."""
    CONTRIBUTION = "contribution"
    """The contribution along an edge: upstream gradient times local derivative."""
    GRADIENT = "accumulated-gradient"
    """The gradient of a node, complete."""


@dataclass(frozen=True, slots=True)
class Origin:
    """One thing of a walk: the value or gradient of `node`, or what belongs to the edge from `node` to an operand.

    An edge is that of the operand at `position`, 0 for the first; for a value or gradient it means nothing.
    """

    kind: OriginKind
    node: int
    position: int = 0

    @property
    def is_of_edge(self) -> bool:
        """Whether it belongs to an edge."""
        return self.kind not in (OriginKind.VALUE, OriginKind.GRADIENT)
