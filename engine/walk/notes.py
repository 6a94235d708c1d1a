"""`Notes`: the scenario's sentences, found by the step they stand at."""

from __future__ import annotations

from collections.abc import Mapping

from ..graph.graph import Graph
from ..language.step_key import StepName


class Notes:
    """Sentences by the names of steps as `StepName` writes them: `s`, `∂f/∂s`, `w ←`.

    A note at `h` or `∂h/∂w` also stands at the steps of h[1], h[2], ..., one a sample, that have none of their own.
    """

    def __init__(self, graph: Graph, written: Mapping[str, str]) -> None:
        self._graph = graph
        self._written = written

    def at(self, name: StepName) -> str:
        """Return the sentence for a step, empty where there is none."""
        if not self._written:
            return ""
        note = self._written.get(str(name))
        if note is not None:
            return note
        general = name.of_all_samples()
        sampled = (label for label, own in zip(general.labels, name.labels, strict=True) if label != own)
        # `cost` may be a node of its own, beside cost[1], cost[2], ...
        is_whole = any(self._graph.names.find(label) is not None for label in sampled)
        return "" if is_whole else self._written.get(str(general), "")
