"""`Comparison`: the gradients of a walk beside those that the library of the function finds itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ..arrays import Floats
from ..graph.graph import Graph
from ..rules.ops import OPS
from ..run.plan import run

DOUBLE_PRECISION = 1e-12
"""How far two ways of calculating with float64 may lie apart: in parts of the largest number, or of 1."""

_UNITS = 1_000
"""The same where the function rounds to fewer digits on the way, in units of the last place of 1; at most ..."""

_COARSEST = 0.05
"""... so much."""


@dataclass(frozen=True)
class LibraryResult:
    """What a library finds for a function itself.

    `value` is its result and `gradients` the partials of it by each array that carries a gradient, by the array's name
    and in its shape. `function` is what found them, such as jax.grad. `rounds` says that it rounds to fewer digits than
    float64 has somewhere in the function, which gradwalk does not; `unit` is the step between 1 and the next number
    there. `own_rules` are the functions in it whose backward pass somebody has written otherwise.
    """

    value: float
    gradients: Mapping[str, Floats]
    function: str
    rounds: bool = False
    unit: float = 2.0**-23
    own_rules: tuple[str, ...] = ()


@dataclass(frozen=True)
class ArrayDifference:
    """How far the gradients of one array lie apart.

    `largest` is the largest difference of any entry, nan where one of the two numbers does not exist and the other
    does; `entry` is that entry's index, and `own` and `theirs` are its two gradients. `scale` is the largest gradient
    of the array, in absolute value.
    """

    name: str
    largest: float
    entry: tuple[int, ...]
    own: float
    theirs: float
    scale: float


@dataclass(frozen=True)
class Comparison:
    """What came out where gradwalk's numbers were compared with those of a library.

    `arrays` are the differences of the gradients, an entry for each array that carries one; `value` and `their_value`
    are the two results. `tolerance` is how far apart they may lie, in parts of the largest number or of 1.
    `at_corner` says that the function has a corner at this point, where a library may take another slope than gradwalk
    does; `own_rules` are those of `LibraryResult`.
    """

    function: str
    arrays: tuple[ArrayDifference, ...]
    value: float
    their_value: float
    tolerance: float
    at_corner: bool
    own_rules: tuple[str, ...] = ()

    @property
    def rounds(self) -> bool:
        """Whether the library calculates with fewer digits than float64 has."""
        return self.tolerance > DOUBLE_PRECISION

    @property
    def worst(self) -> ArrayDifference | None:
        """The array with the largest difference; None where no array carries a gradient."""
        return max(self.arrays, key=lambda each: (np.isnan(each.largest), each.largest), default=None)

    @property
    def value_difference(self) -> float:
        """How far the two results lie apart; nan where only one of them is a number."""
        return 0.0 if _same(self.value, self.their_value) else abs(self.value - self.their_value)

    @property
    def gradients_agree(self) -> bool:
        """Whether all gradients are the same but for rounding."""
        scale = max((each.scale for each in self.arrays), default=0.0)
        worst = 0.0 if self.worst is None else self.worst.largest
        return bool(worst <= self._most(scale))

    @property
    def agrees(self) -> bool:
        """Whether all numbers are the same but for rounding, the results too."""
        return self.gradients_agree and bool(self.value_difference <= self._most(abs(self.their_value)))

    def _most(self, scale: float) -> float:
        return self.tolerance * max(1.0, scale if np.isfinite(scale) else 1.0)


def compared(graph: Graph, result: LibraryResult) -> Comparison:
    """Compare the numbers of a graph with what a library found."""
    record = run(graph)
    gradients = record.backward.gradients
    given = {array.name: array.entries for array in graph.arrays if not array.operation and array.name}
    arrays: list[ArrayDifference] = []
    for name, theirs in result.gradients.items():
        entries = given.get(name)
        own = np.zeros(theirs.shape)
        if entries is not None:
            own = np.where(entries >= 0, gradients[entries], 0.0)
        arrays.append(_difference(name, own, theirs))
    return Comparison(
        result.function,
        tuple(arrays),
        float(record.values[graph.output]),
        result.value,
        min(_UNITS * result.unit, _COARSEST) if result.rounds else DOUBLE_PRECISION,
        _at_corner(graph, record.values),
        result.own_rules,
    )


def _difference(name: str, own: Floats, theirs: Floats) -> ArrayDifference:
    if not own.size:
        return ArrayDifference(name, 0.0, (), 0.0, 0.0, 0.0)
    same = (own == theirs) | (np.isnan(own) & np.isnan(theirs))
    with np.errstate(all="ignore"):
        apart = np.where(same, 0.0, np.abs(own - theirs))
        scale = float(np.max(np.abs(theirs), initial=0.0, where=np.isfinite(theirs)))
    place = int(np.argmax(np.where(np.isnan(apart), np.inf, apart)))
    entry = tuple(map(int, np.unravel_index(place, own.shape)))
    return ArrayDifference(name, float(apart[entry]), entry, float(own[entry]), float(theirs[entry]), scale)


def _same(own: float, theirs: float) -> bool:
    return own == theirs or (np.isnan(own) and np.isnan(theirs))


def _at_corner(graph: Graph, values: Floats) -> bool:
    """Say whether an operation that carries a gradient lies on a corner of its function."""
    for code, op in enumerate(OPS):
        corners = op.corners
        if corners is None:
            continue
        nodes = np.flatnonzero((graph.codes == code) & graph.carries_gradient)
        if nodes.size and op.arity:
            first = graph.operand_offsets[nodes]
            operands = [values[graph.operands[first + position]] for position in range(op.arity)]
            if np.any(corners.at(*operands)):
                return True
    return False
