"""What makes the circuit of a walk: the wiring, which can take long, and the widget."""

from __future__ import annotations

from ....engine.walk.trace import Trace
from ..graph_view import Progress
from .circuit_graph import CircuitGraph
from .wiring import Wiring


def lay_out(trace: Trace, progress: Progress) -> Wiring:
    """Find what is joined to what, and what is gathered into one box; where boxes stand is found as they are shown."""
    return Wiring(trace.graph, progress)


def make(trace: Trace, wiring: Wiring) -> CircuitGraph:
    """Make the widget."""
    return CircuitGraph(trace, wiring)
