"""The rules by which training moves parameters along their gradients. A new one is one entry in `OPTIMIZERS`.

The formulas and their order of operations are those of PyTorch's `torch.optim.SGD` (momentum as there: the velocity
starts as the first gradient and is not damped) and `torch.optim.Adam` (Kingma and Ba, 2015, arXiv:1412.6980,
algorithm 1, with the bias corrections applied to the step size and to the root).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..arrays import Floats


@dataclass(frozen=True, slots=True)
class Hyperparameters:
    """What the rules need besides the learning rate: μ, β₁, β₂ and ε."""

    momentum: float = 0.9
    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-8


@dataclass(frozen=True, slots=True)
class Moved:
    """The result of a rule for p parameters.

    `decrease` is float64[p], what is subtracted from each; `memory` float64[rows, p], for the next time; `terms`
    holds float64[p] for each of the optimizer's terms.
    """

    decrease: Floats
    memory: Floats
    terms: tuple[Floats, ...] = ()


UpdateRule = Callable[[Floats, float, Floats, int, Hyperparameters], Moved]
"""(gradient float64[p], learning rate, memory float64[rows, p], number of the update from 1, ...) to `Moved`."""


@dataclass(frozen=True, slots=True)
class Optimizer:
    """A rule, how many rows of float64[p] it remembers (zeros at first), and how it reads.

    `terms` are the symbols and formulas of what it computes on the way, `decrease` the formula of what is subtracted
    from the parameter. In them g is the gradient, η the learning rate and t the number of the update.
    """

    name: str
    terms: tuple[tuple[str, str], ...]
    decrease: str
    memory_rows: int
    rule: UpdateRule


def _sgd(gradient: Floats, rate: float, memory: Floats, update: int, hyper: Hyperparameters) -> Moved:
    return Moved(rate * gradient, memory)


def _momentum(gradient: Floats, rate: float, memory: Floats, update: int, hyper: Hyperparameters) -> Moved:
    velocity = hyper.momentum * memory[0] + gradient
    return Moved(rate * velocity, velocity[np.newaxis], (velocity,))


def _adam(gradient: Floats, rate: float, memory: Floats, update: int, hyper: Hyperparameters) -> Moved:
    mean = hyper.beta1 * memory[0] + (1 - hyper.beta1) * gradient
    square = hyper.beta2 * memory[1] + (1 - hyper.beta2) * gradient * gradient
    step_size = rate / (1 - hyper.beta1**update)
    root = np.sqrt(square) / math.sqrt(1 - hyper.beta2**update) + hyper.epsilon
    return Moved(step_size * mean / root, np.stack([mean, square]), (mean, square))


OPTIMIZERS: dict[str, Optimizer] = {
    optimizer.name: optimizer
    for optimizer in (
        Optimizer("sgd", (), "η·g", 0, _sgd),
        Optimizer("momentum", (("v", "μ·v + g"),), "η·v", 1, _momentum),
        Optimizer(
            "adam",
            (("m", "β₁·m + (1 - β₁)·g"), ("v", "β₂·v + (1 - β₂)·g²")),
            "η/(1 - β₁ᵗ) · m/(√(v/(1 - β₂ᵗ)) + ε)",
            2,
            _adam,
        ),
    )
}
"""The optimizers by their names in scenario files."""
