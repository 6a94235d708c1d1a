"""`Scenario`: a lesson that can be walked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

import msgspec
from msgspec import Meta

from .graph.graph import Graph


class Exercise(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the learner is asked, and a hint."""

    ask: Annotated[str, Meta(description="A derivative of the output such as ∂f/∂a, or the name of a node.")]
    hint: Annotated[str, Meta(description="Shown below the question.")] = ""


@dataclass(frozen=True)
class Scenario:
    """A scenario that has been read: its words, its graph, and the notes for its walk.

    `notes` maps a node's label, or a local derivative written `∂f/∂s`, to the sentence for that step; every
    one of them stands at a step of the walk, and so does what an exercise asks for.
    """

    name: str
    title: str
    summary: str
    intro: str
    graph: Graph
    notes: Mapping[str, str]
    exercises: tuple[Exercise, ...] = ()
    order: int = 0

    @property
    def is_trained(self) -> bool:
        """Whether the scenario has parameters that are trained: then it is a `TrainingScenario`."""
        return False
