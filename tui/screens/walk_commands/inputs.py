"""Which input a key is about: the selected one, the only one, or one that is asked for."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ....engine.graph.graph import Leaf
from ...walk.stage import Stage


def with_input(stage: Stage, question: str, go_on: Callable[[int], None]) -> None:
    """Call `go_on` with the selected input; where another node or none is selected, with one that is asked for.

    Of a graph with a single input that is the one; where there is none, a notice says so.
    """
    graph, node = stage.moment.trace.graph, stage.moment.node
    inputs = np.flatnonzero(graph.codes[: graph.leaf_count] == Leaf.INPUT)
    if node in inputs:
        go_on(node)
        return
    if not len(inputs):
        stage.say("This graph has no input: there is nothing to differentiate by.")
        return
    if len(inputs) == 1:
        go_on(int(inputs[0]))
        return
    from ..which_input import InputScreen

    def answered(chosen: int | None) -> None:
        if chosen is not None:
            go_on(chosen)

    why = "no node is selected" if stage.moment.selected is None else f"{graph.label(node)} is not an input"
    stage.ask(InputScreen(question, graph, why), answered)
