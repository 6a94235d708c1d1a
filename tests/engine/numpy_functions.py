"""Functions written with NumPy, each with arguments: what a student's first networks consist of.

`np` is given, so that one text runs on numbers, on scalars and in autograd.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy

_random = numpy.random.default_rng(11)


def _normal(*shape: int) -> Any:
    return _random.normal(size=shape)


_LABELS = numpy.array([0, 2, 1, 2])
_ONE_HOT = numpy.eye(3)[_LABELS]
_X = _normal(4, 3)


def two_layers(np: Any, w1: Any, b1: Any, w2: Any, b2: Any) -> Any:
    h = np.tanh(np.dot(_X, w1) + b1)
    p = 1 / (1 + np.exp(-(h @ w2 + b2)))
    y = numpy.array([[1.0], [0.0], [1.0], [0.0]])
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


def softmax_cross_entropy(np: Any, w: Any, b: Any) -> Any:
    z = _X @ w + b
    z = z - np.max(z, axis=1, keepdims=True)
    p = np.exp(z) / np.sum(np.exp(z), axis=1, keepdims=True)
    return -np.mean(np.log(p[numpy.arange(4), _LABELS]))


def least_squares(np: Any, w: Any, b: Any) -> Any:
    residual = np.dot(_X, w) + b - numpy.array([1.0, -1.0, 0.5, 2.0])
    return np.sum(residual**2) / 4 + 0.1 * np.sum(w**2)


def layer_norm(np: Any, x: Any, gain: Any, shift: Any) -> Any:
    centred = x - np.mean(x, axis=-1, keepdims=True)
    normed = centred / np.sqrt(np.var(x, axis=-1, keepdims=True) + 1e-5)
    return np.sum((gain * normed + shift) ** 3)


def batch_norm(np: Any, x: Any, gain: Any) -> Any:
    normed = (x - x.mean(axis=0)) / (np.std(x, axis=0) + 1e-3)
    return np.mean(np.sin(gain * normed))


def attention(np: Any, q: Any, k: Any, v: Any) -> Any:
    scores = np.einsum("ij,kj->ik", q, k) / 3**0.5
    weights = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    return np.sum(np.matmul(weights, v) ** 2)


def recurrent(np: Any, w: Any, u: Any, h: Any) -> Any:
    total = 0.0
    for x in _X:
        h = np.tanh(np.dot(w, h) + u * x[0])
        total = total + h[0] * h[-1]
    return total


def huber(np: Any, x: Any) -> Any:
    size = np.abs(x)
    return np.sum(np.where(size < 0.5, x**2 / 2, 0.5 * (size - 0.25)))


def relu_net(np: Any, w1: Any, w2: Any) -> Any:
    return np.sum(np.maximum(np.dot(_X, w1), 0) @ w2) + np.linalg.norm(w1) * np.prod(w2)


def convolution(np: Any, x: Any, k: Any) -> Any:
    windows = np.stack([x[i : i + 3] for i in range(4)])
    return np.sum(np.tanh(windows @ k)) + np.sum(np.concatenate([x[::2], k]) ** 3)


def gaussian(np: Any, mean: Any, spread: Any) -> Any:
    z = (_X.reshape(-1) - mean) / np.exp(spread)
    return np.sum(0.5 * z**2 + spread + 0.5 * np.log(2 * np.pi))


def of_shapes(np: Any, x: Any, y: Any) -> Any:
    table = np.reshape(np.transpose(x), (2, -1))[:, ::-1]
    outer = np.outer(y, table[0]).T
    mixed = np.hstack([np.vstack([outer, outer]), np.ones((outer.shape[0] * 2, 1))])
    return np.sum(np.cumsum(mixed, axis=0) ** 2) + np.trace(np.tensordot(x, x, axes=(1, 1))) + np.logaddexp(y[0], y[1])


FUNCTIONS: list[tuple[Callable[..., Any], tuple[Any, ...]]] = [
    (two_layers, (_normal(3, 2), _normal(2), _normal(2, 1), _normal(1))),
    (softmax_cross_entropy, (_normal(3, 3), _normal(3))),
    (least_squares, (_normal(3), _normal(1))),
    (layer_norm, (_normal(2, 4), _normal(4), _normal(4))),
    (batch_norm, (_normal(4, 2), _normal(2))),
    (attention, (_normal(3, 2), _normal(3, 2), _normal(3, 2))),
    (recurrent, (_normal(2, 2), _normal(2), _normal(2))),
    (huber, (_normal(5),)),
    (relu_net, (_normal(3, 2), _normal(2))),
    (convolution, (_normal(6), _normal(3))),
    (gaussian, (_normal(1), _normal(1))),
    (of_shapes, (_normal(2, 2), _normal(2))),
]
