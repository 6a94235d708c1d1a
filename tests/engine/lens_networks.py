"""Functions of arrays, recorded as they are made, for the tests of the lens."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from gradwalk.engine.array_ops.recording import applied, given
from gradwalk.engine.arrays import Floats
from gradwalk.engine.graph.graph import Leaf
from gradwalk.engine.graph.tape import Tape
from gradwalk.engine.lens.walk import ArrayWalk
from gradwalk.engine.walk.trace import Trace


class Recorder:
    """Records arrays by short calls; an array is its place on the tape."""

    def __init__(self, seed: int = 0) -> None:
        self.tape = Tape()
        self.random = np.random.default_rng(seed)
        self.values: dict[str, Floats] = {}

    def parameter(self, name: str, *shape: int, positive: bool = False) -> int:
        numbers = self.random.uniform(0.5, 2, shape) if positive else self.random.normal(size=shape)
        return self.given(name, numbers, Leaf.INPUT)

    def data(self, name: str, *shape: int) -> int:
        return self.given(name, self.random.normal(size=shape), Leaf.DATA)

    def given(self, name: str, numbers: Floats, kind: Leaf = Leaf.INPUT) -> int:
        self.values[name] = np.asarray(numbers, dtype=np.float64)
        return given(self.tape, self.values[name], kind, name)

    def literal(self, number: float) -> int:
        return given(self.tape, np.array(number), Leaf.CONSTANT)

    def __call__(
        self, operation: str, *operands: int, scope: tuple[str, ...] = (), name: str = "", **parameters: Any
    ) -> int:
        return applied(self.tape, operation, operands, parameters, scope=scope, name=name)

    def weighted_sum(self, place: int) -> int:
        """Return one number that hangs on all entries of an array, on each with a weight of its own."""
        weights = self.data("weights", *self.tape.arrays[place].shape)
        return self("sum", self("multiply", place, weights))

    def walk(self, loss: int, *, compounds: bool = True) -> ArrayWalk:
        return ArrayWalk(Trace(self.tape.graph(int(self.tape.arrays[loss].entries))), compounds=compounds)


def two_layers(make: Recorder, *, samples: int = 4, inputs: int = 3, hidden: int = 5, outputs: int = 2) -> int:
    """Record mean((tanh(X·W1ᵀ + b1)·W2 - Y)²) and return the loss."""
    x, y = make.data("X", samples, inputs), make.data("Y", samples, outputs)
    w1, b1 = make.parameter("W1", hidden, inputs), make.parameter("b1", hidden)
    w2 = make.parameter("W2", hidden, outputs)
    first = make("add", make("matmul", x, make("transpose", w1)), b1)
    distance = make("subtract", make("matmul", make("tanh", first), w2), y)
    return make("mean", make("square", distance))


def gradients(walk: ArrayWalk) -> Mapping[str, Floats]:
    """Return the gradients of the arrays that were given, by their names."""
    state = walk.state(walk.total)
    found = {array.label: state.gradient(array.place) for array in walk.arrays if array.is_given}
    return {name: gradient for name, gradient in found.items() if gradient is not None}
