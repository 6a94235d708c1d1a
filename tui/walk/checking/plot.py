"""The V as a plot, and a plot as lines."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from rich.style import Style
from rich.text import Text

from ....engine.arrays import Floats
from ....engine.checking.step_curve import StepCurve
from ...plots.plot import Plot, Series, Sign
from ...plots.plotting import draw
from ...words.lines import Line, Piece, line

_STYLES = {2: "value", 3: "local", 5: "contribution", 6: "upstream", 7: "label"}
"""The style for each of the terminal's own colours that `plots.plot.PLAIN` names."""

CENTRAL, FORWARD = "●", "·"
"""The markers of the two differences, told apart without colour too."""


def step_plot(curve: StepCurve) -> Plot:
    """Plot the errors of both differences over the step, both axes by powers of ten; an error of 0 has no place."""
    x = np.log10(curve.steps)
    series = [
        Series(x, _above_0(curve.forward), "fit", FORWARD, line=False),
        Series(x, _above_0(curve.central), "line", CENTRAL, line=False),
    ]
    legend = [Sign("central difference", "line", CENTRAL), Sign("forward difference", "fit", FORWARD)]
    return Plot(series, x_label="step h, as a power of ten", log_y=True, legend=legend, empty="no error can be seen")


def _above_0(errors: Floats) -> Floats:
    return np.where(errors > 0, errors, np.nan)


def plot_lines(plot: Plot, width: int, height: int) -> list[Line]:
    """Draw a plot as lines of so many cells, in the styles of words."""
    return [line(*_pieces(row)) for row in draw(plot, width, height).split("\n")]


def _pieces(row: Text) -> Iterator[Piece]:
    styles = [""] * len(row)
    for span in row.spans:
        colour = span.style.color if isinstance(span.style, Style) else None
        for place in range(span.start, min(span.end, len(row))):
            styles[place] = _STYLES.get(colour.number if colour and colour.number is not None else -1, "")
    start = 0
    for place in range(1, len(row) + 1):
        if place == len(row) or styles[place] != styles[start]:
            yield row.plain[start:place], styles[start]
            start = place
