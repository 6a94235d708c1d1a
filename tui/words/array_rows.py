"""How an array reads in a row of the list: its name, what it is made of, its shape, and the span of its numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from rich.cells import cell_len, set_cell_size

from ...engine.array_formulas.printers.unicode import NOTATION
from ...engine.arrays import Floats
from ...engine.lens.rules import forward_formula
from ...engine.lens.walk import ArrayState, ArrayWalk
from ...engine.rules.number_text import format_number
from .lines import Piece
from .walk import NO_GRADIENT, UNDEFINED, UNKNOWN

GUTTER = 2
"""Cells at the left of a row, for the marks of what is in play and of what is selected."""

_LEAST_SPAN, _MOST_SPAN = 12, 22
_MEASURED = 1_000
"""Arrays whose labels and shapes give the widths of the columns."""


@dataclass(frozen=True, slots=True)
class Columns:
    """How many cells each column has: the label with the gutter, the shape, and each of the two spans."""

    label: int
    shape: int
    span: int

    @classmethod
    def of_width(cls, width: int, wanted: Wanted) -> Columns:
        """Share out a width: the label has what it wants, up to two fifths; the spans have the rest, up to a limit."""
        label = max(min(wanted.label, 2 * width // 5), 12)
        span = max(_LEAST_SPAN, min((width - label - wanted.shape) // 2, _MOST_SPAN))
        return cls(max(8, width - wanted.shape - 2 * span), wanted.shape, span)


@dataclass(frozen=True, slots=True)
class Wanted:
    """The cells in which no label, and no shape, is cut."""

    label: int
    shape: int

    @classmethod
    def by(cls, walk: ArrayWalk) -> Wanted:
        """Find them out, of the first arrays of a walk."""
        arrays = walk.arrays[:_MEASURED]
        labels = (cell_len(f"{array.label} = {made_words(walk, array.place)}") for array in arrays)
        shapes = (cell_len(shape_words(array.shape)) for array in arrays)
        return cls(GUTTER + max(labels, default=0) + 1, max(max(shapes, default=0), len("shape")) + 2)


def header_pieces(columns: Columns) -> list[Piece]:
    """Return the titles of the columns."""
    titles = (" " * GUTTER + "array").ljust(columns.label), "shape ".rjust(columns.shape)
    return [
        (f"{titles[0]}{titles[1]}{'values'.rjust(columns.span - 1)} {'gradient'.rjust(columns.span - 1)} ", "label")
    ]


def shape_words(shape: tuple[int, ...]) -> str:
    """Write a shape as NumPy does, `(4, 3)` and `(5,)`; that of a single number is `()`."""
    return str(shape)


def span_words(numbers: Floats, width: int, digits: int = 0) -> str:
    """Write the least and the largest of some numbers, with as many digits as fit; or the number, where it is one.

    `digits` are as in `words.walk.number`.

    >>> span_words(np.array([0.25, -1 / 3]), 20), span_words(np.array([2.0, 2.0]), 20), span_words(np.array(0.5), 20)
    ('-0.333 to 0.25', 'all 2', '0.5')
    """
    if numbers.size == 1:
        return format_number(float(numbers.ravel()[0]), digits)
    finite = numbers[np.isfinite(numbers)]
    if not finite.size:
        return UNDEFINED
    least, largest = float(finite.min()), float(finite.max())
    undefined = " ⚠" if finite.size < numbers.size else ""
    words = ""
    for count in (3, 2, 1):
        low, high = format_number(least, count), format_number(largest, count)
        words = (f"all {low}" if least == largest else f"{low} to {high}") + undefined
        if cell_len(words) <= width:
            break
    return words


def made_words(walk: ArrayWalk, place: int) -> str:
    """Write what an array is made of: `X · W1`; "" where it was given."""
    formula = forward_formula(walk.graph, place)
    array = walk.arrays[place]
    if formula is None:
        return ""
    if array.operation == "scalars":
        return "single numbers"
    return NOTATION.formula(formula)


def gradient_words(state: ArrayState, place: int, width: int, digits: int = 0) -> Piece:
    """Write the span of a gradient as accumulated so far, with `(1/2)` while contributions are missing."""
    walk = state.walk
    carries = walk.graph.carries[place]
    if not carries.any():
        return NO_GRADIENT, "unknown"
    numbers = state.gradient(place)
    if numbers is None:
        return UNKNOWN, "unknown"
    count, taken = len(walk.gradient_steps(place)), state.contributions_taken(place)
    so_far = f" ({taken}/{count})" if taken < count else ""
    words = span_words(numbers[carries], width - len(so_far), digits)
    return words + so_far, "undefined" if words == UNDEFINED else "contribution"


def value_words(state: ArrayState, place: int, width: int, digits: int = 0) -> Piece:
    """Write the span of an array's values."""
    numbers, present = state.values(place), state.walk.arrays[place].present
    if numbers is None:
        return UNKNOWN, "unknown"
    if not present.any():
        return NO_GRADIENT, "unknown"
    words = span_words(numbers[present], width, digits)
    return words, "undefined" if words == UNDEFINED else "value"


def row_pieces(
    state: ArrayState, step: int, place: int, columns: Columns, digits: int = 0, *, selected: bool, hides_ahead: bool
) -> tuple[list[Piece], list[Piece]]:
    """Return the pieces of a row: the mark and the label, which may be too long, and the columns, which are not.

    `step` is the one in play, which may be one that is not taken yet; `digits` are as in `words.walk.number`.
    `hides_ahead` keeps back the shape of what is not computed yet.
    """
    walk, array = state.walk, state.walk.arrays[place]
    behind = ">" if selected else " "
    written = bool(step) and walk.array_of(step).place == place
    consumer = walk.consumer_of(step) if step else None
    mark: Piece = (f"{behind} ", "label")
    if written:
        mark = f"▶{behind}", "contribution"
    elif consumer is not None and consumer[0].place == place:
        mark = f"●{behind}", "upstream"
    made = made_words(walk, place)
    label: list[Piece] = [mark, (array.label, "active" if written else "name"), (f" = {made}" if made else "", "")]
    shape = UNKNOWN if hides_ahead and state.values(place) is None else shape_words(array.shape)
    numbers: list[Piece] = [(_fitted(shape, columns.shape - 1) + " ", "label")]
    room = columns.span - 1
    for words, style in (value_words(state, place, room, digits), gradient_words(state, place, room, digits)):
        numbers.append((_fitted(words, room) + " ", style))
    return label, numbers


def _fitted(text: str, width: int) -> str:
    return text.rjust(width) if cell_len(text) <= width else set_cell_size(text, width - 1) + CUT


CUT = "…"
"""Stands for what is left out."""
