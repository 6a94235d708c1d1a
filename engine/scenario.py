"""`Scenario`: a lesson that can be walked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .definition import Definition, Exercise
from .graph.graph import Graph


@dataclass(frozen=True)
class Scenario:
    """A scenario that has been read: its words, its graph, and the notes for its walk.

    `notes` maps a node's label, or a local derivative written `∂f/∂s`, to the sentence for that step; every
    one of them stands at a step of the walk, and so does what an exercise asks for. `definition` is what the graph was
    built from; None where that is not a function that somebody wrote as text, such as a model or a graph from Python.
    `path` is the whole path of the file it was read from; None for what is built in, or comes from no file.
    """

    name: str
    title: str
    summary: str
    intro: str
    graph: Graph
    notes: Mapping[str, str]
    exercises: tuple[Exercise, ...] = ()
    order: int = 0
    definition: Definition | None = None
    path: Path | None = None

    @property
    def is_trained(self) -> bool:
        """Whether the scenario has parameters that are trained: then it is a `TrainingScenario`."""
        return False
