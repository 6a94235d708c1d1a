"""`Updating`: the last part of a training walk, where each parameter moves against its gradient."""

from __future__ import annotations

import math

import numpy as np

from ..arrays import Floats
from ..language.step_key import StepKey, StepKind, StepName
from ..rules.formula import Number
from .equation import equation
from .notes import Notes
from .numbers import Numbers
from .phase import Phase, Quantity
from .reason import Reason, Why
from .segment import Segment
from .step import Step
from .update import Updates


class Updating(Segment):
    """The steps that move the parameters; place k is the k-th of `updates`."""

    phase = Phase.UPDATE
    quantity = Quantity.VALUE

    def __init__(self, numbers: Numbers, notes: Notes, first: int, updates: Updates) -> None:
        super().__init__(numbers, notes, first)
        self.updates = updates

    def __len__(self) -> int:
        return len(self.updates)

    def key(self, place: int) -> StepKey:
        return StepKey(StepKind.UPDATE, self.node(place))

    def place(self, key: StepKey) -> int | None:
        return self.updates.places.get(key.node) if key.kind is StepKind.UPDATE else None

    def node(self, place: int) -> int:
        return self.updates.parameters[place]

    def number(self, place: int) -> float:
        return self.updates[place].after

    def written(self) -> Floats:
        return np.array([self.number(place) for place in range(len(self))])

    def apply(self, numbers: Floats, count: int) -> None:
        numbers[list(self.updates.parameters[:count])] = self.written()[:count]

    def writes(self, node: int) -> int:
        return int(node in self.updates.places)

    def write(self, node: int, index: int) -> int:
        return self.updates.places[node]

    def writes_before(self, node: int, place: int) -> int:
        return int(self.updates.places.get(node, place) < place)

    def step(self, place: int, total: int, digits: int = 0) -> Step:
        graph, update = self.numbers.graph, self.updates[place]
        name = graph.label(update.parameter)
        return Step(
            number=self.first + place,
            total=total,
            phase=self.phase,
            node=update.parameter,
            name=name,
            output_name=graph.label(graph.output),
            op="",
            expression=f"{name} - {update.formula}",
            substituted=equation(
                Number(update.before) - Number(update.decrease), update.after, self.numbers.notation, digits=digits
            ),
            value=update.after,
            update=update,
            undefined=(None if math.isfinite(update.after) else Reason(Why.UPDATE_NOT_FINITE, update.parameter, name)),
            note=self.notes.at(StepName(name, is_update=True)),
        )
