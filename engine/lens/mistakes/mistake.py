"""`ArrayMistake`: an entry of the table; `StepSite`: the backward step that it may be made at."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ...array_formulas.formula import ArrayName, Shape
from ...rules.formula import Formula


@dataclass(frozen=True, eq=False)
class StepSite:
    """A backward step from Y = operation(..., X, ...) to X, and the right rule for it.

    `right` is the rule, `upstream` is ∂L/∂Y, `operands` are what Y was made of, `out` is Y, `name` is ∂L/∂X, `output`
    is L. `means` are the numbers of entries of the means between Y and the output, Y's own included, by the label of
    each mean.
    """

    operation: str
    right: Formula
    upstream: ArrayName
    operands: tuple[Formula, ...]
    out: ArrayName
    position: int
    name: str
    parameters: Mapping[str, Any]
    means: Mapping[str, int]
    output: str

    @property
    def operand(self) -> Formula:
        """X."""
        return self.operands[self.position]

    @property
    def label(self) -> str:
        """What X is called."""
        return self.operand.label if isinstance(self.operand, ArrayName) else str(self.operand)

    @property
    def shape(self) -> Shape:
        """The shape of X."""
        return self.operand.shape if isinstance(self.operand, ArrayName) else ()


Made = tuple[Formula, str]
"""What the mistake makes of the rule, and the sentence that explains it."""


@dataclass(frozen=True)
class ArrayMistake:
    """A mistake that is known: `title` is a short phrase for lists; `of_step` gives the wrong rules that it makes."""

    id: str
    title: str
    of_step: Callable[[StepSite], Iterator[Made]]
