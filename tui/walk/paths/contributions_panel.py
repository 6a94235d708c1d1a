"""`ContributionsPanel`: all that reaches the gradient of the selected node, as a table."""

from __future__ import annotations

from ....engine.walk.contributions import Contributions
from ....engine.walk.trace import Trace
from ...words.contributions import contribution_lines
from ...words.lines import Line
from ..moment import Moment
from .node_panel import NodePanel


class ContributionsPanel(NodePanel):
    """Every contribution to the gradient of the selected node: its edge, upstream, local, product, running sum."""

    HELP = """\
Contributions: a node's gradient is the sum of one contribution for each place where the node is used. A row is one \
of them, in the order of the walk: the step that brings it, the edge from the consumer to the node, the upstream \
gradient of the consumer, the local derivative of the edge, their product, and the sum so far. What the walk has not \
reached yet is "to come", with its factors by name."""

    def find(self, trace: Trace, node: int) -> dict[int, Contributions]:
        """Find nothing yet: contributions are made when their rows are drawn, by the number of digits."""
        return {}

    def lines(self, moment: Moment, found: dict[int, Contributions], width: int) -> list[Line]:
        """Say what has arrived at the moment, and mark what is still to come."""
        if moment.digits not in found:
            found[moment.digits] = Contributions(moment.trace, moment.node, moment.digits)
        return contribution_lines(moment.state, found[moment.digits], width)
