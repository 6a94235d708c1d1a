"""`Segment`: a part of a walk whose steps are of one kind."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar

from ..arrays import Floats
from ..language.step_key import StepKey
from .notes import Notes
from .numbers import Numbers
from .phase import Phase, Quantity

if TYPE_CHECKING:
    from .step import Step


class Segment(ABC):
    """Consecutive steps of a walk, each of which writes one number of one node.

    A step is meant by its place, 0 to `len(segment) - 1`; `first` is the number that place 0 has in the walk, where
    steps count from 1. `quantity` is what the steps write.
    """

    phase: ClassVar[Phase]
    quantity: ClassVar[Quantity]

    def __init__(self, numbers: Numbers, notes: Notes, first: int) -> None:
        self.numbers = numbers
        self.notes = notes
        self.first = first

    @property
    def last(self) -> int:
        """The number of its last step; `first - 1` where it has no steps."""
        return self.first + len(self) - 1

    @abstractmethod
    def __len__(self) -> int: ...

    @abstractmethod
    def key(self, place: int) -> StepKey:
        """Say which step that is."""

    @abstractmethod
    def place(self, key: StepKey) -> int | None:
        """Return the place of a step, None where this segment has no such step."""

    @abstractmethod
    def node(self, place: int) -> int:
        """Return the node that a step writes."""

    @abstractmethod
    def number(self, place: int) -> float:
        """Return the number that a step writes."""

    @abstractmethod
    def written(self) -> Floats:
        """Return the number that each step writes: float64[len], nan where it does not exist."""

    @abstractmethod
    def apply(self, numbers: Floats, count: int) -> None:
        """Put what the first `count` steps write into `numbers`, float64[n], by nodes."""

    @abstractmethod
    def writes(self, node: int) -> int:
        """Return how many steps write a node."""

    @abstractmethod
    def write(self, node: int, index: int) -> int:
        """Return the place of the step that is write number `index` of a node, counted from 0."""

    @abstractmethod
    def writes_before(self, node: int, place: int) -> int:
        """Return how many of the steps that write a node come before a place."""

    @abstractmethod
    def step(self, place: int, total: int, digits: int = 0) -> Step:
        """Return a step in full; `total` is the number of steps of the whole walk.

        Its equations have at least so many significant `digits`; with 0 they are written for reading.
        """

    def derivative(self, of: int, by: int) -> str:
        """Write a derivative of one node by another."""
        notation, label = self.numbers.notation, self.numbers.graph.label
        return notation.derivative(notation.label(label(of)), notation.label(label(by)))

    def together(self, place: int) -> range:
        """Return the places of the steps that belong together with one: itself alone, if nothing else is said."""
        return range(place, place + 1)
