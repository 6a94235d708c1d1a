"""`Reason`: why a number of a step does not exist, as data; the sentences are made where steps are shown."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Why(StrEnum):
    """The kinds of reasons."""

    OUTSIDE_DOMAIN = "outside-domain"
    """The node's operation is not defined at these operands."""
    VALUE_TOO_LARGE = "value-too-large"
    """The node's value is larger than any 64-bit float."""
    VALUE_UNDEFINED = "value-undefined"
    """The node, an operand or the output, has no value itself."""
    LOCAL_UNDEFINED = "local-undefined"
    """The local derivative of the node has no finite value at these operands."""
    LOCAL_TOO_LARGE = "local-too-large"
    """The local derivative of the node is larger than any 64-bit float."""
    UPSTREAM_UNDEFINED = "upstream-undefined"
    """The upstream gradient, that of the node, does not exist."""
    TANGENT_UNDEFINED = "tangent-undefined"
    """The tangent of the node, an operand, does not exist."""
    EARLIER_UNDEFINED = "earlier-undefined"
    """A contribution to the gradient of the node that came before does not exist."""
    PRODUCT_TOO_LARGE = "product-too-large"
    """The contribution to the gradient of the node is larger than any 64-bit float."""
    SUM_TOO_LARGE = "sum-too-large"
    """The accumulated gradient of the node is larger than any 64-bit float."""
    UPDATE_NOT_FINITE = "update-not-finite"
    """The update of the node, a parameter, has no finite result."""


class Loss(StrEnum):
    """How a float can lose a value that mathematics has."""

    TOO_SMALL = "too-small"
    """It is nearer to 0 than any 64-bit float and became 0."""
    TOO_LARGE = "too-large"
    """It is larger than any 64-bit float and became infinite."""
    ROUNDED = "rounded"
    """Its operands agree in nearly all the digits that a 64-bit float has, and rounding is all that is left."""


@dataclass(frozen=True, slots=True)
class Lost:
    """The first node on the way whose value a float lost: its label, its expression, how, and what the value is.

    `exact` is the value to two digits, as text, because a float may not hold it: `5.1e-435`.
    """

    node: int
    name: str
    expression: str
    loss: Loss
    exact: str


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a number does not exist: a kind, the node concerned and its label.

    `lost` is there where mathematics does have the number, and a float on the way to it is at fault.
    """

    why: Why
    node: int
    name: str
    lost: Lost | None = None
