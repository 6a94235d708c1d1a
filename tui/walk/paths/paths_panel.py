"""`PathsPanel`: the routes from the selected node to the output, as products of local derivatives."""

from __future__ import annotations

from typing import Any

from ....engine.walk.trace import Trace
from ...words.lines import Line
from ...words.paths import SaidPaths, path_lines
from ..moment import Moment
from .node_panel import NodePanel

MOST_LISTED = 20
"""Paths that are listed; all of them are counted."""


class PathsPanel(NodePanel):
    """The largest paths of the selected node, their sum, what they share, and what they cost."""

    HELP = """\
Paths: every route from the selected node to the output is a product of local derivatives, and the gradient is the sum \
of these products. They are counted exactly and listed up to twenty, the largest first. Below the name of each factor \
stands its number, once the backward pass has used it. * marks a factor that several of the listed paths have, † one \
that the gradient of another input needs too: backprop works it out once, and that is what the last line counts. \
‡ marks a sum of several terms, which is one factor here."""

    def find(self, trace: Trace, node: int) -> Any:
        """Find the paths, their factors, and what they cost."""
        return SaidPaths.of(trace, node, MOST_LISTED)

    def lines(self, moment: Moment, found: Any, width: int) -> list[Line]:
        """Say the paths, with the numbers that are known at the moment."""
        return path_lines(moment.state, found, width, moment.digits)
