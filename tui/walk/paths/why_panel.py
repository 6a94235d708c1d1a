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

    def find(self, trace: Trace, node: int) -> Any:
        """Find the explanation."""
        return explain(trace, node)

    def lines(self, moment: Moment, found: Any, width: int) -> list[Line]:
        """Say it, where the moment has got so far."""
        return why_lines(moment.state, found, moment.digits)
