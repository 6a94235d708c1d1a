"""How many scalars a walk of somebody's function may have, and the smaller slice that is proposed where it has more."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence

from .errors import TooManyScalars

MAX_SCALARS = 1_000_000
"""So many nodes a walk has at most; the screen answers at once with that many."""

Shapes = Mapping[str, tuple[int, ...]]
"""The shape of each array that a function takes, by its name."""


def check_count(shapes: Shapes, count: Callable[[Shapes], int], most: int = MAX_SCALARS) -> None:
    """Raise TooManyScalars where a function would make too many scalars.

    `count` says how many it makes of arrays of these shapes; it may raise anything for shapes that the function cannot
    take. The error proposes the longest slice of the rows of the data that is still small enough.
    """
    needed = count(shapes)
    if needed > most:
        raise TooManyScalars(needed, most, _proposal(shapes, count, most))


def by_few_rows(full: Shapes, measured: Callable[[Shapes], int]) -> Callable[[Shapes], int]:
    """Return a count for slices of the `full` shapes that measures no more than four rows.

    What a function makes of n rows is taken to be a polynomial of second degree in n, as where each row meets each
    other one; ValueError for one whose fourth row does not fit.
    """

    @functools.cache
    def coefficients(sliced: tuple[str, ...]) -> tuple[int, int, int]:
        one, two, three, four = (
            measured({name: (rows, *shape[1:]) if name in sliced else shape for name, shape in full.items()})
            for rows in (1, 2, 3, 4)
        )
        first, second = two - one, three - 2 * two + one
        if four != one + 3 * first + 3 * second:
            raise ValueError("the count is no such polynomial")
        return one, first, second

    def count(shapes: Shapes) -> int:
        sliced = tuple(name for name, shape in full.items() if shapes[name] != shape)
        one, first, second = coefficients(sliced)
        further = shapes[sliced[0]][0] - 1
        return one + further * first + further * (further - 1) // 2 * second

    return count


def _proposal(shapes: Shapes, count: Callable[[Shapes], int], most: int) -> str:
    """Say which slices of rows would do, "" where none is known to."""
    lengths = {shape[0] for shape in shapes.values() if shape and shape[0] > 1}
    for length in sorted(lengths, reverse=True):
        sliced = [name for name, shape in shapes.items() if shape and shape[0] == length]
        found = _longest(shapes, sliced, length, count, most)
        if found is not None:
            rows, scalars = found
            parts = ", ".join(f"{name}[:{rows}]" for name in sliced)
            verb = "make" if len(sliced) > 1 else "makes"
            return f"walk a smaller slice, {parts}, which {verb} {scalars:,}"
    return ""


def _longest(
    shapes: Shapes, sliced: Sequence[str], length: int, count: Callable[[Shapes], int], most: int
) -> tuple[int, int] | None:
    """Return how many rows there may be and the scalars they make; None where not even one row is small enough."""
    fits, fitting, too_many = 0, 0, length
    rows = 1
    while fits + 1 < too_many or not fits:
        smaller = {name: (rows, *shape[1:]) if name in sliced else shape for name, shape in shapes.items()}
        try:
            made = count(smaller)
        except Exception:  # whatever the function or its library says of shapes that do not fit
            return None
        if made > most:
            if rows == 1:
                return None
            too_many = rows
        else:
            fits, fitting = rows, made
        rows = (fits + too_many) // 2
    return fits, fitting
