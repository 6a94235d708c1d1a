"""What the benchmarks compute, for gradwalk, for micrograd and by hand in NumPy."""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Callable
from typing import Any

import numpy as np
from gradwalk.engine.arrays import Floats
from gradwalk.engine.graph.graph import Graph, Leaf
from gradwalk.engine.graph.tape import Tape
from gradwalk.engine.rules.ops import CODES
from gradwalk.engine.scalar import Scalar

RATE = 0.1
ADD, SUB, MUL, SQUARE, MEAN = (CODES[name] for name in ("add", "sub", "mul", "square", "mean"))

# ---- regression: cost = (1/m) · Σ (b + x·w - y)², every x and y a node of its own


def regression_data(m: int) -> tuple[list[float], list[float]]:
    """x in [0, 1), y = 3x + 1/2 plus a ripple: no random generator needed."""
    xs = [i / m for i in range(m)]
    return xs, [3.0 * x + 0.5 + 0.1 * math.sin(37.0 * x) for x in xs]


def regression_tape(xs: Floats, ys: Floats, *, n_ary: bool = False) -> Tape:
    """Record the regression in blocks. All leaves carry a gradient, as in micrograd; the cost is the last node."""
    tape = Tape()
    x, y = tape.leaves(xs, Leaf.INPUT), tape.leaves(ys, Leaf.INPUT)
    weight, bias = tape.leaf(0.0, Leaf.INPUT, "w"), tape.leaf(0.0, Leaf.INPUT, "b")
    predictions = tape.operations(ADD, bias, tape.operations(MUL, x, weight))
    squares = tape.operations(SQUARE, tape.operations(SUB, predictions, y))
    if n_ary:
        tape.operation(MEAN, squares)
    else:
        tape.operation(MUL, [tape.fold(squares), tape.leaf(1.0 / len(xs), Leaf.CONSTANT)])
    return tape


def regression_graph(m: int, *, n_ary: bool = False) -> Graph:
    xs, ys = map(np.array, regression_data(m))
    tape = regression_tape(xs, ys, n_ary=n_ary)
    return tape.graph(len(tape) - 1)


def regression_cost(xs: list[Any], ys: list[Any], w: Any, b: Any) -> Any:
    """The regression in the operators of micrograd's `Value`, gradwalk's `Scalar`, or anything else."""
    return sum((b + x * w - y) ** 2 for x, y in zip(xs, ys, strict=True)) * (1.0 / len(xs))


class NumpyRegression:
    """By hand: every node's value, every node's gradient, every local derivative and contribution that is not 1."""

    def __init__(self, m: int) -> None:
        self.x, self.y = (np.array(column) for column in regression_data(m))
        self.m, self.w, self.b = m, 0.0, 0.0
        self.kept: dict[str, Floats] = {}

    def epoch(self) -> float:
        kept, m = self.kept, self.m
        kept["xw"] = self.x * self.w
        kept["p"] = self.b + kept["xw"]
        kept["r"] = kept["p"] - self.y
        kept["q"] = kept["r"] * kept["r"]
        kept["sums"] = np.cumsum(kept["q"])
        cost = kept["sums"][-1] * (1.0 / m)
        kept["g_sums"] = np.full(m, 1.0 / m)
        kept["g_q"] = kept["g_sums"] * 1.0
        kept["l_r"] = 2.0 * kept["r"]
        kept["g_r"] = kept["g_q"] * kept["l_r"]
        kept["g_y"] = -kept["g_r"]
        kept["g_p"] = kept["g_r"] * 1.0
        kept["c_b"] = kept["g_p"] * 1.0
        kept["g_xw"] = kept["g_p"] * 1.0
        kept["c_w"] = kept["g_xw"] * self.x
        kept["g_x"] = kept["g_xw"] * self.w
        self.w -= RATE * float(kept["c_w"].sum())
        self.b -= RATE * float(kept["c_b"].sum())
        return float(cost)


# ---- the demo of micrograd: a perceptron of 2-16-16-1 neurons, 100 points, hinge loss and weight decay

Neuron = tuple[list[Any], Any]


def moons(count: int = 100) -> list[tuple[tuple[float, float], float]]:
    """Two half circles, each point with its label, -1 or 1."""
    chance = random.Random(1337)
    points: list[tuple[tuple[float, float], float]] = []
    for i in range(count):
        angle, label = math.pi * (i // 2) / (count // 2), 1.0 if i % 2 else -1.0
        x = 1 - math.cos(angle) if i % 2 else math.cos(angle)
        y = 0.5 - math.sin(angle) if i % 2 else math.sin(angle)
        points.append(((x + chance.gauss(0, 0.1), y + chance.gauss(0, 0.1)), label))
    return points


def perceptron_parameters(make: Callable[[float], Any]) -> list[list[Neuron]]:
    chance = random.Random(1)
    sizes = [2, 16, 16, 1]
    return [
        [([make(chance.uniform(-1, 1)) for _ in range(inputs)], make(0.0)) for _ in range(outputs)]
        for inputs, outputs in itertools.pairwise(sizes)
    ]


def flat(layers: list[list[Neuron]]) -> list[Any]:
    return [parameter for layer in layers for weights, bias in layer for parameter in (*weights, bias)]


def perceptron_loss(layers: list[list[Neuron]], make: Callable[[float], Any]) -> Any:
    """The demo's loss: what its `Neuron`, `Layer`, `MLP` and `loss()` compute, operation for operation."""
    points = moons()
    losses: list[Any] = []
    for point, label in points:
        signals: list[Any] = [make(coordinate) for coordinate in point]
        for layer in layers:
            sums = [sum((w * x for w, x in zip(weights, signals, strict=True)), bias) for weights, bias in layer]
            signals = sums if layer is layers[-1] else [each.relu() for each in sums]
        losses.append((1 + -label * signals[0]).relu())
    data_loss = sum(losses) * (1.0 / len(losses))
    return data_loss + 1e-4 * sum(p * p for p in flat(layers))


def perceptron_graph() -> tuple[Graph, list[int]]:
    """Return the graph and the leaves that are parameters."""
    tape = Tape()
    layers = perceptron_parameters(lambda value: Scalar(value, tape=tape))
    for number, parameter in enumerate(flat(layers)):
        parameter.named(f"p{number}")
    graph = perceptron_loss(layers, lambda value: Scalar(value, tape=tape)).graph()
    return graph, [graph.find(f"p{number}") for number in range(len(flat(layers)))]


# ---- a graph without regularity: operations on random pairs, all of them used


def irregular_graph(n: int, width: int = 1000) -> Graph:
    chance = np.random.default_rng(0)
    tape = Tape()
    nodes = np.arange(width, dtype=np.int32)
    tape.leaves(chance.uniform(0.5, 1.5, width), Leaf.INPUT)
    for layer in range(n // width - 2):
        made = tape.operations((ADD, MUL, SUB)[layer % 3], chance.permutation(nodes), chance.permutation(nodes))
        nodes = np.arange(made.start, made.stop, dtype=np.int32)
    return tape.graph(tape.fold(nodes))
