"""Primitives of JAX that move entries: into another shape or order, or some of them.

Where an index decides what is moved, JAX itself moves the numbers of the entries, 0, 1, 2, ..., which tells where each
one goes.
"""

from __future__ import annotations

import importlib
import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..arrays import Indices
from .jax_reader import JaxReader, Rule
from .reader import Recorded


def _reshape(reader: JaxReader, operand: Any, shape: Sequence[int]) -> Any:
    if reader.shape(operand) == tuple(shape):
        return operand
    return reader.record("reshape", operand, shape=tuple(map(int, shape)))


def _broadcast(reader: JaxReader, operands: Sequence[Any], parameters: Mapping[str, Any]) -> Any:
    shape, axes = tuple(parameters["shape"]), [int(axis) for axis in parameters["broadcast_dimensions"]]
    lengths = reader.shape(operands[0])
    placed = [1] * len(shape)
    for axis, length in zip(axes, lengths, strict=True):
        placed[axis] = length
    result = operands[0]
    trailing = axes == list(range(len(shape) - len(axes), len(shape)))
    if not trailing or tuple(placed) == shape:
        result = _reshape(reader, result, placed)
    return result if reader.shape(result) == shape else reader.record("broadcast_to", result, shape=shape)


def _to_result_shape(reader: JaxReader, operands: Sequence[Any], parameters: Mapping[str, Any]) -> Any:
    if parameters.get("dimensions") is not None:
        operand = reader.record("transpose", operands[0], axes=tuple(parameters["dimensions"]))
        return _reshape(reader, operand, parameters["new_sizes"])
    return _reshape(reader, operands[0], parameters["new_sizes"])


def _squeeze(reader: JaxReader, operands: Sequence[Any], parameters: Mapping[str, Any]) -> Any:
    gone = {int(axis) for axis in parameters["dimensions"]}
    return _reshape(reader, operands[0], [n for axis, n in enumerate(reader.shape(operands[0])) if axis not in gone])


def _expand_dims(reader: JaxReader, operands: Sequence[Any], parameters: Mapping[str, Any]) -> Any:
    return reader.record("expand_dims", operands[0], axis=tuple(map(int, parameters["dimensions"])))


def _transpose(reader: JaxReader, operands: Sequence[Any], parameters: Mapping[str, Any]) -> Any:
    return reader.record("transpose", operands[0], axes=tuple(map(int, parameters["permutation"])))


def _rev(reader: JaxReader, operands: Sequence[Any], parameters: Mapping[str, Any]) -> Any:
    return reader.record("flip", operands[0], axis=tuple(map(int, parameters["dimensions"])))


def _concatenate(reader: JaxReader, operands: Sequence[Any], parameters: Mapping[str, Any]) -> Any:
    return reader.record("concat", *operands, axis=int(parameters["dimension"]))


def _stack(reader: JaxReader, operands: Sequence[Any], parameters: Mapping[str, Any]) -> Any:
    return reader.record("stack", *operands, axis=int(parameters["axis"]))


def _unstack(reader: JaxReader, operands: Sequence[Any], parameters: Mapping[str, Any]) -> Any:
    axis = int(parameters["axis"])
    before = (slice(None),) * axis
    count = reader.shape(operands[0])[axis]
    return [reader.record("index", operands[0], key=(*before, place)) for place in range(count)]


def _tile(reader: JaxReader, operands: Sequence[Any], parameters: Mapping[str, Any]) -> Any:
    return reader.record("tile", operands[0], repetitions=tuple(map(int, parameters["reps"])))


def _running(extreme: Any) -> Rule:
    """Make the rule of a running maximum or minimum: each is one of the entries, whose place is known."""

    def rule(reader: JaxReader, operands: Sequence[Any], parameters: Mapping[str, Any]) -> Any:
        axis, numbers = int(parameters["axis"]), reader.numbers(operands[0])
        turned = np.flip(numbers, axis) if parameters["reverse"] else numbers
        along = np.indices(turned.shape)[axis]
        is_new = turned == extreme.accumulate(turned, axis=axis)
        places = np.maximum.accumulate(np.where(is_new, along, 0), axis=axis)
        if parameters["reverse"]:
            places = np.flip(turned.shape[axis] - 1 - places, axis)
        return reader.record("take_along_axis", operands[0], indices=places, axis=axis)

    return rule


def _slice(reader: JaxReader, operands: Sequence[Any], parameters: Mapping[str, Any]) -> Any:
    starts, stops = parameters["start_indices"], parameters["limit_indices"]
    steps = parameters["strides"] or (1,) * len(starts)
    key = tuple(slice(*map(int, each)) for each in zip(starts, stops, steps, strict=True))
    return reader.record("index", operands[0], key=key)


def _split(reader: JaxReader, operands: Sequence[Any], parameters: Mapping[str, Any]) -> Any:
    axis, stop, parts = int(parameters["axis"]), 0, list[Any]()
    for size in parameters["sizes"]:
        start, stop = stop, stop + int(size)
        parts.append(reader.record("index", operands[0], key=(*[slice(None)] * axis, slice(start, stop))))
    return parts


def _clamped(starts: Sequence[Any], sizes: Sequence[int], shape: Sequence[int]) -> tuple[slice, ...]:
    """Return the part that begins at `starts`, moved so that it lies within the array, as JAX does."""
    begins = [min(max(int(start), 0), n - size) for start, size, n in zip(starts, sizes, shape, strict=True)]
    return tuple(slice(begin, begin + size) for begin, size in zip(begins, sizes, strict=True))


def _dynamic_slice(reader: JaxReader, operands: Sequence[Any], parameters: Mapping[str, Any]) -> Any:
    operand, *starts = operands
    sizes = [int(size) for size in parameters["slice_sizes"]]
    return reader.record("index", operand, key=_clamped(starts, sizes, reader.shape(operand)))


def _dynamic_update_slice(reader: JaxReader, operands: Sequence[Any], parameters: Mapping[str, Any]) -> Any:
    operand, update, *starts = operands
    return reader.record("put", operand, update, key=_clamped(starts, reader.shape(update), reader.shape(operand)))


def _pad(reader: JaxReader, operands: Sequence[Any], parameters: Mapping[str, Any]) -> Any:
    operand, filling = operands
    if isinstance(filling, Recorded):
        raise reader.unknown("pad with a number that depends on the arguments")
    value = float(reader.numbers(filling))
    gaps = [int(interior) for _, _, interior in parameters["padding_config"]]
    if any(gaps):
        operand = reader.record("dilate", operand, gaps=gaps, value=value)
    widths = [(int(low), int(high)) for low, high, _ in parameters["padding_config"]]
    return reader.record("pad", operand, widths=widths, value=value)


def _numbers_of_entries(reader: JaxReader, operand: Any, first: int = 0) -> Any:
    shape = reader.shape(operand)
    size = int(np.prod(shape, dtype=np.int64))
    return reader.jax.numpy.arange(first, first + size, dtype=np.int32).reshape(shape)


def _picked(reader: JaxReader, sources: Sequence[Any], places: Indices, filling: float = np.nan) -> Any:
    """Record the entries at `places` of all sources, counted one after the other; `filling` where that is negative."""
    flat = [_reshape(reader, source, (-1,)) if len(reader.shape(source)) != 1 else source for source in sources]
    if (places < 0).any():
        count = sum(reader.shape(each)[0] for each in flat)
        flat.append(np.full(1, filling))
        places = np.where(places < 0, count, places)
    joined = flat[0] if len(flat) == 1 else reader.record("concat", *flat, axis=0)
    return reader.record("take", joined, indices=places)


def _gather(reader: JaxReader, operands: Sequence[Any], parameters: Mapping[str, Any]) -> Any:
    operand, indices = operands
    primitive: Any = importlib.import_module("jax.lax").gather_p
    moved = primitive.bind(_numbers_of_entries(reader, operand), indices, **{**parameters, "fill_value": -1})
    filling = parameters["fill_value"]
    return _picked(reader, [operand], np.asarray(moved), np.nan if filling is None else float(filling))


def _scatter(reader: JaxReader, operands: Sequence[Any], parameters: Mapping[str, Any]) -> Any:
    operand, indices, updates = operands
    primitive: Any = importlib.import_module("jax.lax").scatter_p
    size = int(np.prod(reader.shape(operand), dtype=np.int64))
    entries, new = _numbers_of_entries(reader, operand), _numbers_of_entries(reader, updates, size)
    moved = primitive.bind(entries, indices, new, **{**parameters, "update_jaxpr": None, "update_consts": ()})
    return _picked(reader, [operand, updates], np.asarray(moved))


def _combining(operation: str) -> Rule:
    """Make the rule of a scatter that combines each update with the entry it goes to, one after the other."""

    def rule(reader: JaxReader, operands: Sequence[Any], parameters: Mapping[str, Any]) -> Any:
        operand, _, updates = operands
        shape, targets = reader.shape(operand), _targets(reader, operands, parameters)
        result, flat = _reshape(reader, operand, (math.prod(shape),)), _reshape(reader, updates, (targets.size,))
        waiting = np.flatnonzero(targets >= 0)
        while waiting.size:
            _, first = np.unique(targets[waiting], return_index=True)
            now = waiting[np.sort(first)]
            held = reader.record("take", result, indices=targets[now])
            combined = reader.record(operation, held, reader.record("take", flat, indices=now))
            result = reader.record("put", result, combined, key=targets[now])
            waiting = np.setdiff1d(waiting, now)
        return _reshape(reader, result, shape)

    return rule


def _targets(reader: JaxReader, operands: Sequence[Any], parameters: Mapping[str, Any]) -> Any:
    """Return the entry that each update of a scatter goes to, -1 where that is outside: the pullback of adding says so.

    It hands each update the number of its entry, counted from 1, and 0 where there is none.
    """
    operand, indices, updates = operands
    jax = reader.jax
    zeros = jax.numpy.zeros(reader.shape(operand))

    def added(new: Any) -> Any:
        numbers, mode = parameters["dimension_numbers"], parameters["mode"]
        return jax.lax.scatter_add(zeros, indices, new, numbers, mode=mode)

    _, pullback = jax.vjp(added, jax.numpy.zeros(reader.shape(updates)))
    (found,) = pullback(_numbers_of_entries(reader, operand, 1).astype(np.float64))
    return np.asarray(found).astype(np.int64).reshape(-1) - 1


def _sort(reader: JaxReader, operands: Sequence[Any], parameters: Mapping[str, Any]) -> Any:
    primitive: Any = importlib.import_module("jax.lax").sort_p
    axis = int(parameters["dimension"])
    numbers = [
        reader.jax.numpy.asarray(reader.numbers(operand)) if isinstance(operand, Recorded) else operand
        for operand in operands
    ]
    places = reader.jax.lax.broadcasted_iota(np.int64, np.shape(numbers[0]), axis)
    *_, order = results = primitive.bind(*numbers, places, **parameters)
    return [
        reader.record("take_along_axis", operand, indices=np.asarray(order), axis=axis)
        if isinstance(operand, Recorded)
        else result
        for operand, result in zip(operands, results, strict=False)
    ]


def _top_k(reader: JaxReader, operands: Sequence[Any], parameters: Mapping[str, Any]) -> Any:
    axis = int(parameters.get("axis", -1))
    numbers = np.moveaxis(reader.numbers(operands[0]), axis, -1)
    _, order = reader.jax.lax.top_k(reader.jax.numpy.asarray(numbers), int(parameters["k"]))
    order = np.moveaxis(np.asarray(order), -1, axis)
    return [reader.record("take_along_axis", operands[0], indices=order, axis=axis), order]


RULES: dict[str, Rule] = {
    "broadcast_in_dim": _broadcast,
    "reshape": _to_result_shape,
    "squeeze": _squeeze,
    "expand_dims": _expand_dims,
    "transpose": _transpose,
    "rev": _rev,
    "concatenate": _concatenate,
    "stack": _stack,
    "unstack": _unstack,
    "tile": _tile,
    "cummax": _running(np.maximum),
    "cummin": _running(np.minimum),
    "slice": _slice,
    "split": _split,
    "dynamic_slice": _dynamic_slice,
    "dynamic_update_slice": _dynamic_update_slice,
    "pad": _pad,
    "gather": _gather,
    "scatter": _scatter,
    "scatter-add": _combining("add"),
    "scatter_add": _combining("add"),
    "scatter-sub": _combining("subtract"),
    "scatter_sub": _combining("subtract"),
    "scatter-mul": _combining("multiply"),
    "scatter_mul": _combining("multiply"),
    "scatter-max": _combining("maximum"),
    "scatter_max": _combining("maximum"),
    "scatter-min": _combining("minimum"),
    "scatter_min": _combining("minimum"),
    "sort": _sort,
    "top_k": _top_k,
}
