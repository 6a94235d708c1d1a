"""`ArrayStep`: all that there is to say about one step of a walk at the level of arrays."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..array_formulas.formula import ArrayName, DefinedName, Shape, definitions
from ..arrays import Floats
from ..rules.formula import Formula
from ..rules.notation import Notation
from ..walk.phase import Phase
from .array_graph import WalkedArray


@dataclass(frozen=True, eq=False)
class Named:
    """A name in the formula of a step, with its shape."""

    label: str
    shape: Shape


@dataclass(frozen=True, eq=False)
class ArrayStep:
    """One step, forward, the seed, or backward.

    `number` counts from 1 to `total`. `array` is the array whose values (forward) or gradient (seed and backward) the
    step writes, `name` what it writes: `Y`, or `∂L/∂W`. A backward step goes from the array `consumer` to its operand
    at `position`. `formula` is what is computed, None where there is no rule in matrix form for it; `shapes` has what
    stands left of it, and then every name in it. `why` are sentences: which rule it is, which shapes make it the only
    product that fits, why there is a sum. `of_entry` says the same of one entry, with indices, where that is short.

    The numbers are float64 in the array's shape. A forward step has `values`. A backward step has `upstream`, the
    gradient of the consumer in its shape, and `before`, `contribution`, `after` of the array's gradient: contribution
    `contribution_number` of `contribution_count`, the seed counted. nan stands where an entry carries no gradient, or
    the graph does not have it. `difference` is how far the formula is from the scalar walk, as a part of its largest
    number; None where there is no formula. `is_together` says that the consumer has the same nodes in several
    operands, and that the scalar walk does not tell them apart: then the first of them has it all.
    """

    number: int
    total: int
    phase: Phase
    array: WalkedArray
    name: str
    formula: Formula | None
    shapes: tuple[Named, ...]
    why: tuple[str, ...] = ()
    of_entry: str = ""
    consumer: WalkedArray | None = None
    position: int = 0
    values: Floats | None = None
    upstream: Floats | None = None
    before: Floats | None = None
    contribution: Floats | None = None
    after: Floats | None = None
    contribution_number: int = 0
    contribution_count: int = 0
    difference: float | None = None
    is_together: bool = False
    hints: tuple[str, ...] = field(default=(), repr=False)

    @property
    def definitions(self) -> tuple[DefinedName, ...]:
        """The names that the formula defines, such as σ, in the order in which they are read."""
        return () if self.formula is None else definitions(self.formula)

    @property
    def written(self) -> Floats:
        """The numbers that the array has after this step: its values, or its gradient so far."""
        numbers = self.values if self.after is None else self.after
        assert numbers is not None, "a step writes something"
        return numbers

    def left(self, notation: Notation) -> str:
        """Write what the step computes."""
        return notation.formula(ArrayName(self.name, self.array.shape))

    def right(self, notation: Notation) -> str:
        """Write the formula; "" where there is none."""
        return "" if self.formula is None else notation.formula(self.formula)

    def equation(self, notation: Notation) -> str:
        """Write the step as an equation; a contribution that is one of several is added. "" without a formula."""
        if self.formula is None:
            return ""
        sign = notation.adds if self.contribution_count > 1 else notation.equals
        return self.left(notation) + sign + self.right(notation)
