"""The range in which an input of a walk is slid."""

from __future__ import annotations

from ...engine.editing.slider import Slider, slider_around
from ...engine.walk.trace import Trace
from .opened import OpenedWalk


def slider_of(opened: OpenedWalk, trace: Trace, node: int) -> Slider:
    """Return the range of an input, a leaf of the trace: around the value that was last typed for it."""
    value = float(trace.values[node])
    home = opened.revisions.typed_value(trace.graph.label(node)) if opened.revisions else None
    return slider_around(value if home is None else home, value)
