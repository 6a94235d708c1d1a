"""Primitives of JAX that take entries together: products of matrices, convolutions, reductions."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from .errors import UnknownOperation
from .jax_reader import JaxReader, Rule


def _dot_general(reader: JaxReader, operands: Sequence[Any], parameters: Mapping[str, Any]) -> Any:
    """Σ over the contracted axes; the result has the axes of the batch, then the others of the left, of the right."""
    (left, right), ((left_sum, right_sum), (left_batch, right_batch)) = operands, parameters["dimension_numbers"]
    left_axes, left_others = _ordered(reader.shape(left), left_batch, left_sum)
    right_axes, right_others = _ordered(reader.shape(right), right_batch, right_sum)
    batch = [reader.shape(left)[axis] for axis in left_batch]
    rows = [reader.shape(left)[axis] for axis in left_others]
    columns = [reader.shape(right)[axis] for axis in right_others]
    summed = [reader.shape(left)[axis] for axis in left_sum]
    if not summed:
        return _outer(reader, left, right, (left_axes, right_axes), (batch, rows, columns))
    single = len(summed) == 1
    if not single or batch or len(columns) > 1:
        plain_rows, plain_columns = [math.prod(rows)], [math.prod(columns)]
    else:
        plain_rows, plain_columns = rows, columns
    inner = [math.prod(summed)]
    left = _arranged(reader, left, [*left_axes[0], *left_others, *left_axes[1]], [*batch, *plain_rows, *inner])
    right = _arranged(reader, right, [*right_axes[0], *right_axes[1], *right_others], [*batch, *inner, *plain_columns])
    product = reader.record("matmul", left, right)
    return _shaped(reader, product, [*batch, *rows, *columns])


def _ordered(
    shape: Sequence[int], batch: Sequence[int], summed: Sequence[int]
) -> tuple[tuple[list[int], list[int]], list[int]]:
    """Return the axes of the batch and those that are summed, and all others."""
    named = ([int(axis) for axis in batch], [int(axis) for axis in summed])
    return named, [axis for axis in range(len(shape)) if axis not in named[0] and axis not in named[1]]


def _outer(
    reader: JaxReader, left: Any, right: Any, axes: Any, lengths: tuple[list[int], list[int], list[int]]
) -> Any:
    """Record the product of every entry with every other one of the same place in the batch: nothing is summed."""
    batch, rows, columns = lengths
    (left_batch, _), (right_batch, _) = axes
    left_others = [axis for axis in range(len(reader.shape(left))) if axis not in left_batch]
    right_others = [axis for axis in range(len(reader.shape(right))) if axis not in right_batch]
    left = _arranged(reader, left, [*left_batch, *left_others], [*batch, *rows, *[1] * len(columns)])
    right = _arranged(reader, right, [*right_batch, *right_others], [*batch, *[1] * len(rows), *columns])
    return reader.record("multiply", left, right)


def _arranged(reader: JaxReader, operand: Any, axes: Sequence[int], shape: Sequence[int]) -> Any:
    if list(axes) != list(range(len(axes))):
        operand = reader.record("transpose", operand, axes=tuple(axes))
    return _shaped(reader, operand, shape)


def _shaped(reader: JaxReader, operand: Any, shape: Sequence[int]) -> Any:
    shape = tuple(map(int, shape))
    return operand if reader.shape(operand) == shape else reader.record("reshape", operand, shape=shape)


def _convolution(reader: JaxReader, operands: Sequence[Any], parameters: Mapping[str, Any]) -> Any:
    if parameters["batch_group_count"] != 1:
        raise UnknownOperation("JAX", "convolution with batch groups", reader.recording.source)
    numbers = parameters["dimension_numbers"]
    x, kernel = operands
    result = reader.record(
        "convolution",
        _arranged(reader, x, numbers.lhs_spec, [reader.shape(x)[axis] for axis in numbers.lhs_spec]),
        _arranged(reader, kernel, numbers.rhs_spec, [reader.shape(kernel)[axis] for axis in numbers.rhs_spec]),
        strides=tuple(parameters["window_strides"]),
        padding=tuple((int(low), int(high)) for low, high in parameters["padding"]),
        dilation=tuple(parameters["rhs_dilation"]),
        input_dilation=tuple(parameters["lhs_dilation"]),
        groups=int(parameters["feature_group_count"]),
    )
    back = [numbers.out_spec.index(axis) for axis in range(len(numbers.out_spec))]
    shape = reader.shape(result)
    return _arranged(reader, result, back, [shape[axis] for axis in back])


def _reduction(operation: str) -> Rule:
    def rule(reader: JaxReader, operands: Sequence[Any], parameters: Mapping[str, Any]) -> Any:
        return reader.record(operation, operands[0], axis=tuple(int(axis) for axis in parameters["axes"]))

    return rule


def _cumulative(operation: str) -> Rule:
    def rule(reader: JaxReader, operands: Sequence[Any], parameters: Mapping[str, Any]) -> Any:
        axis, reverse = int(parameters["axis"]), bool(parameters["reverse"])
        return reader.record(operation, operands[0], axis=axis, reverse=reverse)

    return rule


def _pooling(reduction: str) -> Rule:
    def rule(reader: JaxReader, operands: Sequence[Any], parameters: Mapping[str, Any]) -> Any:
        if any(step != 1 for step in parameters["base_dilation"]):
            raise UnknownOperation("JAX", "reduce_window with a dilated base", reader.recording.source)
        return reader.record(
            "pool",
            operands[0],
            shape=tuple(parameters["window_dimensions"]),
            reduction=reduction,
            strides=tuple(parameters["window_strides"]),
            padding=tuple((int(low), int(high)) for low, high in parameters["padding"]),
            dilation=tuple(parameters["window_dilation"]),
        )

    return rule


RULES: dict[str, Rule] = {
    "dot_general": _dot_general,
    "conv_general_dilated": _convolution,
    "reduce_sum": _reduction("sum"),
    "reduce_max": _reduction("max"),
    "reduce_min": _reduction("min"),
    "reduce_prod": _reduction("prod"),
    "cumsum": _cumulative("cumulative_sum"),
    "cumprod": _cumulative("cumulative_prod"),
    "reduce_window_sum": _pooling("sum"),
    "reduce_window_max": _pooling("max"),
    "reduce_window_min": _pooling("min"),
}
