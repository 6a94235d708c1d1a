"""What to draw, as data: series of points, a field behind them, axes and a legend; `plotting.draw` draws it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

Limits = tuple[float, float]
"""The two ends of an axis; of a logarithmic one, where ticks are placed, their exponents of ten."""

Colour = tuple[int, int, int] | int
"""A colour as red, green and blue (0 to 255), or as one of the terminal's own sixteen (0 to 15)."""


@dataclass(frozen=True, eq=False)
class Series:
    """Points, or the line through them in their order.

    `x` and `y` are of one length; a pair with a missing, infinite or undefined number is left out, and a line has a gap
    there. `colour` is a name of the palette. `marker` is a character, or "braille" for two by four dots a cell. Points
    outside the limits are left out; a line is cut at the frame, with an arrow where it leaves.
    """

    x: ArrayLike
    y: ArrayLike
    colour: str = "line"
    marker: str = "braille"
    line: bool = True


@dataclass(frozen=True, eq=False)
class Field:
    """A function of the plane as coloured cells: `values[row][column]` in 0 to 1, the first row at the bottom.

    Its cells fill `x_limits` and `y_limits`. 0 is drawn in the palette's colour `low`, 1 in its colour `high`, what
    is undefined not at all.
    """

    values: ArrayLike
    x_limits: Limits
    y_limits: Limits
    low: str = "low"
    high: str = "high"


@dataclass(frozen=True)
class Sign:
    """An entry of a legend: a marker in its colour, or a shade of the field by its level, 0 to 1; and what it means."""

    meaning: str
    colour: str = "frame"
    marker: str = ""
    level: float | None = None


@dataclass(frozen=True, eq=False)
class Plot:
    """What to draw: lines and points over an optional field, the two axes, and a legend below, as far as there is room.

    Limits that are None follow from the data. On a logarithmic y axis only positive numbers exist.
    """

    series: Sequence[Series] = ()
    field: Field | None = None
    x_label: str = ""
    y_label: str = ""
    log_y: bool = False
    x_limits: Limits | None = None
    y_limits: Limits | None = None
    empty: str = "nothing to draw yet"
    legend: Sequence[Sign] = ()


PLAIN: Mapping[str, Colour] = {
    "frame": 7,
    "line": 2,
    "fit": 3,
    "data": 6,
    "class0": 6,
    "class1": 3,
    "path": 5,
    "low": 4,
    "high": 1,
    "region0": 6,
    "region1": 3,
}
"""The palette of a terminal's own colours; a theme brings its own under the same names."""
