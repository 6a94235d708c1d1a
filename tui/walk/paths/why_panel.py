"""`WhyPanel`: why the gradient of the selected node is as it is, or why a number does not exist."""

from __future__ import annotations

from typing import Any

from ....engine.walk.trace import Trace
from ....engine.walk.why import explain
from ...words.lines import Line
from ...words.why import why_lines
from ..moment import Moment
from .node_panel import NodePanel


class WhyPanel(NodePanel):
    """Says which factors make the gradient of the selected node small, zero, large or undefined."""

    HELP = """\
Why: the few paths that carry the gradient of the selected node, and the smallest and the largest factor on them, with \
what makes them so: a tanh that is saturated, a relu that is off, a weight. Where paths cancel, it says that instead; \
where every path has a factor 0, which one; and where a number does not exist, what failed first, and the way from \
there."""

    def find(self, trace: Trace, node: int) -> Any:
        """Find the explanation."""
        return explain(trace, node)

    def lines(self, moment: Moment, found: Any, width: int) -> list[Line]:
        """Say it, where the moment has got so far."""
        return why_lines(moment.state, found, width, moment.digits)
