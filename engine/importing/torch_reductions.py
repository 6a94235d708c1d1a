"""Operations of PyTorch that take the entries along some axes together."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from ..arrays import Flags
from .reader import Recorded
from .torch_reader import Rule, TorchReader

Axes = int | Sequence[int] | None


def _reduction(operation: str) -> Rule:
    def rule(reader: TorchReader, input: Any, dim: Any = None, keepdim: bool = False, **_: Any) -> Recorded:
        return reader.record(operation, input, axis=axes_of(reader, input, dim), keepdims=bool(keepdim))

    return rule


def axes_of(reader: TorchReader, input: Any, dim: Any) -> int | tuple[int, ...] | None:
    """Return the axes of an array that PyTorch means: none are all, and a single number has one that it does not."""
    if not reader.shape(input):
        return None
    if dim is None or isinstance(dim, int):
        return dim
    return tuple(map(int, dim)) or None


def _shared(operation: str) -> Rule:
    """Make the rule of an extreme whose gradient is shared by the entries that are equal: amax, amin, max of all."""

    def rule(reader: TorchReader, input: Any, dim: Any = None, keepdim: bool = False, **_: Any) -> Recorded:
        axis, keepdims = axes_of(reader, input, dim), bool(keepdim)
        extremes, counts = _at_extreme(reader, input, operation, axis)
        if counts.max(initial=1) == 1:
            return reader.record(operation, input, axis=axis, keepdims=keepdims)
        only = reader.record("where", input, 0.0, condition=extremes)
        total = reader.record("sum", only, axis=axis, keepdims=keepdims)
        return reader.record("divide", total, counts.reshape(reader.shape(total)))

    return rule


def _chosen(operation: str) -> Rule:
    """Make the rule of an extreme along one axis, whose gradient goes to the entry that PyTorch picks."""

    def rule(reader: TorchReader, input: Any, dim: Any = None, keepdim: bool = False, **_: Any) -> Any:
        if dim is None:
            return _shared(operation)(reader, input)
        places = reader.result()[1]
        counts = _at_extreme(reader, input, operation, int(dim))[1]
        if counts.max(initial=1) == 1:
            return reader.record(operation, input, axis=int(dim), keepdims=bool(keepdim)), places
        return _taken(reader, input, places, int(dim), keepdim=bool(keepdim)), places

    return rule


def _at_extreme(reader: TorchReader, input: Any, operation: str, axis: Any) -> tuple[Flags, Any]:
    """Mark the entries that are as large, or as small, as any along the axes; count them too, with the axes kept."""
    numbers = reader.numbers(input)
    extreme = (np.max if operation == "max" else np.min)(numbers, axis=axis, keepdims=True)
    marked = np.asarray(numbers == extreme)
    return marked, np.sum(marked, axis=axis, keepdims=True).astype(np.float64)


def _taken(reader: TorchReader, input: Any, places: Any, axis: int, *, keepdim: bool) -> Recorded:
    if not reader.shape(input):
        return reader.record("reshape", input, shape=())
    indices = np.asarray(places.numpy())
    taken = reader.record(
        "take_along_axis", input, indices=indices if keepdim else np.expand_dims(indices, axis), axis=axis
    )
    return taken if keepdim else reader.record("squeeze", taken, axis=axis)


def _picked(reader: TorchReader, input: Any, dim: int = -1, keepdim: bool = True, **_: Any) -> Any:
    """Record what picks entries along an axis and says which: sort, topk, kthvalue, median, mode."""
    _, places = reader.result()
    return _taken(reader, input, places, int(dim), keepdim=len(places.shape) == len(reader.shape(input))), places


def _median(reader: TorchReader, input: Any, dim: Any = None, keepdim: bool = False, **_: Any) -> Any:
    if dim is not None:
        return _picked(reader, input, int(dim), keepdim)
    numbers = reader.numbers(input)
    place = np.unravel_index(int(np.argmax(numbers == reader.numbers(reader.result()))), numbers.shape)
    return reader.record("index", input, key=tuple(map(int, place)))


def _variance(reader: TorchReader, input: Any, dim: Any = None, **options: Any) -> Recorded:
    """The mean of the squared distances from the mean, as far as `correction` is 0; the sum over n - correction."""
    correction, keepdim = options.get("correction"), bool(options.get("keepdim"))
    if "unbiased" in options:
        correction = int(options["unbiased"])
    with reader.within("var"):
        less = 1 if correction is None else correction
        return spread(reader, input, axes_of(reader, input, dim), less, keepdims=keepdim)[1]


def spread(
    reader: TorchReader, input: Any, axis: Axes, correction: float, *, keepdims: bool
) -> tuple[Recorded, Recorded]:
    """Record the distances from the mean along some axes, and the variance."""
    mean = reader.record("mean", input, axis=axis, keepdims=True)
    distances = reader.record("subtract", input, mean)
    squares = reader.record("square", distances)
    if not correction:
        return distances, reader.record("mean", squares, axis=axis, keepdims=keepdims)
    total = reader.record("sum", squares, axis=axis, keepdims=keepdims)
    count = math.prod(reader.shape(input)) / max(1, math.prod(reader.shape(mean)))
    return distances, reader.record("divide", total, count - float(correction))


def _deviation(reader: TorchReader, input: Any, **options: Any) -> Recorded:
    with reader.within("std"):
        return _root(reader, _variance(reader, input, **options))


def _root(reader: TorchReader, total: Recorded) -> Recorded:
    """Record the root; where it is 0 so is its gradient, as PyTorch has it for norms and deviations."""
    root = reader.record("sqrt", total)
    is_zero = reader.numbers(total) == 0
    return reader.record("where", 0.0, root, condition=is_zero) if is_zero.any() else root


def _variance_and_mean(reader: TorchReader, input: Any, dim: Any = None, **options: Any) -> tuple[Recorded, Recorded]:
    mean = reader.record("mean", input, axis=axes_of(reader, input, dim), keepdims=bool(options.get("keepdim")))
    return _variance(reader, input, dim, **options), mean


def _deviation_and_mean(reader: TorchReader, input: Any, **options: Any) -> tuple[Recorded, Recorded]:
    variance, mean = _variance_and_mean(reader, input, **options)
    return _root(reader, variance), mean


def _norm(
    reader: TorchReader, input: Any, ord: Any = 2, dim: Any = None, keepdim: bool = False, **options: Any
) -> Recorded:
    """The p-norm of vectors; where it is 0 so is its gradient, as in PyTorch."""
    order = float(options.get("p", ord) if options.get("p", ord) is not None else 2)
    axis, keepdims = axes_of(reader, input, dim), bool(keepdim)
    with reader.within("norm"):
        sizes = input if order in (2, 0) else reader.record("abs", input)
        if order == 1:
            return reader.record("sum", sizes, axis=axis, keepdims=keepdims)
        if math.isinf(order):
            return _shared("max" if order > 0 else "min")(reader, sizes, dim, keepdim)
        if order == 0:
            return reader.record("sum", reader.numbers(input) != 0, axis=axis, keepdims=keepdims)
        powers = reader.record("square", input) if order == 2 else reader.record("power", sizes, order)
        total = reader.record("sum", powers, axis=axis, keepdims=keepdims)
        if order == 2:
            return _root(reader, total)
        root = reader.record("power", total, 1 / order)
        is_zero = reader.numbers(total) == 0
        return reader.record("where", 0.0, root, condition=is_zero) if is_zero.any() else root


def _cumulative(operation: str) -> Rule:
    def rule(reader: TorchReader, input: Any, dim: int, **_: Any) -> Recorded:
        return reader.record(operation, input, axis=int(dim))

    return rule


def _distances(reader: TorchReader, x1: Any, x2: Any, p: float, **_: Any) -> Recorded:
    """The p-norms of the differences of each row of x1 and each row of x2."""
    rows = reader.record("expand_dims", x1, axis=len(reader.shape(x1)) - 1)
    columns = reader.record("expand_dims", x2, axis=len(reader.shape(x2)) - 2)
    with reader.within("cdist"):
        return _norm(reader, reader.record("subtract", rows, columns), p, [-1])


RULES: dict[str, Rule] = {
    "aten.sum": _reduction("sum"),
    "aten.mean": _reduction("mean"),
    "aten.prod": _reduction("prod"),
    "aten.amax": _shared("max"),
    "aten.amin": _shared("min"),
    "aten.max": _chosen("max"),
    "aten.min": _chosen("min"),
    **{f"aten.{name}": _picked for name in ("sort", "topk", "kthvalue", "mode", "cummax", "cummin")},
    **dict.fromkeys(("aten.median", "aten.nanmedian"), _median),
    "aten.var": _variance,
    "aten.std": _deviation,
    "aten.var_mean": _variance_and_mean,
    "aten.std_mean": _deviation_and_mean,
    "aten.linalg_vector_norm": _norm,
    "aten.norm": _norm,
    "aten._cdist_forward": _distances,
    "aten.cumsum": _cumulative("cumulative_sum"),
    "aten.cumprod": _cumulative("cumulative_prod"),
}
