"""The walk at the level of arrays of functions written for JAX: gradients are those that JAX has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from gradwalk.engine.importing.imported import imported
from gradwalk.engine.lens.numbers import EXACT
from gradwalk.engine.lens.walk import ArrayWalk
from gradwalk.engine.walk.trace import Trace

from .lens_networks import Recorder, gradients
from .test_lens_rules import RULES

jax = pytest.importorskip("jax")
jnp = jax.numpy

pytestmark = [pytest.mark.jax, pytest.mark.thorough]

random = np.random.default_rng(3)


def layers(x: Any, w1: Any, b1: Any, w2: Any) -> Any:
    return jnp.mean((jnp.tanh(x @ w1.T + b1) @ w2) ** 2)


def cross_entropy(z: Any, y: Any) -> Any:
    return -jnp.mean(jnp.sum(y * jax.nn.log_softmax(z), axis=1))


def layer_norm(x: Any, g: Any, b: Any) -> Any:
    mean = jnp.mean(x, axis=-1, keepdims=True)
    return (x - mean) / jnp.sqrt(jnp.var(x, axis=-1, keepdims=True) + 1e-5) * g + b


def batch_norm(x: Any, g: Any, b: Any) -> Any:
    return (x - x.mean(axis=0)) / jnp.sqrt(x.var(axis=0) + 1e-5) * g + b


def attended(q: Any, k: Any, v: Any) -> Any:
    return jnp.sum((jax.nn.softmax(q @ k.T / jnp.sqrt(3.0)) @ v) ** 3)


def reduced(x: Any, w: Any) -> Any:
    return jnp.sum(jnp.exp(x.mean(axis=0) * w) / (1 + jnp.max(x, axis=1).sum()))


def moved(x: Any, w: Any) -> Any:
    return jnp.sum(
        jnp.concatenate([x.reshape(3, 4), w[None, :]], axis=0)[1:, ::2] ** 3 + jnp.where(w[:2] > 0, w[:2], 0)
    )


CASES: dict[str, tuple[Callable[..., Any], tuple[Any, ...], str]] = {
    "layers": (layers, ((4, 3), (5, 3), (5,), (5, 2)), ""),
    "cross_entropy": (cross_entropy, ((4, 3), np.eye(3)[[0, 2, 1, 1]]), "cross_entropy"),
    "layer_norm": (lambda x, g, b: jnp.sum(layer_norm(x, g, b) ** 2), ((4, 3), (3,), (3,)), "layer_norm"),
    "batch_norm": (lambda x, g, b: jnp.sum(batch_norm(x, g, b) ** 3), ((4, 3), (3,), (3,)), "batch_norm"),
    "attention": (attended, ((4, 3), (5, 3), (5, 2)), "attention"),
    "reductions": (reduced, ((4, 3), (3,)), ""),
    "shapes": (moved, ((4, 3), (4,)), ""),
    "einsum": (lambda a, b: jnp.einsum("bij,bjk->bki", a, b).sum(axis=0)[0, 0] ** 2, ((2, 3, 4), (2, 4, 2)), ""),
}


@pytest.mark.parametrize("name", CASES)
def test_gradients_of_arrays_are_those_of_jax(name: str) -> None:
    function, given, compound = CASES[name]
    arguments = [each if isinstance(each, np.ndarray) else random.normal(size=each) for each in given]
    with jax.enable_x64(True):
        found = imported(function, *map(jnp.asarray, arguments))
        expected = jax.grad(function, argnums=tuple(range(len(arguments))))(*map(jnp.asarray, arguments))
    walk = ArrayWalk(Trace(found.scenario.graph))
    assert not compound or compound in {array.operation for array in walk.arrays}
    for number in range(walk.seed_step + 1, walk.total + 1):
        step = walk.step(number)
        assert step.difference is None or step.difference <= EXACT
    own = [gradient for label, gradient in gradients(walk).items() if label[0] in "abgkqvwxyz"]
    assert len(own) == len(expected)
    for gradient, right in zip(own, expected, strict=True):
        size = np.abs(np.asarray(right)).max()
        assert np.abs(np.nan_to_num(gradient) - np.asarray(right)).max() <= EXACT * size


class JaxRecorder(Recorder):
    """Does with JAX what a `Recorder` records; an array is JAX's own. `given` are the parameters, in order."""

    def __init__(self, seed: int, given: list[Any]) -> None:
        super().__init__(seed)
        self.left = [*given]

    def parameter(self, name: str, *shape: int, positive: bool = False) -> Any:
        super().parameter(name, *shape, positive=positive)  # draws the same random numbers
        return self.left.pop(0)

    def weighted_sum(self, place: Any) -> Any:
        return (place * self.random.normal(size=place.shape)).sum()

    def __call__(self, operation: str, *operands: Any, **parameters: Any) -> Any:
        function = JAX[operation] if operation in JAX else getattr(jnp, operation)
        return function(*operands, **parameters)


JAX: dict[str, Callable[..., Any]] = {
    "sigmoid": jax.nn.sigmoid,
    "relu": jax.nn.relu,
    "softplus": jax.nn.softplus,
    "erf": jax.scipy.special.erf,
    "rsqrt": jax.lax.rsqrt,
    "step": lambda x: jnp.heaviside(x, 0.0),
    "einsum": lambda *operands, subscripts: jnp.einsum(subscripts, *operands),
    "cumulative_sum": lambda x, axis, reverse=False: jax.lax.cumsum(x, axis=axis, reverse=reverse),
    "concat": lambda *operands, axis: jnp.concatenate(operands, axis=axis),
    "stack": lambda *operands, axis: jnp.stack(operands, axis=axis),
    "index": lambda x, key: x[key],
    "take_along_axis": lambda x, indices, axis: jnp.take_along_axis(x, indices, axis=axis),
    "pad": lambda x, widths: jnp.pad(x, widths),
    "where": lambda x, y, condition: jnp.where(condition, x, y),
    "triangle": lambda x, lower: jnp.tril(x) if lower else jnp.triu(x),
}
"""What JAX does not call as NumPy does."""


@pytest.mark.parametrize("name", RULES)
def test_every_rule_gives_what_jax_does(name: str) -> None:
    make = Recorder(3)
    walk = make.walk(RULES[name](make))
    labels = [label for label in make.values if label != "weights"]
    with jax.enable_x64(True):
        given = [jnp.asarray(make.values[label]) for label in labels]
        expected = jax.grad(lambda given: RULES[name](JaxRecorder(3, given)))(given)
    found = gradients(walk)
    for label, right in zip(labels, map(np.asarray, expected), strict=True):
        own = np.nan_to_num(found.get(label, np.zeros(right.shape)))
        assert np.abs(own - right).max() <= EXACT * max(np.abs(right).max(), 1e-300)
