"""The views of a graph that a walk's screen offers; the first is the one it opens with."""

from __future__ import annotations

from typing import Any

from textual.widget import Widget

from ...engine.walk.trace import Trace
from .graph_view import Progress, View
from .tree.view import TREE


def _lay_out_circuit(trace: Trace, progress: Progress) -> Any:
    from .circuit.view import lay_out

    return lay_out(trace, progress)


def _make_circuit(trace: Trace, layout: Any) -> Widget:
    from .circuit.view import make

    return make(trace, layout)


CIRCUIT = View("circuit", _make_circuit, _lay_out_circuit, lies_wide=True)

VIEWS: tuple[View, ...] = (TREE, CIRCUIT)
