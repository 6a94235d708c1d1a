"""`ArrayName` and `ArrayOperation`: what formulas of arrays have besides those of numbers.

A formula of arrays is a `Formula` whose names stand for arrays. The operators of Python act entry by entry and
broadcast as NumPy's do, so the rules of the op table serve here too: applied to names of arrays, `1 - out * out` is
the formula of 1 - Y² in every entry. What acts on whole arrays is an `ArrayOperation`; `functions` makes them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..rules.formula import LEFT_OUT, Formula, Name, Operation

Shape = tuple[int, ...]
"""The lengths of the axes of an array; () is that of a single number."""


@dataclass(frozen=True, slots=True, eq=False)
class ArrayName(Name):
    """The name of an array, and its shape."""

    shape: Shape = ()


@dataclass(frozen=True, slots=True, eq=False)
class DefinedName(ArrayName):
    """A name for a part of a formula, so that the rest of it can be read: σ for √(var + ε)."""

    definition: Formula = LEFT_OUT


@dataclass(frozen=True, slots=True, eq=False)
class ArrayOperation(Operation):
    """An operation on whole arrays; `parameters` are what else it takes, such as the axis of a sum."""

    parameters: Mapping[str, Any] = field(default_factory=dict[str, Any])


def parts(formula: Formula) -> Iterator[Formula]:
    """Give a formula and all its parts, in the order in which they are read; what is defined before its definition."""
    waiting = [formula]
    while waiting:
        part = waiting.pop()
        yield part
        if isinstance(part, Operation):
            waiting += reversed(part.operands)
        elif isinstance(part, DefinedName):
            waiting.append(part.definition)


def replaced(formula: Formula, other: Callable[[Formula], Formula | None]) -> Formula:
    """Return a formula with `other(part)` in the place of each part where it is not None, the outer parts first."""
    made: dict[int, Formula] = {}

    def inside(part: Formula) -> Formula:
        known = made.get(id(part))
        if known is None:
            known = made[id(part)] = other(part) or _rebuilt(part)
        return known

    def _rebuilt(part: Formula) -> Formula:
        match part:
            case DefinedName():
                return DefinedName(part.label, part.shape, inside(part.definition))
            case ArrayOperation():
                return ArrayOperation(part.function, tuple(map(inside, part.operands)), part.parameters)
            case Operation():
                return Operation(part.function, tuple(map(inside, part.operands)))
            case _:
                return part

    return inside(formula)


def definitions(formula: Formula) -> tuple[DefinedName, ...]:
    """Return the names that a formula defines, each once, in the order in which they are read."""
    found = {part.label: part for part in parts(formula) if isinstance(part, DefinedName)}
    return tuple(found.values())
