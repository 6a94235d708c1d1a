"""Layers and losses of `torch.nn`: softmax, normalizations, attention, the losses that are one operation in PyTorch."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .reader import Recorded
from .torch_movements import reshaped, transposed
from .torch_reader import Rule, TorchReader
from .torch_reductions import spread

_LARGEST_EXPONENT = 300.0
"""Numbers of at most this size have powers of e that neither overflow nor vanish."""


def softmax(reader: TorchReader, input: Any, dim: int, **_: Any) -> Recorded:
    """e^x/Σe^x along an axis: what is -∞ is a literal 0 there, and large numbers are moved first, as PyTorch does."""
    with reader.within("softmax"):
        powers = _powers(reader, _moved_to_zero(reader, input, int(dim))[0])
        return reader.record("divide", powers, reader.record("sum", powers, axis=int(dim), keepdims=True))


def log_softmax(reader: TorchReader, input: Any, dim: int, **_: Any) -> Recorded:
    """x - ln(Σe^x) along an axis."""
    with reader.within("log_softmax"):
        moved = _moved_to_zero(reader, input, int(dim))[0]
        total = reader.record("sum", _powers(reader, moved), axis=int(dim), keepdims=True)
        return reader.record("subtract", moved, reader.record("log", total))


def _log_sum_exp(reader: TorchReader, input: Any, dim: Any, keepdim: bool = False, **_: Any) -> Recorded:
    """ln(Σe^x) along some axes."""
    axis = tuple(map(int, dim)) if hasattr(dim, "__len__") else int(dim)
    with reader.within("logsumexp"):
        moved, largest = _moved_to_zero(reader, input, axis)
        result = reader.record("log", reader.record("sum", _powers(reader, moved), axis=axis, keepdims=True))
        if largest is not None:
            result = reader.record("add", largest, result)
        return result if keepdim else reader.record("squeeze", result, axis=axis)


def _moved_to_zero(reader: TorchReader, input: Any, axis: Any) -> tuple[Any, Any]:
    """Record x less the largest of its row, a number without a gradient, where powers of e would overflow or vanish."""
    numbers = reader.numbers(input)
    finite = numbers[np.isfinite(numbers)]
    if not finite.size or np.abs(finite).max() <= _LARGEST_EXPONENT:
        return input, None
    largest = np.max(numbers, axis=axis, keepdims=True)
    largest = np.where(np.isfinite(largest), largest, 0.0)
    return reader.record("subtract", input, largest), largest


def _powers(reader: TorchReader, input: Any) -> Recorded:
    powers = reader.record("exp", input)
    nothing = np.isneginf(reader.numbers(input))
    return reader.record("where", 0.0, powers, condition=nothing) if nothing.any() else powers


def _softmax(reader: TorchReader, input: Any, dim: int, **_: Any) -> Recorded:
    return softmax(reader, input, dim)


def _attention(
    reader: TorchReader, query: Any, key: Any, value: Any, dropout_p: float = 0.0, is_causal: bool = False,
    attn_mask: Any = None, scale: Any = None, **_: Any,
) -> tuple[Recorded]:  # fmt: skip
    """softmax(q·kᵀ/√d + mask)·v (Vaswani et al., arXiv:1706.03762)."""
    if dropout_p:
        raise reader.unknown("scaled_dot_product_attention with dropout")
    with reader.within("scaled_dot_product_attention"):
        width = reader.shape(query)[-1]
        scores = reader.record("matmul", query, transposed(reader, key, -2, -1))
        if scale is None:
            scores = reader.record("divide", scores, math.sqrt(width))
        else:
            scores = reader.record("multiply", scores, float(scale))
        if is_causal:
            allowed = np.tril(np.ones(reader.shape(scores)[-2:], dtype=np.bool_))
            scores = reader.record("where", scores, -np.inf, condition=np.broadcast_to(allowed, reader.shape(scores)))
        if attn_mask is not None:
            scores = reader.record("add", scores, attn_mask)
        return (reader.record("matmul", softmax(reader, scores, -1), value),)


def _layer_norm(
    reader: TorchReader, input: Any, normalized_shape: Any, weight: Any = None, bias: Any = None, eps: float = 1e-5,
    **_: Any,
) -> tuple[Recorded]:  # fmt: skip
    """(x - mean)/√(var + eps)·weight + bias over the last axes (Ba, Kiros and Hinton, arXiv:1607.06450)."""
    with reader.within("layer_norm"):
        axes = tuple(range(-len(normalized_shape), 0))
        return (_scaled(reader, _normalized(reader, input, axes, eps), weight, bias),)


def _normalized(reader: TorchReader, input: Any, axes: tuple[int, ...], eps: float) -> Recorded:
    distances, variance = spread(reader, input, axes, 0, keepdims=True)
    return reader.record("divide", distances, reader.record("sqrt", reader.record("add", variance, float(eps))))


def _scaled(reader: TorchReader, input: Any, weight: Any, bias: Any) -> Recorded:
    if weight is not None:
        input = reader.record("multiply", input, weight)
    return input if bias is None else reader.record("add", input, bias)


def _batch_norm(
    reader: TorchReader, input: Any, weight: Any = None, bias: Any = None, running_mean: Any = None,
    running_var: Any = None, training: Any = None, momentum: Any = None, eps: float = 1e-5, **_: Any,
) -> tuple[Recorded]:  # fmt: skip
    """The same over all samples of a channel, or by the running mean and variance where nothing is trained.

    (Ioffe and Szegedy, arXiv:1502.03167.) PyTorch's forms for inference say nothing of training.
    """
    shape = reader.shape(input)
    by_channel = (1, shape[1], *[1] * (len(shape) - 2))
    is_trained = running_mean is None if training is None else bool(training)
    with reader.within("batch_norm"):
        if is_trained:
            normal = _normalized(reader, input, (0, *range(2, len(shape))), eps)
        else:
            mean, variance = (reshaped(reader, each, by_channel) for each in (running_mean, running_var))
            deviation = reader.record("sqrt", reader.record("add", variance, float(eps)))
            normal = reader.record("divide", reader.record("subtract", input, mean), deviation)
        weight, bias = (None if each is None else reshaped(reader, each, by_channel) for each in (weight, bias))
        return (_scaled(reader, normal, weight, bias),)


def _batch_norm_in_training(reader: TorchReader, input: Any, **arguments: Any) -> tuple[Recorded]:
    return _batch_norm(reader, input, **{**arguments, "training": True})


def _group_norm(
    reader: TorchReader, input: Any, weight: Any = None, bias: Any = None, group: Any = 1, eps: float = 1e-5, **_: Any
) -> tuple[Recorded]:
    """The same over each group of channels of a sample (Wu and He, arXiv:1803.08494)."""
    shape = reader.shape(input)
    by_channel = (1, shape[1], *[1] * (len(shape) - 2))
    with reader.within("group_norm"):
        normal = _normalized(
            reader,
            reshaped(
                reader, input, (shape[0], int(group), -1 if 0 in shape else math.prod(shape) // shape[0] // int(group))
            ),
            (-1,),
            eps,
        )
        weight, bias = (None if each is None else reshaped(reader, each, by_channel) for each in (weight, bias))
        return (_scaled(reader, reshaped(reader, normal, shape), weight, bias),)


def _negative_likelihood(
    reader: TorchReader, input: Any, target: Any, weight: Any = None, reduction: int = 1, ignore_index: int = -100,
    **_: Any,
) -> tuple[Any]:  # fmt: skip
    """The mean, by weight, of minus the entry that each sample's target names; what is to be ignored is left out."""
    places = target.numpy()
    if len(reader.shape(input)) > 2:  # channels last, one row for each place
        input = reader.record("transpose", input, axes=(0, *range(2, len(reader.shape(input))), 1))
    count = reader.shape(input)[-1]
    rows = reshaped(reader, input, (places.size, count))
    counted = np.flatnonzero(places.reshape(-1) != int(ignore_index))
    chosen = places.reshape(-1)[counted]
    losses = reader.record("negative", reader.record("index", rows, key=(counted, chosen)))
    if weight is not None:
        weight = reader.record("take", weight, indices=chosen, axis=0)
        losses = reader.record("multiply", losses, weight)
    if reduction == 1:
        if weight is None:
            return (reader.record("mean", losses),)
        return (reader.record("divide", reader.record("sum", losses), reader.record("sum", weight)),)
    if reduction == 2:
        return (reader.record("sum", losses),)
    every = reader.record("broadcast_to", 0.0, shape=(places.size,))
    return (reshaped(reader, reader.record("put", every, losses, key=counted), places.shape),)


def _reduced(reader: TorchReader, losses: Any, reduction: int) -> Any:
    return losses if reduction == 0 else reader.record("mean" if reduction == 1 else "sum", losses)


def _mean_squared_error(reader: TorchReader, input: Any, target: Any, reduction: int = 1, **_: Any) -> Any:
    squares = reader.record("square", reader.record("subtract", input, target))
    return _reduced(reader, squares, reduction)


def _huber(reader: TorchReader, input: Any, target: Any, reduction: int = 1, delta: float = 1.0, **_: Any) -> Any:
    """½d² where |d| ≤ delta, else delta·(|d| - ½·delta)."""
    far, near = _bent(reader, input, target, delta)
    inside = np.abs(reader.numbers(near)) <= delta
    half = reader.record("multiply", 0.5, reader.record("square", near))
    straight = reader.record("multiply", float(delta), reader.record("subtract", far, 0.5 * delta))
    return _reduced(reader, reader.record("where", half, straight, condition=inside), reduction)


def _smooth_l1(reader: TorchReader, input: Any, target: Any, reduction: int = 1, beta: float = 1.0, **_: Any) -> Any:
    """½d²/beta where |d| < beta, else |d| - ½·beta."""
    far, near = _bent(reader, input, target, beta)
    if beta == 0:
        return _reduced(reader, far, reduction)
    inside = np.abs(reader.numbers(near)) < beta
    half = reader.record("divide", reader.record("multiply", 0.5, reader.record("square", near)), float(beta))
    straight = reader.record("subtract", far, 0.5 * beta)
    return _reduced(reader, reader.record("where", half, straight, condition=inside), reduction)


def _bent(reader: TorchReader, input: Any, target: Any, bend: float) -> tuple[Recorded, Recorded]:
    distance = reader.record("subtract", input, target)
    return reader.record("abs", distance), distance


def _binary_cross_entropy(
    reader: TorchReader, input: Any, target: Any, weight: Any = None, reduction: int = 1, **_: Any
) -> Any:
    """-(y·ln(p) + (1 - y)·ln(1 - p)), no logarithm smaller than -100, as PyTorch has it."""
    yes = _bounded_log(reader, input)
    no = _bounded_log(reader, reader.record("subtract", 1.0, input))
    rest = reader.record("subtract", 1.0, target)
    total = reader.record("add", reader.record("multiply", target, yes), reader.record("multiply", rest, no))
    losses = reader.record("negative", total)
    if weight is not None:
        losses = reader.record("multiply", losses, weight)
    return _reduced(reader, losses, reduction)


def _bounded_log(reader: TorchReader, input: Any) -> Any:
    logarithm = reader.record("log", input)
    small = reader.numbers(input) < math.exp(-100)
    return reader.record("where", -100.0, logarithm, condition=small) if small.any() else logarithm


def _dropout(reader: TorchReader, input: Any, p: float = 0.5, train: Any = True, **_: Any) -> tuple[Any, ...]:
    """The mask that was drawn, as the numbers that x is multiplied by."""
    if not train or p == 0:
        return (input,)
    _, mask = reader.result()
    factor = 0.0 if p == 1 else 1 / (1 - float(p))
    return reader.record("multiply", input, reader.numbers(mask) * factor), mask


RULES: dict[str, Rule] = {
    **dict.fromkeys(("aten._softmax", "aten._safe_softmax", "aten.softmax"), _softmax),
    "aten._log_softmax": log_softmax,
    "aten.logsumexp": _log_sum_exp,
    "aten._scaled_dot_product_flash_attention_for_cpu": _attention,
    "aten.native_layer_norm": _layer_norm,
    "aten.native_group_norm": _group_norm,
    **dict.fromkeys(("aten.native_batch_norm", "aten._native_batch_norm_legit"), _batch_norm),
    "aten.cudnn_batch_norm": _batch_norm,
    "aten._native_batch_norm_legit_no_training": _batch_norm,
    "aten._native_batch_norm_legit_functional": _batch_norm,
    "aten._batch_norm_with_update": _batch_norm_in_training,
    **dict.fromkeys(("aten.nll_loss_forward", "aten.nll_loss2d_forward"), _negative_likelihood),
    "aten.mse_loss": _mean_squared_error,
    "aten.huber_loss": _huber,
    "aten.smooth_l1_loss": _smooth_l1,
    "aten.binary_cross_entropy": _binary_cross_entropy,
    "aten.native_dropout": _dropout,
}
