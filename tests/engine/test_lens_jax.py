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

from .lens_networks import gradients

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
