"""Primitives of JAX that take entries together: products of matrices, convolutions, reductions."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .jax_reader import JaxReader, Rule


@dataclass(frozen=True)
class _Factor:
    """An operand of a product: the axes that both have side by side, those that are summed, and the others."""

    operand: Any
    shape: tuple[int, ...]
    batch: list[int]
    summed: list[int]

    @property
    def others(self) -> list[int]:
        """The axes that the other operand does not have."""
        return [axis for axis in range(len(self.shape)) if axis not in self.batch and axis not in self.summed]

    def lengths(self, axes: Sequence[int]) -> list[int]:
        """How long some axes are."""
        return [self.shape[axis] for axis in axes]


def _dot_general(reader: JaxReader, operands: Sequence[Any], parameters: Mapping[str, Any]) -> Any:
    """Σ over the contracted axes; the result has the axes of the batch, then the others of the left, of the right."""
    summed, batches = parameters["dimension_numbers"]
    left, right = (
        _Factor(operand, reader.shape(operand), [*map(int, batch)], [*map(int, axes)])
        for operand, axes, batch in zip(operands, summed, batches, strict=True)
    )
    batch, inner = left.lengths(left.batch), left.lengths(left.summed)
    rows, columns = left.lengths(left.others), right.lengths(right.others)
    if not inner:
        wide = [*batch, *rows, *[1] * len(columns)], [*batch, *[1] * len(rows), *columns]
        first = _arranged(reader, left.operand, [*left.batch, *left.others], wide[0])
        second = _arranged(reader, right.operand, [*right.batch, *right.others], wide[1])
        return reader.record("multiply", first, second)
    is_plain = len(inner) == 1 and not batch and len(columns) < 2
    height, width = (rows, columns) if is_plain else ([math.prod(rows)], [math.prod(columns)])
    depth = [math.prod(inner)]
    first = _arranged(reader, left.operand, [*left.batch, *left.others, *left.summed], [*batch, *height, *depth])
    second = _arranged(reader, right.operand, [*right.batch, *right.summed, *right.others], [*batch, *depth, *width])
    return _shaped(reader, reader.record("matmul", first, second), [*batch, *rows, *columns])


def _arranged(reader: JaxReader, operand: Any, axes: Sequence[int], shape: Sequence[int]) -> Any:
    if list(axes) != [*range(len(axes))]:
        operand = reader.record("transpose", operand, axes=tuple(axes))
    return _shaped(reader, operand, shape)


def _shaped(reader: JaxReader, operand: Any, shape: Sequence[int]) -> Any:
    shape = tuple(map(int, shape))
    return operand if reader.shape(operand) == shape else reader.record("reshape", operand, shape=shape)


def _convolution(reader: JaxReader, operands: Sequence[Any], parameters: Mapping[str, Any]) -> Any:
    if parameters["batch_group_count"] != 1:
        raise reader.unknown("convolution with batch groups")
    numbers = parameters["dimension_numbers"]
    orders = [int(axis) for axis in numbers.lhs_spec], [int(axis) for axis in numbers.rhs_spec]
    x, kernel = (
        _arranged(reader, operand, order, [reader.shape(operand)[axis] for axis in order])
        for operand, order in zip(operands, orders, strict=True)
    )
    result = reader.record(
        "convolution",
        x,
        kernel,
        strides=tuple(parameters["window_strides"]),
        padding=tuple((int(low), int(high)) for low, high in parameters["padding"]),
        dilation=tuple(parameters["rhs_dilation"]),
        input_dilation=tuple(parameters["lhs_dilation"]),
        groups=int(parameters["feature_group_count"]),
    )
    placed = [int(axis) for axis in numbers.out_spec]
    back = [placed.index(axis) for axis in range(len(placed))]
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
            raise reader.unknown("reduce_window with a dilated base")
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
