"""Operations of PyTorch that move entries: into another shape or order, or some of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from .reader import Recorded
from .torch_reader import Rule, TorchReader


def reshaped(reader: TorchReader, input: Any, shape: Sequence[int]) -> Any:
    """Record an array in another shape, if it does not have that already."""
    shape = tuple(map(int, shape))
    return input if reader.shape(input) == shape else reader.record("reshape", input, shape=shape)


def _view(reader: TorchReader, input: Any, size: Any = None, shape: Any = None, **_: Any) -> Any:
    wanted = [int(n) for n in (size if size is not None else shape)]
    if -1 in wanted:
        rest = math.prod(n for n in wanted if n != -1)
        wanted[wanted.index(-1)] = math.prod(reader.shape(input)) // max(1, rest)
    return reshaped(reader, input, wanted)


def _expand(reader: TorchReader, input: Any, size: Any, **_: Any) -> Any:
    own = reader.shape(input)
    added = len(size) - len(own)
    shape = tuple(own[place - added] if n == -1 else int(n) for place, n in enumerate(size))
    return input if own == shape else reader.record("broadcast_to", input, shape=shape)


def _permute(reader: TorchReader, input: Any, dims: Any, **_: Any) -> Any:
    axes = tuple(int(axis) % len(dims) for axis in dims)
    return input if axes == tuple(range(len(axes))) else reader.record("transpose", input, axes=axes)


def transposed(reader: TorchReader, input: Any, dim0: int = 0, dim1: int = 1, **_: Any) -> Any:
    """Record an array with two of its axes exchanged; a single number, or a vector for its only axis, stays."""
    count = len(reader.shape(input))
    if count < 2:
        return input
    axes = [*range(count)]
    axes[dim0], axes[dim1] = axes[dim1], axes[dim0]
    return _permute(reader, input, axes)


def _squeeze(reader: TorchReader, input: Any, dim: Any = None, **_: Any) -> Any:
    own = reader.shape(input)
    places = range(len(own)) if dim is None else [dim] if isinstance(dim, int) else dim
    gone = {int(place) % len(own) for place in places if own and own[int(place)] == 1}
    return reader.record("squeeze", input, axis=tuple(sorted(gone))) if gone else input


def _unsqueeze(reader: TorchReader, input: Any, dim: int, **_: Any) -> Recorded:
    return reader.record("expand_dims", input, axis=int(dim) % (len(reader.shape(input)) + 1))


def _along(reader: TorchReader, input: Any, dim: int, key: Any) -> Recorded:
    """Record a part of an array along one of its axes."""
    axis = int(dim) % len(reader.shape(input))
    return reader.record("index", input, key=(*[slice(None)] * axis, key))


def _select(reader: TorchReader, input: Any, dim: int, index: Any, **_: Any) -> Recorded:
    return _along(reader, input, dim, int(index))


def _slice(
    reader: TorchReader, input: Any, dim: int = 0, start: Any = None, end: Any = None, step: Any = 1, **_: Any
) -> Any:
    length = reader.shape(input)[int(dim)]
    begin, stop, stride = slice(start, end, step).indices(length)
    whole = (begin, stop, stride) == (0, length, 1)
    return input if whole else _along(reader, input, dim, slice(begin, max(begin, stop), stride))


def _narrow(reader: TorchReader, input: Any, dim: int, start: Any, length: Any, **_: Any) -> Any:
    begin = int(start) % max(1, reader.shape(input)[int(dim)])
    return _slice(reader, input, dim, begin, begin + int(length))


def _split(
    reader: TorchReader, input: Any, split_size: Any = None, split_sizes: Any = None, dim: int = 0, **_: Any
) -> tuple[Recorded, ...]:
    length = reader.shape(input)[int(dim)]
    if split_sizes is None:
        size = max(1, int(split_size))
        split_sizes = [min(size, length - first) for first in range(0, max(1, length), size)]
    ends = np.cumsum(split_sizes).tolist()
    return tuple(
        _along(reader, input, dim, slice(end - int(size), end)) for size, end in zip(split_sizes, ends, strict=True)
    )


def _unbind(reader: TorchReader, input: Any, dim: int = 0, **_: Any) -> tuple[Recorded, ...]:
    return tuple(_along(reader, input, dim, place) for place in range(reader.shape(input)[int(dim)]))


def _concatenate(reader: TorchReader, tensors: Any, dim: int = 0, **_: Any) -> Recorded:
    filled = [each for each in tensors if reader.shape(each) != (0,)]  # PyTorch lets an empty vector pass
    return reader.record("concat", *filled, axis=int(dim))


def _stack(reader: TorchReader, tensors: Any, dim: int = 0, **_: Any) -> Recorded:
    return reader.record("stack", *tensors, axis=int(dim))


def _index(reader: TorchReader, input: Any, indices: Any, **_: Any) -> Recorded:
    key = tuple(slice(None) if each is None else each.numpy() for each in indices)
    spread = [place for place, each in enumerate(indices) if each is not None]
    if spread and spread[-1] - spread[0] + 1 == len(spread):
        return reader.record("index", input, key=key)
    return reader.moved(input)


def _index_select(reader: TorchReader, input: Any, dim: int, index: Any, **_: Any) -> Recorded:
    return reader.record("take", input, indices=index.numpy().reshape(-1), axis=int(dim))


def _gather(reader: TorchReader, input: Any, dim: int, index: Any, **_: Any) -> Recorded:
    own, places = reader.shape(input), index.numpy()
    axis = int(dim) % max(1, len(own))
    if all(n == m for k, (n, m) in enumerate(zip(own, places.shape, strict=True)) if k != axis):
        return reader.record("take_along_axis", input, indices=places, axis=axis)
    return reader.moved(input)


def _embedding(reader: TorchReader, weight: Any, indices: Any, padding_idx: int = -1, **_: Any) -> Recorded:
    """The rows of a table; that of the padding gets no gradient."""
    places = indices.numpy()
    rows = reader.record("take", weight, indices=places, axis=0)
    is_padding = places == int(padding_idx)
    if not is_padding.any():
        return rows
    return reader.record("where", reader.record("stop_gradient", rows), rows, condition=is_padding[..., np.newaxis])


def _triangle(*, lower: bool) -> Rule:
    def rule(reader: TorchReader, input: Any, diagonal: Any = 0, **_: Any) -> Recorded:
        return reader.record("triangle", input, lower=lower, offset=int(diagonal))

    return rule


def _pad(reader: TorchReader, input: Any, pad: Any, value: Any = 0, **_: Any) -> Recorded:
    count = len(reader.shape(input))
    widths = [(0, 0)] * (count - len(pad) // 2)
    widths += [(int(pad[place]), int(pad[place + 1])) for place in range(len(pad) - 2, -1, -2)]
    return reader.record("pad", input, widths=widths, value=float(value or 0))


def _moved(reader: TorchReader, input: Any, **_: Any) -> Recorded:
    return reader.moved(input)


def _replaced(reader: TorchReader, input: Any, **arguments: Any) -> Recorded:
    """Record what puts entries of one array into another one."""
    source = next((arguments[key] for key in ("src", "source", "values") if arguments.get(key) is not None), None)
    if source is not None:
        return reader.moved(input, source) if not arguments.get("accumulate") else _accumulated(reader, input, source)
    value = arguments["value"]
    if isinstance(value, Recorded):
        return reader.moved(input, value)
    return reader.moved(input, filling=float(reader.numbers(value)))


def _accumulated(reader: TorchReader, input: Any, source: Any) -> Recorded:
    """Record what adds entries of one array to those of another one: each sum from left to right.

    PyTorch is asked where an entry goes by adding 1 there and nothing elsewhere.
    """
    shape = reader.shape(input)
    result, flat = (
        reshaped(reader, input, (math.prod(shape),)),
        reshaped(reader, source, (math.prod(reader.shape(source)),)),
    )
    targets = reader.targets(input, source)
    waiting = np.flatnonzero(targets >= 0)
    while waiting.size:
        _, first = np.unique(targets[waiting], return_index=True)
        now = waiting[np.sort(first)]
        held = reader.record("take", result, indices=targets[now])
        summed = reader.record("add", held, reader.record("take", flat, indices=now))
        result = reader.record("put", result, summed, key=targets[now])
        waiting = np.setdiff1d(waiting, now)
    return reshaped(reader, result, shape)


def _added(reader: TorchReader, input: Any, **arguments: Any) -> Recorded:
    source = arguments.get("src") if arguments.get("src") is not None else arguments.get("source")
    if arguments.get("alpha", 1) not in (1, None):
        raise reader.unknown("index_add with an alpha")
    return _accumulated(reader, input, source)


def _copied(reader: TorchReader, input: Any, src: Any, **_: Any) -> Any:
    shape = reader.shape(input)
    return src if reader.shape(src) == shape else reader.record("broadcast_to", src, shape=shape)


def _filled(reader: TorchReader, input: Any, value: Any, **_: Any) -> Any:
    return reader.record("broadcast_to", value, shape=reader.shape(input))


def _zeroed(reader: TorchReader, input: Any, **_: Any) -> Any:
    return np.zeros(reader.shape(input))


_ONLY_MOVED = (
    "diagonal", "diagonal_copy", "flip", "roll", "repeat", "repeat_interleave", "unfold", "unfold_copy", "as_strided",
    "as_strided_copy", "im2col", "pixel_shuffle", "pixel_unshuffle", "take", "channel_shuffle", "diag_embed", "rot90",
    "reflection_pad1d", "reflection_pad2d", "replication_pad1d", "replication_pad2d", "masked_select",
)  # fmt: skip
_PUT_INTO = (
    "select_scatter", "slice_scatter", "diagonal_scatter", "as_strided_scatter", "scatter", "index_put",
    "_unsafe_index_put", "masked_scatter", "index_copy", "index_fill",
)  # fmt: skip

RULES: dict[str, Rule] = {
    **dict.fromkeys(("aten.view", "aten._unsafe_view", "aten.reshape", "aten.view_copy"), _view),
    "aten._reshape_alias": _view,
    "aten.expand": _expand,
    "aten.permute": _permute,
    "aten.t": transposed,
    "aten.transpose": transposed,
    "aten.squeeze": _squeeze,
    "aten.unsqueeze": _unsqueeze,
    "aten.select": _select,
    "aten.slice": _slice,
    "aten.narrow": _narrow,
    **dict.fromkeys(("aten.split", "aten.split_with_sizes", "aten.unsafe_split"), _split),
    "aten.unsafe_split_with_sizes": _split,
    "aten.unbind": _unbind,
    "aten.cat": _concatenate,
    "aten.stack": _stack,
    **dict.fromkeys(("aten.index", "aten._unsafe_index"), _index),
    "aten.index_select": _index_select,
    "aten.gather": _gather,
    "aten.embedding": _embedding,
    "aten.tril": _triangle(lower=True),
    "aten.triu": _triangle(lower=False),
    "aten.constant_pad_nd": _pad,
    **{f"aten.{name}": _moved for name in _ONLY_MOVED},
    **{f"aten.{name}": _replaced for name in _PUT_INTO},
    **dict.fromkeys(("aten.scatter_add", "aten.index_add"), _added),
    "aten.copy": _copied,
    "aten.fill": _filled,
    "aten.zero": _zeroed,
}
