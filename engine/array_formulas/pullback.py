"""`PullbackSite` and `Pullback`: the rule of a backward step through an operation on arrays."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..rules.formula import Formula
from .formula import Shape
from .shapes import shape_of


@dataclass(frozen=True, eq=False)
class PullbackSite:
    """One operand of one operation on arrays, Y = operation(..., X, ...), on the way back.

    `upstream` is ∂L/∂Y, in the shape of Y, `operands` are the operands, a name or a literal number each, `out` is Y.
    `position` says which operand is X. `parameters` are what else the operation takes. `alone` says that no other
    operand carries a gradient.
    """

    upstream: Formula
    operands: tuple[Formula, ...]
    out: Formula
    position: int
    parameters: Mapping[str, Any] = field(default_factory=dict[str, Any])
    alone: bool = True

    @property
    def operand(self) -> Formula:
        """X, the operand that the contribution goes to."""
        return self.operands[self.position]

    @property
    def shape(self) -> Shape:
        """The shape of X, and so of what it gets."""
        return shape_of(self.operand)

    @property
    def out_shape(self) -> Shape:
        """The shape of Y."""
        return shape_of(self.out)


Pullback = Callable[[PullbackSite], Formula | None]
"""Gives the contribution of Y to ∂L/∂X, in the shape of X: the upstream gradient times the local derivative.

None where the operation has no such form for these shapes or parameters.
"""
