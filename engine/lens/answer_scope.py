"""`AnswerScope`: the names that an answer about a step of arrays may use, and what they stand for."""

from __future__ import annotations

import functools
from collections.abc import Mapping

import numpy as np

from ..array_formulas.evaluate import evaluate
from ..array_formulas.formula import ArrayName
from ..arrays import Floats
from ..graph.array_record import ABSENT
from ..rules.formula import Formula
from .array_graph import WalkedArray
from .reading import aliases, names_of
from .rules import derivative_label, forward_formula
from .step import ArrayStep
from .walk import ArrayWalk

SAME = 1e-9
"""Numbers that differ by no more than this, as a part of the largest of an array, are the same."""


class AnswerScope:
    """The arrays of `walk`, and the gradients that are complete before `step`; G is the upstream gradient."""

    def __init__(self, walk: ArrayWalk, step: ArrayStep) -> None:
        self.walk = walk
        self.step = step

    @property
    def upstream(self) -> str:
        """What the upstream gradient of a backward step is called."""
        assert self.step.consumer is not None, "a rule is that of a backward step"
        return derivative_label(self.walk.graph, self.step.consumer.place)

    @functools.cached_property
    def names(self) -> Mapping[str, ArrayName]:
        """The arrays by all that they may be called, and the gradients that are complete before this step."""
        found: dict[str, ArrayName] = {}
        for array in self.walk.arrays:
            for alias in aliases(array.label):
                found.setdefault(alias, ArrayName(array.label, array.shape))
        for array in self.known_gradients:
            label = derivative_label(self.walk.graph, array.place)
            for alias in aliases(label):
                found.setdefault(alias, ArrayName(label, array.shape))
        for name in self.step.definitions:
            for alias in aliases(name.label):
                found.setdefault(alias, name)
        consumer = self.step.consumer
        if consumer is not None:
            upstream = ArrayName(self.upstream, consumer.shape)
            for alias in ("G", f"d{consumer.label}"):
                found.setdefault(alias, upstream)
        return found

    @functools.cached_property
    def known_gradients(self) -> list[WalkedArray]:
        """The arrays whose gradient is complete before the step."""
        steps = {array.place: self.walk.gradient_steps(array.place) for array in self.walk.arrays}
        return [array for array in self.walk.arrays if steps[array.place] and steps[array.place][-1] < self.step.number]

    @functools.cached_property
    def values(self) -> Mapping[str, Floats]:
        """The numbers of all names but those that a formula defines, by their labels."""
        values = {array.label: self.walk.numbers.filled(array.place) for array in self.walk.arrays}
        for array in self.known_gradients:
            gradient = self.walk.numbers.gradient(array.place)
            values[derivative_label(self.walk.graph, array.place)] = np.nan_to_num(gradient)
        return values

    def holds_elsewhere(self, right: Formula, formula: Formula) -> bool:
        """Say whether a formula is the `right` rule at other numbers too; yes where that cannot be tried."""
        consumer = self.step.consumer
        assert consumer is not None, "a rule is that of a backward step"
        places = [place for place in consumer.operands if place != ABSENT]
        labels = {self.walk.arrays[place].label for place in places} | {consumer.label, self.upstream}
        made = forward_formula(self.walk.graph, consumer.place)
        if made is None or not names_of(formula) <= labels or len(consumer.members) > 1:
            return True
        random = np.random.default_rng(self.step.number)
        values = {
            self.walk.arrays[place].label: self.walk.numbers.filled(place)
            * random.uniform(0.6, 1.4, self.walk.arrays[place].shape)
            for place in places
        }
        values[self.upstream] = random.normal(size=consumer.shape)
        try:
            values[consumer.label] = evaluate(made, values)
            found, expected = evaluate(formula, values), evaluate(right, values)
        except (KeyError, ValueError, TypeError):
            return True
        size = float(np.abs(expected[np.isfinite(expected)]).max(initial=0.0))
        return found.shape != expected.shape or bool((np.abs(found - expected) <= SAME * size).all())
