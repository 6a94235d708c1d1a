"""Effects: what a mistake changes in the computation of a walk; everything behind it follows from that."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class LocalBecomes:
    """The local derivative of an edge is another number."""

    edge: int
    number: float


@dataclass(frozen=True, slots=True)
class LocalNegated:
    """The local derivative of an edge has the other sign."""

    edge: int


@dataclass(frozen=True, slots=True)
class LocalsBecome:
    """The local derivatives by all operands of a node are one other number."""

    consumer: int
    number: float


@dataclass(frozen=True, slots=True)
class LocalIgnored:
    """The local derivative of an edge is not multiplied: its contribution is the upstream gradient."""

    edge: int


@dataclass(frozen=True, slots=True)
class UpstreamBecomes:
    """Another number is multiplied in place of the upstream gradient; with 1 it is not multiplied at all."""

    edge: int
    number: float


@dataclass(frozen=True, slots=True)
class UpstreamFrom:
    """The gradient of another node, nearer to the output, is multiplied in place of the upstream gradient."""

    edge: int
    node: int


@dataclass(frozen=True, slots=True)
class Negated:
    """The contribution of an edge has the other sign."""

    edge: int


@dataclass(frozen=True, slots=True)
class Omitted:
    """The contribution of an edge is not added to the gradient."""

    edge: int


@dataclass(frozen=True, slots=True)
class Overwrites:
    """The contribution of an edge replaces what had accumulated before: = in place of +=."""

    edge: int


@dataclass(frozen=True, slots=True)
class Summed:
    """What had accumulated before is added to the contribution of an edge already."""

    edge: int


@dataclass(frozen=True, slots=True)
class ValueBecomes:
    """The value of a node is another number, and so is all that is computed from it."""

    node: int
    number: float


@dataclass(frozen=True, slots=True)
class InDegrees:
    """Every sin, cos and tan takes its operand for degrees: in the local derivatives, and in the values too or not."""

    with_values: bool


@dataclass(frozen=True, slots=True)
class Rounds:
    """Every number is rounded as soon as it is computed, to so many decimals or significant digits.

    `with_values` says that those of the forward pass are too, else those of the backward pass alone.
    """

    digits: int
    is_significant: bool
    with_values: bool


class Reading(StrEnum):
    """A number of a pass."""

    VALUE = "value"
    CONTRIBUTION = "contribution"
    ACCUMULATED = "accumulated"
    GRADIENT = "gradient"


@dataclass(frozen=True, slots=True)
class AnswerIs:
    """Another number of the pass is given as the answer: that of a node (value, gradient) or of an edge."""

    reading: Reading
    place: int


@dataclass(frozen=True, slots=True)
class AnswerNegated:
    """The answer has the other sign."""


@dataclass(frozen=True, slots=True)
class AnswerBecomes:
    """The answer is another number, whatever else is wrong."""

    number: float


AnswerEffect = AnswerIs | AnswerNegated | AnswerBecomes
EdgeEffect = (
    LocalBecomes
    | LocalNegated
    | LocalIgnored
    | UpstreamBecomes
    | UpstreamFrom
    | Negated
    | Omitted
    | Overwrites
    | Summed
)
Effect = EdgeEffect | LocalsBecome | ValueBecomes | InDegrees | Rounds | AnswerEffect
