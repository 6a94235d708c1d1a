"""Products of matrices, convolution and pooling in PyTorch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..array_ops.windows import windows
from ..arrays import Floats, Indices
from .reader import Recorded
from .torch_movements import reshaped
from .torch_reader import Rule, TorchReader


def _product(reader: TorchReader, left: Any, right: Any) -> Recorded:
    return reader.record("matmul", left, right)


def _matmul(reader: TorchReader, input: Any, mat2: Any = None, **others: Any) -> Recorded:
    right = next(each for each in (mat2, *(others.get(key) for key in ("vec", "tensor", "other"))) if each is not None)
    return _product(reader, input, right)


def _added_product(reader: TorchReader, input: Any, beta: Any = 1, alpha: Any = 1, **factors: Any) -> Recorded:
    """beta·input + alpha·(left @ right): as a linear layer has it, the product first and then the bias."""
    pairs = (("mat1", "mat2"), ("batch1", "batch2"), ("mat", "vec"))
    left, right = next((factors[a], factors[b]) for a, b in pairs if a in factors)
    product = _product(reader, left, right)
    if alpha != 1:
        product = reader.record("multiply", alpha, product)
    if beta == 0:
        return product
    return reader.record("add", product, input if beta == 1 else reader.record("multiply", beta, input))


def _added_products(
    reader: TorchReader, input: Any, batch1: Any, batch2: Any, beta: Any = 1, alpha: Any = 1, **_: Any
) -> Recorded:
    """beta·input + alpha·Σ(left @ right), the products of a batch added."""
    total = reader.record("sum", _product(reader, batch1, batch2), axis=0)
    total = total if alpha == 1 else reader.record("multiply", alpha, total)
    return reader.record("add", total, input if beta == 1 else reader.record("multiply", beta, input))


def _threefold(
    reader: TorchReader, i1: Any, i2: Any, i3: Any, expand1: Any, expand2: Any, expand3: Any, sumdim: Any, **_: Any
) -> Recorded:
    """The sum over some axes of a product of three, each given the axes that it lacks: a bilinear layer."""
    factors: list[Any] = []
    for factor, axes in ((i1, expand1), (i2, expand2), (i3, expand3)):
        shape = [*reader.shape(factor)]
        for axis in sorted(axes):
            shape.insert(int(axis), 1)
        factors.append(reshaped(reader, factor, shape))
    product = reader.record("multiply", reader.record("multiply", factors[0], factors[2]), factors[1])
    return reader.record("sum", product, axis=tuple(map(int, sumdim)))


def _convolution(
    reader: TorchReader, input: Any, weight: Any, bias: Any = None, stride: Any = (1,), padding: Any = (0,),
    dilation: Any = (1,), transposed: bool = False, output_padding: Any = (0,), groups: int = 1, **_: Any,
) -> Recorded:  # fmt: skip
    space = len(reader.shape(weight)) - 2
    strides, around, gaps, more = (_each(numbers, space) for numbers in (stride, padding, dilation, output_padding))
    with reader.within("convolution"):
        if transposed:
            result = _transposed_convolution(reader, input, weight, strides, around, gaps, more, int(groups))
        else:
            pairs = [(n, n) for n in around]
            result = reader.record(
                "convolution", input, weight, strides=strides, padding=pairs, dilation=gaps, groups=int(groups)
            )
        if bias is None:
            return result
        return reader.record("add", result, reshaped(reader, bias, (-1, *[1] * space) if space else (-1,)))


def _transposed_convolution(
    reader: TorchReader, input: Any, weight: Any, strides: list[int], around: list[int], gaps: list[int],
    more: list[int], groups: int,
) -> Recorded:  # fmt: skip
    """A convolution over the input with gaps between its entries, by the kernel turned around."""
    shape = reader.shape(weight)
    channels, out, sizes = shape[0] // groups, shape[1], shape[2:]
    kernel = reshaped(reader, weight, (groups, channels, out, *sizes))
    kernel = reader.record("transpose", kernel, axes=(0, 2, 1, *range(3, 3 + len(sizes))))
    kernel = reader.record(
        "flip", reshaped(reader, kernel, (groups * out, channels, *sizes)), axis=tuple(range(2, len(shape)))
    )
    reach = [gap * (size - 1) for gap, size in zip(gaps, sizes, strict=True)]
    pairs = [(far - n, far - n + extra) for far, n, extra in zip(reach, around, more, strict=True)]
    return reader.record(
        "convolution", input, kernel, padding=pairs, dilation=gaps, input_dilation=strides, groups=groups
    )


def _each(numbers: Any, space: int) -> list[int]:
    """Return a number for each axis of space: one that is given alone is that of all."""
    given = [numbers] if isinstance(numbers, int) else [int(each) for each in numbers]
    return given * space if len(given) == 1 else given


def _max_pool(
    reader: TorchReader, input: Any, kernel_size: Any, stride: Any = None, padding: Any = 0, dilation: Any = 1, **_: Any
) -> tuple[Recorded, Any]:
    """The largest entry of each window; of several that are equal the one that PyTorch picks."""
    largest, places = reader.result()
    space = len(_each(kernel_size, 2))
    window = _window(
        reader.shape(input), tuple(largest.shape), space, kernel_size, stride or kernel_size, padding, dilation
    )
    if not _has_ties(reader.numbers(input), window):
        return reader.record("pool", input, reduction="max", **window), places
    shape = reader.shape(input)
    flat = reshaped(reader, input, (*shape[:-space], int(np.prod(shape[-space:]))))
    indices = places.numpy().reshape((*shape[:-space], -1))
    return reshaped(reader, reader.record("take_along_axis", flat, indices=indices, axis=-1), largest.shape), places


def _average_pool(
    reader: TorchReader, input: Any, kernel_size: Any, stride: Any = None, padding: Any = 0, ceil_mode: bool = False,
    count_include_pad: bool = True, divisor_override: Any = None, **_: Any,
) -> Recorded:  # fmt: skip
    space = len(_each(kernel_size, 2))
    sizes, around = _each(kernel_size, space), _each(padding, space)
    result = reader.result()
    window = _window(reader.shape(input), tuple(result.shape), space, sizes, stride or sizes, around, 1)
    if not divisor_override and (not any(around) or not count_include_pad):
        return reader.record("pool", input, reduction="mean", **window)
    if ceil_mode and not divisor_override:
        raise reader.unknown("avg_pool with ceil_mode and padding that counts")
    total = reader.record("pool", input, reduction="sum", **window)
    return reader.record("divide", total, float(divisor_override or np.prod(sizes)))


def _window(
    shape: Sequence[int], out: Sequence[int], space: int, sizes: Any, stride: Any, padding: Any, dilation: Any
) -> dict[str, Any]:
    """Return the parameters of a pool whose result has the shape `out`."""
    sizes, strides, around, gaps = (_each(numbers, space) for numbers in (sizes, stride, padding, dilation))
    pairs = [
        (low, (count - 1) * step + (size - 1) * gap + 1 - n - low)
        for n, count, size, step, low, gap in zip(
            shape[-space:], out[-space:], sizes, strides, around, gaps, strict=True
        )
    ]
    return {"shape": sizes, "strides": strides, "padding": pairs, "dilation": gaps}


def _has_ties(numbers: Floats, window: dict[str, Any]) -> bool:
    """Say whether the largest number of any window stands there twice."""
    places: Indices = np.arange(numbers.size, dtype=np.int32).reshape(numbers.shape)
    slid = windows(places, window["shape"], window["strides"], window["padding"], window["dilation"])
    rows = slid.reshape((*slid.shape[: numbers.ndim], -1))
    within = np.where(rows >= 0, numbers.reshape(-1)[rows], -np.inf)
    return bool((np.sum(within == within.max(axis=-1, keepdims=True), axis=-1) > 1).any())


RULES: dict[str, Rule] = {
    **dict.fromkeys(("aten.mm", "aten.bmm", "aten.mv", "aten.dot", "aten.matmul", "aten.vdot"), _matmul),
    **dict.fromkeys(("aten.addmm", "aten.baddbmm", "aten.addmv"), _added_product),
    "aten.addbmm": _added_products,
    "aten._trilinear": _threefold,
    "aten.convolution": _convolution,
    "aten.max_pool2d_with_indices": _max_pool,
    "aten.max_pool3d_with_indices": _max_pool,
    "aten.avg_pool2d": _average_pool,
    "aten.avg_pool3d": _average_pool,
    "aten.avg_pool1d": _average_pool,
}
