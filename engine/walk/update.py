"""`Updates`: what an optimizer makes of the gradients, one `Update` a parameter."""

from __future__ import annotations

import functools
from dataclasses import dataclass

from ..arrays import Floats
from ..rules.optimizers import Hyperparameters, Moved, Optimizer


@dataclass(frozen=True, slots=True)
class Update:
    """One parameter's update: after = before - decrease.

    `parameter` is its node. `gradient` is ∂loss/∂parameter, `rate` the learning rate η. `formula` is the decrease as
    the optimizer's formula, and `terms` holds (symbol, formula, value) of what that is computed from.
    """

    parameter: int
    before: float
    gradient: float
    rate: float
    terms: tuple[tuple[str, str, float], ...]
    formula: str
    decrease: float
    after: float


@dataclass(frozen=True, eq=False)
class Updates:
    """The update of p parameters: what `optimizer` makes of their gradients.

    `before` and `gradients` are float64[p]; `memory` is the optimizer's, float64[rows, p]; `number` counts the
    updates from 1.
    """

    parameters: tuple[int, ...]
    before: Floats
    gradients: Floats
    rate: float
    memory: Floats
    number: int
    optimizer: Optimizer
    hyperparameters: Hyperparameters

    def __len__(self) -> int:
        return len(self.parameters)

    @functools.cached_property
    def places(self) -> dict[int, int]:
        """The place of each parameter's node."""
        return {node: place for place, node in enumerate(self.parameters)}

    @functools.cached_property
    def _moved(self) -> Moved:
        return self.optimizer.rule(self.gradients, self.rate, self.memory, self.number, self.hyperparameters)

    def __getitem__(self, place: int) -> Update:
        moved = self._moved
        decrease, before = float(moved.decrease[place]), float(self.before[place])
        named = zip(self.optimizer.terms, moved.terms, strict=True)
        return Update(
            parameter=self.parameters[place],
            before=before,
            gradient=float(self.gradients[place]),
            rate=self.rate,
            terms=tuple((symbol, formula, float(values[place])) for (symbol, formula), values in named),
            formula=self.optimizer.decrease,
            decrease=decrease,
            after=before - decrease,
        )
